"""What a gate looks at: one reading, what was known before, and what others say.

A reading's level is its rate as a share of the mid rate: 0.99 keeps one percent. Two readings of
one level say the same, also where the market moved between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.gates.words import mid_in_words, percent, plain
from app.domain.midrate import MidRate
from app.domain.money import EXACT, Money
from app.domain.quote import Origin, Price, Quote


class Gate(StrEnum):
    """What looked at a reading."""

    REFERENCE = "reference"
    BETTER_THAN_MID = "better_than_mid"
    OWN_HISTORY = "own_history"
    PEERS = "peers"
    TIME = "time"
    FROZEN = "frozen"
    PROMOTION = "promotion"
    MID_AS_PRICE = "mid_as_price"
    ZERO_FEE = "zero_fee"
    DUPLICATES = "duplicates"
    COMPLETENESS = "completeness"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a gate saw, in a sentence for an operator; `holds` if nobody may see the price."""

    gate: Gate
    says: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """The gates' numbers, with their reasons in docs/gates.md. Shares are of one: 0.10 is ten
    percent; `peer_range` is in percentage points."""

    off_mid: Decimal = Decimal("0.10")
    back_within: Decimal = Decimal("0.05")
    better: Decimal = Decimal("0.003")
    better_alone: Decimal = Decimal("0.015")
    better_elsewhere: Decimal = Decimal("0.05")
    moved: Decimal = Decimal("0.03")
    moved_alone: Decimal = Decimal("0.05")
    still: Decimal = Decimal("0.005")
    same_level: Decimal = Decimal("0.005")
    stands: timedelta = timedelta(hours=24)
    fewest_peers: int = 4
    peers_better: int = 2
    peer_ranges: Decimal = Decimal(3)
    peer_range: Decimal = Decimal("0.25")
    ahead: timedelta = timedelta(minutes=2)
    earliest: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    alike: int = 4
    same_as_mid: Decimal = Decimal("0.0001")
    worse: Decimal = Decimal("0.0005")
    fee_left: Decimal = Decimal("0.10")
    rows: Decimal = Decimal("0.70")
    runs: int = 10
    disagree: Decimal = Decimal("0.01")


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class HeldReading:
    """A reading that was held. mid_rate is the one it was weighed against; `at` is when it was
    read, `stated_at` when its source says that it was true; both aware UTC."""

    rate: Decimal
    fee: Money
    mid_rate: Decimal
    at: datetime
    stated_at: datetime | None = None

    @property
    def level(self) -> Decimal:
        return EXACT.divide(self.rate, self.mid_rate)


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a service at one rung, from the very source that is read now.

    last       the last reading that passed; None if there was none
    held       those held since then, oldest first. Of a row of equal ones the first and the last
               are enough
    stated_at  the latest time that the source stated and that passed; None if it states none
    alike      how many readings in a row, this one included, had the same stated time or the
               same body
    alike_mid  the mid rate when the first of these was read
    """

    last: Price | None = None
    held: tuple[HeldReading, ...] = ()
    stated_at: datetime | None = None
    alike: int = 1
    alike_mid: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Peers:
    """What others say, at the same rung and not dated; margins as Price.margin_percent.

    margins  of the other providers on the corridor
    told     of this very service, by other sources
    """

    margins: tuple[Decimal, ...] = ()
    told: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a gate may look at."""

    quote: Quote
    mid: MidRate
    before: Before
    peers: Peers
    stated_at: datetime | None
    now: datetime
    limits: Limits
    origin: Origin

    @property
    def level(self) -> Decimal:
        return EXACT.divide(self.quote.rate, self.mid.rate)

    @property
    def off(self) -> Decimal:
        """Above zero if the rate is better than the mid rate."""
        return self.level - 1

    @property
    def last(self) -> Price | None:
        """The last price, if it is of the same kind: a survey says nothing of a live rate."""
        last = self.before.last
        return last if last and last.origin is self.origin else None

    @property
    def beside_mid(self) -> str:
        side = "above" if self.off > 0 else "below"
        return (
            f"rate {plain(self.quote.rate)} is {percent(self.off)} {side} {mid_in_words(self.mid)}"
        )

    @property
    def repeats(self) -> bool:
        """Whether the reading before this one was held at the same level, and was not the very
        same statement."""
        if not self.before.held:
            return False
        previous = self.before.held[-1]
        again = self.stated_at is not None and self.stated_at == previous.stated_at
        return previous.at < self.now and not again and self.at_level(previous.level)

    @property
    def backed(self) -> bool:
        """Whether another source tells the same rate of this service."""
        return any(self.at_level(1 - margin / 100) for margin in self.peers.told)

    @property
    def stands(self) -> bool:
        """Whether it has been held at this level, without a break, for long enough."""
        since = self.now
        for one in reversed(self.before.held):
            if not self.at_level(one.level):
                break
            since = one.at
        return self.now - since >= self.limits.stands

    def at_level(self, level: Decimal) -> bool:
        return abs(change(level, self.level)) <= self.limits.same_level


def level_of(price: Price) -> Decimal:
    return EXACT.divide(price.quote.rate, price.mid.rate)


def change(old: Decimal, new: Decimal) -> Decimal:
    """As a share of `old`; above zero if it rose."""
    return EXACT.subtract(EXACT.divide(new, old), Decimal(1))
