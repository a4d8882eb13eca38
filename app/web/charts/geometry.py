"""Where things stand in a chart: scales, ticks, lines, dots, labels and bars.

Lines are drawn on a field of WIDTH x HEIGHT units that is stretched to the room there is; texts
stand beside it, in percent of that room, so that they keep their size. The field's first unit is
at the start side: from right to left the whole of it is mirrored here, and no text with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

WIDTH, HEIGHT = 1000, 400
TOP, SHARE = 7, 79
"""In percent of the drawing: where the field begins, and how high it is. Below it stand the ticks
of the other axis."""

LABEL_WIDTH, LABEL_HEIGHT = 480, 32
"""Units that a label at the end of a line takes on a small phone, where it is widest."""

CROSSED = 3 * LABEL_HEIGHT
"""How much further from its line a label may stand if no line runs through it there."""

MOST_TICKS = 4


@dataclass(frozen=True, slots=True)
class Point:
    """joined  whether a line leads here from the point before; hollow: it is an estimate"""

    x: float
    y: Decimal
    joined: bool = True
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A line with its points from left to right. A point that no line leads to or from is a dot;
    with `marks` every point is."""

    name: str
    points: Sequence[Point]
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """From the lowest to the highest tick, zero always between them. `ticks` go upwards."""

    ticks: tuple[Decimal, ...]

    def place(self, value: Decimal) -> int:
        """In units from the top of the field."""
        low, high = self.ticks[0], self.ticks[-1]
        return round(HEIGHT * (high - value) / (high - low))


@dataclass(frozen=True, slots=True)
class Line:
    """paths of SVG, "" where there is nothing to draw; the label's place in percent of the
    drawing, and whether it ends or starts there."""

    path: str
    dots: str
    hollow: str
    label_x: str
    label_y: str
    anchor: str


def scale_of(values: Iterable[Decimal]) -> Scale:
    """At most MOST_TICKS steps of 1, 2 or 5 times a power of ten, that hold zero and all values."""
    known = [Decimal(0), *values]
    low, high = min(known), max(known)
    if low == high:
        high = Decimal(1)
    step = Decimal(1).scaleb((high - low).adjusted() - 1)
    for factor in (1, 2, 5, 10, 20, 50):
        first = (low / (step * factor)).to_integral_value(ROUND_FLOOR)
        last = (high / (step * factor)).to_integral_value(ROUND_CEILING)
        if last - first <= MOST_TICKS:
            break
    steps = range(int(first), int(last) + 1)
    return Scale(tuple((step * factor * number).normalize() + 0 for number in steps))


@dataclass(frozen=True, slots=True)
class Field:
    """What all lines of a chart are drawn on. `left` and `right` are its first and last x."""

    scale: Scale
    left: float
    right: float
    rtl: bool = False

    def across(self, x: float) -> int:
        """In units from the start side, not mirrored. Where all is at one x, that is the middle."""
        if self.right == self.left:
            return WIDTH // 2
        return round(WIDTH * (x - self.left) / (self.right - self.left))

    def percent(self, units: int) -> str:
        """Of the drawing's width, mirrored where the page is."""
        return shown(Decimal((WIDTH - units if self.rtl else units) * 100) / WIDTH)

    def units(self, point: Point) -> tuple[int, int]:
        return self.across(point.x), self.scale.place(point.y)


def field_of(series: Iterable[Series], *, rtl: bool = False) -> Field:
    """Of all points of all lines. Raises ValueError if there is none."""
    points = [point for one in series for point in one.points]
    xs = [point.x for point in points]
    return Field(scale_of(point.y for point in points), min(xs), max(xs), rtl)


def lines(series: Sequence[Series], field: Field) -> list[Line]:
    """In the order of `series`, each of which has a point."""
    labels = _labels([list(map(field.units, one.points)) for one in series], series)
    return [_line(one, field, *labels[place]) for place, one in enumerate(series)]


def _line(one: Series, field: Field, label: int, anchor: str) -> Line:
    runs = list(_runs(one.points))
    dots = [run[0] for run in runs if len(run) == 1] if not one.marks else list(one.points)
    return Line(
        path="".join(_path([_turned(field, point) for point in run]) for run in runs if run[1:]),
        dots=_dots(field, [point for point in dots if not point.hollow]),
        hollow=_dots(field, [point for point in dots if point.hollow]),
        label_x=field.percent(field.across(one.points[-1].x)),
        label_y=down(label),
        anchor=anchor,
    )


def down(units: int) -> str:
    """From the top of the field to percent of the drawing."""
    return shown(TOP + Decimal(units * SHARE) / HEIGHT)


def shown(number: Decimal) -> str:
    """To one decimal, without needless zeros."""
    return f"{number:.1f}".removesuffix(".0")


def _turned(field: Field, point: Point) -> tuple[int, int]:
    x, y = field.units(point)
    return WIDTH - x if field.rtl else x, y


def _runs(points: Iterable[Point]) -> Iterator[list[Point]]:
    """Points that are joined, in one list each."""
    run: list[Point] = []
    for point in points:
        if run and not point.joined:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _path(places: list[tuple[int, int]]) -> str:
    """Relative after the first point, and without points in the middle of a level line."""
    kept = [places[0]]
    for before, place, after in zip(places, places[1:], places[2:], strict=False):
        if not before[1] == place[1] == after[1]:
            kept.append(place)
    kept.append(places[-1])
    moves = (f"{there[0] - here[0]} {there[1] - here[1]}" for here, there in pairwise(kept))
    return f"M{kept[0][0]} {kept[0][1]}l" + " ".join(moves).replace(" -", "-")


def _dots(field: Field, points: Iterable[Point]) -> str:
    """Lines of no length, whose round ends are dots of any size on a field that is stretched."""
    places = dict.fromkeys(_turned(field, point) for point in points)
    return "".join(f"M{x} {y}h0" for x, y in places)


def _labels(drawn: list[list[tuple[int, int]]], series: Sequence[Series]) -> list[tuple[int, str]]:
    """Near the end of each line, not on each other, in the order of those ends from the top, and
    where few lines run: the place in units from the top, and its anchor."""
    found: dict[int, tuple[int, str]] = {}
    spans: list[tuple[int, int, int]] = []
    for place in sorted(range(len(drawn)), key=lambda one: drawn[one][-1][1]):
        x, y = drawn[place][-1]
        anchor = "end" if x >= WIDTH // 2 else "start"
        span = (x - LABEL_WIDTH, x) if anchor == "end" else (x, x + LABEL_WIDTH)
        above = [slot for left, right, slot in spans if left <= span[1] and span[0] <= right]
        obstacles = list(_obstacles(drawn, series, span))
        ends = [places[-1] for one, places in enumerate(drawn) if one != place]
        others = [across for along, across in ends if span[0] <= along <= span[1]]
        lowest = max(above, default=-2 * LABEL_HEIGHT) + LABEL_HEIGHT
        slots = range(max(lowest, 0), max(HEIGHT, lowest + 1), LABEL_HEIGHT // 4)
        slot = min(slots, key=lambda slot: (_strays(slot, y, obstacles, others), slot))
        spans.append((*span, slot))
        found[place] = (slot, anchor)
    return [found[place] for place in range(len(drawn))]


def _strays(slot: int, y: int, obstacles: list[tuple[int, int]], others: list[int]) -> int:
    """How badly a label stands at a slot: its distance, and more if a line runs through it or the
    end of another one lies between."""
    reach = LABEL_HEIGHT * 2 // 3
    crossed = any(low - reach < slot < high + reach for low, high in obstacles)
    beyond = any(min(slot, y) <= other <= max(slot, y) for other in others)
    return abs(slot - y) + crossed * CROSSED + beyond * 2 * CROSSED


def _obstacles(
    drawn: list[list[tuple[int, int]]], series: Sequence[Series], span: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """From where to where, downwards, each dot and each part of a line is within a span."""
    for places, one in zip(drawn, series, strict=True):
        for x, y in places:
            if span[0] <= x <= span[1]:
                yield y, y
        for (here, there), point in zip(pairwise(places), one.points[1:], strict=True):
            if point.joined and here[0] <= span[1] and there[0] >= span[0]:
                yield min(here[1], there[1]), max(here[1], there[1])


@dataclass(frozen=True, slots=True)
class Bar:
    """In percent of the width: where it begins and how long it is. `less`: it is below zero."""

    x: str
    width: str
    less: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """zero: where it stands, in percent of the width"""

    zero: str
    bars: tuple[Bar, ...]


def bars(values: Sequence[Decimal], *, rtl: bool = False) -> Bars:
    """On one scale from the lowest, or zero, to the highest, or zero; growing from zero."""
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    whole = high - low or Decimal(1)

    def percent(value: Decimal) -> Decimal:
        return value * 100 / whole

    def start(begin: Decimal, width: Decimal) -> str:
        return shown(100 - begin - width if rtl else begin)

    zero = percent(-low)
    drawn = []
    for value in values:
        width = percent(abs(value))
        begin = zero - width if value < 0 else zero
        drawn.append(Bar(start(begin, width), shown(width), less=value < 0))
    return Bars(start(zero, Decimal(0)), tuple(drawn))
