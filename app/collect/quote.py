"""Asking one source for one amount, now, without a database: for whoever checks a source."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.collect.ask import ask_one
from app.collect.providers import known_providers, provider_of
from app.collect.rates import ask_rates
from app.db import rates
from app.db.engine import Database
from app.db.providers import plain_name
from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder
from app.domain.midrate import MidRate, MidReading, NoMidRate, mid_rate
from app.domain.money import Money
from app.domain.provider import Provider, ProviderKind
from app.domain.published import Json, published_price
from app.domain.quote import FRESH_FOR, Age, Observed, Price
from app.domain.survey import Surveyed, SurveyRow, survey_prices
from scrapers import SHIPPED_RATES
from scrapers.contract import (
    Firm,
    Http,
    NotOffered,
    Offer,
    PriceSource,
    SurveySource,
    Unreachable,
)
from scrapers.shipped import ShippedReplies


def ask_live(
    source: PriceSource,
    http: Http,
    data: Path,
    database: Database,
    corridor: Corridor,
    amount: Decimal,
) -> list[Json]:
    """The published price of every service that the source names for `amount`, in its order. No
    gate looks at them. Raises the errors of scrapers.contract, and IncoherentQuote as Unreadable.
    """
    now = datetime.now(UTC)
    mid = _mid(
        corridor, _kept_readings(database) or ask_rates(ShippedReplies(data), SHIPPED_RATES)[0]
    )
    known = known_providers(data / "providers.toml")
    answered = ask_one(http, source, (corridor, amount), lambda: now)
    if answered.error is not None:
        raise answered.error
    found = []
    for offer in answered.offers:
        price = Price(
            quote=offer.quote,
            source=source.SLUG,
            origin=source.ORIGIN,
            observed=Observed(min(offer.stated_at or now, now)),
            mid=mid,
            evidence=offer.reply.sha256,
            rung=amount,
            via=source.VIA,
            fresh_for=max(FRESH_FOR, source.BUDGET.interval),
        )
        quote = offer.quote
        answer = Answer(quote.paid, quote.fee, quote.received, (price,))
        found.append(published_price(answer, _provider(offer, known), price.age(now)))
    return found


def _provider(offer: Offer, known: dict[str, Provider]) -> Provider:
    said = offer.quote.service.provider
    by_slug = {one.slug: one for one in known.values()}
    firm = offer.firm or Firm(said, ProviderKind.MTO)
    return by_slug.get(said) or known.get(plain_name(said)) or Provider(said, firm.name, firm.kind)


def _mid(corridor: Corridor, readings: list[MidReading]) -> MidRate:
    try:
        return mid_rate(corridor.send_currency, corridor.receive_currency, readings)
    except NoMidRate as error:
        raise Unreachable(f"no mid rate to weigh a price against: {error}") from error


def _shipped_readings(data: Path) -> list[MidReading]:
    return ask_rates(ShippedReplies(data), SHIPPED_RATES)[0]


def _kept_readings(database: Database) -> list[MidReading]:
    """The newest that the database has; none if it is not set up."""
    try:
        with database.reading() as session:
            return rates.latest_readings(session)
    except SQLAlchemyError:
        return []


def ask_survey(
    source: SurveySource, path: Path, data: Path, corridor: Corridor, amount: Decimal
) -> list[Json]:
    """The published price of sending `amount` with every surveyed service that has one there,
    in the file's order. Raises the errors of scrapers.contract.
    """
    mid = _mid(corridor, _shipped_readings(data))
    known = known_providers(data / "providers.toml")
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
