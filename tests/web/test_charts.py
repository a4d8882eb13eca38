"""Charts: where things stand, what is said of them, and how light they are."""

from __future__ import annotations

import gzip
import random
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from flask import Flask, get_template_attribute
from hypothesis import given
from hypothesis import strategies as st

from app.web.charts.drawing import LineChart, Table, bar_chart, line_chart, round_percent
from app.web.charts.geometry import (
    HEIGHT,
    LABEL_HEIGHT,
    MOST_TICKS,
    SHARE,
    TOP,
    WIDTH,
    Point,
    Series,
    bars,
    field_of,
    lines,
    scale_of,
)
from app.web.locale import shown_percent

VALUES = st.decimals(Decimal(-60), Decimal(120), places=2)
XS = st.lists(st.integers(0, 4000), min_size=1, max_size=12, unique=True).map(sorted)
NUMBER = re.compile(r"-?\d+")
FIELD = TOP + SHARE


@st.composite
def series(draw: st.DrawFn) -> Series:
    points = [Point(x, draw(VALUES), draw(st.booleans()), draw(st.booleans())) for x in draw(XS)]
    return Series("cost", points, marks=draw(st.booleans()))


def places(path: str) -> list[tuple[int, int]]:
    """The absolute places that a path leads through."""
    found: list[tuple[int, int]] = []
    for part in path.split("M")[1:]:
        begin, _l, moves = part.partition("l")
        x, y = map(int, NUMBER.findall(begin)[:2])
        found.append((x, y))
        steps = list(map(int, NUMBER.findall(moves)))
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def drawn(*some: Series, rtl: bool = False) -> list[tuple[int, int]]:
    made = lines(some, field_of(some, rtl=rtl))
    return [place for line in made for place in places(line.path + line.dots + line.hollow)]


@given(st.lists(series(), min_size=1, max_size=5), st.booleans())
def test_every_point_stays_in_the_field_and_every_label_near_it(
    some: list[Series], rtl: bool
) -> None:
    made = lines(some, field_of(some, rtl=rtl))
    for line in made:
        for x, y in places(line.path + line.dots + line.hollow):
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT
        assert 0 <= float(line.label_x) <= 100
        assert TOP <= float(line.label_y) <= FIELD + len(some) * LABEL_HEIGHT * SHARE / HEIGHT
        assert line.path + line.dots + line.hollow


@given(st.lists(VALUES, min_size=2, max_size=9))
def test_higher_is_higher_and_equal_is_level(values: list[Decimal]) -> None:
    scale = scale_of(values)
    for one in values:
        for other in values:
            if one > other:
                assert scale.place(one) <= scale.place(other)
            if one == other:
                assert scale.place(one) == scale.place(other)


@given(st.lists(VALUES, max_size=9))
def test_a_scale_holds_zero_and_all_values_in_few_round_steps(values: list[Decimal]) -> None:
    ticks = scale_of(values).ticks
    assert 0 in ticks
    assert ticks[0] <= min([Decimal(0), *values])
    assert ticks[-1] >= max([Decimal(0), *values])
    assert 2 <= len(ticks) <= MOST_TICKS + 1
    steps = {after - before for before, after in pairwise(ticks)}
    assert len(steps) == 1
    assert steps.pop().normalize().as_tuple().digits in ((1,), (2,), (5,))


@given(series())
def test_points_keep_their_order_and_a_page_from_the_right_is_the_same_mirrored(
    one: Series,
) -> None:
    there, back = drawn(one), drawn(one, rtl=True)
    assert [(WIDTH - x, y) for x, y in back] == there
    first = lines([one], field_of([one]))[0].path.split("M")[1:]
    for part in first:
        xs = [x for x, _y in places("M" + part)]
        assert xs == sorted(xs)


@given(XS, VALUES)
def test_a_level_line_is_one_stroke(xs: list[int], value: Decimal) -> None:
    (line,) = lines([one := Series("cost", [Point(x, value) for x in xs])], field_of([one]))
    found = places(line.path or line.dots)
    assert len({y for _x, y in found}) == 1
    assert len(found) == min(len(xs), 2)


def test_a_gap_is_a_gap_and_what_stands_alone_is_a_dot() -> None:
    points = [Point(1, Decimal(1)), Point(2, Decimal(2)), Point(4, Decimal(1), joined=False)]
    (line,) = lines([one := Series("cost", points)], field_of([one]))
    assert line.path == "M0 200l333-200"
    assert line.dots == "M1000 200h0"
    assert line.hollow == ""


def test_estimates_are_open_dots() -> None:
    points = [Point(0, Decimal(1)), Point(1, Decimal(1), hollow=True)]
    (line,) = lines([one := Series("cost", points, marks=True)], field_of([one]))
    assert (line.dots, line.hollow) == ("M0 0h0", "M1000 0h0")


def test_a_single_point_stands_in_the_middle() -> None:
    assert drawn(Series("cost", [Point(7, Decimal(-3))])) == [(WIDTH // 2, HEIGHT)]


def test_labels_do_not_stand_on_each_other() -> None:
    some = [Series(str(n), [Point(0, Decimal(n)), Point(9, Decimal(5))]) for n in range(5)]
    heights = sorted(float(line.label_y) for line in lines(some, field_of(some)))
    for above, below in pairwise(heights):
        assert below - above >= LABEL_HEIGHT * SHARE / HEIGHT - 0.11


@given(st.lists(VALUES, min_size=1, max_size=9), st.booleans())
def test_bars_grow_from_zero_and_fit(values: list[Decimal], rtl: bool) -> None:
    made = bars(values, rtl=rtl)
    zero = float(made.zero)
    for value, bar in zip(values, made.bars, strict=True):
        begin, width = float(bar.x), float(bar.width)
        assert begin >= -0.05
        assert begin + width <= 100.15
        assert bar.less == (value < 0)
        grows_right = (value >= 0) != rtl
        assert (begin if grows_right else begin + width) == pytest.approx(zero, abs=0.2)


@given(st.lists(VALUES, min_size=2, max_size=9))
def test_bars_of_equal_values_are_equal_and_of_larger_ones_longer(values: list[Decimal]) -> None:
    widths = [float(one.width) for one in bars(values).bars]
    found = sorted(zip(map(abs, values), widths, strict=True))
    for (value, width), (other, longer) in pairwise(found):
        assert width <= longer
        assert value != other or width == longer


def test_no_bars_and_bars_of_nothing() -> None:
    assert bars([]).bars == ()
    assert [bar.width for bar in bars([Decimal(0)]).bars] == ["0"]


def made(*some: Series, table: Table | None = None) -> LineChart | None:
    return line_chart(
        "cost",
        "Cost of a day",
        some,
        x_text=lambda x: f"day {x:.0f}",
        x_ticks=[(0, "day 0"), (9, "day 9")],
        y_text=shown_percent,
        y_tick=round_percent,
        table=table or Table(("Day", "cost"), [("day 0", "1 %")]),
    )


TWO = (
    Series("cheap", [Point(0, Decimal(1)), Point(9, Decimal(-3))]),
    Series("dear", [Point(0, Decimal(5)), Point(4, Decimal("7.5"))]),
)


def shown(app: Flask, chart: object, macro: str = "line_chart") -> str:
    draw = get_template_attribute("charts/_charts.html", macro)
    return str(draw(chart))


def test_a_chart_says_in_words_what_it_shows(app: Flask) -> None:
    with app.test_request_context("/en/"):
        chart = made(*TWO)
        assert chart
        assert chart.desc == (
            "cheap, day 0 to day 9: lowest -3.00%, highest 1.00%."
            " dear, day 0 to day 4: lowest 5.00%, highest 7.50%."
        )
        assert [tick.text for tick in chart.y_ticks] == ["-5%", "0%", "5%", "10%"]
        assert chart.labels == [("cheap", "-3.00%"), ("dear", "7.50%")]
        html = shown(app, chart)
    assert 'role="img" aria-labelledby="cost-t cost-d"' in html
    assert '<title id="cost-t">Cost of a day</title>' in html
    assert f'<desc id="cost-d">{chart.desc}</desc>' in html
    assert "style=" not in html
    assert 'class="chart__zero" d="M0 267h1000"' in html
    assert '<th scope="row">day 0</th><td>1 %</td>' in html


def test_from_right_to_left_time_runs_from_the_right_and_numbers_stay(app: Flask) -> None:
    with app.test_request_context("/en/"):
        there = made(*TWO)
    with app.test_request_context("/ar/"):
        back = made(*TWO)
    assert there
    assert back
    assert [(tick.at, tick.text) for tick in there.x_ticks] == [("0", "day 0"), ("100", "day 9")]
    assert [(tick.at, tick.text) for tick in back.x_ticks] == [("100", "day 0"), ("0", "day 9")]
    assert (there.side, there.number) == ("100%", "end")
    assert (back.side, back.number) == ("0", "start")
    assert places(back.lines[0].path)[0] == (WIDTH, places(there.lines[0].path)[0][1])


def test_nothing_to_draw_is_no_chart(app: Flask) -> None:
    with app.test_request_context("/en/"):
        assert made() is None
        assert made(Series("empty", [])) is None
        assert made(Series("empty", []), TWO[0]) is not None
        assert bar_chart("bars", "Bars", [], text=shown_percent, table=Table((), [])) is None


def test_bars_say_which_is_lowest_and_which_is_highest(app: Flask) -> None:
    values = [("Alpha", Decimal(-1)), ("Beta & Co", Decimal(2)), ("Gamma", Decimal("0.5"))]
    table = Table(("Firm", "percent"), [("Alpha", "-1 %")])
    with app.test_request_context("/en/"):
        chart = bar_chart("bars", "Rates", values, text=shown_percent, table=table)
        assert chart
        html = shown(app, chart, "bar_chart")
    assert chart.desc == "Lowest: Alpha, -1.00%. Highest: Beta & Co, 2.00%."
    assert "Beta &amp; Co" in html
    assert html.count("<rect") == 3
    assert html.count('class="chart__less"') == 1
    assert "style=" not in html


def test_five_lines_of_ninety_points_weigh_less_than_three_kilobytes(app: Flask) -> None:
    """As prices move: a little each day. With the table of all 450 numbers."""
    chance = random.Random(7)  # noqa: S311  a chart, not a secret
    rows = []
    values = [Decimal(chance.randint(100, 900)) / 100 for _ in range(5)]
    for _day in range(90):
        values = [one + Decimal(chance.choice((-4, 0, 0, 0, 3))) / 100 for one in values]
        rows.append(list(values))
    some = [Series(f"line {n}", [Point(x, row[n]) for x, row in enumerate(rows)]) for n in range(5)]
    with app.test_request_context("/en/"):
        cells = [(f"day {x}", *map(shown_percent, row)) for x, row in enumerate(rows)]
        html = shown(app, made(*some, table=Table(("Day", *"12345"), cells)))
    assert len(gzip.compress(html.encode())) < 3000
