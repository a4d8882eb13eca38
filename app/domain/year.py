"""A year of sending: the same amount every month, or the same money in fewer, larger transfers.

A promotion is for the first transfer only, so in a year it counts once; it stands beside the sum
and never ranks. Between ways it is compared what arrives, for what is paid is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain.comparison import Comparison
from app.domain.ladder import Answer
from app.domain.money import EXACT, Money
from app.domain.provider import Provider
from app.domain.quote import AGE_ORDER, Age
from app.domain.ranking import Ranked

MONTHS = 12
SPLITS = (1, 2, 3)
"""How many months' money can go in one transfer: 12, 6 or 4 transfers a year."""


def times(money: Money, count: int) -> Money:
    """`money`, `count` times over."""
    return Money(EXACT.multiply(money.amount, Decimal(count)), money.currency)


@dataclass(frozen=True, slots=True)
class WithOffer:
    """What arrives, and what the fees are, where the first transfer is at the promotion."""

    received: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Repeated:
    """One way of sending, used `times` times for the same amount."""

    one: Ranked
    times: int

    @property
    def answer(self) -> Answer:
        return self.one.answer

    @property
    def provider(self) -> Provider:
        return self.one.provider

    @property
    def age(self) -> Age:
        return self.one.age

    @property
    def paid(self) -> Money:
        return times(self.answer.paid, self.times)

    @property
    def received(self) -> Money:
        return times(self.answer.received, self.times)

    @property
    def cost(self) -> Money:
        """Fees and margins together, in the send currency."""
        return times(self.answer.cost.total, self.times)

    @property
    def with_offer(self) -> WithOffer | None:
        """None if there is no promotion for this very amount, or it is no better."""
        offer, usual = self.answer.promotion, self.answer
        if offer is None or (offer.received <= usual.received and usual.fee <= offer.fee):
            return None
        rest = self.times - 1
        return WithOffer(
            offer.received + times(usual.received, rest), offer.fee + times(usual.fee, rest)
        )

    def more_than(self, other: Repeated) -> Money | None:
        """How much more arrives than with another; None if the two are not of one age, for then
        they cannot be compared."""
        return self.received - other.received if self.age is other.age else None


def best_of_firms(comparison: Comparison, count: int) -> list[Repeated]:
    """Each firm's best way, `count` times over, in the order of the list."""
    return [Repeated(firm[0], count) for firm in comparison.by_provider]


def year(comparison: Comparison) -> list[Repeated]:
    """Of an amount that is paid every month: each firm's year, best first."""
    return best_of_firms(comparison, MONTHS)


def splits(by_months: Mapping[int, Comparison]) -> list[Repeated]:
    """The best way for each number of months' money (of SPLITS) in one transfer, the smallest
    transfer first; left out where no price is known."""
    return [
        Repeated(comparison.results[0], MONTHS // months)
        for months, comparison in sorted(by_months.items())
        if comparison.results
    ]


def most(ways: Iterable[Repeated]) -> Repeated | None:
    """That of which most arrives, among those of the freshest age present."""
    known = list(ways)
    if not known:
        return None
    freshest = min(AGE_ORDER[way.age] for way in known)
    return max(
        (way for way in known if AGE_ORDER[way.age] == freshest),
        key=lambda way: way.received.amount,
    )
