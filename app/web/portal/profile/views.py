"""What a firm says of itself: proposed here, and shown once an operator approved it."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import prices, profiles, proposals
from app.db.profiles import Profile
from app.domain.proposal import Kind, Proposal, State
from app.review import profiles as review_profiles
from app.review import proposals as review
from app.review.proposals import Changed
from app.web.access import portal
from app.web.database import session
from app.web.locale import LANGUAGES
from app.web.portal.profile.forms import ProfileForm
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.who import me, tenant

bp = Blueprint(
    "portal_profile", __name__, url_prefix="/portal/profile", template_folder="templates"
)

Clash = list[tuple[str, str, str]]


def _waiting() -> Proposal | None:
    """The open proposal of a profile, if there is one: it is changed, not made twice."""
    own = proposals.proposals_of(session(), tenant())
    return next((one for one in own if one.kind is Kind.PROFILE and one.is_open), None)


@bp.get("")
@portal
def index() -> AnyResponse:
    waiting = _waiting()
    known = profiles.profile_of(session(), tenant()) or Profile("", "")
    proposed = review_profiles.read_profile(waiting.payload) if waiting else known
    facts = {f"about_{lang}": proposed.descriptions.get(lang, "") for lang in LANGUAGES}
    form = ProfileForm(
        name=proposed.name,
        website=proposed.website,
        contact=proposed.contact,
        version=_mark(waiting),
        **facts,
    )
    return _page(form, waiting, 200)


def _mark(waiting: Proposal | None) -> str:
    return f"{waiting.id}:{waiting.version}" if waiting else ""


def _page(
    form: ProfileForm, waiting: Proposal | None, status: int, clash: Clash | None = None
) -> AnyResponse:
    page = render_template(
        "portal/profile/index.html",
        form=form,
        waiting=waiting,
        sent_back=waiting is not None and waiting.state is State.SENT_BACK,
        languages=LANGUAGES,
        boards=sorted(prices.boards_of(session(), tenant()).items()),
        clash=clash,
    )
    return make_response(page, status)


@bp.post("")
@portal
def propose() -> AnyResponse:
    """A new proposal, or another version of the one that waits."""
    form, waiting = ProfileForm(request.form), _waiting()
    if not form.validate():
        return _page(form, waiting, 422)
    if form.version.data != _mark(waiting):
        return _overtaken(form, waiting)
    payload = review_profiles.profile_payload(tenant(), form.profile())
    try:
        with acting() as act:
            if waiting is None:
                about = (tenant(), Kind.PROFILE, payload)
                number = review.propose(act.session, *about, me(), act.now)
            else:
                number = waiting.id
                review.propose_again(act.session, waiting, payload, me(), act.now)
    except Changed as error:
        return _overtaken(form, error.now)
    say(gettext("Proposed. We read it first; until then nothing changes on the site."))
    return redirect(url_for("portal_proposals.one", number=number), 303)


def _overtaken(form: ProfileForm, now: Proposal | None) -> AnyResponse:
    """Both versions, and the way on from the one that stands."""
    stands = now if now is not None and now.is_open else None
    theirs = (
        review_profiles.read_profile(stands.payload)
        if stands
        else profiles.profile_of(session(), tenant()) or Profile("", "")
    )
    mine = form.profile()
    form.version.data = _mark(stands)
    rows = [
        (gettext("Name"), theirs.name, mine.name),
        (gettext("Website"), theirs.website, mine.website),
        (gettext("Contact for customers"), theirs.contact, mine.contact),
    ]
    for lang in LANGUAGES:
        both = (theirs.descriptions.get(lang, ""), mine.descriptions.get(lang, ""))
        if any(both):
            rows.append((f"{gettext('Description')} ({lang})", *both))
    return _page(form, stands, 409, rows)
