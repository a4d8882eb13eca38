"""How we work: the method, the rules of the ranking, what our data is and where it ends; and who
our robot is, for those whose sites it asks."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, render_template

from app.db import coverage, prices, reach, sources, surveys
from app.domain.gates import LIMITS
from app.domain.ladder import Answer
from app.domain.midrate import MAX_SPREAD, PEGS
from app.domain.quote import FRESH_FOR, Origin
from app.domain.told import GONE_AFTER
from app.web import clock
from app.web.access import anybody
from app.web.compare.pieces import Destination, destinations
from app.web.database import session
from app.web.locale import countries, quarter
from app.web.lookup import find_place

bp = Blueprint("learn", __name__, template_folder="templates")
CHANGED = date(2026, 11, 20)
"""When the text of this page last changed."""

EXAMPLE = ("NL", "SR", "western-union")
"""The corridor and firm of the worked example."""


@bp.get("/<lang:lang>/how-we-work")
@anybody
def how_we_work() -> str:
    return render_template(
        "learn/how_we_work.html",
        places=[place for place in _places() if place.corridor],
        send_country=EXAMPLE[0],
        example=_example(),
        pegs=PEGS,
        max_spread=MAX_SPREAD * 100,
        changed=CHANGED,
        quarter=quarter(surveys.newest_round(session(), EXAMPLE[0])),
        fresh_minutes=int(FRESH_FOR.total_seconds()) // 60,
        gone_days=GONE_AFTER.days,
        gate_percent=LIMITS.off_mid * 100,
    )


@bp.get("/<lang:lang>/bot")
@anybody
def bot() -> str:
    """Who asks for prices: what, how often, and how to be left alone."""
    asked = [one for one in sources.all_sources(session()) if one.kind != "survey"]
    contact: str = current_app.extensions["settings"].contact
    return render_template("learn/bot.html", sources=asked, contact=contact)


def _places() -> list[Destination]:
    reached = reach.reach_from(session(), EXAMPLE[0])
    return destinations(
        coverage.covered(session(), EXAMPLE[0], clock.now()), reached, dict(countries())
    )


def _example() -> Answer | None:
    """A real price to explain the sum with: the lowest rung of the example's first service."""
    send, receive, slug = EXAMPLE
    for corridor in find_place(session(), send, receive).corridors:
        rungs = [
            rung
            for ladder in prices.board(session(), corridor)
            for rung in ladder.prices[:1]
            if ladder.service.provider == slug and rung.origin is Origin.SURVEY
        ]
        if rungs:
            first = min(rungs, key=lambda price: price.service_id)
            quote = first.quote
            return Answer(quote.paid, quote.fee, quote.received, (first,))
    return None
