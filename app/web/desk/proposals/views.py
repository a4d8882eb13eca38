"""Proposals of firms: the worst first, each beside what is shown, and decided in two clicks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, proposals
from app.db.accounts import find_account
from app.domain.account import Role
from app.domain.proposal import Kind, Proposal, State
from app.review import proposals as review
from app.review.deciding import SamePerson, Undecidable
from app.review.proposals import Changed, Reviewed
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.work.acting import Act, acting
from app.web.work.firms import name_of, names
from app.web.work.price_words import STATES, TONES
from app.web.work.saying import say
from app.web.work.tables import Column, Table
from app.web.work.who import me

bp = Blueprint(
    "desk_proposals", __name__, url_prefix="/desk/proposals", template_folder="templates"
)
KINDS = {Kind.PRICES: lazy_gettext("Prices"), Kind.PROFILE: lazy_gettext("Profile")}


@dataclass(frozen=True, slots=True)
class Listed:
    """A proposal with how bad it is at worst."""

    reviewed: Reviewed

    @property
    def proposal(self) -> Proposal:
        return self.reviewed.proposal

    @property
    def severity(self) -> tuple[bool, bool, bool, Decimal]:
        care = self.reviewed.care
        worst = max(
            (abs(one.change or Decimal(0)) for one in self.reviewed.lines), default=Decimal(0)
        )
        return bool(care.hindrances), care.words, care.two, worst

    @property
    def worst(self) -> Decimal | None:
        """The largest change of what arrives, in percent."""
        changes = [one.change for one in self.reviewed.lines if one.change is not None]
        return round(max(changes, key=abs) * 100, 2) if changes else None

    @property
    def says(self) -> str:
        care = self.reviewed.care
        return "; ".join((*map(str, care.hindrances), *care.reasons))


@bp.get("")
@desk(Role.EDITOR)
def index() -> AnyResponse | str:
    waiting = [
        Listed(review.review(session(), one, clock.now()))
        for one in proposals.open_proposals(session())
    ]
    waiting.sort(key=lambda one: one.severity, reverse=True)
    table = Table("proposals", _columns(), waiting)
    if table.wants_csv:
        return table.csv("proposals.csv")
    decided = Table("decided", _decided(), proposals.decided_proposals(session()))
    return render_template("desk/proposals/index.html", proposals=table, decided=decided)


def _in_english(one: Listed) -> object:
    """What is noticed is said by our own rules, and they speak English."""
    return Markup('<span lang="en">{}</span>').format(one.says) if one.says else "–"  # noqa: RUF001


def _columns() -> list[Column[Listed]]:
    firms = names()
    return [
        Column(
            "number",
            lazy_gettext("Number"),
            lambda one: one.proposal.id,
            link=lambda one: url_for("desk_proposals.one", number=one.proposal.id),
            show=lambda one: str(one.proposal.id),
            numeric=True,
        ),
        Column(
            "firm",
            lazy_gettext("Firm"),
            lambda one: firms.get(one.proposal.provider, one.proposal.provider),
            link=lambda one: url_for("desk_proposals.one", number=one.proposal.id),
        ),
        Column("kind", lazy_gettext("About"), lambda one: str(KINDS[one.proposal.kind])),
        Column("lines", lazy_gettext("Prices"), lambda one: len(one.reviewed.lines), numeric=True),
        Column(
            "worst", lazy_gettext("Largest change in percent"), lambda one: one.worst, numeric=True
        ),
        Column("says", lazy_gettext("What is noticed"), lambda one: one.says, show=_in_english),
        Column("at", lazy_gettext("Proposed"), lambda one: one.proposal.made_at),
        Column("first", lazy_gettext("One agreed"), lambda one: one.proposal.first_by is not None),
    ]


def _decided() -> list[Column[Proposal]]:
    firms = names()
    return [
        Column(
            "number",
            lazy_gettext("Number"),
            lambda one: one.id,
            link=lambda one: url_for("desk_proposals.one", number=one.id),
            numeric=True,
        ),
        Column("firm", lazy_gettext("Firm"), lambda one: firms.get(one.provider, one.provider)),
        Column("state", lazy_gettext("State"), lambda one: str(STATES[one.state])),
        Column("at", lazy_gettext("Decided"), lambda one: one.decided_at),
        Column("words", lazy_gettext("Words"), lambda one: one.words[:200]),
    ]


def _find(number: int) -> Proposal:
    found = proposals.find_proposal(session(), number)
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>")
@desk(Role.EDITOR)
def one(number: int) -> AnyResponse:
    return _page(_find(number), 200)


def _page(found: Proposal, status: int, problem: str = "", read: str = "") -> AnyResponse:
    """`read` is the hash that was read where it is another by now: both versions are shown."""
    now = clock.now()
    reviewed = review.review(session(), found, now)
    versions = proposals.versions_of(session(), found.id)
    before = next((one for one in versions if one.sha256 == read), None)
    old = None
    if before is not None and before.sha256 != found.sha256:
        then = Proposal(
            found.id,
            found.provider,
            found.kind,
            before.payload,
            before.sha256,
            found.state,
            before.version,
            before.made_by,
            before.made_at,
        )
        old = review.review(session(), then, now)
    page = render_template(
        "desk/proposals/one.html",
        proposal=found,
        firm=name_of(found.provider),
        reviewed=reviewed,
        lines=sorted(reviewed.lines, key=lambda one: one.worst, reverse=True),
        old=old,
        versions=versions,
        makers=[_name(number) for number in sorted(proposals.makers_of(session(), found.id))],
        first=_name(found.first_by),
        decided=_name(found.decided_by),
        mine=found.first_by == me().id,
        problem=problem,
        words=request.form.get("words", ""),
        history=audit.history(session(), ("proposal", found.id)),
        states=STATES,
        tones=TONES,
        kinds=KINDS,
    )
    return make_response(page, status)


def _name(number: int | None) -> str:
    account = find_account(session(), number) if number else None
    return account.name if account else ""


Deed = Callable[[Act, Proposal], str]


def _decide(number: int, deed: Deed) -> AnyResponse:
    """Do it if the proposal is still the one that was read; else show both."""
    found, read = _find(number), request.form.get("sha256", "")
    if found.sha256 != read:
        return _page(found, 409, gettext("This proposal was changed since you read it."), read)
    try:
        with acting() as act:
            done = deed(act, found)
    except Changed as error:
        return _page(error.now or found, 409, str(error), read)
    except SamePerson as error:
        return _page(found, 403, str(error))
    except Undecidable as error:
        return _page(found, 422, str(error))
    say(done)
    return redirect(url_for("desk_proposals.index"), 303)


@bp.post("/<number:number>/approve")
@desk(Role.EDITOR)
def approve(number: int) -> AnyResponse:
    def deed(act: Act, found: Proposal) -> str:
        read, words = request.form.get("sha256", ""), request.form.get("words", "")
        after = review.approve(act.session, found.id, read, me(), act.now, words)
        if after.state is State.APPROVED:
            return gettext("Approved and published.")
        return gettext("Noted: a second operator must agree before it is published.")

    return _decide(number, deed)


@bp.post("/<number:number>/send-back")
@desk(Role.EDITOR)
def send_back(number: int) -> AnyResponse:
    def deed(act: Act, found: Proposal) -> str:
        review.send_back(act.session, found, me(), act.now, request.form.get("words", ""))
        return gettext("Sent back to the firm.")

    return _decide(number, deed)


@bp.post("/<number:number>/refuse")
@desk(Role.EDITOR)
def refuse(number: int) -> AnyResponse:
    def deed(act: Act, found: Proposal) -> str:
        review.refuse(act.session, found, me(), act.now, request.form.get("words", ""))
        return gettext("Refused.")

    return _decide(number, deed)
