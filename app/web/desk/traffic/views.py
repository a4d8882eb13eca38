"""How many the site served: a day, a week, a month or a year of it, for every operator.

Each number went through suppression before it came here; what is downloaded is what is shown.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import counting, traffic, traffic_figures
from app.db.counting import NoteKind
from app.db.traffic_figures import Day, Figures
from app.domain import suppression
from app.domain.suppression import LEAST, Line
from app.domain.traffic import (
    DEVICES_ERROR,
    GOAL,
    KEPT_MONTHS,
    BadPeriod,
    Period,
    Span,
    Subject,
    Whole,
)
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.traffic import pictures
from app.web.desk.traffic.forms import ReasonForm
from app.web.desk.traffic.words import (
    NOTES,
    SPANS,
    SUBJECTS,
    WHOLES,
    count_of,
    leads_to,
    name_of,
    under,
)
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me

bp = Blueprint("desk_traffic", __name__, url_prefix="/desk/traffic", template_folder="templates")


@bp.get("")
@desk()
def index() -> AnyResponse:
    period = _asked()
    figures = traffic_figures.figures(session(), period, clock.now())
    tables = {subject: _parts(subject, period) for subject in SUBJECTS}
    days = _days(figures)
    dates = f"{period.first}-{period.last}"
    if days.wants_csv:
        return days.csv(f"days-{dates}.csv")
    for subject, one in tables.items():
        if one.wants_csv:
            return one.csv(f"{subject}-{dates}.csv")
    return _page(figures, days, tables, ReasonForm(day=str(period.first)), 200)


@bp.post("/reason")
@desk()
def give_reason() -> AnyResponse:
    """Why nothing was counted on a day, for those who look at its numbers later."""
    form = ReasonForm(request.form)
    form.today = clock.now().date()
    if not form.validate():
        figures = traffic_figures.figures(session(), _asked(), clock.now())
        tables = {subject: _parts(subject, figures.period) for subject in SUBJECTS}
        return _page(figures, _days(figures), tables, form, 422)
    day = date.fromisoformat(form.day.data)
    with acting() as act:
        counting.add_note(
            act.session, day, NoteKind.REASON, form.words.data, act.now, account_id=me().id
        )
        act.note("traffic.reason_given", ("day", day), words=form.words.data)
    say(gettext("The reason stands with that day now."))
    return redirect(url_for("desk_traffic.index", span=Span.DAY, day=day), 303)


def _asked() -> Period:
    """This month, where nothing was asked."""
    today = clock.now().date()
    try:
        period = Period.read(
            request.args.get("span", Span.MONTH), request.args.get("day", str(today))
        )
    except BadPeriod:
        abort(404)
    if not date(2000, 1, 1) <= period.first <= today:
        abort(404)
    return period


def _page(
    figures: Figures,
    days: Table[Day],
    tables: dict[Subject, Table[Line]],
    form: ReasonForm,
    status: int,
) -> AnyResponse:
    now = clock.now()
    year = traffic_figures.year(session(), figures.period.first.year, now)
    page = render_template(
        "desk/traffic/index.html",
        figures=figures,
        period=figures.period,
        today=now.date(),
        spans=SPANS,
        wholes=WHOLES,
        subjects=SUBJECTS,
        notes=NOTES,
        days=days,
        tables=tables,
        year=year,
        goal=GOAL,
        error=DEVICES_ERROR,
        least=LEAST,
        kept_months=KEPT_MONTHS,
        form=form,
        days_picture=pictures.days_picture(figures),
        months_picture=pictures.months_picture(figures),
        year_picture=pictures.year_picture(year, now.date()),
        number=pictures.number,
    )
    return make_response(page, status)


def _parts(subject: Subject, period: Period) -> Table[Line]:
    """What a total consists of. Of places on lists and firms there is one table, not two."""
    columns: list[Column[Line]] = [
        Column(
            "name",
            SUBJECTS[subject][1],
            lambda cell: name_of(subject, cell.name),
            link=lambda cell: leads_to(subject, cell.name),
        ),
        Column("count", lazy_gettext("How many"), count_of, numeric=True),
    ]
    counts = traffic.counts_of(session(), period, subject)
    return Table(subject.value, columns, suppression.listing(counts))


def _days(figures: Figures) -> Table[Day]:
    """The days of a period, or the months of a year; each leads to its own page."""
    inside = Span.MONTH if figures.period.span is Span.YEAR else Span.DAY

    def count(whole: Whole) -> Column[Day]:
        return Column(
            whole.value,
            WHOLES[whole],
            lambda one: _told(one, whole),
            numeric=True,
        )

    columns: list[Column[Day]] = [
        Column(
            "day",
            SPANS[inside],
            lambda one: one.first,
            link=lambda one: url_for("desk_traffic.index", span=inside, day=one.first),
        ),
        *(count(whole) for whole in WHOLES),
        Column(
            "dark", lazy_gettext("Minutes without counting"), lambda one: one.dark, numeric=True
        ),
    ]
    return Table("days", columns, figures.days, sort="-day")


def _told(one: Day, whole: Whole) -> object:
    if one.is_dark:
        return gettext("no data")
    count = one.counts[whole]
    return under() if count is None else count
