"""The list of what is to be asked, the drawing of a sample, and what came of all of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import shopped, shopping, shopping_frame, shopping_work
from app.db.shopping import Sample, Task
from app.domain.account import Role
from app.domain.reach import SEND_COUNTRY
from app.domain.shopping import TARGET, Accuracy
from app.domain.shopping_sample import POINTS, SIZE, Candidate, draw, quarter_of
from app.domain.spreadsheet import as_csv
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.shopping import words
from app.web.desk.shopping.forms import SampleForm
from app.web.locale import money, quarter, shown_percent
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me

bp = Blueprint("desk_shopping", __name__, url_prefix="/desk/shopping", template_folder="templates")
SHOPPERS = (Role.RESEARCHER, Role.EDITOR)
SEED_BYTES = 16


def link(task: Task) -> str:
    return url_for("desk_shopping_task.task", number=task.id)


@bp.get("/")
@desk(*SHOPPERS)
def index() -> AnyResponse:
    """What is to be asked this quarter, one's own first."""
    now = quarter_of(clock.now())
    tasks = shopping.tasks(session(), now)
    mine = [one for one in tasks if one.newest is None and _is_of(one, me().id)]
    listed = Table("tasks", _columns(), tasks)
    if listed.wants_csv:
        return listed.csv(f"shopping-{now}.csv")
    return make_response(
        render_template(
            "desk_shopping/index.html",
            quarter=quarter(now),
            tasks=tasks,
            done=sum(1 for one in tasks if one.newest),
            mine=mine,
            free=next((one for one in tasks if one.researcher is None), None),
            flags=shopped.flagged(session(), clock.now()),
            listed=listed,
            link=link,
            words=words,
            size=SIZE,
        )
    )


def _researcher(task: Task) -> str | None:
    return task.researcher[1] if task.researcher else None


def _is_of(task: Task, account: int) -> bool:
    return task.researcher is not None and task.researcher[0] == account


def _columns() -> list[Column[Task]]:
    return [
        Column("place", lazy_gettext("Number"), lambda one: one.id, link=link, numeric=True),
        Column("firm", lazy_gettext("Firm"), lambda one: one.provider_name, link=link),
        Column("to", lazy_gettext("To"), words.where),
        Column("way", lazy_gettext("Way"), lambda one: words.way(one.service)),
        Column(
            "amount",
            lazy_gettext("Amount"),
            lambda one: one.rung.amount,
            show=lambda one: money(one.rung),
            numeric=True,
        ),
        Column("risks", lazy_gettext("Why"), words.risks),
        Column(
            "who", lazy_gettext("Who"), lambda one: one.researcher[1] if one.researcher else None
        ),
        Column("state", lazy_gettext("State"), words.state),
    ]


@bp.get("/results")
@desk(*SHOPPERS)
def results() -> AnyResponse:
    """How often what we showed was kept, and every result behind it."""
    tasks = [one for one in shopping.tasks(session()) if one.newest]
    listed = Table("results", _result_columns(), tasks, sort="-asked")
    by_firm = Table("firms", _share_columns(lazy_gettext("Firm")), _shares(tasks, _firm))
    if listed.wants_csv:
        return listed.csv("shopping-results.csv")
    if by_firm.wants_csv:
        return by_firm.csv("shopping-firms.csv")
    return make_response(
        render_template(
            "desk_shopping/results.html",
            target=TARGET,
            size=SIZE,
            overall=shopped.overall(session(), clock.now()),
            quarters=_shares(tasks, lambda one: quarter(one.quarter)),
            origins=_shares(tasks, _origin),
            amounts=_shares(tasks, lambda one: money(one.rung)),
            firms=by_firm,
            listed=listed,
            words=words,
        )
    )


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    of: Accuracy


def _shares(tasks: Iterable[Task], by: Callable[[Task], str]) -> list[Share]:
    return [Share(name, of) for name, of in shopped.accuracies(tasks, by).items()]


def _firm(task: Task) -> str:
    return task.provider_name


def _origin(task: Task) -> str:
    origin = shopped.origin(task)
    return str(words.ORIGINS[origin]) if origin else ""


def _share_columns(name: object) -> list[Column[Share]]:
    return [
        Column("name", name, lambda one: one.name, link=_filtered),
        Column("checked", lazy_gettext("Checked"), lambda one: one.of.checked, numeric=True),
        Column("kept", lazy_gettext("Kept"), lambda one: one.of.kept, numeric=True),
        Column("share", lazy_gettext("Share"), lambda one: one.of.percent, show=_share_of),
    ]


def _filtered(one: Share) -> str:
    """The results that it counts."""
    wanted = urlencode({"results-filter": one.name})
    return f"{url_for('desk_shopping.results')}?{wanted}#results"


def _share_of(one: Share) -> str:
    return words.share(one.of)


def _result_columns() -> list[Column[Task]]:
    return [
        *_columns()[:5],
        Column("asked", lazy_gettext("Asked"), _asked),
        Column("origin", lazy_gettext("Price was"), _origin),
        Column(
            "difference",
            lazy_gettext("Difference"),
            _difference,
            show=_difference_shown,
            numeric=True,
        ),
        Column("verdict", lazy_gettext("Result"), words.state),
    ]


def _asked(task: Task) -> object:
    return task.newest.result.asked_at if task.newest else None


def _difference(task: Task) -> object:
    """In percent, to four places."""
    found = task.newest.result.difference if task.newest else None
    return round(found, 4) if found is not None else None


def _difference_shown(task: Task) -> str:
    found = task.newest.result.difference if task.newest else None
    return shown_percent(found) if found is not None else ""


@bp.get("/sample")
@desk(*SHOPPERS)
def sample() -> AnyResponse:
    form = SampleForm(size=str(SIZE))
    return _sample_page(form)


@bp.post("/sample")
@desk(*SHOPPERS)
def draw_sample() -> AnyResponse:
    form = SampleForm(request.form)
    if not form.validate():
        return _sample_page(form, 422)
    with acting() as act:
        now = quarter_of(act.now)
        before = shopped.before(act.session, now)
        found = shopping_frame.candidates(act.session, SEND_COUNTRY, act.now, before)
        if not found:
            form.size.errors = [gettext("There is nothing left to draw this quarter.")]
            return _sample_page(form, 422)
        seed, size = secrets.token_hex(SEED_BYTES), int(form.size.data)
        made = shopping_work.draw_sample(act.session, found, now, seed, size, act.by, act.now)
        act.note("shopping.drawn", ("shopping_sample", made.id), quarter=now, seed=seed, size=size)
    drawn = min(size, len(found))
    say(gettext("%(drawn)s services are drawn, of %(whole)s.", drawn=drawn, whole=len(found)))
    return redirect(url_for("desk_shopping.index"), 303)


def _sample_page(form: SampleForm, status: int = 200) -> AnyResponse:
    now = quarter_of(clock.now())
    page = render_template(
        "desk_shopping/sample.html",
        form=form,
        quarter=quarter(now),
        samples=shopping.samples(session()),
        name_of=quarter,
        points=POINTS,
        words=words,
    )
    return make_response(page, status)


@bp.get("/sample/<number:number>/frame")
@desk(*SHOPPERS)
def frame(number: int) -> Response:
    """All that a sample was drawn from, and its seed: enough to draw it again."""
    found = next((one for one in shopping.samples(session()) if one.id == number), None)
    if found is None:
        abort(404)
    response = Response(_frame(found), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="sample-{number}.csv"'
    return response


def _frame(of: Sample) -> str:
    drawn = {one.service_id: one for one in draw(of.candidates, of.seed, of.size)}
    visits = sum(one.visits for one in of.candidates)

    def row(one: Candidate) -> list[object]:
        got = drawn.get(one.service_id)
        risks = "+".join(sorted(one.risks))
        known = [one.service_id, one.low, one.high, risks, one.visits, one.weight(visits)]
        return [of.seed, of.size, *known, got.place if got else None, got.rung if got else None]

    head = ("seed", "size", "service", "low", "high", "risks", "visits", "weight", "place", "asked")
    return as_csv(head, (row(one) for one in of.candidates))
