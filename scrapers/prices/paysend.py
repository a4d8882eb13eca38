"""Paysend: its calculator, where no fee is charged. See docs/sources/paysend.md."""

from __future__ import annotations

from datetime import date

from app.domain.money import Money
from app.domain.quote import Derived, Origin, Quote, converted
from app.domain.service import AccessPoint, Service
from scrapers.contract import (
    EVERY_RUNG,
    Ask,
    Budget,
    Http,
    NotOffered,
    Offer,
    Stance,
    Terms,
    Unreadable,
)
from scrapers.fields import fields

SLUG = "paysend"
SITE = "https://paysend.com/"
ORIGIN = Origin.LIVE
PROVIDER = "paysend"
VIA = ""
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "anonymous; robots.txt is obeyed as it is found")
BUDGET = Budget(per_hour=120, gap=5)
RUNGS = EVERY_RUNG

URL = "https://paysend.com/api/calculator"
COMPLAINTS = (400, 422)


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """One price, if there is no fee: whether one would come on top or be taken out is not known,
    and without one both give the same. Raises SourceError."""
    corridor = ask.corridor
    question = {
        "lang": "en",
        "country": corridor.send_country.lower(),
        "operation": "send",
        "amount": f"{ask.amount:f}",
        "sourceCountry": corridor.send_country.lower(),
        "targetCountry": corridor.receive_country.lower(),
        "sourceCurrency": corridor.send_currency.lower(),
        "targetCurrency": corridor.receive_currency.lower(),
    }
    reply = http.get(URL, params=question, also=COMPLAINTS)
    if reply.status in COMPLAINTS:
        said = reply.body[:200].decode(errors="replace")
        raise Unreadable(f"{URL}: status {reply.status}, {said}")
    found = fields(reply)["calculator"]["transaction"]
    fee, rate = found["commissionAmount"].number(), found["conversionRate"].decimal()
    if fee < 0:
        raise Unreadable(f"{URL}: commissionAmount is {fee}, and a fee is never below zero")
    if fee != 0:
        raise NotOffered(f"fee model not known: it asks {fee}, on top or taken out")
    sent = Money(ask.amount, corridor.send_currency)
    quote = Quote(
        service=Service(PROVIDER, corridor, (), (AccessPoint.INTERNET,), ()),
        paid=sent,
        fee=Money(fee, corridor.send_currency),
        received=Money(converted(sent, rate), corridor.receive_currency).floor(),
        rate=rate,
        derived=frozenset({Derived.RECEIVED}),
    )
    return [Offer(quote, reply)]
