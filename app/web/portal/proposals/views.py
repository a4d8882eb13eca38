"""Proposals of a firm: what waits, what was said of it, and proposing it again."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import proposals
from app.domain.proposal import Kind, Proposal, stated_prices
from app.domain.submitted import METHODS, PLACES
from app.review import proposals as review
from app.review.proposals import Changed
from app.web import clock
from app.web.access import portal
from app.web.database import session
from app.web.portal.prices.lines import MOST_TYPED, as_file, as_given, download
from app.web.portal.prices.showing import form_page
from app.web.work.acting import acting
from app.web.work.price_words import STATES, TONES
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me, tenant

bp = Blueprint(
    "portal_proposals", __name__, url_prefix="/portal/proposals", template_folder="templates"
)
KINDS = {Kind.PRICES: lazy_gettext("Prices"), Kind.PROFILE: lazy_gettext("Profile")}
SAME = (*PLACES, *METHODS, "pay_in", "variant")
"""What is one and the same in every row of the form."""


@bp.get("")
@portal
def index() -> AnyResponse | str:
    columns: list[Column[Proposal]] = [
        Column(
            "number",
            lazy_gettext("Number"),
            lambda one: one.id,
            link=lambda one: url_for("portal_proposals.one", number=one.id),
            numeric=True,
        ),
        Column("kind", lazy_gettext("About"), lambda one: str(KINDS[one.kind])),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one.state])),
        Column("made", lazy_gettext("Proposed"), lambda one: one.made_at),
        Column("words", lazy_gettext("Last words"), lambda one: one.words[:200]),
    ]
    table = Table("proposals", columns, proposals.proposals_of(session(), tenant()), sort="-number")
    if table.wants_csv:
        return table.csv("proposals.csv")
    return render_template("portal/proposals/index.html", proposals=table)


def _find(number: int) -> Proposal:
    """One of this firm. Raises NotFound."""
    found = proposals.find_proposal(session(), number, tenant())
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>")
@portal
def one(number: int) -> str:
    found = _find(number)
    return render_template(
        "portal/proposals/one.html",
        proposal=found,
        reviewed=review.review(session(), found, clock.now()),
        versions=proposals.versions_of(session(), number),
        states=STATES,
        tones=TONES,
        kinds=KINDS,
    )


@bp.post("/<number:number>/withdraw")
@portal
def withdraw(number: int) -> AnyResponse:
    found = _find(number)
    try:
        with acting() as act:
            review.withdraw(act.session, found, me(), act.now)
    except Changed:
        say(gettext("This proposal was changed or decided meanwhile. Look at it again."))
    else:
        say(gettext("Withdrawn."))
    return redirect(url_for("portal_proposals.one", number=number), 303)


@bp.get("/<number:number>/correct")
@portal
def correct(number: int) -> AnyResponse:
    """The form, filled in as it was proposed. What has more than one service is corrected in a
    file."""
    found = _find(number)
    if not found.is_open:
        abort(404)
    if found.kind is Kind.PROFILE:
        return redirect(url_for("portal_profile.index"), 303)
    rows = as_given(stated_prices(found.payload).lines)
    same = {name: rows[0][name] for name in SAME}
    if len(rows) > MOST_TYPED or any(row[name] != same[name] for row in rows for name in SAME):
        return redirect(url_for("portal_prices.upload", proposal=number), 303)
    return form_page(rows, same, [], known=found)


@bp.get("/<number:number>/lines.csv")
@portal
def lines(number: int) -> AnyResponse:
    """What was proposed, to correct in a spreadsheet."""
    found = _find(number)
    if found.kind is not Kind.PRICES:
        abort(404)
    rows = as_given(stated_prices(found.payload).lines)
    return download(as_file(rows), f"proposal-{number}.csv")
