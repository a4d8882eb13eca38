"""A firm's own statistics. Small numbers are hidden before anything is made of them: page and CSV
have the same figures, and nothing that is not told is in either."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, abort, make_response, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db.shown import ShownWeek, shown_to
from app.domain import statistics
from app.domain.corridor import Corridor
from app.domain.statistics import WEEKS, Line, Seen, Sum, Told
from app.domain.suppression import LEAST, Hidden
from app.web import clock
from app.web.access import portal
from app.web.database import session
from app.web.locale import LANGUAGES, country, currency
from app.web.work.tables import Column, Table
from app.web.work.who import tenant

bp = Blueprint(
    "portal_statistics", __name__, url_prefix="/portal/statistics", template_folder="templates"
)

WORDS = {Hidden.UNDER: lazy_gettext("under 10"), Hidden.BESIDE: lazy_gettext("not told")}


def _corridor(row: ShownWeek) -> str:
    """As an address has it: NL-EUR-MA-MAD."""
    one: Corridor = row.corridor
    parts = (one.send_country, one.send_currency, one.receive_country, one.receive_currency)
    return "-".join(parts)


SPLITS: dict[str, Callable[[ShownWeek], str]] = {
    "corridor": _corridor,
    "language": lambda row: row.language,
}
"""By what a week can be split: one at a time."""


@bp.get("/")
@portal
def index() -> AnyResponse:
    rows = _rows()
    weeks = Table("weeks", _columns(), statistics.totals(_seen(rows, lambda _one: "")), "-week")
    tables = {
        name: Table(
            name,
            _sum_columns(name),
            statistics.sums(statistics.split(_seen(rows, by))),
            sort="-shown",
        )
        for name, by in SPLITS.items()
    }
    if weeks.wants_csv:
        return weeks.csv("statistics-weeks.csv")
    for name, table in tables.items():
        if table.wants_csv:
            return table.csv(f"statistics-{name}.csv")
    first, last = statistics.weeks_told(clock.now().date())
    page = render_template(
        "portal/statistics/index.html",
        weeks=weeks,
        tables=tables,
        first=first,
        last=last,
        number=WEEKS,
        least=LEAST,
    )
    return make_response(page)


@bp.get("/<any(corridor, language):by>/<string(maxlength=20):name>")
@portal
def one(by: str, name: str) -> AnyResponse:
    """One corridor or one language, week by week. What the other is there is not told."""
    split = statistics.split(_seen(_rows(), SPLITS[by]))
    lines = [line for line in split if line.name == name]
    if not lines:
        abort(404)
    table = Table("weeks", _columns(), lines, "-week")
    if table.wants_csv:
        return table.csv(f"statistics-{by}-{name.lower()}.csv")
    page = render_template(
        "portal/statistics/one.html", name=_in_words(by, name), weeks=table, least=LEAST
    )
    return make_response(page)


def _rows() -> list[ShownWeek]:
    """Of the firm whose portal this is, in the weeks that are told."""
    return shown_to(session(), tenant(), *statistics.weeks_told(clock.now().date()))


def _seen(rows: Sequence[ShownWeek], by: Callable[[ShownWeek], str]) -> list[Seen]:
    return [Seen(row.week, by(row), row.shown, row.places, row.clicks) for row in rows]


def told(what: Told) -> str:
    return str(WORDS[what.hidden]) if what.hidden else str(what.count)


def _sum_told(count: int | None) -> str:
    return gettext("not told") if count is None else str(count)


def _columns() -> list[Column[Line]]:
    return [
        Column("week", lazy_gettext("Week from"), lambda line: line.week),
        Column(
            "shown",
            lazy_gettext("Times shown"),
            lambda line: line.shown.count,
            show=lambda line: told(line.shown),
            numeric=True,
        ),
        Column("place", lazy_gettext("Place on average"), lambda line: line.place, numeric=True),
        Column(
            "clicks",
            lazy_gettext("Went on to your site"),
            lambda line: line.clicks.count,
            show=lambda line: told(line.clicks),
            numeric=True,
        ),
    ]


def _sum_columns(by: str) -> list[Column[Sum]]:
    return [
        Column(
            "name",
            gettext("Corridor") if by == "corridor" else gettext("Language"),
            lambda one: _in_words(by, one.name),
            link=lambda one: url_for("portal_statistics.one", by=by, name=one.name),
        ),
        Column(
            "shown",
            lazy_gettext("Times shown"),
            lambda one: one.shown,
            show=lambda one: _sum_told(one.shown),
            numeric=True,
        ),
        Column(
            "clicks",
            lazy_gettext("Went on to your site"),
            lambda one: one.clicks,
            show=lambda one: _sum_told(one.clicks),
            numeric=True,
        ),
        Column(
            "left-out",
            lazy_gettext("Weeks not counted in"),
            lambda one: one.left_out,
            numeric=True,
        ),
    ]


def _in_words(by: str, name: str) -> str:
    if by == "language":
        return LANGUAGES.get(name, name)
    to, money = name.split("-")[2:]
    return f"{country(to)} ({currency(money)})"
