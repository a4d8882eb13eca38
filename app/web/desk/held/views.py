"""Pages of held quotes at the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, held_list
from app.db.held_batches import HeldBatchRow, find_batch
from app.db.held_list import Reading, Waiting
from app.domain.account import Role
from app.review import held as deciding
from app.review.deciding import SamePerson, Undecidable
from app.review.held import Outcome
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.held.forms import MOST_AT_ONCE, MOST_OF_GROUP, DecisionForm, numbers_in
from app.web.desk.held.words import DOUBTS, gate, hindrance
from app.web.work.acting import Act, acting
from app.web.work.saying import say
from app.web.work.who import me

bp = Blueprint("desk_held", __name__, url_prefix="/desk/held", template_folder="templates")
SHORT, LONG = 10, 200
"""How many readings of a group stand on the page of all groups, and on the page of one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Readings of one source that one gate held."""

    source: str
    gate: str
    readings: list[Waiting]
    shown: list[Reading]

    @property
    def left(self) -> int:
        return len(self.readings) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Batch:
    """A request to release several, and who asked."""

    row: HeldBatchRow
    who: str
    is_mine: bool


@bp.get("/")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    return _list(DecisionForm())


def _list(
    form: DecisionForm,
    status: int = 200,
    chosen: frozenset[int] = frozenset(),
    also: Sequence[str] = (),
) -> AnyResponse:
    source, reason = request.args.get("source", ""), request.args.get("gate", "")
    found = held_list.waiting(session())
    some = [one for one in found if source in ("", one.source) and reason in ("", one.gate)]
    groups = _groups(some, LONG if source and reason else SHORT)
    page = render_template(
        "desk/held/index.html",
        groups=groups,
        count=len(some),
        hidden=len(found) - len(some),
        batches=_batches(),
        form=form,
        also=also or _said(form),
        chosen=chosen,
        gate_words=gate,
    )
    return make_response(page, status)


def _groups(some: Iterable[Waiting], most: int) -> list[Group]:
    """By source and gate, with all that is known of the first `most` of each."""
    parts = {key: list(held) for key, held in groupby(some, lambda one: (one.source, one.gate))}
    numbers = [one.number for held in parts.values() for one in held[:most]]
    known = {one.number: one for one in held_list.readings(session(), numbers)}
    return [
        Group(slug, name, held, [known[one.number] for one in held[:most] if one.number in known])
        for (slug, name), held in parts.items()
    ]


def _said(form: DecisionForm) -> list[str]:
    """What is wrong with a form: there are several on the page, so no field is linked."""
    return [str(what) for errors in form.errors.values() for what in errors]


def _batches() -> list[Batch]:
    found = []
    for row in deciding.waiting(session()):
        asked_by = accounts.find_account(session(), row.asked_by)
        found.append(Batch(row, asked_by.name if asked_by else "", row.asked_by == me().id))
    return found


@bp.get("/<number:number>")
@desk(Role.EDITOR)
def show(number: int) -> AnyResponse:
    return _one(number, DecisionForm())


def _one(number: int, form: DecisionForm, status: int = 200) -> AnyResponse:
    looked = deciding.look(session(), number, clock.now())
    if looked is None:
        abort(404)
    decider = looked.row.decided_by
    page = render_template(
        "desk/held/one.html",
        looked=looked,
        hindrance_words=hindrance,
        doubt=DOUBTS.get(looked.doubt) if looked.doubt else None,
        row=looked.row,
        corridor=looked.service.corridor,
        form=form,
        also=_said(form),
        gate_words=gate,
        decided_by=accounts.find_account(session(), decider) if decider else None,
    )
    return make_response(page, status)


@bp.post("/<number:number>")
@desk(Role.EDITOR)
def decide(number: int) -> AnyResponse:
    """Release or refuse one reading."""
    form = DecisionForm(request.form)
    if deciding.look(session(), number, clock.now()) is None:
        abort(404)
    if not form.validate():
        return _one(number, form, 422)
    outcome = _done(form, [number])
    if outcome.left:
        session().expire_all()
        form.words.errors = [hindrance(one) for one in outcome.left.values()]
        return _one(number, form, 409)
    return _next(outcome, form.wanted)


@bp.post("/")
@desk(Role.EDITOR)
def decide_some() -> AnyResponse:
    """Refuse several, or ask that they be released: a second operator confirms that."""
    form = DecisionForm(request.form)
    chosen = request.form.getlist("held")
    numbers = numbers_in(chosen)
    if not form.validate():
        return _list(form, 422, frozenset(numbers))
    if form.is_whole:
        return _decide_group(form)
    if len(chosen) > MOST_AT_ONCE:
        problem = gettext(
            "Choose at most %(most)s at once, or decide about the whole group.", most=MOST_AT_ONCE
        )
        return _list(form, 422, frozenset(numbers), also=[problem])
    if not numbers:
        return _list(form, 422, also=[gettext("Choose at least one reading.")])
    return _next(_done(form, numbers), form.wanted)


def _decide_group(form: DecisionForm) -> AnyResponse:
    """About all of one source and reason, shown or not; what is more than one press can take is
    told, and is left for the next. A release that was asked already is not asked twice."""
    asked: set[int] = set()
    if form.wanted == "release":
        asked = {number for row in deciding.waiting(session()) for number in row.ids}
    found = [
        one.number
        for one in held_list.waiting(session())
        if (one.source, one.gate) == (form.source.data, form.gate.data) and one.number not in asked
    ]
    if not found:
        problem = gettext(
            "Nothing of this group is left: it was decided, or its release was asked already."
        )
        return _list(form, 409, also=[problem])
    now, rest = found[:MOST_OF_GROUP], len(found) - MOST_OF_GROUP
    outcome = _done(form, now)
    if rest > 0:
        say(
            ngettext(
                "%(num)s of this group is left: press once more.",
                "%(num)s of this group are left: press once more.",
                rest,
            )
        )
    return _next(outcome, form.wanted)


def _done(form: DecisionForm, numbers: list[int]) -> Outcome:
    words = form.words.data.strip()
    with acting() as act:
        if form.wanted == "refuse":
            outcome = deciding.refuse(act.session, numbers, me(), act.now, words)
            _note(act, "held.refused", outcome, words)
            return outcome
        outcome = deciding.release(act.session, numbers, me(), act.now, words)
        _note(act, "held.released", outcome, words)
        if outcome.batch is not None:
            act.note("held.asked", ("held_batch", outcome.batch), reason=words, held=numbers)
        return outcome


def _note(act: Act, name: str, outcome: Outcome, words: str) -> None:
    for number in outcome.done:
        act.note(name, ("held", number), reason=words)


@bp.post("/confirm/<number:batch>")
@desk(Role.EDITOR)
def confirm(batch: int) -> AnyResponse:
    """The second person's word for several at once."""
    if find_batch(session(), batch) is None:
        abort(404)
    try:
        with acting() as act:
            outcome = deciding.confirm(act.session, batch, me(), act.now)
            act.note("held.confirmed", ("held_batch", batch), released=outcome.done)
            _note(act, "held.released", outcome, f"batch {batch}")
    except SamePerson:
        problem = gettext("You asked for this yourself: a second operator confirms it.")
        return _list(DecisionForm(), 409, also=[problem])
    except Undecidable:
        return _list(DecisionForm(), 409, also=[gettext("This request was confirmed already.")])
    return _next(outcome, "release")


def _next(outcome: Outcome, what: str) -> AnyResponse:
    if outcome.batch is not None:
        say(gettext("Asked. A second operator confirms it; until then nothing is shown."))
    elif what == "refuse":
        say(ngettext("%(num)s reading refused.", "%(num)s readings refused.", len(outcome.done)))
    else:
        say(ngettext("%(num)s reading released.", "%(num)s readings released.", len(outcome.done)))
    if outcome.left:
        left = len(outcome.left)
        why = hindrance(next(iter(outcome.left.values())))
        say(
            ngettext(
                "%(num)s was left as it is: %(why)s",
                "%(num)s were left as they are: %(why)s",
                left,
                why=why,
            )
        )
    return redirect(url_for("desk_held.index"), 303)
