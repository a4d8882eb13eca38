"""Instarem: its regular price, for every way to pay. See docs/sources/instarem.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.domain.money import Money
from app.domain.quote import Origin, Quote
from app.domain.service import AccessPoint, PaymentInstrument, Service
from scrapers.contract import (
    EVERY_RUNG,
    Ask,
    Budget,
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
from scrapers.promoted import standard_of
from scrapers.refusals import refusal

SLUG = "instarem"
SITE = "https://www.instarem.com/"
ORIGIN = Origin.LIVE
PROVIDER = "instarem"
VIA = ""
TERMS = Terms(
    Stance.GREEN,
    date(2026, 11, 20),
    "anonymous; robots.txt read by nobody yet, but by our client before the first call",
)
BUDGET = Budget(per_hour=180, gap=4, interval=timedelta(minutes=30))
RUNGS = EVERY_RUNG

BASE = "https://www.instarem.com/api/v1/public"
METHODS_URL = f"{BASE}/payment-method/fee"
PRICE_URL = f"{BASE}/transaction/computed-value"

INSTRUMENTS = {
    "Bank Transfer": PaymentInstrument.BANK_ACCOUNT_TRANSFER,
    "SEPA_INWARD_EUR": PaymentInstrument.BANK_ACCOUNT_TRANSFER,
    "Debit Card": PaymentInstrument.DEBIT_CARD,
    "STRIPE_EU_DEBIT": PaymentInstrument.DEBIT_CARD,
    "Credit Card": PaymentInstrument.CREDIT_CARD,
}
"""By `text` or `code`: `value` repeats the number of the method, which may change."""

FEES = ("transaction_fee_amount", "payment_method_fee_amount", "payout_method_fee_amount")
REFUSALS = ("source_validation", "destination_validation", "warning_message")


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """The fee is taken out of the amount. Raises SourceError."""
    corridor = ask.corridor
    if not corridor.in_own_currency:
        raise NotOffered(
            f"Instarem is asked by currency, and {corridor.receive_currency} is not "
            f"{corridor.receive_country}'s alone: its answer could be of another country"
        )
    answer = _asked(http, METHODS_URL, ask, {})[1]
    offers, refused, seen = [], [], set()
    for method in answer.each():
        instrument = _instrument(method)
        if instrument is None or not _within_limits(method, ask.amount):
            continue
        if instrument in seen:
            raise Unreadable(f"{method.path}: a second way to pay that is a {instrument}")
        seen.add(instrument)
        account = {"instarem_bank_account_id": f"{method['key'].number():f}"}
        reply, data = _asked(http, PRICE_URL, ask, account)
        words = [data[name].text() for name in REFUSALS if data[name].value not in (None, "")]
        if words:
            refused.append(f"{method['text'].text()}: {'; '.join(words)}")
        else:
            offers.append(Offer(_quote(data, ask, instrument), reply))
    if refused and not offers:
        raise refusal("; ".join(refused), PRICE_URL)
    if not offers:
        raise Unreadable(f"{answer.path}: no way to pay that we know", Trouble.EMPTY)
    return offers


def _asked(http: Http, url: str, ask: Ask, more: dict[str, str]) -> tuple[Reply, Field]:
    question = {
        "source_currency": ask.corridor.send_currency,
        "destination_currency": ask.corridor.receive_currency,
        "country_code": ask.corridor.send_country,
        "source_amount": f"{ask.amount:f}",
    }
    reply = http.get(url, params={**question, **more}, also=(400, 422))
    answer = fields(reply)
    if not answer["success"].truth():
        said = answer.get("message")
        raise refusal(said.text() if said else "success is false, and not why", url)
    return reply, answer["data"]


def _instrument(method: Field) -> PaymentInstrument | None:
    names = (method["text"].text(), method["code"].text())
    return next((INSTRUMENTS[name] for name in names if name in INSTRUMENTS), None)


def _within_limits(method: Field, amount: Decimal) -> bool:
    limits: Field | None = method
    for key in ("config", "limit", "individual", "inward"):
        limits = limits.get(key) if limits else None
    return limits is None or limits["min"].number() <= amount <= limits["max"].number()


def _quote(data: Field, ask: Ask, instrument: PaymentInstrument) -> Quote:
    corridor = ask.corridor
    data["country_code"].echoes(corridor.send_country)
    data["source_currency"].echoes(corridor.send_currency)
    data["destination_currency"].echoes(corridor.receive_currency)
    data["gross_source_amount"].echoes(ask.amount)
    if data["net_tax_amount"].number():
        raise Unreadable(f"{data.path}.net_tax_amount: a tax, not known to be part of the fee")
    first = Quote(
        service=Service(
            PROVIDER,
            corridor,
            payment_instruments=(instrument,),
            access_points=(AccessPoint.INTERNET,),
            pickup_methods=(),
        ),
        paid=Money(data["gross_source_amount"].number(), corridor.send_currency),
        fee=_sum(data, FEES, corridor.send_currency),
        received=Money(data["destination_amount"].number(), corridor.receive_currency),
        rate=data["instarem_fx_rate"].number(),
    )
    regular_fee = _sum(data, [f"regular_{name}" for name in FEES], corridor.send_currency)
    rate = data["regular_instarem_fx_rate"].number()
    return standard_of(first, rate, regular_fee, terms="first transfer")


def _sum(data: Field, names: list[str] | tuple[str, ...], currency: str) -> Money:
    return Money(sum((data[name].number() for name in names), Decimal(0)), currency)
