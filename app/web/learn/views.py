"""How we work: the method, the rules of the ranking, what our data is and where it ends."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template

from app.db import coverage, prices, surveys
from app.domain.ladder import Answer
from app.domain.midrate import MAX_SPREAD, PEGS
from app.web.access import anybody
from app.web.database import session
from app.web.locale import quarter

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
        covered=coverage.covered(session(), EXAMPLE[0]),
        example=_example(),
        pegs=PEGS,
        max_spread=MAX_SPREAD * 100,
        changed=CHANGED,
        quarter=quarter(surveys.newest_round(session(), EXAMPLE[0])),
    )


def _example() -> Answer | None:
    """A real price to explain the sum with: the lowest rung of the example's first service."""
    send, receive, slug = EXAMPLE
    for one in coverage.covered(session(), send):
        if one.corridor.receive_country != receive:
            continue
        rungs = [
            ladder.rungs[0]
            for ladder in prices.board(session(), one.corridor)
            if ladder.service.provider == slug
        ]
        if rungs:
            first = min(rungs, key=lambda price: price.service_id)
            quote = first.quote
            return Answer(quote.paid, quote.fee, quote.received, (first,))
    return None
