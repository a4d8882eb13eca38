"""Wise: its own price, for every way to pay. See docs/sources/wise.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from app.domain.money import Money
from app.domain.quote import Origin, Quote
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
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
    Unreadable,
)
from scrapers.fields import Field, fields
from scrapers.speeds import speed_between

SLUG = "wise"
SITE = "https://wise.com/"
ORIGIN = Origin.LIVE
PROVIDER = "wise"
VIA = ""
TERMS = Terms(Stance.GREEN, date(2026, 9, 9), "anonymous; robots.txt allows quotes by currency")
BUDGET = Budget(per_hour=240, gap=3, interval=timedelta(minutes=30))
RUNGS = EVERY_RUNG

URL = "https://api.wise.com/v3/quotes/"

PAY_INS: dict[str, tuple[PaymentInstrument, str]] = {
    "BANK_TRANSFER": (PaymentInstrument.BANK_ACCOUNT_TRANSFER, ""),
    "IDEAL": (PaymentInstrument.BANK_ACCOUNT_TRANSFER, "iDEAL"),
    "DEBIT": (PaymentInstrument.DEBIT_CARD, ""),
    "CREDIT": (PaymentInstrument.CREDIT_CARD, ""),
    "VISA_DEBIT_OR_PREPAID": (PaymentInstrument.DEBIT_CARD, "Visa"),
    "MC_DEBIT_OR_PREPAID": (PaymentInstrument.DEBIT_CARD, "Mastercard"),
    "VISA_CREDIT": (PaymentInstrument.CREDIT_CARD, "Visa"),
    "MC_CREDIT": (PaymentInstrument.CREDIT_CARD, "Mastercard"),
    "MAESTRO": (PaymentInstrument.DEBIT_CARD, "Maestro"),
}
"""Those that a sender from the Netherlands can use without a balance at Wise."""

NOT_OFFERED = {"sourceCurrency", "targetCurrency", "sourceAmount", "sendAmount"}
"""What an error is about if Wise does not send that currency or amount."""

OK = 200

PICKUPS = {"BANK_TRANSFER": (PickupMethod.BANK_ACCOUNT,)}


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """Every way to pay that is open. Wise takes its fee out of the amount. Raises SourceError."""
    corridor = ask.corridor
    if not corridor.in_own_currency:
        raise NotOffered(
            f"Wise is asked by currency, and {corridor.receive_currency} is not "
            f"{corridor.receive_country}'s alone: its answer could be of another country"
        )
    question: dict[str, str | Decimal] = {
        "sourceCurrency": corridor.send_currency,
        "targetCurrency": corridor.receive_currency,
        "sourceAmount": ask.amount,
    }
    reply = http.post(URL, json=question, also=(400, 422))
    answer = fields(reply)
    raise_errors(reply, answer)
    for name, asked in question.items():
        answer[name].echoes(asked)
    asked_at = answer["createdTime"].time()
    offers = [Offer(quote, reply, asked_at) for quote in _quotes(answer, ask)]
    if not offers:
        raise Unreadable(f"{reply.url}: no way to pay is open at a standard price")
    return offers


def raise_errors(reply: Reply, answer: Field) -> None:
    """Wise's own complaint, if it has one: NotOffered about a currency or the amount, else
    Unreadable."""
    errors = answer.get("errors")
    found = list(errors.each()) if errors is not None else []
    if not found and reply.status == OK:
        return
    said = "; ".join(error["message"].text() for error in found) or "no reason given"
    about = {path.text() if (path := error.get("path")) else "" for error in found}
    if found and about <= NOT_OFFERED:
        raise NotOffered(said)
    raise Unreadable(f"{reply.url}: status {reply.status}, {said}")


def _quotes(answer: Field, ask: Ask) -> Iterator[Quote]:
    corridor, rate = ask.corridor, answer["rate"].number()
    for option in answer["paymentOptions"].each():
        pay_in = option["payIn"].text()
        if pay_in not in PAY_INS or option["disabled"].truth():
            continue
        fee = option["fee"]
        if fee["discount"].number() != 0:
            continue
        option["sourceAmount"].echoes(ask.amount)
        option["sourceCurrency"].echoes(corridor.send_currency)
        option["targetCurrency"].echoes(corridor.receive_currency)
        instrument, name = PAY_INS[pay_in]
        yield Quote(
            service=Service(
                provider=PROVIDER,
                corridor=corridor,
                payment_instruments=(instrument,),
                access_points=(AccessPoint.INTERNET,),
                pickup_methods=PICKUPS.get(option["payOut"].text(), ()),
                pay_in=name,
                speed=speed_between(
                    answer["createdTime"].time(), option["estimatedDelivery"].time()
                ),
            ),
            paid=Money(option["sourceAmount"].number(), corridor.send_currency),
            fee=Money(fee["total"].number(), corridor.send_currency),
            received=Money(option["targetAmount"].number(), corridor.receive_currency),
            rate=rate,
        )
