"""A firm's own offers: proposed, changed, taken away. One of us reads each before readers do."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import offers, reach
from app.db.offers import ABOUT, ChangedOffer
from app.domain.offer import Offer, OfferState
from app.domain.reach import SEND_COUNTRY
from app.web import clock
from app.web.access import portal
from app.web.database import session
from app.web.locale import LANGUAGES, countries
from app.web.portal.offers.forms import OfferForm
from app.web.work.acting import acting
from app.web.work.offers import STATES, beside, state_of, title_of
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.versions import version_in
from app.web.work.who import me, tenant

bp = Blueprint("portal_offers", __name__, url_prefix="/portal/offers", template_folder="templates")

FIRST = ("nl", "en")
"""Languages that are asked for first; the others are one fold away."""

MOST = 200
"""Offers that a firm may have. Who has more is a program gone astray."""


@bp.get("")
@portal
def index() -> AnyResponse:
    table = _table(offers.offers_of(session(), tenant()))
    if table.wants_csv:
        return table.csv("offers.csv")
    return make_response(render_template("portal/offers/index.html", offers=table))


def _table(found: list[Offer]) -> Table[Offer]:
    columns: list[Column[Offer]] = [
        Column(
            "title",
            lazy_gettext("Offer"),
            title_of,
            link=lambda one: url_for("portal_offers.one", number=one.number),
        ),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[state_of(one)][0])),
        Column("waits", lazy_gettext("To be read by us"), lambda one: one.waits),
        Column("starts", lazy_gettext("First day"), lambda one: one.newest.starts),
        Column("ends", lazy_gettext("Last day of it"), lambda one: one.newest.ends),
    ]
    return Table("offers", columns, found)


@bp.get("/new")
@portal
def new() -> AnyResponse:
    return _form(OfferForm(starts=clock.now().date().isoformat()), 200)


def _form(
    form: OfferForm,
    status: int,
    offer: Offer | None = None,
    clash: list[tuple[str, str, str]] | None = None,
) -> AnyResponse:
    page = render_template(
        "portal/offers/one.html",
        form=form,
        offer=offer,
        clash=clash,
        title=title_of(offer) if offer else "",
        state=STATES[state_of(offer)] if offer else None,
        is_over=offer is not None and state_of(offer) is OfferState.WITHDRAWN,
        countries=_countries(form),
        first=FIRST,
        more=[code for code in LANGUAGES if code not in FIRST],
    )
    return make_response(page, status)


def _countries(form: OfferForm) -> list[tuple[str, str]]:
    """Those that money can be sent to, and what is chosen already."""
    wanted = set(reach.reach_from(session(), SEND_COUNTRY))
    wanted |= set(form.to.data or ())
    return [(code, name) for code, name in countries() if code in wanted]


@bp.post("/new")
@portal
def propose() -> AnyResponse:
    form = OfferForm(request.form)
    terms = form.read(clock.now().date())
    if terms is None:
        return _form(form, 422)
    with acting() as act:
        if len(offers.offers_of(act.session, tenant())) >= MOST:
            form.ends.errors = [gettext("You have too many offers. Write to us.")]
            return _form(form, 409)
        number = offers.propose(act.session, tenant(), terms, act.now, me().id)
        act.note("offer.proposed", (ABOUT, number), provider=tenant(), hash=terms.hash())
    say(gettext("Kept. One of us reads it before readers see it."))
    return redirect(url_for("portal_offers.index"), 303)


def _mine(number: int) -> Offer:
    """Raises NotFound, also for an offer of another firm."""
    found = offers.find_offer(session(), number, tenant())
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>")
@portal
def one(number: int) -> AnyResponse:
    offer = _mine(number)
    return _form(OfferForm.of(offer.newest, offer.version), 200, offer)


@bp.post("/<number:number>")
@portal
def change(number: int) -> AnyResponse:
    """Anew, to be read anew. What was approved stays until then."""
    offer, form = _mine(number), OfferForm(request.form)
    terms = form.read(clock.now().date())
    if terms is None:
        return _form(form, 422, offer)
    try:
        with acting() as act:
            version = version_in(form.version.data)
            offers.change(act.session, number, version, terms, act.now, me().id)
            act.note("offer.changed", (ABOUT, number), provider=tenant(), hash=terms.hash())
    except ChangedOffer as error:
        form.version.data = str(error.theirs.version)
        return _form(form, 409, error.theirs, beside(error.theirs.newest, terms))
    say(gettext("Kept. One of us reads it before readers see it."))
    return redirect(url_for("portal_offers.index"), 303)


@bp.post("/<number:number>/withdraw")
@portal
def withdraw(number: int) -> AnyResponse:
    """At once, and for good."""
    _mine(number)
    if request.form.get("sure") != "yes":
        say(gettext("Nothing was changed. Say first that you are sure."))
        return redirect(url_for("portal_offers.one", number=number), 303)
    with acting() as act:
        if offers.withdraw(act.session, number, act.now):
            act.note("offer.withdrawn", (ABOUT, number), provider=tenant())
    say(gettext("Readers do not see it any more."))
    return redirect(url_for("portal_offers.index"), 303)
