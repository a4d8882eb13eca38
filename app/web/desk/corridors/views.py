"""The list of corridors with what is covered, and the page on which a country is opened, limited or
closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, audit, closings, reach, visits
from app.db.reach import ReachRow
from app.domain import suppression
from app.domain.account import Role
from app.domain.quote import Age
from app.domain.reach import SEND_COUNTRY, Reach, ReachState
from app.review import closing
from app.review.deciding import Undecidable
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.corridors.forms import ReachForm
from app.web.learn.covering import Line, lines
from app.web.locale import country, currency, day
from app.web.reasons import REACH
from app.web.work.acting import Act, acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.versions import version_in
from app.web.work.who import me

bp = Blueprint(
    "desk_corridors", __name__, url_prefix="/desk/corridors", template_folder="templates"
)

LOOKED = timedelta(days=28)
STATES = {
    ReachState.OPEN: lazy_gettext("open"),
    ReachState.LIMITED: lazy_gettext("limited"),
    ReachState.CLOSED: lazy_gettext("closed"),
}
TONES = {ReachState.OPEN: "good", ReachState.LIMITED: "warn", ReachState.CLOSED: "bad"}


@dataclass(frozen=True, slots=True)
class Listed:
    """looked: how often its list was looked at in four weeks, as it may be told; decided: whether
    an operator decided about the country."""

    line: Line
    looked: int | None
    note: str
    decided: bool

    @property
    def code(self) -> str:
        return self.line.corridor.receive_country

    @property
    def name(self) -> str:
        return f"{country(self.code)} ({currency(self.line.corridor.receive_currency)})"


def _listed() -> list[Listed]:
    now = clock.now()
    looked = visits.visits_since(session(), (now - LOOKED).date())
    rows = {row.receive_country: row for row in reach.reach_rows(session())}
    found = []
    for line in lines(session(), SEND_COUNTRY, now):
        row = rows.get(line.corridor.receive_country)
        found.append(
            Listed(
                line,
                suppression.shown(looked.get(line.corridor, 0)),
                row.note if row else "",
                row is not None and row.decided_at is not None,
            )
        )
    return found


def _link(one: Listed) -> str | None:
    return None if one.line.state is None else url_for("desk_corridors.one", code=one.code)


def _columns() -> list[Column[Listed]]:
    return [
        Column("to", lazy_gettext("To"), lambda one: one.name, link=_link),
        Column(
            "state",
            lazy_gettext("State"),
            lambda one: str(STATES[one.line.state]) if one.line.state else None,
        ),
        Column(
            "fresh",
            lazy_gettext("Fresh prices"),
            lambda one: one.line.firms[Age.FRESH],
            numeric=True,
        ),
        Column("firms", lazy_gettext("Firms"), lambda one: one.line.priced, numeric=True),
        Column("missing", lazy_gettext("Missing"), lambda one: one.line.missing, numeric=True),
        Column("asked", lazy_gettext("Sources"), lambda one: one.line.asked, numeric=True),
        Column("answered", lazy_gettext("Last answer"), lambda one: one.line.answered_at),
        Column(
            "looked",
            lazy_gettext("Looked at in four weeks"),
            lambda one: one.looked,
            show=lambda one: gettext("under 10") if one.looked is None else str(one.looked),
            numeric=True,
        ),
        Column("decided", lazy_gettext("Decided here"), lambda one: one.decided),
        Column("note", lazy_gettext("Note"), lambda one: one.note),
    ]


@bp.get("/")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    rows = _listed()
    table = Table("corridors", _columns(), rows, sort="to")
    if table.wants_csv:
        return table.csv("corridors.csv")
    bare = [one for one in rows if one.line.state is ReachState.OPEN and not one.line.priced]
    page = render_template("desk/corridors/index.html", corridors=table, bare=bare, link=_link)
    return make_response(page)


def _find(code: str) -> ReachRow:
    """Raises NotFound."""
    row = reach.find_reach(session(), code)
    if row is None:
        abort(404)
    return row


@bp.get("/<string(length=2):code>")
@desk(Role.EDITOR)
def one(code: str) -> AnyResponse:
    row = _find(code)
    return _one(row, ReachForm.of(row), 200)


def _one(
    row: ReachRow, form: ReachForm, status: int, clash: list[tuple[str, str, str]] | None = None
) -> AnyResponse:
    code = row.receive_country
    page = render_template(
        "desk/corridors/one.html",
        row=row,
        name=country(code),
        form=form,
        clash=clash,
        states=[(state.value, name) for state, name in STATES.items()],
        shown=STATES[row.state],
        tone=TONES[row.state],
        reasons=[("", ""), *((why.value, name) for why, name in REACH.items())],
        waiting=closings.waiting_closings(session(), code),
        who={account.id: account.name for account, _at in accounts.all_accounts(session())},
        why=REACH,
        listed=[one for one in _listed() if one.code == code],
        history=audit.history(session(), ("corridor", f"{SEND_COUNTRY}-{code}")),
    )
    return make_response(page, status)


@bp.post("/<string(length=2):code>")
@desk(Role.EDITOR)
def decide(code: str) -> AnyResponse:
    """Open, limit or close. The file that ships no longer changes it after that."""
    row, form = _find(code), ReachForm(request.form)
    form.today = clock.now().date()
    if not form.validate():
        return _one(row, form, 422)
    said = form.said(row)
    version = version_in(form.version.data)
    if said.state is ReachState.CLOSED and row.state is not ReachState.CLOSED:
        return _ask_to_close(row, form, said, version)
    with acting() as act:
        if not reach.decide_reach(act.session, said, form.note.data, version, act.now):
            form.version.data = str(row.version)
            return _one(row, form, 409, _clash(row, said, form.note.data))
        act.note(
            f"corridor.{said.state.value}",
            ("corridor", f"{SEND_COUNTRY}-{code}"),
            before=row.state.value,
            reason=said.reason.value if said.reason else "",
            source=said.source,
            checked_on=said.checked_on or "",
        )
    say(gettext("Kept. Pages and sources follow within the minute."))
    return redirect(url_for("desk_corridors.one", code=code), 303)


def _ask_to_close(row: ReachRow, form: ReachForm, said: Reach, version: int) -> AnyResponse:
    """It takes every price of a country away at once, so it takes two."""
    try:
        with acting() as act:
            number = closing.ask(act.session, said, form.note.data, version, me(), act.now)
            if number is None:
                form.version.data = str(row.version)
                return _one(row, form, 409, _clash(row, said, form.note.data))
            _note(act, "corridor.asked_to_close", row.receive_country, number)
    except Undecidable as error:
        form.state.errors = [hindrance(error)]
        return _one(row, form, 409)
    say(gettext("Asked. A second operator confirms it; until then nothing changes."))
    return redirect(url_for("desk_corridors.one", code=row.receive_country), 303)


@bp.post("/closings/<number:number>/<any(confirm, refuse):what>")
@desk(Role.EDITOR)
def decide_closing(number: int, what: str) -> AnyResponse:
    """A second operator's word; whoever asked may take it back."""
    found = closings.find_closing(session(), number)
    if found is None:
        abort(404)
    code = found.receive_country
    before = _find(code).state.value
    try:
        with acting() as act:
            if what == "refuse":
                closing.refuse(act.session, number, me(), act.now)
                _note(act, "corridor.closing_refused", code, number)
            else:
                done = closing.confirm(act.session, number, me(), act.now)
                _note(
                    act,
                    "corridor.closed",
                    code,
                    number,
                    before=before,
                    reason=done.reason.value,
                    source=done.source,
                    checked_on=done.checked_on,
                )
    except Undecidable as error:
        session().expire_all()
        row = _find(code)
        form = ReachForm.of(row)
        form.state.errors = [hindrance(error)]
        return _one(row, form, 409)
    if what == "refuse":
        say(gettext("Nothing was changed, and it no longer waits."))
    else:
        say(gettext("Kept. Pages and sources follow within the minute."))
    return redirect(url_for("desk_corridors.one", code=code), 303)


def _note(act: Act, name: str, code: str, number: int, **facts: object) -> None:
    act.note(name, ("corridor", f"{SEND_COUNTRY}-{code}"), number=number, **facts)


HINDRANCES = {
    "It waits for a second operator already.": lazy_gettext(
        "It waits for a second operator already."
    ),
    "You asked for this yourself: a second operator confirms it.": lazy_gettext(
        "You asked for this yourself: a second operator confirms it."
    ),
    "This country was changed since then: refuse this, and ask anew.": lazy_gettext(
        "This country was changed since then: refuse this, and ask anew."
    ),
    "This was decided already.": lazy_gettext("This was decided already."),
}
"""What stands in the way, as app/review says it -> in the language of the page."""


def hindrance(what: Undecidable) -> str:
    return str(HINDRANCES.get(str(what), what))


def _clash(row: ReachRow, mine: Reach, note: str) -> list[tuple[str, str, str]]:
    theirs = row.reach()
    return [
        (gettext("State"), str(STATES[theirs.state]), str(STATES[mine.state])),
        (gettext("Why"), *(str(REACH[one.reason]) if one.reason else "" for one in (theirs, mine))),
        (gettext("Source"), theirs.source, mine.source),
        (
            gettext("Read on"),
            *(day(one.checked_on) if one.checked_on else "" for one in (theirs, mine)),
        ),
        (gettext("Note"), row.note, note),
    ]
