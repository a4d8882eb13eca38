"""Asking for an advert, and writing anew one that waits."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import adverts
from app.domain.account import Role
from app.domain.advert import Advert, AdvertState
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.adverts import words
from app.web.desk.adverts.forms import AdvertForm, filled, version
from app.web.locale import LANGUAGES
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.who import me

bp = Blueprint(
    "desk_adverts_making", __name__, url_prefix="/desk/adverts", template_folder="templates"
)


@bp.get("/new")
@desk(Role.EDITOR)
def new() -> AnyResponse:
    return _form(AdvertForm())


@bp.post("/new")
@desk(Role.EDITOR)
def make() -> AnyResponse:
    form = _filled_in()
    if not form.validate():
        return _form(form, 422)
    try:
        with acting() as act:
            made = adverts.add_advert(act.session, form.advert(), me(), act.now)
            act.note("advert.made", ("advert", made.number), **_facts(made))
    except adverts.KeptOut as error:
        return _kept_out(form, error)
    say(gettext("Kept. A second person looks at it before it can run."))
    return redirect(words.link(made), 303)


def _filled_in() -> AdvertForm:
    form = AdvertForm(request.form)
    form.today = clock.now().date()
    return form


def _facts(one: Advert) -> dict[str, object]:
    return {"advertiser": one.advertiser, "sector": one.sector.value, "paid": f"{one.paid:f}"}


def _kept_out(form: AdvertForm, error: adverts.KeptOut, number: int = 0) -> AnyResponse:
    """Nothing is kept but that it was tried."""
    refusal = error.refusal
    with acting() as act:
        facts = {"rule": refusal.rule.value, "known": refusal.known}
        act.note("advert.kept_out", ("advert", number), **_facts(form.advert()), **facts)
    getattr(form, words.FIELDS[refusal.rule]).errors = [words.why(refusal)]
    return _form(form, 422, number)


def _form(
    form: AdvertForm,
    status: int = 200,
    number: int = 0,
    *,
    seen: int = 0,
    theirs: Advert | None = None,
) -> AnyResponse:
    """`theirs` is what somebody else wrote meanwhile."""
    page = render_template(
        "desk_adverts/form.html",
        form=form,
        number=number,
        version=theirs.version if theirs else seen or version(),
        differences=_differences(theirs, form.advert()) if theirs else [],
        sectors=[("", "–"), *words.SECTORS.items()],  # noqa: RUF001
        languages=LANGUAGES.items(),
    )
    return make_response(page, status)


def _differences(theirs: Advert, mine: Advert) -> list[tuple[str, str, str]]:
    return [
        (name, one, other)
        for (name, one), (_name, other) in zip(words.said(theirs), words.said(mine), strict=True)
    ]


def _waiting(number: int) -> Advert:
    found = adverts.find_advert(session(), number)
    if found is None or found.state is not AdvertState.WAITING:
        abort(404)
    return found


@bp.get("/<number:number>/change")
@desk(Role.EDITOR)
def change(number: int) -> AnyResponse:
    found = _waiting(number)
    return _form(filled(found), number=number, seen=found.version)


@bp.post("/<number:number>/change")
@desk(Role.EDITOR)
def write_anew(number: int) -> AnyResponse:
    found, form = _waiting(number), _filled_in()
    if not form.validate():
        return _form(form, 422, number)
    try:
        with acting() as act:
            written = form.advert(number, version())
            made = adverts.change_advert(act.session, written, me())
            act.note("advert.changed", ("advert", number), **_facts(made))
    except adverts.KeptOut as error:
        return _kept_out(form, error, number)
    except adverts.Outdated:
        return _form(form, 409, number, theirs=found)
    say(gettext("Kept. A second person looks at it before it can run."))
    return redirect(words.link(made), 303)
