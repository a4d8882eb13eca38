"""Small numbers: what may be shown of a count, so that nobody can be picked out of it.

A count of 1 to 9 is never shown. A total is the sum of what is shown under it, and nothing else, so
that taking one from the other leaves nothing. A table that splits a total is rounded to tens; where
what it hides is so little that the total would give it away, its smallest number hides too. Where
tables of times that lie in each other are shown, what is hidden is not even named (`listing`): that
fourteen days had somebody and their month ten to fourteen would tell that each had one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

LEAST = 10
"""The smallest count that is shown."""

FEWEST_HIDDEN = 2
"""How many numbers a table hides together, if it hides any."""


class Hidden(StrEnum):
    """Why a number is not shown: it is under LEAST, or it would give away one that is."""

    UNDER = "under"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of a table. count is None where it is hidden."""

    name: str
    count: int | None
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a listing. name: None for all that is not named; count: None if that is under
    ten."""

    name: str | None
    count: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of what is shown; left_out: of how many parts it does not hold the count."""

    count: int
    left_out: int


def shown(count: int) -> int | None:
    """A count that stands by itself."""
    return count if count == 0 or count >= LEAST else None


def total(counts: Iterable[int]) -> Total:
    parts = [shown(count) for count in counts]
    return Total(sum(part for part in parts if part), sum(part is None for part in parts))


def rounded(count: int) -> int:
    """To the nearest ten, halves up. What may be shown stays ten or more."""
    return (count + LEAST // 2) // LEAST * LEAST


def table(counts: Mapping[str, int]) -> list[Cell]:
    """The parts of one whole, the largest first; hidden ones last, in the order of their names,
    for their order would tell something too."""
    there = {name: count for name, count in counts.items() if count > 0}
    under = {name for name, count in there.items() if count < LEAST}
    beside: set[str] = set()
    upwards = iter(sorted(there.keys() - under, key=lambda name: (there[name], name)))
    while under and _too_little([there[name] for name in under | beside]):
        smallest = next(upwards, None)
        if smallest is None:
            break
        beside.add(smallest)
    cells = [Cell(name, rounded(there[name])) for name in there.keys() - under - beside]
    hidden = [
        Cell(name, None, Hidden.UNDER if name in under else Hidden.BESIDE)
        for name in under | beside
    ]
    return sorted(cells, key=_largest_first) + sorted(hidden, key=lambda cell: cell.name)


def listing(counts: Mapping[str, int]) -> list[Line]:
    """As `table`, with all that is hidden in one line at the end."""
    cells = table(counts)
    lines = [Line(cell.name, cell.count) for cell in cells if not cell.hidden]
    rest = [counts[cell.name] for cell in cells if cell.hidden]
    if rest:
        lines.append(Line(None, rounded(sum(rest)) if sum(rest) >= LEAST else None))
    return lines


def _too_little(hidden: list[int]) -> bool:
    return len(hidden) < FEWEST_HIDDEN or sum(hidden) < LEAST


def _largest_first(cell: Cell) -> tuple[int, str]:
    return -(cell.count or 0), cell.name
