"""Special offers of firms: with terms and an end, and apart from the ranking, which knows nothing
of them.

What a firm writes is a version, and what readers see is the version that one of us has read: the
approval names the hash of what was read, so nothing else can be shown under it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.content import Fault, Faults, line_fault, text_fault
from app.domain.countries import PAYOUT_CURRENCY

LONGEST_TITLE = 120
LONGEST_WORDS = 600
LONGEST_TERMS = 2_000
"""Signs."""

LONGEST = timedelta(days=366)
"""From its first day to its last: what runs for longer is a price, not an offer."""

EARLIEST, FURTHEST = date(1900, 1, 1), timedelta(days=2 * 366)
"""First day, and how long from today the last: further is a slip of the hand."""

SOON = timedelta(days=7)
"""How long before its end an offer is about to end."""

MOST_LANGUAGES = 12

FEE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?", re.ASCII)
RATE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,8})?", re.ASCII)


class OfferState(StrEnum):
    """WAITING: nothing of it was approved yet. COMING, LIVE and ENDED go by the days of what was
    approved. REFUSED: read by one of us, and not let go. WITHDRAWN: by its firm, or by us."""

    WAITING = "waiting"
    REFUSED = "refused"
    COMING = "coming"
    LIVE = "live"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OfferWords:
    """In one language. `terms`: for whom, how often, until which amount: whatever holds."""

    title: str
    words: str
    terms: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a firm offers.

    to          receiving countries that it holds for, sorted; empty for all
    starts, ends  first and last day on which it holds (UTC)
    fee, rate   what a new customer pays or gets, as plain decimals, "" if it is not about that
    texts       by language; at least one
    """

    starts: date
    ends: date
    texts: Mapping[str, OfferWords]
    to: tuple[str, ...] = ()
    fee: str = ""
    rate: str = ""

    def plain(self) -> str:
        """All that a reader would see, as JSON that is the same for the same offer."""
        facts = asdict(self) | {
            "to": sorted(self.to),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
        }
        return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def hash(self) -> str:
        return hashlib.sha256(self.plain().encode()).hexdigest()


def from_plain(text: str) -> Terms:
    """What `Terms.plain` wrote."""
    facts = json.loads(text)
    return Terms(
        starts=date.fromisoformat(facts["starts"]),
        ends=date.fromisoformat(facts["ends"]),
        texts={language: OfferWords(**words) for language, words in facts["texts"].items()},
        to=tuple(facts["to"]),
        fee=facts["fee"],
        rate=facts["rate"],
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer of one firm.

    provider    slug
    version     number of the newest version
    newest      what that says
    approved    what readers may see, None if nothing was approved; approved_at: when
    refused     why the newest version was not let go, "" if it was not refused
    withdrawn_at  aware UTC, None while it is not
    """

    number: int
    provider: str
    version: int
    newest: Terms
    approved: Terms | None = None
    approved_at: datetime | None = None
    refused: str = ""
    withdrawn_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether one of us must read its newest version."""
        if self.withdrawn_at is not None or self.refused:
            return False
        return self.approved is None or self.approved.hash() != self.newest.hash()

    def state(self, today: date) -> OfferState:
        if self.withdrawn_at is not None:
            return OfferState.WITHDRAWN
        if self.approved is None:
            return OfferState.REFUSED if self.refused else OfferState.WAITING
        if today < self.approved.starts:
            return OfferState.COMING
        return OfferState.LIVE if today <= self.approved.ends else OfferState.ENDED

    def is_live(self, today: date) -> bool:
        return self.state(today) is OfferState.LIVE

    def ends_soon(self, today: date) -> bool:
        approved = self.approved
        return approved is not None and self.is_live(today) and approved.ends - today <= SOON


def terms_faults(terms: Terms, today: date) -> Faults:
    """What a firm must put right; fields of a language are named like "terms_nl"."""
    return dict(_terms_faults(terms, today))


def _terms_faults(terms: Terms, today: date) -> Iterator[tuple[str, Fault]]:
    if not terms.texts:
        yield "texts", Fault.MISSING
    for language, text in terms.texts.items():
        yield from _text_faults(language, text)
    yield from _day_faults(terms, today)
    if any(code not in PAYOUT_CURRENCY for code in terms.to):
        yield "to", Fault.UNKNOWN
    if terms.fee and not FEE.fullmatch(terms.fee):
        yield "fee", Fault.NOT_A_NUMBER
    if terms.rate and not (RATE.fullmatch(terms.rate) and Decimal(terms.rate)):
        yield "rate", Fault.NOT_A_NUMBER


def _day_faults(terms: Terms, today: date) -> Iterator[tuple[str, Fault]]:
    if terms.ends < max(terms.starts, today):
        yield "ends", Fault.ENDS_BEFORE_IT_BEGINS
    if terms.ends - terms.starts > LONGEST:
        yield "ends", Fault.TOO_LONG
    for name, day in (("starts", terms.starts), ("ends", terms.ends)):
        if not EARLIEST <= day <= today + FURTHEST:
            yield name, Fault.TOO_FAR_AHEAD if day > today else Fault.TOO_FAR


def _text_faults(language: str, text: OfferWords) -> Iterator[tuple[str, Fault]]:
    for name, fault in (
        ("title", line_fault(text.title, LONGEST_TITLE)),
        ("words", text_fault(text.words, LONGEST_WORDS)),
        ("terms", text_fault(text.terms, LONGEST_TERMS)),
    ):
        if fault:
            yield f"{name}_{language}", fault
