"""Sending together: some people who each send the same amount, or one transfer of it all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from app.domain.amount import HIGHEST, LOWEST
from app.domain.comparison import Comparison
from app.domain.money import Money
from app.domain.provider import Provider
from app.domain.year import Repeated, best_of_firms, times

FEWEST, MOST = 2, int(HIGHEST / LOWEST)
"""How many people can send together: as many as can each send the least that can be asked."""


@dataclass(frozen=True, slots=True)
class Both:
    """What one firm makes of it: `apart`, a transfer for each; `joint`, one for all. None where
    no price is known."""

    provider: Provider
    apart: Repeated | None
    joint: Repeated | None

    @property
    def gain(self) -> Money | None:
        """How much more arrives in one transfer; below zero if less does; None if it is not known
        or the two prices are not of one age."""
        return self.joint.more_than(self.apart) if self.apart and self.joint else None


def together(single: Comparison, pooled: Comparison, people: int) -> list[Both]:
    """Every firm that has a price for either: in the order of the list for one transfer, then
    those that are in the other list only."""
    apart = {one.provider.slug: one for one in best_of_firms(single, people)}
    joint = {one.provider.slug: one for one in best_of_firms(pooled, 1)}
    return [
        Both(one.provider, apart.get(slug), joint.get(slug))
        for slug, one in (joint | apart).items()
    ]


def all_of(each: Money, people: int) -> Money:
    """What all of them pay together."""
    return times(each, people)


def most_each(people: int, currency: str) -> Money:
    """The most that each of them can be asked about, for all of it to be an amount of ours."""
    share = (HIGHEST / people).quantize(Decimal("0.01"), ROUND_FLOOR)
    return Money(share, currency).floor()
