"""What Wise says that others charge: estimates. See docs/sources/wise_comparisons.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.provider import ProviderKind
from app.domain.quote import Origin, Quote
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
from scrapers.contract import (
    EVERY_RUNG,
    Ask,
    Budget,
    Firm,
    Http,
    NotOffered,
    Offer,
    Reply,
    Stance,
    Terms,
    Trouble,
    Unreadable,
)
from scrapers.fields import Field, fields
from scrapers.prices.wise import raise_errors

SLUG = "wise_comparisons"
SITE = "https://wise.com/"
ORIGIN = Origin.LIVE
PROVIDER = ""
VIA = "wise"
TERMS = Terms(
    Stance.GREEN, date(2026, 9, 9), "anonymous; robots.txt allows comparisons by currency"
)
BUDGET = Budget(per_hour=240, gap=3, interval=timedelta(minutes=30))
RUNGS = EVERY_RUNG

URL = "https://api.wise.com/v4/comparisons/"
ITSELF = "wise"
"""Its own row: it has a source of its own, with every way to pay."""

ALIAS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)

KINDS = {"bank": ProviderKind.BANK, "moneyTransferProvider": ProviderKind.MTO}


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """One price per firm; the fee is taken out of the amount. Raises SourceError."""
    corridor = ask.corridor
    asked = {
        "sourceCurrency": corridor.send_currency,
        "targetCurrency": corridor.receive_currency,
        "sourceCountry": corridor.send_country,
        "targetCountry": corridor.receive_country,
    }
    others = {"sendAmount": f"{ask.amount:f}", "includeWise": "true", "numberOfProviders": "50"}
    reply = http.get(URL, params=asked | others, also=(400, 422))
    answer = fields(reply)
    raise_errors(reply, answer)
    answer["amount"].echoes(ask.amount)
    answer["amountType"].echoes("SEND")
    for name, value in asked.items():
        if "Currency" in name or answer[name].value is not None:
            answer[name].echoes(value)
    offers = list(_offers(answer["providers"], reply, ask))
    if not offers:
        raise NotOffered(f"Wise knows no price of another firm on {corridor.slug}")
    return offers


def _offers(rows: Field, reply: Reply, ask: Ask) -> Iterator[Offer]:
    seen = {ITSELF}
    for row in rows.each():
        alias = row["alias"].text()
        if not ALIAS.fullmatch(alias):
            raise Unreadable(f"{row.path}.alias: {alias[:40]!r} is no short name")
        said = _said_for(ask.corridor, row["quotes"])
        if alias == ITSELF or said is None or said["fee"].number() >= ask.amount:
            continue
        if alias in seen:
            raise Unreadable(f"{row.path}: {alias} is there twice", Trouble.CONTRADICTION)
        seen.add(alias)
        firm = Firm(row["name"].text(), KINDS.get(row["type"].text(), ProviderKind.OTHER))
        yield Offer(_quote(alias, said, ask), reply, said["dateCollected"].time(), firm)


def _said_for(corridor: Corridor, quotes: Field) -> Field | None:
    """What is said for these very countries, else for any; never for other ones. Any country is
    not enough where many use the currency: dollars go to far fewer places than use them."""
    asked = (corridor.send_country, corridor.receive_country)
    fitting: dict[tuple[bool, ...], Field] = {}
    for quote in quotes.each():
        countries = [_country(quote["sourceCountry"]), _country(quote["targetCountry"])]
        if countries[1] is None and not corridor.in_own_currency:
            continue
        if all(said in (None, one) for said, one in zip(countries, asked, strict=True)):
            how = tuple(said is None for said in countries)
            if how in fitting:
                raise Unreadable(f"{quote.path}: a second price here", Trouble.CONTRADICTION)
            fitting[how] = quote
    return fitting[min(fitting)] if fitting else None


def _country(said: Field) -> str | None:
    return None if said.value is None else said.text()


def _quote(alias: str, said: Field, ask: Ask) -> Quote:
    corridor = ask.corridor
    return Quote(
        service=Service(
            provider=alias,
            corridor=corridor,
            payment_instruments=(PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
            access_points=(AccessPoint.INTERNET,),
            pickup_methods=(PickupMethod.BANK_ACCOUNT,),
        ),
        paid=Money(ask.amount, corridor.send_currency),
        fee=Money(said["fee"].number(), corridor.send_currency),
        received=Money(said["receivedAmount"].number(), corridor.receive_currency),
        rate=said["rate"].number(),
    )
