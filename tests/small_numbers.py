"""What somebody can work out from published statistics by taking one number from another: the test
of all pairs of filters (P5), over as many made-up visits as are asked for.

    .venv/bin/python -m tests.small_numbers [visits]
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, product

from app.domain.statistics import Line, Seen, split, totals
from app.domain.suppression import LEAST

MONDAY = date(2026, 8, 3)
WEEKS, CORRIDORS, LANGUAGES, PLACES, CLICKED = 13, 70, 12, 14, 0.06
Cell = tuple[date, str, str]
"""Week, corridor, language."""

Splitting = Callable[[list[Seen]], list[Line]]


@dataclass(frozen=True)
class Number:
    """A published number: of which cells it is as its table says, whether anybody came there or
    not, what it is in truth, and as told."""

    cells: frozenset[Cell]
    true: int
    told: int


@dataclass
class Verdict:
    numbers: int = 0
    pairs: int = 0
    smallest: int = sys.maxsize
    leaks: list[str] = field(default_factory=list)


def visits(number: int, seed: int = 1) -> dict[Cell, Seen]:
    """Some corridors and languages are common, most are rare, as it is."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    wheres = [f"NL-EUR-{n:02}-XXX" for n in range(CORRIDORS)]
    tongues = [f"{n:02}" for n in range(LANGUAGES)]
    rare = [1 / (n + 1) ** 2 for n in range(CORRIDORS)]
    counts: Counter[Cell] = Counter()
    clicks: Counter[Cell] = Counter()
    picked = zip(
        chance.choices(range(WEEKS), k=number),
        chance.choices(wheres, rare, k=number),
        chance.choices(tongues, rare[:LANGUAGES], k=number),
        strict=True,
    )
    for week, where, tongue in picked:
        cell = (MONDAY + timedelta(weeks=week), where, tongue)
        counts[cell] += 1
        clicks[cell] += chance.random() < CLICKED
    return {
        cell: Seen(cell[0], "", shown, shown * chance.randint(1, PLACES), clicks[cell])
        for cell, shown in counts.items()
    }


def published(truth: dict[Cell, Seen], what: str, splitting: Splitting = split) -> Iterator[Number]:
    """Every number that a firm is told: of `what`, shown or clicks. The names of what is hidden
    stand in the tables too, so it is known which parts there are."""
    grid = {
        week: (
            {where for at, where, _tongue in truth if at == week},
            {tongue for at, _where, tongue in truth if at == week},
        )
        for week in {cell[0] for cell in truth}
    }
    for line in totals(truth.values()):
        yield from _number(truth, line, what, *grid[line.week])
    for part in (1, 2):
        seen = [
            Seen(one.week, where if part == 1 else tongue, one.shown, one.places, one.clicks)
            for (_week, where, tongue), one in truth.items()
        ]
        numbers: list[Number] = []
        for line in splitting(seen):
            wheres, tongues = grid[line.week]
            own = ({line.name}, tongues) if part == 1 else (wheres, {line.name})
            numbers += _number(truth, line, what, *own)
        yield from numbers
        yield from _added(numbers)


def _number(
    truth: dict[Cell, Seen], line: Line, what: str, wheres: set[str], tongues: set[str]
) -> Iterator[Number]:
    told = getattr(line, what).count
    if told is None:
        return
    cells = frozenset(product({line.week}, wheres, tongues))
    true = sum(getattr(truth[cell], what) for cell in cells if cell in truth)
    yield Number(cells, true, told)


def _added(numbers: Iterable[Number]) -> Iterator[Number]:
    """All that is told of a week's parts, added up: what stands against the total."""
    weeks: dict[date, list[Number]] = {}
    for number in numbers:
        for week in {cell[0] for cell in number.cells}:
            weeks.setdefault(week, []).append(number)
    for some in weeks.values():
        cells = frozenset[Cell]().union(*(one.cells for one in some))
        yield Number(cells, sum(one.true for one in some), sum(one.told for one in some))


def judge(truth: dict[Cell, Seen], what: str, splitting: Splitting = split) -> Verdict:
    """Of each pair where one number's cells are among the other's, what is between them must be
    nothing, or ten and more."""
    found = Verdict()
    weeks: dict[date, list[Number]] = {}
    for number in published(truth, what, splitting):
        found.numbers += 1
        if number.told:
            found.smallest = min(found.smallest, number.told)
        if 0 < number.true < LEAST:
            found.leaks.append(f"{number.true} is told as {number.told}")
        for week in {cell[0] for cell in number.cells}:
            weeks.setdefault(week, []).append(number)
    for some in weeks.values():
        for one, other in combinations(some, 2):
            found.pairs += 1
            small, large = sorted((one, other), key=lambda number: len(number.cells))
            between = large.true - small.true
            if small.cells < large.cells and 0 < between < LEAST:
                found.leaks.append(f"{large.true} - {small.true} = {between}")
    return found


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    truth = visits(number)
    for what in ("shown", "clicks"):
        found = judge(truth, what)
        print(
            f"{what}: {number} visits, {len(truth)} cells, {found.numbers} numbers told, the "
            f"smallest {found.smallest}; {found.pairs} pairs, {len(found.leaks)} leaks"
        )
        for leak in found.leaks[:10]:
            print(f"  {leak}")


if __name__ == "__main__":
    main()
