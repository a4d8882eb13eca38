"""Proposals: what a provider wants shown, which an operator approves as it was reviewed, or not.

A proposal's payload is canonical JSON text. Its hash names it: who approves says which hash they
read, and no other text can be approved by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.corridor import Corridor
from app.domain.gates import Finding
from app.domain.ladder import Answer
from app.domain.money import EXACT
from app.domain.quote import Price
from app.domain.reach import Why
from app.domain.submitted import Line, line_of

BIG_CHANGE = Decimal("0.02")
"""Two percent of what arrives: a larger difference from what is shown takes two operators."""

LONGEST_WORDS = 2000

LIMITED = {
    Why.SANCTIONS: "there are sanctions",
    Why.FEW_FORMAL_CHANNELS: "few firms pay out there",
    Why.NO_RATE: "its exchange rate is in doubt",
}
"""Why a country is shown with limits only, for those who decide."""


class Kind(StrEnum):
    """What a proposal is about."""

    PRICES = "prices"
    PROFILE = "profile"


class State(StrEnum):
    """PROPOSED waits for an operator, SENT_BACK for the provider; the others are final."""

    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = (State.PROPOSED, State.SENT_BACK)


@dataclass(frozen=True, slots=True)
class Proposal:
    """provider   slug of the firm that it is about, and whose staff made it
    version    goes up with every change of the payload or the state
    made_by    number of the account that wrote this version; None for a program with a key
    first_by   operator who approved it first, where it takes two
    words      what was last said about it: by the maker, or by the operator who decided
    """

    id: int
    provider: str
    kind: Kind
    payload: str
    sha256: str
    state: State
    version: int
    made_by: int | None
    made_at: datetime
    first_by: int | None = None
    first_at: datetime | None = None
    first_words: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None
    words: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def at_version(self, version: int) -> Proposal:
        """As somebody read it: a change that starts from there counts only if it is still so."""
        return replace(self, version=version)


def canonical(payload: Mapping[str, object]) -> str:
    """One text for one meaning: names in order, no needless spaces."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()


def prices_payload(provider: str, lines: Iterable[Line], stated_at: datetime) -> str:
    """`stated_at` is when the provider says that the prices hold (aware UTC)."""
    stated = stated_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    named = [line.named() for line in lines]
    return canonical({"provider": provider, "stated_at": stated, "lines": named})


@dataclass(frozen=True, slots=True)
class StatedPrices:
    lines: tuple[Line, ...]
    stated_at: datetime


def stated_prices(payload: str) -> StatedPrices:
    """What `prices_payload` wrote. Raises ValueError if it did not."""
    found = json.loads(payload)
    lines = []
    for row, given in enumerate(found["lines"]):
        line = line_of(row, given, found["provider"])
        if not isinstance(line, Line):
            raise ValueError(f"line {row} is no price: {line}")  # noqa: TRY004
        lines.append(line)
    return StatedPrices(tuple(lines), datetime.fromisoformat(found["stated_at"]))


class Obstacle(StrEnum):
    """Why a price cannot be published.

    NOT_SHOWN  the site does not show its corridor: closed, or none of ours
    NO_RATE    no mid rate can be vouched for
    OLD_RATE   the newest mid rate is too old to weigh a price of today against
    """

    NOT_SHOWN = "not_shown"
    NO_RATE = "no_rate"
    OLD_RATE = "old_rate"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands in the way of a price. `str()` says it to a program, in English.

    seen      what is wrong with the mid rate; "" where it is no matter of rates
    rate_of   when the newest mid rate is of, where that is too old
    """

    obstacle: Obstacle
    corridor: Corridor
    seen: str = ""
    rate_of: datetime | None = None

    def __str__(self) -> str:
        slug = self.corridor.slug
        if self.obstacle is Obstacle.NOT_SHOWN:
            return f"{slug}: we do not show this country"
        if self.rate_of is not None:
            pair = f"{self.corridor.send_currency}/{self.corridor.receive_currency}"
            return f"{slug}: the newest mid rate of {pair} is of {self.rate_of:%Y-%m-%d}"
        return f"{slug}: {self.seen}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One line beside what is shown now.

    price     what would be published; None where no mid rate can be vouched for
    shown     what the pages answer now for the same service and amount, from any source
    scraped   what our programs last read of it, if they ever did
    findings  what the gates say
    hindrance why it cannot be published; None if it can
    behind    a price that is newer or goes before it, and would stay; None if there is none
    limited   why its country is only limited, which takes two operators; None if it is open
    """

    line: Line
    price: Price | None
    shown: Answer | None
    scraped: Price | None
    findings: tuple[Finding, ...]
    hindrance: Hindrance | None = None
    behind: Price | None = None
    limited: Why | None = None

    @property
    def change(self) -> Decimal | None:
        """Of what arrives, against what is shown, as a share: 0.02 is two percent more."""
        if self.shown is None:
            return None
        return EXACT.divide(self.line.received, self.shown.received.amount) - 1

    @property
    def is_big(self) -> bool:
        return self.change is not None and abs(self.change) > BIG_CHANGE

    @property
    def is_held(self) -> bool:
        return any(finding.holds for finding in self.findings)

    @property
    def worst(self) -> tuple[bool, bool, Decimal]:
        """To sort by, the worst last."""
        return (self.is_held or bool(self.hindrance), self.is_big, abs(self.change or Decimal(0)))


@dataclass(frozen=True, slots=True)
class Care:
    """What an approval takes. reasons: why a second operator must agree; words: whether a reason
    must be written; hindrances: why it cannot be approved at all."""

    reasons: tuple[str, ...] = ()
    words: bool = False
    hindrances: tuple[Hindrance, ...] = ()

    @property
    def two(self) -> bool:
        return bool(self.reasons)


def care_of(lines: Iterable[Weighed]) -> Care:
    big = held = 0
    hindrances: dict[Hindrance, None] = {}
    limited: dict[str, None] = {}
    for one in lines:
        big += one.is_big
        held += one.is_held
        if one.hindrance:
            hindrances[one.hindrance] = None
        if one.limited:
            country = one.line.service.corridor.receive_country
            limited[f"{country} is shown with limits only: {LIMITED[one.limited]}"] = None
    reasons = []
    if big:
        reasons.append(f"{big} of the prices differ by more than 2 % from what is shown")
    if held:
        reasons.append(f"{held} of the prices would be held by a gate")
    return Care((*reasons, *limited), words=held > 0, hindrances=tuple(hindrances))
