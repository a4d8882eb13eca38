"""The short address of a campaign, /c/bakuse: on to a page of ours, and nowhere else.

Where it leads was chosen from fields and is put together here, from countries, amounts and
languages that we know. A flyer hangs on a wall for years: a code that is over, or mistyped, leads
home and never to an error.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db.campaigns import find_campaign
from app.domain.campaign import CURRENCY, Campaign, Phase
from app.domain.money import Money
from app.domain.reach import SEND_COUNTRY
from app.web import clock
from app.web.access import anybody
from app.web.compare.addresses import plainly
from app.web.database import session
from app.web.locale import LANGUAGES, preferred
from app.web.via import VIA

bp = Blueprint("campaigns", __name__)


@bp.get("/c/<anything:code>")
@anybody
def go(code: str) -> AnyResponse:
    response = redirect(_address(find_campaign(session(), code)), 303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _address(campaign: Campaign | None) -> str:
    phase = campaign.phase(clock.now()) if campaign else Phase.OVER
    if campaign is None or phase is Phase.OVER:
        return url_for("compare.home", lang=preferred(request))
    return page_of(campaign, via=campaign.code if phase is Phase.RUNNING else None)


def page_of(campaign: Campaign, via: str | None = None) -> str:
    """The page that a campaign leads to, counted under a code or not."""
    lang = campaign.language if campaign.language in LANGUAGES else preferred(request)
    query = {VIA: via} if via else {}
    if campaign.amount is None:
        return url_for("compare.home", lang=lang, **query)  # type: ignore[arg-type]
    return url_for(
        "compare.results",
        lang=lang,
        send_country=SEND_COUNTRY.lower(),
        receive_country=campaign.country.lower(),
        pay=plainly(Money(campaign.amount, CURRENCY)),
        currency=campaign.currency or None,
        **query,  # type: ignore[arg-type]
    )
