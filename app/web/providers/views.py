"""Every firm that we know, and the page of each: what it charges where, and how we know."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import coverage, licences, prices, profiles, providers, reach, shopped, sources, stamps
from app.domain.provider import ProviderStatus
from app.domain.reach import SEND_COUNTRY
from app.web import clock
from app.web.access import anybody
from app.web.database import session
from app.web.locale import language
from app.web.providers.pieces import listed, offered, typical, ways_of_telling
from app.web.read.pieces import shown_offers

bp = Blueprint("providers", __name__, template_folder="templates")

Page = str | tuple[str, int] | AnyResponse


@bp.get("/<lang:lang>/providers")
@anybody
def index() -> Page:
    found = listed(
        providers.all_providers(session()).values(),
        coverage.countries_by_provider(session(), SEND_COUNTRY, clock.now()),
        reach.reach_from(session(), SEND_COUNTRY),
    )
    active = [one for one in found if one.provider.status is ProviderStatus.ACTIVE]
    not_asked = sorted(reach.not_asked(session()), key=lambda one: one.name.casefold())
    told_below = {one.provider for one in not_asked}
    return render_template(
        "providers/index.html",
        priced=[one for one in active if one.countries],
        unpriced=[
            one for one in active if not one.countries and one.provider.slug not in told_below
        ],
        never=[one for one in found if one not in active],
        not_asked=not_asked,
        known={one.provider.slug for one in found},
    )


@bp.get("/<lang:lang>/provider/<string(maxlength=80):slug>")
@anybody
def provider(slug: str) -> Page:
    one = providers.all_providers(session()).get(slug)
    if one is None:
        now = providers.slug_now(session(), slug)
        if now is None:
            abort(404)
        return redirect(url_for("providers.provider", lang=language(), slug=now), 301)
    boards = prices.boards_of(session(), slug, SEND_COUNTRY)
    reached = reach.reach_from(session(), SEND_COUNTRY)
    not_asked = {firm.provider: firm for firm in reach.not_asked(session())}
    rows = offered(one, boards, reached, clock.now())
    own = profiles.profile_of(session(), slug)
    return render_template(
        "providers/provider.html",
        provider=one,
        active=one.status is ProviderStatus.ACTIVE,
        send_country=SEND_COUNTRY,
        licences=licences.licences_of(session(), slug),
        offered=rows,
        typical=typical(rows),
        offers=[row for row in rows if row.offer],
        special=shown_offers(slug),
        ways=ways_of_telling(one, sources.all_sources(session()), boards),
        not_asked=not_asked.get(slug),
        stamps=stamps.stamps_of(session(), [row.answer.base for row in rows if row.answer]),
        said=own.descriptions.get(language(), "") if own else "",
        contact=own.contact if own else "",
        kept=shopped.price_kept(session(), slug, clock.now()),
    )
