"""The rules of the ranking in words, made from the very data that answers are sorted by."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext

from app.domain import ranking
from app.domain.ranking import Criterion, Priority

CRITERIA = {
    Criterion.AGE: lazy_gettext(
        "Fresh prices stand before older ones, and prices from a survey come last."
    ),
    Criterion.LICENCE: lazy_gettext(
        "A firm whose licence was found, then one not checked yet, then one not found."
    ),
    Criterion.KNOWN: lazy_gettext(
        "The way of which most is known: its speed, its reach, how you pay, how it is paid out, "
        "a price for exactly your amount."
    ),
    Criterion.PAID: lazy_gettext(
        "The way for which you pay least. If you say what you pay, this is the same for all."
    ),
    Criterion.RECEIVED: lazy_gettext("The way by which most arrives."),
    Criterion.SPEED: lazy_gettext("The shortest time, an unknown time last."),
    Criterion.REACH: lazy_gettext("The way with more pay-out points, an unknown number last."),
    Criterion.LONGEST: lazy_gettext("The way that we have known longest."),
}
"""What each criterion prefers."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A criterion, and its place in each order, counted from 1; None where it does not count."""

    words: str
    places: list[int | None]


def rule_rows() -> list[RuleRow]:
    """Every criterion that any order uses, in the order of the first rule that has it; places by
    priority, as Priority lists them."""
    used = dict.fromkeys(one for priority in Priority for one in ranking.RULES[priority])
    return [
        RuleRow(
            str(CRITERIA[criterion]),
            [_place(ranking.RULES[priority], criterion) for priority in Priority],
        )
        for criterion in used
    ]


def _place(rule: tuple[Criterion, ...], criterion: Criterion) -> int | None:
    return rule.index(criterion) + 1 if criterion in rule else None
