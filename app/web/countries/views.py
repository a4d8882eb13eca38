"""The page of a country that money is sent to, and of the ways that have no price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.db import prices, providers, rates
from app.domain.country_notes import NoteKind
from app.domain.money import Money
from app.domain.reach import SEND_COUNTRY, SEND_CURRENCY
from app.domain.receipt import needed
from app.web import clock
from app.web.access import anybody
from app.web.countries import notes
from app.web.countries.pieces import Known, counted, known, margins
from app.web.database import session
from app.web.locale import language, locale
from app.web.lookup import Place, find_place

bp = Blueprint("countries", __name__, template_folder="templates")
notes.setup(bp)

Page = str | tuple[str, int] | AnyResponse
AS_OF = date(2026, 11, 20)
"""When somebody last looked whether what these pages say of laws still holds."""

CASH_LIMIT = Money(Decimal(10_000), "EUR")
"""From which amount on cash is declared at the border: Regulation (EU) 2018/1672, article 3."""

NAMED_ABOVE = Money(Decimal(1_000), "EUR")
"""Up to which amount less goes along with a transfer: Regulation (EU) 2023/1113, article 6."""

STUDY, STUDY_DAY = "https://ideas.repec.org/p/dnb/dnbwpp/375.html", date(2013, 4, 2)
STUDY_PEOPLE = 1680
"""Kosse and Vermeulen, "Migrants' Choice of Remittance Channel", DNB Working Paper 375."""


@bp.get("/<lang:lang>/country/<string(maxlength=40):code>")
@anybody
def country(code: str) -> Page:
    if code != code.lower():
        return redirect(url_for("countries.country", lang=language(), code=code.lower()), 301)
    place = find_place(session(), SEND_COUNTRY, code.upper())
    if not place.corridors:
        abort(404)
    places = [] if place.closed else _known(place)
    told = notes.notes_of(code.upper())
    return render_template(
        "countries/country.html",
        code=code.upper(),
        send_country=SEND_COUNTRY,
        place=place,
        places=places,
        counted=counted(places),
        margins=margins(places, clock.now()),
        notes=told,
        as_of=AS_OF,
        named_above=NAMED_ABOVE,
        street_rate_unknown=all(one.kind is not NoteKind.STREET_RATE for one in told),
    )


@bp.get("/<lang:lang>/other-ways")
@anybody
def other_ways() -> Page:
    return render_template(
        "countries/other_ways.html",
        as_of=AS_OF,
        cash_limit=CASH_LIMIT,
        study=STUDY,
        study_year=format_date(STUDY_DAY, "y", locale=locale()),
        study_people=format_decimal(STUDY_PEOPLE, locale=locale()),
    )


def _known(place: Place) -> list[Known]:
    currencies = {one for two in place.currencies for one in needed(SEND_CURRENCY, two)}
    return known(
        place.corridors,
        {one: prices.board(session(), one) for one in place.corridors},
        providers.all_providers(session()),
        rates.latest_readings(session(), currencies),
        clock.now(),
    )
