"""What a provider may know of how it was seen: weekly figures, split one way at a time.

A week is split by corridor or by language, never by both, and each split hides what is small
(app/domain/suppression.py). What is told of several weeks is the sum of what was told of each, so
that no two periods, taken from each other, leave anything that was not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.domain import suppression
from app.domain.suppression import Hidden

WEEKS = 13
"""How many are told: a quarter of a year."""

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Seen:
    """True counts of one week and one part of it; places is the sum of the places it stood at."""

    week: date
    name: str
    shown: int
    places: int
    clicks: int


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a count; None with the reason why it is not."""

    count: int | None
    hidden: Hidden | None = None


NOTHING = Told(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of one week. place: the place on average, None where shown is not told."""

    week: date
    name: str
    shown: Told
    clicks: Told
    place: Decimal | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Over several weeks: of what was told, None where nothing was. left_out: in how many of them
    one of the two was not told."""

    name: str
    shown: int | None
    clicks: int | None
    left_out: int


def weeks_told(today: date) -> tuple[date, date]:
    """The Mondays of the first and the last week: only weeks that are over, for a week that grows
    tells by how much."""
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS), monday - timedelta(weeks=1)


def totals(seen: Iterable[Seen]) -> list[Line]:
    """Of each week, the newest first."""
    return [
        Line(
            week=week,
            name="",
            shown=_alone(sum(one.shown for one in parts)),
            clicks=_alone(sum(one.clicks for one in parts)),
            place=_place(parts, _alone(sum(one.shown for one in parts))),
        )
        for week, parts in _by_week(seen)
    ]


def split(seen: Iterable[Seen]) -> list[Line]:
    """Of each part of each week, the newest first."""
    found = []
    for week, parts in _by_week(seen):
        shown = _table(parts, lambda one: one.shown)
        clicks = _table(parts, lambda one: one.clicks)
        for name in sorted({one.name for one in parts}):
            own = [one for one in parts if one.name == name]
            told = shown.get(name, NOTHING)
            found.append(Line(week, name, told, clicks.get(name, NOTHING), _place(own, told)))
    return found


def sums(lines: Iterable[Line]) -> list[Sum]:
    """Of each part over all weeks, those shown most often first."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.name, []).append(line)
    added = [
        Sum(
            name=name,
            shown=_added(line.shown for line in some),
            clicks=_added(line.clicks for line in some),
            left_out=sum(line.shown.count is None or line.clicks.count is None for line in some),
        )
        for name, some in found.items()
    ]
    return sorted(added, key=lambda one: (-(one.shown or 0), one.name))


def _added(some: Iterable[Told]) -> int | None:
    counts = [one.count for one in some if one.count is not None]
    return sum(counts) if counts else None


def _by_week(seen: Iterable[Seen]) -> list[tuple[date, list[Seen]]]:
    found: dict[date, list[Seen]] = {}
    for one in seen:
        found.setdefault(one.week, []).append(one)
    return sorted(found.items(), reverse=True)


def _alone(count: int) -> Told:
    if suppression.shown(count) is None:
        return Told(None, Hidden.UNDER)
    return Told(suppression.rounded(count))


def _table(parts: Iterable[Seen], what: Callable[[Seen], int]) -> dict[str, Told]:
    counts: dict[str, int] = {}
    for one in parts:
        counts[one.name] = counts.get(one.name, 0) + what(one)
    return {cell.name: Told(cell.count, cell.hidden) for cell in suppression.table(counts)}


def _place(parts: Iterable[Seen], told: Told) -> Decimal | None:
    if not told.count:
        return None
    some = list(parts)
    places, shown = sum(one.places for one in some), sum(one.shown for one in some)
    return (Decimal(places) / shown).quantize(TENTH, ROUND_HALF_UP)
