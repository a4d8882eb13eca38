"""GET /api/v1/compare and /api/v1/indicators. Plain ASCII in, JSON or problem+json out."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext

from app.db import surveys
from app.domain.amount import BadAmount, payable, plain_amount
from app.domain.comparison import Question
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.indicators import indicators
from app.domain.published import Json, published_comparison, published_indicators
from app.domain.ranking import Priority
from app.domain.survey import UnknownPeriod, quarter_start
from app.web import clock
from app.web.access import anybody
from app.web.compare.forms import amount_message
from app.web.database import session
from app.web.errors import Problem
from app.web.lookup import Place, find_place, look_up
from app.web.pages import is_demonstration

bp = Blueprint("api", __name__, url_prefix="/api/v1")
BAD_REQUEST, NOT_FOUND, UNPROCESSABLE = 400, 404, 422


@bp.get("/compare")
@anybody
def compare() -> Response:
    """Every service's price for one question, ranked."""
    only("from", "to", "pay", "receive", "first", "currency")
    place = _place(_country("from"), _country("to"))
    question = _question(place)
    first = request.args.get("first", Priority.CHEAP.value)
    if first not in list(Priority):
        raise wrong("first", gettext("Choose what counts first: safe, fast or cheap."))
    found = look_up(session(), place, question, Priority(first), clock.now())
    ledger = found.ledger
    asked = {one.source for one in ledger.sources if one.asked_at} | set(found.sources)
    return json_answer(
        published_comparison(
            found.comparison,
            found.mid,
            sorted(asked),
            {one.slug: one.why for one in ledger.missing},
            [*ledger.sources, *ledger.off],
            place.reach,
        )
    )


@bp.get("/indicators")
@anybody
def survey_indicators() -> Response:
    """Averages of one survey round by the World Bank's method."""
    only("from", "period")
    country = _country("from")
    period = request.args.get("period", "")
    try:
        quarter_start(period)
    except UnknownPeriod as error:
        raise wrong("period", gettext("Write a survey round like 2025_3Q.")) from error
    found = indicators(surveys.survey_costs(session(), country, period))
    if not found.country.services:
        raise Problem(
            NOT_FOUND,
            gettext("No such survey"),
            gettext("We have no survey of this country in this round."),
        )
    return json_answer(published_indicators(country, period, found))


def _question(place: Place) -> Question:
    wanted = request.args.get("currency", place.currencies[0]).upper()
    if wanted not in place.currencies:
        raise wrong("currency", gettext("We know of no payout in this currency there."))
    corridor = place.corridors[place.currencies.index(wanted)]
    if ("pay" in request.args) == ("receive" in request.args):
        raise wrong("pay", gettext("Give either pay or receive, like pay=200."))
    side = "pay" if "pay" in request.args else "receive"
    currency = corridor.send_currency if side == "pay" else corridor.receive_currency
    try:
        asked = plain_amount(request.args[side], currency)
        return Question(corridor, payable(asked) if side == "pay" else asked, side == "pay")
    except BadAmount as error:
        raise wrong(side, amount_message(error.fault, currency, plain=True)) from error


def _country(parameter: str) -> str:
    code = request.args.get(parameter, "")
    if not code:
        raise wrong(parameter, gettext("Give a country, like %(code)s.", code="NL"))
    if not code.isascii() or code.upper() not in PAYOUT_CURRENCY:
        raise wrong(parameter, gettext("We do not know this country. Codes are like NL and MA."))
    return code.upper()


def _place(send: str, receive: str) -> Place:
    place = find_place(session(), send, receive)
    if not place.corridors:
        raise Problem(
            NOT_FOUND,
            gettext("No price known"),
            gettext("We do not know any price from this country to that one yet."),
        )
    return place


def only(*known: str) -> None:
    """Every known parameter at most once; others are ignored."""
    for name in known:
        if len(request.args.getlist(name)) > 1:
            raise Problem(
                BAD_REQUEST,
                gettext("We cannot answer this request"),
                gettext("This was asked twice in one address. Ask it once."),
                name,
            )


def wrong(parameter: str, detail: str) -> Problem:
    return Problem(UNPROCESSABLE, gettext("We cannot answer this request"), detail, parameter)


def json_answer(body: Json) -> Response:
    """Open to every site's scripts: it carries nothing private."""
    if is_demonstration(current_app):
        body = {"demonstration": True, **body}
    response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Vary"] = "Accept-Language"
    return response
