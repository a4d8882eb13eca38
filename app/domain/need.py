"""Need: which question to ask next, when there is not enough patience for all of them.

first   what is due, by how long it has been due, times how often its corridor is looked at,
        times the weight of the amount: the two that every corridor is kept at go before others
due     once the source's own interval has passed; after a day where the source said that it
        does not offer this
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from app.domain.corridor import Corridor

WEIGHTS = {Decimal(200): 6, Decimal(500): 4, Decimal(100): 3, Decimal(1000): 2}
"""Of an amount in euro; others weigh 1. About USD 200 and 500, as the World Bank asks for, come
first: so every corridor has one price before any has two."""

SECOND = timedelta(seconds=1)
NEVER_ASKED = timedelta(hours=24)
"""A question that was never asked counts as this long overdue."""

NOT_OFFERED_FOR = timedelta(hours=24)
VISIT_WEIGHT = 20
"""How much more a corridor with all the visits counts than one without any."""


@dataclass(frozen=True, slots=True)
class LastAsked:
    """When a question was last asked (aware UTC), and whether it was not offered then."""

    at: datetime
    not_offered: bool = False


def due(
    questions: Iterable[tuple[Corridor, Decimal]],
    last: Mapping[tuple[Corridor, Decimal], LastAsked],
    visits: Mapping[Corridor, int],
    interval: timedelta,
    now: datetime,
) -> list[tuple[Corridor, Decimal]]:
    """Those that are due, the most needed first. Equal needs keep a fixed order."""
    total = sum(visits.values())
    needs = []
    for corridor, rung in questions:
        before = last.get((corridor, rung))
        waited = NEVER_ASKED + interval if before is None else now - before.at
        if waited < timedelta(0):
            waited = NEVER_ASKED  # the clock was put back: nobody knows how long it has been
        pause = NOT_OFFERED_FOR if before is not None and before.not_offered else interval
        if waited < pause:
            continue
        share = Fraction(visits.get(corridor, 0), total) if total else Fraction(0)
        weight = (1 + VISIT_WEIGHT * share) * WEIGHTS.get(rung, 1)
        turns = Fraction(waited // SECOND, pause // SECOND)
        needs.append((-turns * weight, corridor, rung))
    return [(corridor, rung) for _need, corridor, rung in sorted(needs)]
