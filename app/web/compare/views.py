"""Home, the ranked list of a corridor, and the page of one price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from app.db import coverage, evidence, licences, prices, providers, stamps
from app.domain.choices import Choice, offered
from app.domain.comparison import answer
from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.quote import Price
from app.domain.ranking import Priority
from app.domain.told import told
from app.web import clock
from app.web.access import anybody
from app.web.compare import addresses
from app.web.compare.addresses import ListState, country_address, plainly
from app.web.compare.forms import QuestionForm, choices_of, known_currency, priority_of
from app.web.compare.pieces import Bar, Evident, Shown, destinations, example_of
from app.web.counting.seen import note_list
from app.web.database import session
from app.web.locale import countries, language
from app.web.lookup import Place, find_place, look_up, reached_from

bp = Blueprint("compare", __name__, template_folder="templates")
addresses.setup(bp)

Page = str | tuple[str, int] | AnyResponse
HOME_SENDER = "NL"
COUNTRY = "string(maxlength=40)"
"""A code in an address, or what somebody took for one."""

TOKENS = (
    *("paper", "sand", "line", "edge", "ink", "ink-soft", "link", "teal", "band", "on-band"),
    *("band-line", "marigold", "on-marigold", "bar-edge", "safe", "fast", "cheap"),
    *("on-meaning", "brick", "focus"),
)
"""The colours of app/web/styles/tokens.css."""

ENDINGS = {"text/csv": "csv", "application/json": "json", "application/toml": "toml"}
"""Of the names of files with evidence."""


@bp.get("/<lang:lang>/")
@anybody
def home() -> Page:
    page = _around(QuestionForm(MultiDict()))
    example = example_of(session(), page["places"])
    return render_template("compare/home.html", example=example, **page)


@bp.get("/<lang:lang>")
@anybody
def home_without_slash() -> Page:
    return redirect(url_for("compare.home", lang=language()), 308)


@bp.get("/<lang:lang>/send")
@anybody
def send() -> Page:
    """Where the form goes: on to the address of its answer, or back with what is wrong."""
    form = QuestionForm(request.args)
    _placed(form)
    if not form.validate():
        return _ask_again(form)
    asked = _asked(form) | _kept(request.args)
    address = country_address(form.from_country.data, form.to_country.data, asked)
    return redirect(address, 303)


@bp.get(f"/<lang:lang>/send/<{COUNTRY}:send_country>/<{COUNTRY}:receive_country>")
@anybody
def results(send_country: str, receive_country: str) -> Page:
    if (send_country, receive_country) != (send_country.lower(), receive_country.lower()):
        path = country_address(send_country, receive_country, {})
        return redirect(f"{path}?{urlencode(list(request.args.items(multi=True)))}", 301)
    form = QuestionForm.asked_at(send_country, receive_country, request.args)
    place = _placed(form)
    good = form.validate()
    if form.from_country.errors or form.to_country.errors:
        return _ask_again(form, 404)
    if not place.corridors:
        return render_template("compare/unknown.html", **_around(form)), 404
    if not good:
        return _ask_again(form)
    try:
        known_currency(request.args, place.currencies)
        first, choices = priority_of(request.args), choices_of(request.args)
    except ValidationError as error:
        return _ask_again(form, problem=str(error))
    return _answered(form, place, first, choices)


@bp.get("/<lang:lang>/price/<number:quote_id>")
@anybody
def price(quote_id: int) -> Page:
    """Every number of a price; with the question in the address, of its answer to it."""
    found = prices.find_price(session(), quote_id)
    if found is None:
        abort(404)
    one, current = found
    corridor = one.quote.service.corridor
    ladder = _ladder_of(one) if current else None
    shown: Answer | Outside = _exactly(one)
    question = None
    if "pay" in request.args or "receive" in request.args:
        form = QuestionForm.asked_at(corridor.send_country, corridor.receive_country, request.args)
        form.payouts = (corridor.receive_currency,)
        if not form.validate():
            return _ask_again(form)
        g.asked = _asked(form)
        question = form.question(corridor)
        shown = answer(ladder or Ladder([one]), question, clock.now())
    if isinstance(shown, Outside) or one != shown.base:
        abort(404)
    proof = evidence.find_evidence(session(), one.evidence)
    provider = providers.all_providers(session())[one.quote.service.provider]
    place = find_place(session(), corridor.send_country, corridor.receive_country)
    return render_template(
        "compare/price.html",
        answer=shown,
        question=question,
        price=one,
        current=current,
        offered=ladder is not None and not place.closed,
        closed=place.reach if place.closed else None,
        ladder=ladder or Ladder([one]),
        provider=provider,
        licences=licences.licences_of(session(), provider.slug),
        stamps=stamps.stamps_of(session(), [one] if current else []),
        evidence=Evident(proof) if proof else None,
        currency=_other(place, corridor),
    )


@bp.get("/components")
@anybody
def components() -> Page:
    """Every part of the site's look, for those who work on it. In English, and not to be found."""
    g.language = "en"
    page = _around(QuestionForm(MultiDict()))
    example = example_of(session(), page["places"])
    widths = Bar(Decimal(30), Decimal(45))
    return render_template(
        "components.html", example=example and example.answer, widths=widths, tokens=TOKENS, **page
    )


@bp.get("/evidence/<string(length=64):sha256>")
@anybody
def raw_evidence(sha256: str) -> Response:
    """The raw reply behind a price, byte for byte. Its address is its hash: it never changes."""
    proof = evidence.find_evidence(session(), sha256)
    if proof is None:
        abort(404)
    response = Response(proof.body, mimetype=proof.media_type)
    ending = ENDINGS.get(proof.media_type, "bin")
    response.headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}.{ending}"'
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _answered(
    form: QuestionForm, place: Place, first: Priority | None, choices: tuple[Choice, ...]
) -> Page:
    wanted = form.receiver_currency
    corridor = next(one for one in place.corridors if one.receive_currency == wanted)
    question = form.question(corridor)
    g.asked = _asked(form)
    found = look_up(session(), place, question, first or Priority.CHEAP, clock.now())
    comparison = found.comparison.only(choices)
    note_list(corridor, [firm[0].provider.slug for firm in comparison.by_provider])
    around = _around(form)
    page = around | {
        "state": ListState(question, first, _other(place, corridor), choices),
        "question": question,
        "comparison": comparison,
        "found": found,
        "shown": Shown(found, comparison),
        "filters": offered(choices, found.comparison.results),
        "licences": licences.all_licences(session()),
        "stamps": stamps.stamps_of(
            session(), [result.answer.base for result in comparison.results]
        ),
        "others": [
            (one, _other(place, one))
            for one in place.corridors
            if one != corridor and one in {covered.corridor for covered in around["covered"]}
        ],
    }
    template = "results" if found.comparison.results else "empty"
    return render_template(f"compare/{template}.html", **page)


def _placed(form: QuestionForm) -> Place:
    """Where a form sends to; from then on it knows which currencies are paid out there."""
    send, receive = (str(one.data).upper() for one in (form.from_country, form.to_country))
    place = find_place(session(), send, receive)
    form.payouts = place.currencies
    return place


def _other(place: Place, corridor: Corridor) -> str | None:
    """The currency of a corridor as its address says it: nothing for the main one."""
    main = not place.corridors or place.corridors[0] == corridor
    return None if main else corridor.receive_currency


def _ladder_of(one: Price) -> Ladder | None:
    """The prices of its service that are offered now."""
    board = prices.board(session(), one.quote.service.corridor)
    offered = told(board, clock.now()).ladders
    return next((ladder for ladder in offered if one in ladder.prices), None)


def _ask_again(form: QuestionForm, status: int = 422, problem: str = "") -> tuple[str, int]:
    """The question as it was asked, with what is wrong beside it."""
    page = _around(form)
    return render_template("compare/home.html", problem=problem, again=True, **page), status


def _asked(form: QuestionForm) -> dict[str, str]:
    """The amount of a validated form, as an address says it."""
    other = {"currency": form.other_currency} if form.other_currency else {}
    return {str(form.side.data): plainly(form.money())} | other


def _kept(query: MultiDict[str, str]) -> dict[str, Sequence[str]]:
    """What a visitor chose before, as the question is asked anew; what is no choice is dropped."""
    try:
        first, choices = priority_of(query), choices_of(query)
    except ValidationError:
        return {}
    return ({"first": first} if first else {}) | {"by": [str(one) for one in choices]}


def _around(form: QuestionForm) -> dict[str, Any]:
    """What every page with the question needs: its choices, and what can be answered."""
    known = coverage.send_countries(session())
    shown = known or [HOME_SENDER]
    sender = str(form.from_country.data).upper()
    sending = sender if sender in known else HOME_SENDER
    covered = coverage.covered(session(), sending, clock.now())
    names = dict(countries())
    places = destinations(covered, reached_from(session(), sending), names)
    priced = {place.code for place in places if place.corridor}
    listed = {place.code for place in places} | {str(form.to_country.data).upper()}
    return {
        "form": form,
        "senders": [(code, name) for code, name in names.items() if code in {*shown, sender}],
        "priced": [(code, name) for code, name in names.items() if code in priced],
        "unpriced": [(code, name) for code, name in names.items() if code in listed - priced],
        "covered": covered,
        "places": places,
        "sending": sending,
    }


def _exactly(one: Price) -> Answer:
    return Answer(one.quote.paid, one.quote.fee, one.quote.received, (one,))
