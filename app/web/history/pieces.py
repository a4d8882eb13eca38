"""The charts of a corridor's history, each with its sentence and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log10

from babel.dates import format_date, format_skeleton
from flask_babel import gettext
from markupsafe import Markup

from app.domain.history import (
    AtAmount,
    Average,
    Basis,
    ByAmount,
    Day,
    FirmRate,
    Step,
)
from app.domain.money import Money
from app.domain.quote import Age, Derived, Origin
from app.domain.ranking import Ranked
from app.domain.survey import percent as rounded
from app.web.ages import answer_when
from app.web.charts.drawing import (
    BarChart,
    LineChart,
    Table,
    bar_chart,
    line_chart,
    round_percent,
)
from app.web.charts.geometry import Point, Series
from app.web.labels import source
from app.web.locale import day, locale, quarter, rate, short, shown_percent

FEWEST_DAYS = 7
"""Of fewer days no chart is drawn: a line through two of them would look like a trend."""

MOST_YEARS = 4
"""That stand under a chart of rounds."""

NAMED, MOST_NAMED = (20, 100, 500, 2000), 4
"""Amounts that stand under a chart that has more than so many."""

SURVEY = "rpw"
NONE = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, or None where there is too little to draw; slugs of what it rests on.

    age        of its prices; None if they are not of one age
    better     whether a rate in it is better than the mid-market rate
    no_margin  whether it has a price of which the survey found no exchange margin
    """

    chart: LineChart | BarChart | None
    sources: list[str]
    age: Age | None = None
    better: bool = False
    no_margin: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What we measured ourselves, and what a survey says at the very same amount; where from."""

    live: list[Day]
    survey: list[Day]
    sources: list[str]


def survey_picture(averages: Sequence[Average]) -> Picture:
    """Only quarters that follow each other are joined, and never the two kinds of average."""
    names = {Basis.PUBLISHED: gettext("World Bank"), Basis.COMPUTED: gettext("our count")}
    series = []
    for basis, name in names.items():
        own = [one for one in averages if one.basis is basis]
        befores = [None, *(one.quarter for one in own)]
        points = [
            Point(one.quarter, one.percent, joined=before is not None and one.quarter == before + 1)
            for one, before in zip(own, befores, strict=False)
        ]
        series.append(Series(name, points))
    periods = {one.quarter: one.period for one in averages}
    chart = line_chart(
        "survey",
        gettext("Average cost in the World Bank's survey, in percent of the amount sent"),
        series,
        x_text=lambda x: quarter(periods[int(x)]),
        x_ticks=_years(periods),
        y_text=shown_percent,
        y_tick=round_percent,
        table=_survey_table(averages, names),
    )
    return Picture(chart, [SURVEY])


def _survey_table(averages: Sequence[Average], names: dict[Basis, str]) -> Table:
    rounds: dict[str, dict[Basis, Average]] = {}
    for one in averages:
        rounds.setdefault(one.period, {})[one.basis] = one
    rows = []
    for period in sorted(rounds, reverse=True):
        found = rounds[period]
        costs = [shown_percent(found[basis].percent) if basis in found else NONE for basis in names]
        counted = [str(one.services) for one in found.values() if one.services is not None]
        rows.append((quarter(period), *costs, counted[-1] if counted else gettext("unknown")))
    return Table((gettext("Survey round"), *names.values(), gettext("Ways")), rows)


def _years(periods: Mapping[int, str]) -> Sequence[tuple[float, str]]:
    """First quarters of round years, as many as fit; the first of `periods` if there is none."""
    if not periods:
        return []
    quarters = sorted(periods)
    first, last = -(-quarters[0] // 4), quarters[-1] // 4
    every = max(1, -(-(last - first + 1) // MOST_YEARS))
    years = [year for year in range(first, last + 1) if year % every == 0]
    named = [(year * 4, format_date(date(year, 1, 1), "y", locale=locale())) for year in years]
    return named or [(quarters[0], quarter(periods[quarters[0]]))]


def days_picture(measured: Measured, amount: Money) -> Picture:
    """No chart of fewer than FEWEST_DAYS."""
    live = measured.live
    if len(live) < FEWEST_DAYS:
        return Picture(None, measured.sources)
    series = [
        Series(_cheapest(), _daily([(one.day, one.cheapest) for one in live])),
        Series(_middle(), _daily([(one.day, one.median) for one in live])),
        Series(source(SURVEY), [_of_day(one.day, one.cheapest) for one in measured.survey]),
    ]
    days = sorted({one.day for one in (*live, *measured.survey)})
    chart = line_chart(
        "days",
        gettext("Cost of %(amount)s by day, in percent of what you pay", amount=short(amount)),
        series,
        x_text=lambda x: day(date.fromordinal(int(x))),
        x_ticks=[
            (one.toordinal(), format_skeleton("MMMMd", one, locale=locale()))
            for one in (days[0], days[-1])
        ],
        y_text=shown_percent,
        y_tick=round_percent,
        table=_days_table(measured),
    )
    return Picture(chart, measured.sources)


def _days_table(measured: Measured) -> Table:
    surveyed = {one.day: one.cheapest for one in measured.survey}
    live = {one.day: one for one in measured.live}
    head = [gettext("Day"), _cheapest(), _middle(), gettext("Ways")]
    rows = []
    for one in sorted({*surveyed, *live}, reverse=True):
        known = live.get(one)
        row = [day(one), NONE, NONE, NONE]
        if known:
            row[1:] = [shown_percent(known.cheapest), _or_none(known.median), str(known.ways)]
        rows.append([*row, _or_none(surveyed.get(one))] if surveyed else row)
    return Table([*head, source(SURVEY)] if surveyed else head, rows)


def _daily(values: Sequence[tuple[date, Decimal | None]]) -> list[Point]:
    """Of days that follow each other a line, with a gap where there is no value."""
    points: list[Point] = []
    for one, value in values:
        if value is not None:
            joined = bool(points) and points[-1].x == one.toordinal() - 1
            points.append(Point(one.toordinal(), value, joined=joined))
    return points


def _of_day(one: date, value: Decimal) -> Point:
    return Point(one.toordinal(), value, joined=False)


def amounts_picture(found: ByAmount) -> Picture:
    """Amounts stand as far from each other as they are times larger: 20 to 200 as 200 to 2000."""
    places = {_across(one.amount): short(one.amount) for one in found.amounts}
    series = [
        Series(
            _cheapest(), _amounts([(one.amount, one.cheapest) for one in found.amounts]), marks=True
        ),
        Series(
            _middle(), _amounts([(one.amount, one.middle) for one in found.amounts]), marks=True
        ),
    ]
    used = sorted({point.x for one in series for point in one.points})
    ticks = [x for x in used if x in map(log10, NAMED)] if len(used) > MOST_NAMED else used
    shown = [one for two in found.amounts for one in (two.cheapest, two.middle) if one]
    chart = line_chart(
        "amounts",
        gettext("Cost by amount, in percent of what you pay"),
        series,
        x_text=lambda x: places[x],
        x_ticks=[(x, places[x]) for x in ticks],
        y_text=shown_percent,
        y_tick=round_percent,
        table=Table(
            (gettext("You pay"), _cheapest(), _middle()),
            [_amount_row(one) for one in found.amounts],
        ),
    )
    return Picture(chart, sorted({one.answer.base.source for one in shown}), found.age)


def _across(amount: Money) -> float:
    return log10(amount.amount)


def _amounts(answers: Sequence[tuple[Money, Ranked | None]]) -> list[Point]:
    """A line leads over no amount without an answer."""
    points: list[Point] = []
    joined = False
    for amount, one in answers:
        if one is not None:
            cost = one.answer.cost.total_percent
            points.append(Point(_across(amount), cost, joined, hollow=not one.answer.exact))
        joined = one is not None
    return points


def _amount_row(one: AtAmount) -> tuple[str, ...]:
    return (short(one.amount), *map(_answered, (one.cheapest, one.middle)))


def _answered(one: Ranked | None) -> str:
    if one is None:
        return gettext("unknown")
    percent = shown_percent(one.answer.cost.total_percent)
    if one.answer.exact:
        return percent
    tag = Markup('<span class="tag tag--derived">{}</span>').format(gettext("estimated by us"))
    return Markup("{} {}").format(percent, tag)


def rates_picture(rates: Sequence[FirmRate], age: Age | None) -> Picture:
    """Of firms whose prices are all of that age. It rests on mid rates too."""
    prices = [one.answer.base for one in rates]
    slugs = {one.source for one in prices} | {slug for one in prices for slug in one.mid.sources}
    chart = bar_chart(
        "rates",
        gettext("Exchange rates: percent below the mid-market rate"),
        [(one.provider.name, one.percent) for one in rates],
        text=shown_percent,
        table=Table(
            (
                gettext("Firms"),
                gettext("Below the mid-market rate"),
                gettext("exchange rate"),
                gettext("When asked"),
            ),
            [
                (
                    one.provider.name,
                    shown_percent(one.percent),
                    _rate(one),
                    answer_when(one.answer),
                )
                for one in rates
            ],
        ),
    )
    return Picture(
        chart,
        sorted(slugs),
        age,
        better=any(rounded(one.percent) < 0 for one in rates),
        no_margin=any(
            one.percent == 0 and one.answer.base.origin is Origin.SURVEY for one in rates
        ),
    )


def _rate(one: FirmRate) -> str:
    """As the firm tells it; a survey tells a margin, and the rate is our own."""
    figure = rate(one.answer.rate)
    if Derived.RATE not in one.answer.base.quote.derived:
        return figure
    return f"{figure} ({gettext('worked out by us')})"


def service_chart(steps: Sequence[Step], number: int, title: str) -> LineChart | None:
    """Fee and exchange rate of one service, in percent of what is paid, level until they change.
    None of a service that was seen on one day only. `number` tells charts of one page apart."""
    days = sorted({moment.date() for step in steps for moment in (step.since, step.until)})
    if len(days) < 2:  # noqa: PLR2004
        return None
    fees, margins = [], []
    for step in steps:
        for moment, joined in ((step.since, step.joined), (step.until, True)):
            fees.append(Point(moment.timestamp(), step.cost.fee_percent, joined=joined))
            margins.append(Point(moment.timestamp(), step.cost.margin_percent, joined=joined))
    ends = (fees[0].x, fees[-1].x)
    return line_chart(
        f"service-{number}",
        title,
        [Series(gettext("fee"), fees), Series(gettext("exchange rate"), margins)],
        x_text=lambda x: day(days[0] if x == ends[0] else days[-1]),
        x_ticks=[(x, day(one)) for x, one in zip(ends, (days[0], days[-1]), strict=True)],
        y_text=shown_percent,
        y_tick=round_percent,
        table=_steps_table(steps),
    )


def _steps_table(steps: Sequence[Step]) -> Table:
    return Table(
        (gettext("From"), gettext("fee"), gettext("exchange rate"), gettext("together")),
        [
            (
                day(step.since),
                shown_percent(step.cost.fee_percent),
                shown_percent(step.cost.margin_percent),
                shown_percent(step.cost.total_percent),
            )
            for step in reversed(steps)
        ],
    )


def _or_none(value: Decimal | None) -> str:
    return NONE if value is None else shown_percent(value)


def _cheapest() -> str:
    return gettext("the cheapest way")


def _middle() -> str:
    return gettext("the middle one")
