"""Offers of firms: read, and let go or not. What is let go is what was read, by its hash."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, TextAreaField

from app.db import audit, offers
from app.db.offers import ABOUT, ChangedOffer
from app.domain.account import Role
from app.domain.content import text_fault
from app.domain.offer import Offer, OfferState
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.offers.letters import tell_decision
from app.web.work.acting import Act, acting
from app.web.work.faults import tell, typed
from app.web.work.firms import name_of, names
from app.web.work.offers import STATES, beside, lines, state_of, title_of
from app.web.work.saying import say
from app.web.work.tables import Column, Table

bp = Blueprint("desk_offers", __name__, url_prefix="/desk/offers", template_folder="templates")

LONGEST_WHY = 500


class RefuseForm(Form):  # type: ignore[misc]
    why = TextAreaField(filters=[typed])


@bp.get("")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    table = _table(offers.all_offers(session()))
    if table.wants_csv:
        return table.csv("offers.csv")
    page = render_template(
        "desk/offers/index.html",
        offers=table,
        waiting=offers.waiting(session()),
        ending=offers.ending(session(), clock.now()),
        title_of=title_of,
    )
    return make_response(page)


def _table(found: list[Offer]) -> Table[Offer]:
    firms = names()
    columns: list[Column[Offer]] = [
        Column("title", lazy_gettext("Offer"), title_of, link=_address),
        Column("firm", lazy_gettext("Firm"), lambda one: firms.get(one.provider, one.provider)),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[state_of(one)][0])),
        Column("waits", lazy_gettext("To be read"), lambda one: one.waits),
        Column("starts", lazy_gettext("First day"), lambda one: one.newest.starts),
        Column("ends", lazy_gettext("Last day of it"), lambda one: one.newest.ends),
    ]
    return Table("offers", columns, found)


def _address(offer: Offer) -> str:
    return url_for("desk_offers.one", number=offer.number)


@bp.get("/<number:number>")
@desk(Role.EDITOR)
def one(number: int) -> AnyResponse:
    return _one(_find(number), RefuseForm(), 200)


def _find(number: int) -> Offer:
    """Raises NotFound."""
    found = offers.find_offer(session(), number)
    if found is None:
        abort(404)
    return found


def _one(offer: Offer, form: RefuseForm, status: int, *, overtaken: bool = False) -> AnyResponse:
    page = render_template(
        "desk/offers/one.html",
        offer=offer,
        form=form,
        title=title_of(offer),
        firm=name_of(offer.provider),
        state=STATES[state_of(offer)],
        overtaken=overtaken,
        is_over=state_of(offer) is OfferState.WITHDRAWN,
        seen=offer.newest.hash(),
        lines=lines(offer.newest),
        beside=beside(offer.approved, offer.newest) if offer.approved and offer.waits else None,
        history=audit.history(session(), (ABOUT, offer.number)),
    )
    return make_response(page, status)


@bp.post("/<number:number>/approve")
@desk(Role.EDITOR)
def approve(number: int) -> AnyResponse:
    seen = request.form.get("seen", "")

    def let_go(act: Act) -> None:
        offers.approve(act.session, number, seen, act.now, act.by.id if act.by else None)
        act.note("offer.approved", (ABOUT, number), hash=seen)

    return _decide(number, let_go, "", gettext("Readers see it on its days."))


@bp.post("/<number:number>/refuse")
@desk(Role.EDITOR)
def refuse(number: int) -> AnyResponse:
    offer, form, seen = _find(number), RefuseForm(request.form), request.form.get("seen", "")
    fault = text_fault(form.why.data, LONGEST_WHY)
    if fault is not None:
        tell(form, {"why": fault})
        return _one(offer, form, 422)

    def keep_back(act: Act) -> None:
        offers.refuse(act.session, number, seen, form.why.data)
        act.note("offer.refused", (ABOUT, number), hash=seen, why=form.why.data)

    return _decide(number, keep_back, form.why.data, gettext("The firm reads why."))


def _decide(number: int, decide: Callable[[Act], None], why: str, words: str) -> AnyResponse:
    """Unless the firm changed it while it was read: then it is to be read anew. The firm gets a
    mail."""
    offer = _find(number)
    try:
        with acting() as act:
            decide(act)
            tell_decision(act.session, offer, why, act.now)
    except ChangedOffer as error:
        return _one(error.theirs, RefuseForm(request.form), 409, overtaken=True)
    say(words)
    return redirect(url_for("desk_offers.index"), 303)


@bp.post("/<number:number>/withdraw")
@desk(Role.EDITOR)
def withdraw(number: int) -> AnyResponse:
    """At once, and for good."""
    _find(number)
    if request.form.get("sure") != "yes":
        say(gettext("Nothing was changed. Say first that you are sure."))
        return redirect(url_for("desk_offers.one", number=number), 303)
    with acting() as act:
        if offers.withdraw(act.session, number, act.now):
            act.note("offer.withdrawn", (ABOUT, number))
    say(gettext("Readers do not see it any more."))
    return redirect(url_for("desk_offers.index"), 303)
