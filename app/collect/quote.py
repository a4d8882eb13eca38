"""Asking one source for one amount, now, without a database: for whoever checks a source."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

from app.collect.providers import known_providers, provider_of
from app.collect.rates import ask_rates
from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder
from app.domain.midrate import NoMidRate, mid_rate
from app.domain.money import Money
from app.domain.published import Json, published_price
from app.domain.quote import Age, Price
from app.domain.survey import Surveyed, SurveyRow, survey_prices
from scrapers import RATES
from scrapers.contract import Http, NotOffered, SurveySource, Unreachable


def ask_survey(
    source: SurveySource,
    path: Path,
    http: Http,
    providers_file: Path,
    corridor: Corridor,
    amount: Decimal,
) -> list[Json]:
    """The published price of sending `amount` with every surveyed service that has one there,
    in the file's order. Raises the errors of scrapers.contract.
    """
    readings, failures = ask_rates(http, RATES)
    try:
        mid = mid_rate(corridor.send_currency, corridor.receive_currency, readings)
    except NoMidRate as error:
        raise Unreachable("; ".join([str(error), *failures])) from error
    known = known_providers(providers_file)
    rows = _newest(source, path, corridor)
    surveyed = [
        Surveyed(row, provider_of(row, known).slug, hashlib.sha256(row.evidence).hexdigest())
        for row in rows
    ]
    prices = list(survey_prices(corridor, surveyed, mid, source.SLUG, []))
    providers = {one.provider: provider_of(one.row, known) for one in surveyed}
    found = [ladder.at_sent(Money(amount, corridor.send_currency)) for ladder in _ladders(prices)]
    answers = [answer for answer in found if isinstance(answer, Answer)]
    if not answers:
        raise NotOffered(f"{source.SLUG} has no price for {amount} on {corridor.slug}")
    return [
        published_price(answer, providers[answer.service.provider], Age.DATED) for answer in answers
    ]


def _newest(source: SurveySource, path: Path, corridor: Corridor) -> list[SurveyRow]:
    """The corridor's rows of the newest round in the file."""
    rows = [
        row
        for row in source.read(path)
        if isinstance(row, SurveyRow)
        and (row.send_country, row.receive_country)
        == (corridor.send_country, corridor.receive_country)
        and row.currency == corridor.send_currency
    ]
    newest = max((row.period for row in rows), default="")
    return [row for row in rows if row.period == newest]


def _ladders(prices: list[Price]) -> list[Ladder]:
    by_service: dict[tuple[object, ...], list[Price]] = {}
    for price in prices:
        by_service.setdefault(price.quote.service.identity, []).append(price)
    return [Ladder(rungs) for rungs in by_service.values()]
