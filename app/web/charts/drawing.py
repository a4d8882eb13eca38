"""Charts ready to be shown: what is drawn, a sentence that says the same, and all the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_percent
from flask import Blueprint
from flask_babel import gettext

from app.web.charts.geometry import (
    HEIGHT,
    SHARE,
    TOP,
    WIDTH,
    Bars,
    Line,
    Series,
    bars,
    down,
    field_of,
    lines,
)
from app.web.locale import language, locale

bp = Blueprint("charts", __name__, template_folder="templates")
"""No page of its own: only the templates that draw."""

Text = str
NEAR_THE_END = 0.94
"""Share of the width after which a tick's text ends at its place, and before which it is around."""


@dataclass(frozen=True, slots=True)
class Table:
    """The very numbers, as they are written; the first of each row names it."""

    head: Sequence[Text]
    rows: Sequence[Sequence[Text]]


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a text stands, in percent of the drawing; its anchor."""

    at: str
    text: Text
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class LineChart:
    """id: of the figure on its page; labels: the name and the last value of each line; grid, zero:
    paths of the field, which is `view` units large; number: how a number stands at `side`, where
    figures are read from left to right in every script."""

    id: str
    title: Text
    desc: Text
    lines: list[Line]
    labels: list[tuple[Text, Text]]
    grid: str
    zero: str
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    table: Table
    side: str
    number: str
    view: str = f"0 0 {WIDTH} {HEIGHT}"
    top: str = f"{TOP}%"
    share: str = f"{SHARE}%"


@dataclass(frozen=True, slots=True)
class BarChart:
    """names, texts: what stands over the start and the end of each bar; number: as in LineChart.
    Places are in em."""

    id: str
    title: Text
    desc: Text
    bars: Bars
    names: list[Text]
    texts: list[Text]
    table: Table
    start: str
    end: str
    number: str


def line_chart(
    name: str,
    title: Text,
    series: Iterable[Series],
    *,
    x_text: Callable[[float], Text],
    x_ticks: Sequence[tuple[float, Text]],
    y_text: Callable[[Decimal], Text],
    y_tick: Callable[[Decimal], Text],
    table: Table,
) -> LineChart | None:
    """None if there is no point to draw. `x_text` names a place on the other axis in the sentence,
    and `x_ticks` on the axis itself; `y_text` writes a value, `y_tick` a round one."""
    shown = [one for one in series if one.points]
    if not shown:
        return None
    field = field_of(shown, rtl=_rtl())
    ticks = field.scale.ticks
    level = [field.scale.place(tick) for tick in ticks]
    return LineChart(
        id=name,
        title=title,
        desc=" ".join(_said(one, x_text, y_text) for one in shown),
        lines=lines(shown, field),
        labels=[(one.name, y_text(one.points[-1].y)) for one in shown],
        grid="".join(f"M0 {y}h{WIDTH}" for y, tick in zip(level, ticks, strict=True) if tick),
        zero=f"M0 {field.scale.place(Decimal(0))}h{WIDTH}",
        y_ticks=[Tick(down(y), y_tick(tick)) for y, tick in zip(level, ticks, strict=True)],
        x_ticks=[
            Tick(field.percent(across), text, _anchor(across / WIDTH))
            for across, text in ((field.across(x), text) for x, text in x_ticks)
        ],
        table=table,
        side="0" if field.rtl else "100%",
        number="start" if field.rtl else "end",
    )


def bar_chart(
    name: str,
    title: Text,
    values: Sequence[tuple[Text, Decimal]],
    *,
    text: Callable[[Decimal], Text],
    table: Table,
) -> BarChart | None:
    """Bars in the order of `values`, each with its name; None without one."""
    if not values:
        return None
    least, most = min(values, key=_value), max(values, key=_value)
    rtl = _rtl()
    return BarChart(
        id=name,
        title=title,
        desc=gettext(
            "Lowest: %(low_name)s, %(lowest)s. Highest: %(high_name)s, %(highest)s.",
            low_name=least[0],
            lowest=text(least[1]),
            high_name=most[0],
            highest=text(most[1]),
        ),
        bars=bars([value for _name, value in values], rtl=rtl),
        names=[one for one, _value in values],
        texts=[text(value) for _name, value in values],
        table=table,
        start="100%" if rtl else "0",
        end="0" if rtl else "100%",
        number="start" if rtl else "end",
    )


def round_percent(value: Decimal) -> Text:
    """A number of percents on an axis: without needless decimals."""
    formats = locale()
    pattern = formats.percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    return format_percent(value / 100, format=pattern, locale=formats)


def _said(one: Series, x_text: Callable[[float], Text], y_text: Callable[[Decimal], Text]) -> Text:
    values = [point.y for point in one.points]
    return gettext(
        "%(name)s, %(start)s to %(end)s: lowest %(lowest)s, highest %(highest)s.",
        name=one.name,
        start=x_text(one.points[0].x),
        end=x_text(one.points[-1].x),
        lowest=y_text(min(values)),
        highest=y_text(max(values)),
    )


def _anchor(share: float) -> str:
    if share > NEAR_THE_END:
        return "end"
    return "start" if share < 1 - NEAR_THE_END else "middle"


def _value(named: tuple[Text, Decimal]) -> Decimal:
    return named[1]


def _rtl() -> bool:
    return bool(Locale(language()).text_direction == "rtl")
