"""What the pages of sources are made of: a line for each, and everything about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import gettext, lazy_gettext

from app.db import held_list, runs, sources, watching, wishes
from app.db.evidence import Evidence
from app.db.runs import SourceRunRow
from app.db.sources import SourceRow
from app.db.watching import OnBoard, OnCorridor, Proof, RunDay
from app.db.wishes import WishRow, WishState
from app.domain.health import Health
from app.domain.pretty import pretty_json, readable
from app.web import clock
from app.web.ages import ago
from app.web.charts.drawing import LineChart, line_chart
from app.web.charts.drawing import Table as Numbers
from app.web.charts.geometry import Point, Series
from app.web.database import session
from app.web.desk.sources.words import FAILINGS, STATES
from app.web.locale import day, locale
from app.web.work.tables import Column, Table

CHARTED = timedelta(days=30)
SHOWN_BODY = 200_000
"""Signs of a reply that a page shows; all of it can be downloaded."""


@dataclass(frozen=True, slots=True)
class Line:
    """A source in the list; `used` are requests in the last hour."""

    row: SourceRow
    health: Health
    board: OnBoard | None
    used: int
    held: int

    @property
    def share(self) -> int | None:
        """Of the hour's budget, in percent."""
        return self.used * 100 // self.row.per_hour if self.row.per_hour else None


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything about one source. stands: whether the schedule does, so that no wish is heard."""

    line: Line
    wish: WishRow | None
    stands: bool
    runs: Table[SourceRunRow]
    corridors: Table[OnCorridor]
    proofs: list[Proof]
    charts: list[LineChart]


def lines() -> list[Line]:
    """The worst first, and of those the longest."""
    now, asking = clock.now(), session()
    rows = sources.all_sources(asking)
    boards = watching.on_board(asking)
    spent = watching.used(asking, [row.slug for row in rows], now)
    holds = held_list.count_waiting(asking)
    found = [
        Line(
            row,
            watching.health_of(row, now),
            boards.get(row.slug),
            spent.get(row.slug, 0),
            holds[row.slug],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.health.order(), one.row.slug))


def line_of(slug: str) -> Line | None:
    return next((one for one in lines() if one.row.slug == slug), None)


def listing(found: list[Line]) -> Table[Line]:
    def to(one: Line) -> str:
        return url_for("desk_sources.show", slug=one.row.slug)

    def to_held(one: Line) -> str | None:
        return url_for("desk_held.index", source=one.row.slug) if one.held else None

    columns: list[Column[Line]] = [
        Column("source", lazy_gettext("Source"), lambda one: one.row.slug, link=to),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one.health.state][0])),
        Column(
            "newest",
            lazy_gettext("Newest price"),
            lambda one: one.board.newest if one.board else None,
            lambda one: ago(one.board.newest) if one.board else gettext("none"),
        ),
        Column("why", lazy_gettext("What is wrong"), _failing_of),
        Column(
            "since",
            lazy_gettext("Since"),
            lambda one: one.health.since,
            lambda one: ago(one.health.since) if one.health.since else "",
        ),
        Column(
            "budget",
            lazy_gettext("Budget used"),
            lambda one: one.share,
            lambda one: f"{one.used} / {one.row.per_hour}" if one.row.per_hour else "",
            numeric=True,
        ),
        Column("held", lazy_gettext("Held"), lambda one: one.held, link=to_held, numeric=True),
        Column(
            "on",
            lazy_gettext("On"),
            lambda one: one.row.is_on,
            lambda one: gettext("on") if one.row.is_on else gettext("off"),
        ),
    ]
    return Table("sources", columns, found)


def _failing_of(one: Line) -> str:
    return str(FAILINGS[one.health.failing]) if one.health.failing else ""


def whole(line: Line) -> Whole:
    now, asking, slug = clock.now(), session(), line.row.slug
    wish = wishes.wish_of(asking, slug)
    waits = wish is not None and wish.state is WishState.WAITING
    return Whole(
        line=line,
        wish=wish,
        stands=waits and runs.stands_since(asking, now) is not None,
        runs=_runs(watching.last_runs(asking, slug)),
        corridors=_corridors(watching.corridors_of(asking, slug)),
        proofs=watching.proofs(asking, slug),
        charts=_charts(watching.run_days(asking, slug, now - CHARTED)),
    )


def _runs(found: list[SourceRunRow]) -> Table[SourceRunRow]:
    def counted(key: str, label: object) -> Column[SourceRunRow]:
        return Column(key, label, lambda one: getattr(one, key), numeric=True)

    columns: list[Column[SourceRunRow]] = [
        Column("started_at", lazy_gettext("Began"), lambda one: one.started_at),
        Column("trouble", lazy_gettext("Trouble"), lambda one: one.trouble),
        counted("asked", lazy_gettext("Asked")),
        counted("answered", lazy_gettext("Answered")),
        counted("not_offered", lazy_gettext("Not offered")),
        counted("failed", lazy_gettext("Failed")),
        counted("rows", lazy_gettext("Prices")),
        counted("held", lazy_gettext("Held")),
        counted("requests", lazy_gettext("Requests")),
        Column("said", lazy_gettext("What it said"), lambda one: one.said),
    ]
    return Table("runs", columns, found)


def _corridors(found: list[OnCorridor]) -> Table[OnCorridor]:
    def to(one: OnCorridor) -> str:
        corridor = one.corridor
        countries = corridor.send_country.lower(), corridor.receive_country.lower()
        return f"/{locale().language}/send/{countries[0]}/{countries[1]}?pay=200"

    columns: list[Column[OnCorridor]] = [
        Column("corridor", lazy_gettext("Corridor"), lambda one: one.corridor.slug, link=to),
        Column("currency", lazy_gettext("Currency"), lambda one: one.corridor.receive_currency),
        Column(
            "newest",
            lazy_gettext("Newest price"),
            lambda one: one.newest,
            lambda one: ago(one.newest),
        ),
        Column(
            "oldest",
            lazy_gettext("Oldest price"),
            lambda one: one.oldest,
            lambda one: ago(one.oldest),
        ),
        Column("prices", lazy_gettext("Prices"), lambda one: one.prices, numeric=True),
    ]
    return Table("corridors", columns, found)


def _charts(days: list[RunDay]) -> list[LineChart]:
    """Of at least two days: one point is no line."""
    if len(days) < 2:  # noqa: PLR2004
        return []
    well = [(one, Decimal(100 * (one.runs - one.troubled)) / one.runs) for one in days]
    pictures = (
        _chart(
            "success",
            gettext("Runs that went well, in percent by day"),
            gettext("Runs that went well"),
            [(one, round(share)) for one, share in well],
            " %",
        ),
        _chart(
            "prices",
            gettext("Prices read, by day"),
            gettext("Prices read"),
            [(one, one.rows) for one in days],
        ),
    )
    return [one for one in pictures if one is not None]


def _chart(
    name: str, title: str, series: str, values: list[tuple[RunDay, int]], unit: str = ""
) -> LineChart | None:
    points: list[Point] = []
    for one, value in values:
        joined = bool(points) and points[-1].x == one.day.toordinal() - 1
        points.append(Point(one.day.toordinal(), Decimal(value), joined=joined))
    ends = (values[0][0].day, values[-1][0].day)
    rows = [
        (day(one.day), f"{value}{unit}", str(one.runs), str(one.troubled), str(one.held))
        for one, value in reversed(values)
    ]
    head = (gettext("Day"), series, gettext("Runs"), gettext("In trouble"), gettext("Held"))
    return line_chart(
        name,
        title,
        [Series(series, points)],
        x_text=lambda x: day(ends[0].fromordinal(int(x))),
        x_ticks=[(one.toordinal(), format_skeleton("MMMMd", one, locale=locale())) for one in ends],
        y_text=lambda value: f"{value:f}{unit}",
        y_tick=lambda value: f"{value:f}",
        table=Numbers(head, rows),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply as text: laid out if it is JSON; `left` says how many signs are not shown."""

    proof: Evidence
    text: str
    laid_out: bool
    left: int


def shown(proof: Evidence) -> Shown:
    text = proof.body.decode("utf-8", errors="replace")
    laid_out = pretty_json(text)
    body = readable(laid_out or text)
    return Shown(proof, body[:SHOWN_BODY], laid_out is not None, max(len(body) - SHOWN_BODY, 0))
