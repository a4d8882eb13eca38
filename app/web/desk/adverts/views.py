"""Adverts at the desk: all of them, letting one through or not, stopping it, and the switch."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import adverts
from app.domain.account import Role
from app.domain.advert import Advert, AdvertState, is_on, ran
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.adverts import words
from app.web.desk.adverts.forms import WhyForm, version
from app.web.locale import moment
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me

bp = Blueprint("desk_adverts", __name__, url_prefix="/desk/adverts", template_folder="templates")


@bp.get("/")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    return _index(WhyForm())


def _index(form: WhyForm, status: int = 200) -> AnyResponse:
    known = adverts.all_adverts(session())
    listed = Table("adverts", _columns(), known)
    if listed.wants_csv:
        return listed.csv("adverts.csv")
    switches = adverts.switches(session())
    page = render_template(
        "desk_adverts/index.html",
        form=form,
        listed=listed,
        waiting=[one for one in known if one.state is AdvertState.WAITING],
        on=is_on(switches),
        switches=switches[::-1],
        may_switch=me().role is Role.ADMINISTRATOR,
        at=moment,
        link=words.link,
    )
    return make_response(page, status)


def _number(one: Advert) -> int:
    return one.number


def _columns() -> list[Column[Advert]]:
    return [
        Column(
            "number", lazy_gettext("Number"), lambda one: one.number, link=words.link, numeric=True
        ),
        Column("advertiser", lazy_gettext("Who pays"), lambda one: one.advertiser, link=words.link),
        Column("sector", lazy_gettext("Sector"), lambda one: str(words.SECTORS[one.sector])),
        Column("title", lazy_gettext("Title"), lambda one: one.title),
        Column("starts", lazy_gettext("From"), lambda one: one.starts),
        Column("ends", lazy_gettext("Until"), lambda one: one.ends),
        Column("paid", lazy_gettext("Paid"), lambda one: one.paid, show=words.paid, numeric=True),
        Column("state", lazy_gettext("State"), lambda one: str(words.STATES[one.state])),
    ]


@bp.post("/switch")
@desk(Role.ADMINISTRATOR)
def switch() -> AnyResponse:
    """Turn all adverts on or off, and say why."""
    form = WhyForm(request.form)
    wanted = {"on": True, "off": False}.get(request.form.get("to", ""))
    if wanted is None:
        abort(422)
    if not form.validate():
        return _index(form, 422)
    with acting() as act:
        done = adverts.switch(act.session, wanted, form.reason.data, me(), act.now)
        if done:
            said = "adverts.switched_on" if wanted else "adverts.switched_off"
            act.note(said, ("adverts", "all"), reason=form.reason.data)
    say(gettext("Adverts are turned on.") if wanted else gettext("Adverts are turned off."))
    return redirect(url_for("desk_adverts.index"), 303)


def _found(number: int) -> Advert:
    found = adverts.find_advert(session(), number)
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>")
@desk(Role.EDITOR)
def advert(number: int) -> AnyResponse:
    return _page(_found(number), WhyForm())


def _page(found: Advert, form: WhyForm, status: int = 200, also: str = "") -> AnyResponse:
    page = render_template(
        "desk_adverts/advert.html",
        advert=found,
        form=form,
        also=[also] if also else [],
        said=words.said(found),
        words=words,
        days=ran(found, adverts.switches(session()), clock.now()),
        is_mine=found.made_by == me().id,
    )
    return make_response(page, status)


@bp.post("/<number:number>/approve")
@desk(Role.EDITOR)
def approve(number: int) -> AnyResponse:
    """By a second person, as they saw it."""
    found = _seen(number)
    try:
        with acting() as act:
            adverts.approve(act.session, found, me(), act.now)
            act.note("advert.approved", ("advert", number), version=found.version)
    except adverts.SamePerson:
        also = gettext("You made this yourself: a second person lets it through.")
        return _page(_found(number), WhyForm(), 403, also)
    except adverts.KeptOut as error:
        return _page(_found(number), WhyForm(), 422, words.why(error.refusal))
    except adverts.Outdated:
        return _outdated(number)
    say(gettext("It runs from its first day, as long as adverts are turned on."))
    return redirect(words.link(found), 303)


def _seen(number: int) -> Advert:
    """The advert, with the version that was on the page from which this was sent."""
    return replace(_found(number), version=version())


def _outdated(number: int) -> AnyResponse:
    also = gettext("Somebody changed this meanwhile. Look at it again.")
    return _page(_found(number), WhyForm(), 409, also)


@bp.post("/<number:number>/reject")
@desk(Role.EDITOR)
def reject(number: int) -> AnyResponse:
    """Say no to one that waits, and why."""
    found, form = _seen(number), WhyForm(request.form)
    if not form.validate():
        return _page(_found(number), form, 422)
    try:
        with acting() as act:
            adverts.reject(act.session, found, form.reason.data, me())
            act.note("advert.rejected", ("advert", number), reason=form.reason.data)
    except adverts.Outdated:
        return _outdated(number)
    say(gettext("Rejected."))
    return redirect(words.link(found), 303)


@bp.post("/<number:number>/stop")
@desk(Role.EDITOR)
def stop(number: int) -> AnyResponse:
    """Take one off the pages; it stays in the list of all that ran."""
    found, form = _seen(number), WhyForm(request.form)
    if not form.validate():
        return _page(_found(number), form, 422)
    try:
        with acting() as act:
            adverts.stop(act.session, found, form.reason.data, me(), act.now)
            act.note("advert.stopped", ("advert", number), reason=form.reason.data)
    except adverts.Outdated:
        return _outdated(number)
    say(gettext("Stopped. It stays in the list of all that ran."))
    return redirect(words.link(found), 303)
