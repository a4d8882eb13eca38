"""One service to ask about: begin, fill in, correct, withdraw."""

from __future__ import annotations

from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, shopping, shopping_work
from app.db.shopping import Task, Version
from app.domain.account import Role
from app.domain.service import AccessPoint, PickupMethod, Speed
from app.domain.shopping import BadResult, Result
from app.web.access import desk
from app.web.database import session
from app.web.desk.shopping import words
from app.web.desk.shopping.forms import ReasonForm, ResultForm, filled, read, trouble
from app.web.desk.shopping.views import SHOPPERS
from app.web.labels import label, labels
from app.web.locale import moment, money, rate
from app.web.work.acting import Act, acting
from app.web.work.saying import say
from app.web.work.tables import shown
from app.web.work.who import me

bp = Blueprint(
    "desk_shopping_task",
    __name__,
    url_prefix="/desk/shopping/task",
    template_folder="templates",
)


def _found(number: int) -> Task:
    found = shopping.find_task(session(), number)
    if found is None:
        abort(404)
    return found


def _to(number: int, page: str = "task") -> AnyResponse:
    return redirect(url_for(f"desk_shopping_task.{page}", number=number), 303)


@bp.get("/<number:number>")
@desk(*SHOPPERS)
def task(number: int) -> AnyResponse:
    return _page(_found(number), ReasonForm())


def _page(found: Task, form: ReasonForm, status: int = 200) -> AnyResponse:
    versions = shopping.versions(session(), found)
    page = render_template(
        "desk_shopping/task.html",
        task=found,
        versions=versions,
        form=form,
        words=words,
        said=lambda one: [*said(one)[: FIGURES.start], *said(one)[FIGURES.stop :]],
        is_mine=found.researcher is not None and found.researcher[0] == me().id,
        may_assign=me().role in (Role.EDITOR, Role.ADMINISTRATOR),
        shoppers=accounts.operators(session(), *SHOPPERS),
    )
    return make_response(page, status)


@bp.post("/<number:number>/begin")
@desk(*SHOPPERS)
def begin(number: int) -> AnyResponse:
    """From now on it is theirs, and what our pages show of it is kept."""
    found = _found(number)
    try:
        with acting() as act:
            shopping_work.begin(act.session, found, me(), act.now)
            act.note("shopping.begun", ("shopping_task", number))
    except shopping_work.NotYours:
        say(gettext("Somebody else has this one. Nothing was changed."))
        return _to(number)
    except shopping_work.Outdated:
        say(gettext("This was filled in already. Nothing was changed."))
        return _to(number)
    return _to(number, "result")


@bp.post("/<number:number>/give-back")
@desk(*SHOPPERS)
def give_back(number: int) -> AnyResponse:
    """Let somebody else ask."""
    found = _found(number)
    if found.researcher is None or found.researcher[0] != me().id:
        abort(404)
    return _assign(number, None, "shopping.given_back")


@bp.post("/<number:number>/assign")
@desk(Role.EDITOR)
def assign(number: int) -> AnyResponse:
    """Give it to a researcher."""
    _found(number)
    known = {str(one.id): one.id for one in accounts.operators(session(), *SHOPPERS)}
    chosen = request.form.get("account", "")
    if chosen and chosen not in known:
        abort(422)
    return _assign(number, known.get(chosen), "shopping.assigned")


def _assign(number: int, account: int | None, said: str) -> AnyResponse:
    with acting() as act:
        done = shopping_work.assign(act.session, number, account)
        if done:
            act.note(said, ("shopping_task", number), to=account)
    say(gettext("Done.") if done else gettext("This was filled in already. Nothing was changed."))
    return _to(number)


@bp.get("/<number:number>/result")
@desk(*SHOPPERS)
def result(number: int) -> AnyResponse:
    """The eight questions; of what was filled in, to be corrected."""
    found = _found(number)
    if found.newest is None and not _has_begun(found):
        return _to(number)
    return _form(found, filled(found.newest))


def _seen() -> int:
    """Number of the version that was on the page from which this was sent."""
    return request.form.get("version", 0, type=int)


def _has_begun(found: Task) -> bool:
    """By whoever looks at it."""
    mine = found.researcher is not None and found.researcher[0] == me().id
    return mine and found.begun_at is not None


@bp.post("/<number:number>/result")
@desk(*SHOPPERS)
def fill_in(number: int) -> AnyResponse:
    found = _found(number)
    form = ResultForm(request.form)
    form.seen = _seen()
    made = read(form, found)
    if made is None:
        return _form(found, form, 422)
    try:
        kept = _keep(found, form, made)
    except BadResult as error:
        field, what = trouble(form, error)
        field.errors = [what]
        return _form(found, form, 422)
    except shopping_work.UsedReceipt:
        form.receipt.errors = [gettext("This receipt was given for another task already.")]
        return _form(found, form, 422)
    except shopping_work.Outdated:
        return _form(found, form, 409, made)
    except shopping_work.NotYours:
        abort(404)
    say(gettext("Kept: %(result)s.", result=words.VERDICTS[kept.result.verdict]))
    return _to(number)


def _keep(found: Task, form: ResultForm, made: Result) -> Version:
    key = current_app.extensions["settings"].secret_key
    receipt = shopping_work.receipt_hash(key, found.service.provider, form.receipt.data or "")
    with acting() as act:
        kept = shopping_work.add_version(
            act.session, found, made, form.seen, me(), act.now, receipt
        )
        _note(act, found, kept, "shopping.corrected" if form.seen else "shopping.filled")
    return kept


def _note(act: Act, found: Task, kept: Version, said: str) -> None:
    difference = kept.result.difference
    act.note(
        said,
        ("shopping_task", found.id),
        version=kept.number,
        verdict=kept.result.verdict.value,
        difference=None if difference is None else f"{difference:.4f}",
        reason=kept.result.reason,
    )


def _form(
    found: Task, form: ResultForm, status: int = 200, mine: Result | None = None
) -> AnyResponse:
    """`mine` is what was written while somebody else filled it in."""
    theirs = found.newest
    page = render_template(
        "desk_shopping/result.html",
        task=found,
        form=form,
        words=words,
        theirs=_rows(theirs.result, mine) if mine and theirs else [],
        newest=theirs.number if theirs else 0,
        heard=list(words.HEARD.items()),
        speeds=[("", gettext("not told")), *((one.value, label(one)) for one in Speed)],
        places=[
            ("", gettext("not told")),
            *((one.value, name) for one, name in words.PLACES.items()),
        ],
        access_points=[(one.value, label(one)) for one in AccessPoint],
        pickup_methods=[(one.value, label(one)) for one in PickupMethod],
    )
    return make_response(page, status)


def _rows(theirs: Result, mine: Result) -> list[tuple[str, str, str]]:
    """Both versions, line by line."""
    return [
        (name, one, other)
        for (name, one), (_name, other) in zip(said(theirs), said(mine), strict=True)
    ]


FIGURES = slice(3, 7)
"""Which of the answers are figures, that a page shows beside those of ours."""


def said(of: Result) -> list[tuple[str, str]]:
    """The answers of a result in words, by question."""
    figures = of.figures
    charge = figures.receiver_charge if figures else None
    return [
        (gettext("What came of it"), str(words.HEARD[of.heard])),
        (gettext("Asked"), moment(of.asked_at)),
        (gettext("Bought"), shown(of.bought)),
        (gettext("Paid in all"), money(figures.paid) if figures else ""),
        (gettext("Of which fee"), money(figures.fee) if figures else ""),
        (gettext("Arrives"), money(figures.received) if figures else ""),
        (gettext("Exchange rate"), rate(figures.rate) if figures else ""),
        (gettext("How long it takes"), label(of.speed)),
        (gettext("How one can send"), labels(of.access_points)),
        (gettext("How it is collected"), labels(of.pickup_methods)),
        (gettext("Where it is collected"), str(words.PLACES[of.coverage]) if of.coverage else ""),
        (gettext("Cost for the receiver"), money(charge) if charge else ""),
        (gettext("Anything else"), of.note),
    ]


@bp.post("/<number:number>/withdraw")
@desk(*SHOPPERS)
def withdraw(number: int) -> AnyResponse:
    """Take a result out of every figure; it stays here to be read."""
    found = _found(number)
    form = ReasonForm(request.form)
    newest = found.newest
    if newest is None or newest.result.withdrawn:
        abort(404)
    if not form.validate():
        return _page(found, form, 422)
    try:
        with acting() as act:
            gone = replace(newest.result, withdrawn=True, reason=form.reason.data)
            kept = shopping_work.add_version(act.session, found, gone, _seen(), me(), act.now)
            _note(act, found, kept, "shopping.withdrawn")
    except shopping_work.Outdated:
        form.reason.errors = [gettext("Somebody changed this meanwhile. Look at it again.")]
        return _page(_found(number), form, 409)
    say(gettext("Withdrawn. It counts nowhere any more."))
    return _to(number)
