"""Fee schedules: what a provider publishes of its fee, for every amount at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from app.domain.money import EXACT, Money


class BadSchedule(ValueError):
    """A fee schedule that contradicts itself. `str()` says how."""


@dataclass(frozen=True, slots=True)
class FeeTier:
    """The fee from `starts_at` sent upwards: `fixed` plus `percent` of what is sent, never under
    `minimum` nor over `maximum`. All in the send currency; `percent` is 0.5 for half a percent.

    Raises BadSchedule for a number that is no fee.
    """

    starts_at: Decimal
    fixed: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def __post_init__(self) -> None:
        parts = (self.starts_at, self.fixed, self.percent, self.minimum, self.maximum)
        if any(part is not None and not (part.is_finite() and part >= 0) for part in parts):
            raise BadSchedule(f"a fee tier has a number below zero: {self}")
        if self.maximum is not None and (self.minimum or 0) > self.maximum:
            raise BadSchedule(f"a fee tier has its least fee above its most: {self}")

    def fee(self, sent: Decimal) -> Decimal:
        """Exact, not rounded."""
        share = EXACT.divide(EXACT.multiply(sent, self.percent), Decimal(100))
        fee = EXACT.add(self.fixed, share)
        if self.minimum is not None:
            fee = max(fee, self.minimum)
        return fee if self.maximum is None else min(fee, self.maximum)


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """Tiers by amount sent, lowest first, for amounts from `lowest` to `highest` sent.

    Raises BadSchedule if it is empty, out of order, or does not reach `lowest`.
    """

    tiers: tuple[FeeTier, ...]
    lowest: Decimal
    highest: Decimal

    def __post_init__(self) -> None:
        starts = [tier.starts_at for tier in self.tiers]
        if not starts or starts != sorted(set(starts)):
            raise BadSchedule("fee tiers must start at rising amounts")
        ends = (self.lowest, self.highest)
        if not all(end.is_finite() for end in ends) or not starts[0] <= self.lowest <= self.highest:
            raise BadSchedule(f"no fee for amounts from {self.lowest} to {self.highest}")

    def fee(self, sent: Money) -> Money:
        """To the minor unit, halves up. Raises BadSchedule for an amount below every tier."""
        tiers = [one for one in self.tiers if one.starts_at <= sent.amount]
        if not tiers:
            raise BadSchedule(f"no fee for sending {sent}")
        exact = tiers[-1].fee(sent.amount)
        whole = exact.quantize(sent.minor_unit, ROUND_HALF_UP, EXACT)
        return Money(whole, sent.currency)

    def cost(self, sent: Money) -> Money:
        """What sending `sent` takes in all."""
        return sent + self.fee(sent)

    def covers(self, sent: Money) -> bool:
        return self.lowest <= sent.amount <= self.highest and sent.amount > 0

    def ends(self, currency: str) -> tuple[Money, Money] | None:
        """The least and the most that can be sent, in whole minor units above zero; None if there
        is no such amount."""
        unit = Money(Decimal(1), currency).minor_unit
        low = max(Money(self.lowest, currency).ceiling(), Money(unit, currency))
        high = Money(self.highest, currency).floor()
        return (low, high) if low <= high else None

    def most_sent(self, paid: Money) -> Money | None:
        """The most that can be sent for `paid` in all; None if that is outside the schedule, or
        if no amount costs just that (where the fee jumps up).

        Rounding of a fee in percent can skip a minor unit of cost: that one is then left over.
        """
        unit = Money(paid.minor_unit, paid.currency)
        for low, high in self._from_the_top(paid.currency):
            if self.cost(low) <= paid:
                sent = self._within(low, high, paid)
                left = paid - self.cost(sent)
                skipped = left == unit and sent < high
                return sent if left.amount == 0 or skipped else None
        return None

    def least_paid(self, sent: Money) -> Money | None:
        """The amount to send, at least `sent`, that costs least in all: a higher tier may be
        cheaper. None if `sent` is outside the schedule."""
        if not self.covers(sent):
            return None
        starts = [Money(tier.starts_at, sent.currency).ceiling() for tier in self.tiers]
        candidates = [sent, *(one for one in starts if sent < one and self.covers(one))]
        return min(candidates, key=lambda one: self.cost(one).amount)

    def _from_the_top(self, currency: str) -> Iterator[tuple[Money, Money]]:
        """The lowest and the highest amount of each tier, the highest tier first; in whole minor
        units above zero."""
        unit = Money(Decimal(1), currency).minor_unit
        tops = [upper.starts_at for _, upper in pairwise(self.tiers)]
        for place, tier in reversed(list(enumerate(self.tiers))):
            low = Money(max(tier.starts_at, self.lowest, unit), currency).ceiling()
            high = Money(self.highest, currency).floor()
            if place < len(tops):
                below = Money(tops[place], currency).ceiling() - Money(unit, currency)
                high = min(high, below)
            if low <= high:
                yield low, high

    def _within(self, low: Money, high: Money, paid: Money) -> Money:
        """The highest amount from `low` to `high` that with its fee is at most `paid`, as `low`
        is; by halving, for within a tier more sent always costs more."""
        unit = Decimal(low.minor_unit)
        least, most = 0, int((high - low).amount / unit)
        while least < most:
            middle = (least + most + 1) // 2
            fits = self.cost(Money(low.amount + unit * middle, low.currency)) <= paid
            least, most = (middle, most) if fits else (least, middle - 1)
        return Money(low.amount + unit * least, low.currency)
