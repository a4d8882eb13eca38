"""The first page of the portal: what waits for the firm, and how its prices stand."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.db import prices, proposals, stamps
from app.db.providers import all_providers
from app.domain.proposal import State
from app.domain.provider import ProviderStatus
from app.web import clock
from app.web.access import portal
from app.web.database import session
from app.web.portal.prices.lines import shown_to
from app.web.work.who import tenant

bp = Blueprint("portal_home", __name__, url_prefix="/portal", template_folder="templates")


@bp.get("/")
@portal
def index() -> str:
    boards = prices.boards_of(session(), tenant())
    own = proposals.proposals_of(session(), tenant())
    due = {one.provider: one for one in stamps.due_for_stamp(session(), clock.now())}
    firm = all_providers(session())[tenant()]
    return render_template(
        "portal/home/index.html",
        firm=firm,
        offered=firm.status is ProviderStatus.ACTIVE,
        boards=sorted(boards.items()),
        count=len(shown_to(boards)),
        back=[one for one in own if one.state is State.SENT_BACK],
        waiting=[one for one in own if one.state is State.PROPOSED],
        due=due.get(tenant()),
    )
