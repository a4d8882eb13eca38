"""Trade-offs: what choosing one way costs, against the best on what the visitor asked for first."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money
from app.domain.provider import Licence
from app.domain.ranking import LICENCE_ORDER, Ranked, known_facts
from app.domain.service import SPEED_ORDER, Speed

DAYS = {Speed.LESS_THAN_ONE_HOUR: 0, Speed.SAME_DAY: 0, Speed.NEXT_DAY: 1, Speed.TWO_DAYS: 2}
"""The bands that are one number of days; the others are ranges, and have no difference in days."""


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """One way against the best.

    gain    how much more arrives, or how much less is paid; below zero: less, or more
    sooner  1 if it is faster, 0 if it is as fast, -1 if it is slower; None if either is unknown
    days    by how many days, 0 if it is a matter of hours; None where the bands do not say
    safer   1 if more speaks for its safety, as the order "safe" counts it, -1 if less, else 0
    licence what the register says of its firm, where that is not what it says of the best
    """

    gain: Money
    sooner: int | None
    days: int | None
    safer: int
    licence: Licence | None


def tradeoff(one: Ranked, best: Ranked, *, pays: bool) -> Tradeoff:
    """`pays`: the question is what arrives for what is paid. Both must be of one age."""
    mine, theirs = one.answer, best.answer
    speeds = mine.service.speed, theirs.service.speed
    return Tradeoff(
        gain=mine.received - theirs.received if pays else theirs.paid - mine.paid,
        sooner=_sooner(*speeds),
        days=_days(*speeds),
        safer=_sign(_safety(best), _safety(one)),
        licence=one.provider.licence if one.provider.licence != best.provider.licence else None,
    )


def _sooner(mine: Speed | None, theirs: Speed | None) -> int | None:
    if mine is None or theirs is None:
        return None
    return _sign(SPEED_ORDER[theirs], SPEED_ORDER[mine])


def _days(mine: Speed | None, theirs: Speed | None) -> int | None:
    if mine not in DAYS or theirs not in DAYS:
        return None
    return abs(DAYS[mine] - DAYS[theirs])


def _safety(one: Ranked) -> tuple[int, int]:
    return LICENCE_ORDER[one.provider.licence], -known_facts(one.answer)


def _sign(high: int | tuple[int, ...], low: int | tuple[int, ...]) -> int:
    return (high > low) - (high < low)  # type: ignore[operator]
