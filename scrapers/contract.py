"""What a source is, how it reaches the outside, and how it fails.

A source is a module with a few facts and one function. No `try`, no clock, no logger and no
database in it: the caller stamps time and evidence, and knows what to do with each error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.domain.corridor import Corridor
from app.domain.licence import LicenceEntry
from app.domain.midrate import MidReading
from app.domain.provider import ProviderKind
from app.domain.quote import Origin, Quote
from app.domain.survey import SurveyRow


class Trouble(StrEnum):
    """What went wrong, so that an operator sees at a glance whether to wait, ask or mend."""

    TIMEOUT = "timeout"
    DNS = "dns"
    CONNECTION = "connection"
    TLS = "tls"
    BROKEN_REPLY = "broken_reply"
    TOO_LARGE = "too_large"
    SERVER_ERROR = "server_error"
    LIMITED = "limited"
    BLOCKED = "blocked"
    ROBOTS = "robots"
    PRIVATE_ADDRESS = "private_address"
    REDIRECTED = "redirected"
    GONE = "gone"
    NOT_JSON = "not_json"
    EMPTY = "empty"
    SCHEMA = "schema"
    CONTRADICTION = "contradiction"
    INCOMPLETE = "incomplete"
    HELD = "held"
    NOT_OFFERED = "not_offered"


UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""Signs that a source may say, and that a database or a terminal cannot take."""


class SourceError(Exception):
    """A source could not be read. `str()` is shown to the operator as it is.

    wait  how long the source asks us to stay away; None if it does not say
    """

    usual = Trouble.SCHEMA

    def __init__(
        self, message: str, trouble: Trouble | None = None, wait: timedelta | None = None
    ) -> None:
        super().__init__(UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", message))
        self.trouble = trouble or self.usual
        self.wait = wait


class Unreachable(SourceError):
    """No answer. Nobody needs to act: it is tried again."""

    usual = Trouble.CONNECTION


class Refused(SourceError):
    """An answer, but not a success: blocked, limited or gone. An operator decides."""

    usual = Trouble.BLOCKED


class Unreadable(SourceError):
    """A success that does not say what it should. A developer acts, or whoever made the file."""


class NotOffered(SourceError):
    """The source does not serve this question. Normal; recorded, never alerted."""

    usual = Trouble.NOT_OFFERED


class Stance(StrEnum):
    """Whether a source may be asked. Amber is off until an operator turns it on."""

    GREEN = "green"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Terms:
    stance: Stance
    checked_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of a source's patience we use: so many requests an hour, with `gap` seconds at
    the least between two of them, and no price asked anew within `interval`."""

    per_hour: int
    gap: float
    interval: timedelta = timedelta(minutes=15)


TOKEN = re.compile(rb"eyJ[\w-]{4,}(?:\.[\w-]+)+", re.ASCII)
"""A JSON Web Token: somebody's key, even if only a guest's. Never kept."""


def without_tokens(body: bytes) -> bytes:
    return TOKEN.sub(b"[token removed]", body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for `url`, byte for byte. Header names are in lower case."""

    url: str
    body: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Of the body as it is kept, without tokens: the name of the evidence."""
        return hashlib.sha256(without_tokens(self.body)).hexdigest()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came of it, as it is kept: without tokens, cookies or keys.

    status   None if there was no answer
    headers  of the answer, those that say something about it
    body     the answer's; only its beginning if `cut`
    failed   what went wrong, in words; "" for nothing
    """

    method: str
    url: str
    asked_at: datetime
    request_headers: Mapping[str, str]
    request_body: str
    status: int | None
    headers: Mapping[str, str]
    media_type: str
    body: bytes
    cut: bool = False
    failed: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Http(Protocol):
    """The only way out. Raises Unreachable, Refused or Unreadable.

    A reply whose status is not a success is raised, unless that status is in `also`: some
    sources say "not offered" with a 400. The same question in the same run is asked once.
    """

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply: ...

    def post(
        self,
        url: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply: ...


class Downloads(Http, Protocol):
    """An Http that can also keep a reply too large for memory in a file."""

    def download(self, url: str, path: Path, *, most: int) -> Reply:
        """Write the body to `path`, of at most so many bytes; the Reply has none. Raises
        Unreachable, Refused or Unreadable."""
        ...


EVERY_RUNG = tuple(Decimal(rung) for rung in (40, 100, 140, 200, 345, 500, 1000, 2000))
"""The amounts that a source is asked for, in the send currency."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What does `amount` cost on `corridor`? In the send currency; what is sent where the
    source's fee comes on top, what is paid where it takes the fee out."""

    corridor: Corridor
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Firm:
    """A provider as a source names it, for those that we do not know yet."""

    name: str
    kind: ProviderKind


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote, and where its source said it.

    stated_at  when it was true by the source's own word, aware UTC; None if it does not say
    firm       whose price it is, where the source tells prices of other firms
    """

    quote: Quote
    reply: Reply
    stated_at: datetime | None = None
    firm: Firm | None = None


class PriceSource(Protocol):
    """One source of live prices.

    PROVIDER  slug of the provider whose prices it tells; "" if it tells those of others
    VIA       who tells them, where it is not the provider itself: "wise". Such a price gives
              way to the provider's own
    RUNGS     the amounts worth asking for
    """

    SLUG: str
    SITE: str
    ORIGIN: Origin
    PROVIDER: str
    VIA: str
    TERMS: Terms
    BUDGET: Budget
    RUNGS: tuple[Decimal, ...]

    def fetch(self, http: Http, ask: Ask) -> list[Offer]:
        """Every price that the source has for this question, at least one. Raises SourceError;
        NotOffered only where the source says so."""
        ...


class RateSource(Protocol):
    """One source of mid rates. `AUTHORITY` is who vouches for them: "ecb" outranks the rest."""

    SLUG: str
    SITE: str
    AUTHORITY: str
    TERMS: Terms
    BUDGET: Budget

    def fetch(self, http: Http) -> list[MidReading]:
        """Every rate that the source has, one euro in each currency in use today.

        Raises SourceError."""
        ...


class LicenceSource(Protocol):
    """A public register of who may send money."""

    SLUG: str
    SITE: str
    TERMS: Terms
    BUDGET: Budget

    def fetch(
        self, http: Downloads, folder: Path, wanted: Container[str]
    ) -> Iterator[LicenceEntry]:
        """Each firm that may remit money, or whose code is in `wanted`, withdrawn ones too;
        streamed. Files are kept in `folder`, which the caller throws away.

        Raises SourceError, also while it streams: what came before it is of no use then.
        """
        ...


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be used: where it stands (`row` counts from 1, as a spreadsheet
    shows it), which column is to blame, and why. `country` and `period` say of which round it
    was: ISO 3166-1 alpha-2 and like 2025_3Q, "" where even that cannot be read."""

    sheet: str
    row: int
    column: str
    reason: str
    country: str = field(default="", compare=False)
    period: str = field(default="", compare=False)


class SurveySource(Protocol):
    """A survey that is published as one file."""

    SLUG: str
    SITE: str
    ORIGIN: Origin
    TERMS: Terms

    def read(self, path: Path) -> Iterator[SurveyRow | RefusedRow]:
        """Each row of each data sheet, streamed, refused ones too.

        Raises Unreadable, naming file, sheet, row and column, if the file as a whole is no
        survey: missing, of another kind, cut short or without a needed column.
        """
        ...
