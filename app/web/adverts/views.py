"""The advert of the day, on the few pages that may have one; and all that ever ran, with who paid.

Nothing is counted, and nothing of the reader has a say: the same advert stands on a page for
everybody who reads it that day.
"""

from __future__ import annotations

from flask import Blueprint, Flask, g, render_template, request

from app.db import adverts
from app.domain.advert import Advert, is_on, ran
from app.domain.money import Money
from app.domain.reach import SEND_CURRENCY
from app.web import clock
from app.web.access import anybody
from app.web.database import session
from app.web.locale import language

bp = Blueprint("adverts", __name__, template_folder="templates")

PLACES = frozenset(
    {
        "learn.how_we_work",
        "learn.bot",
        "read.news",
        "read.news_item",
        "read.guides",
        "read.guide",
    }
)
"""Endpoints of pages of text. No page with a price, a firm, a country or a sum is ever among them;
a template that has the place for an advert shows none elsewhere."""


def setup(app: Flask) -> None:
    app.jinja_env.globals.update(advert_here=advert_here, adverts_are_on=adverts_are_on)


def advert_here() -> Advert | None:
    """What stands on this page, if it may have an advert and there is one."""
    if request.endpoint not in PLACES:
        return None
    return adverts.on_page(session(), language(), clock.now().date())


def adverts_are_on() -> bool:
    if "adverts_are_on" not in g:
        g.adverts_are_on = adverts.now_on(session())
    found: bool = g.adverts_are_on
    return found


@bp.get("/<lang:lang>/adverts")
@anybody
def index() -> str:
    """Adverts, and who paid: all that ever ran."""
    now = clock.now()
    switches = adverts.switches(session())
    shown = [(one, ran(one, switches, now)) for one in adverts.all_adverts(session())]
    return render_template(
        "adverts/index.html",
        on=is_on(switches),
        shown=[(one, days, Money(one.paid, SEND_CURRENCY)) for one, days in shown if days],
    )
