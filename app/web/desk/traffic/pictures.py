"""The charts of the page, from what may be shown and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import gettext

from app.db.traffic_figures import Day, Figures, Year
from app.domain.traffic import GOAL, Span, Whole
from app.web.charts.drawing import BarChart, LineChart, Table, bar_chart, line_chart
from app.web.charts.geometry import Point, Series
from app.web.desk.traffic.words import WHOLES, under
from app.web.locale import day, locale

DRAWN = (Whole.VISITS, Whole.DEVICES)
MONTHS = 12
MOST_TICKS = 5


def days_picture(figures: Figures) -> LineChart | None:
    """Visits and devices of each day. A line breaks where a day has no number to show."""
    counted = any(one.counts[whole] for one in figures.days for whole in DRAWN)
    if figures.period.span in (Span.DAY, Span.YEAR) or not counted:
        return None
    series = [Series(str(WHOLES[whole]), _points(figures.days, whole)) for whole in DRAWN]
    every = max(1, -(-len(figures.days) // MOST_TICKS))
    return line_chart(
        "days-chart",
        gettext("Visits and devices, day by day"),
        series,
        x_text=lambda x: day(date.fromordinal(int(x))),
        x_ticks=[(one.first.toordinal(), _short(one.first)) for one in figures.days[::every]],
        y_text=number,
        y_tick=number,
        table=days_table(figures.days, gettext("Day"), day),
    )


def _points(days: Sequence[Day], whole: Whole) -> list[Point]:
    points: list[Point] = []
    joined = False
    for one in days:
        count = one.counts[whole]
        drawn = count is not None and not one.is_dark
        if drawn:
            points.append(Point(one.first.toordinal(), Decimal(count or 0), joined=joined))
        joined = drawn
    return points


def months_picture(figures: Figures) -> BarChart | None:
    """The visits of each month of a year."""
    if figures.period.span is not Span.YEAR:
        return None
    shown = [one for one in figures.days if one.counts[Whole.VISITS]]
    return bar_chart(
        "months-chart",
        gettext("Visits, month by month"),
        [(_month(one.first), Decimal(one.counts[Whole.VISITS] or 0)) for one in shown],
        text=number,
        table=days_table(figures.days, gettext("Month"), _month),
    )


def year_picture(year: Year, today: date) -> LineChart | None:
    """Devices whose first visit of this year it was, added up, beside the way to both ends of the
    goal."""
    counted, points = 0, [Point(0, Decimal(0), joined=False)]
    last = today.month if today.year == year.year else MONTHS
    for month in range(1, last + 1):
        counted += year.first.get(month) or 0
        points.append(Point(month, Decimal(counted)))
    lowest, highest = (
        [Point(0, Decimal(0), joined=False), Point(MONTHS, Decimal(end))] for end in GOAL
    )
    if not counted:
        return None
    series = [
        Series(gettext("counted"), points),
        Series(gettext("goal, from"), lowest),
        Series(gettext("goal, to"), highest),
    ]
    head = [gettext("Month"), gettext("New devices"), gettext("Added up")]
    rows, added = [], 0
    for month in range(min(year.first), last + 1):
        new = year.first.get(month, 0)
        added += new or 0
        rows.append([_month(date(year.year, month, 1)), _or_under(new), number(added)])
    return line_chart(
        "year-chart",
        gettext("Devices of this year, against the goal"),
        series,
        x_text=lambda x: _month(date(year.year, max(1, int(x)), 1)),
        x_ticks=[
            (month, format_date(date(year.year, month, 1), "LLL", locale=locale()))
            for month in (3, 6, 9, 12)
        ],
        y_text=number,
        y_tick=number,
        table=Table(head, rows),
    )


def days_table(days: Sequence[Day], first: str, name: object) -> Table:
    write = name if callable(name) else str
    return Table(
        [first, *(str(WHOLES[whole]) for whole in DRAWN)],
        [
            [write(one.first), *(_or_under(one.counts[whole]) for whole in DRAWN)]
            for one in reversed(days)
        ],
    )


def number(value: Decimal | int) -> str:
    return str(format_decimal(value, locale=locale()))


def _or_under(count: int | None) -> str:
    return under() if count is None else number(count)


def _short(value: date) -> str:
    return str(format_date(value, "d MMM", locale=locale()))


def _month(value: date) -> str:
    return str(format_date(value, "LLLL y", locale=locale()))
