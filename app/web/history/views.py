"""The page of a corridor's history, and what other pages show of a service's."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from app.db import averages, history, prices, providers
from app.domain.comparison import Question, compare
from app.domain.corridor import Corridor
from app.domain.history import by_amount, by_day, firm_rates, steps
from app.domain.quote import Origin
from app.domain.ranking import Priority
from app.domain.told import told
from app.web import clock
from app.web.access import anybody
from app.web.charts.drawing import LineChart
from app.web.compare.addresses import SUGGESTED, suggested
from app.web.compare.forms import QuestionForm, known_currency
from app.web.compare.views import COUNTRY, Page, results
from app.web.database import session
from app.web.history.pieces import (
    Measured,
    Picture,
    amounts_picture,
    days_picture,
    rates_picture,
    service_chart,
    survey_picture,
)
from app.web.locale import language
from app.web.lookup import Place, find_place

bp = Blueprint("history", __name__, template_folder="templates")

CORRIDOR_DAYS = 92
"""Of a corridor: what fits on a phone, and moves often."""

SERVICE_DAYS = 366


@bp.get(f"/<lang:lang>/history/<{COUNTRY}:send_country>/<{COUNTRY}:receive_country>")
@anybody
def corridor(send_country: str, receive_country: str) -> Page:
    if (send_country, receive_country) != (send_country.lower(), receive_country.lower()):
        path = url_for(
            "history.corridor",
            lang=language(),
            send_country=send_country.lower(),
            receive_country=receive_country.lower(),
        )
        query = urlencode(list(request.args.items(multi=True)))
        return redirect(f"{path}?{query}" if query else path, 301)
    countries = QuestionForm(MultiDict({"from": send_country, "to": receive_country}))
    countries.validate()
    place = find_place(session(), send_country.upper(), receive_country.upper())
    if countries.from_country.errors or countries.to_country.errors or not place.corridors:
        return results(send_country, receive_country)  # which says what is wrong, with status 404
    try:
        known_currency(request.args, place.currencies)
    except ValidationError as error:
        title = gettext("Your question is not clear to us yet")
        return render_template("error.html", title=title, what=str(error), code=422), 422
    if place.closed:
        return render_template("history/closed.html", place=place)
    wanted = request.args.get("currency", place.currencies[0]).upper()
    chosen = next(one for one in place.corridors if one.receive_currency == wanted)
    return _shown(place, chosen)


def _shown(place: Place, shown: Corridor) -> str:
    measured = _measured(shown)
    return render_template(
        "history/corridor.html",
        corridor=shown,
        place=place,
        asked=suggested(shown),
        currency=shown.receive_currency if shown != place.corridors[0] else None,
        survey=survey_picture(
            averages.averages_of(session(), shown.send_country, shown.receive_country)
        ),
        days=days_picture(measured, suggested(shown)),
        since=_since(shown, measured),
        **_now(shown),
    )


def _measured(shown: Corridor) -> Measured:
    now = clock.now()
    found = history.corridor_stretches(session(), shown, SUGGESTED, CORRIDOR_DAYS, now)
    live, survey = (
        [one for one in found if one.origin is origin] for origin in (Origin.LIVE, Origin.SURVEY)
    )
    first, last = (now - timedelta(days=CORRIDOR_DAYS)).date(), now.date()
    return Measured(
        by_day(live, first, last),
        by_day(survey, first, last),
        sorted({one.source for one in (*live, *survey)}),
    )


def _since(shown: Corridor, measured: Measured) -> datetime | None:
    """When measuring began; None if never, or before all that is shown."""
    begun = (clock.now() - timedelta(days=CORRIDOR_DAYS)).date()
    if measured.live and measured.live[0].day == begun:
        return None
    return history.measured_since(session(), shown, SUGGESTED)


def _now(shown: Corridor) -> dict[str, Picture]:
    """What the prices of this moment say."""
    ladders = told(prices.board(session(), shown), clock.now()).ladders
    known = providers.all_providers(session())
    asked = Question(shown, suggested(shown))
    ranked = compare(asked, ladders, known, Priority.CHEAP, clock.now()).results
    return {
        "amounts": amounts_picture(by_amount(shown, ladders, known, clock.now())),
        "rates": rates_picture(firm_rates(ranked), ranked[0].age if ranked else None),
    }


def service_history_of(service_id: int, rung: Decimal = SUGGESTED) -> LineChart | None:
    """The chart of a service's fee and exchange rate at one asked amount (`Price.service_id`,
    `Price.rung`); None if it was seen on one day only. One question to the database."""
    found = history.service_stretches(session(), service_id, rung, SERVICE_DAYS, clock.now())
    title = gettext("Fee and exchange rate over time, in percent of what you pay")
    return service_chart(steps(found), service_id, title)


@bp.app_context_processor
def _for_others() -> dict[str, object]:
    return {"service_history_of": service_history_of}
