"""WorldRemit: every way to pay and to be paid. See docs/sources/worldremit.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from app.domain.money import Money
from app.domain.quote import Origin, Quote
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service, Speed
from scrapers.contract import (
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
from scrapers.speeds import speed_in_days

SLUG = "worldremit"
SITE = "https://www.worldremit.com/"
ORIGIN = Origin.LIVE
PROVIDER = "worldremit"
VIA = ""
TERMS = Terms(
    Stance.AMBER,
    date(2026, 11, 20),
    "its pages stand behind a bot wall, its API host does not; robots.txt and terms not read",
)
BUDGET = Budget(per_hour=60, gap=6, interval=timedelta(minutes=30))
RUNGS = tuple(Decimal(rung) for rung in (40, 100, 200, 500, 1000, 2000))

URL = "https://api.worldremit.com/graphql"

PICKUPS = {
    "BNK": PickupMethod.BANK_ACCOUNT,
    "CSH": PickupMethod.CASH,
    "MOB": PickupMethod.MOBILE_WALLET,
}
"""Airtime (ATP) is no money, and of PTV nobody knows what it is."""

PAY_INS = {
    "ideal": (PaymentInstrument.BANK_ACCOUNT_TRANSFER, "iDEAL"),
    "banktransfer": (PaymentInstrument.BANK_ACCOUNT_TRANSFER, ""),
    "debitcard": (PaymentInstrument.DEBIT_CARD, ""),
    "creditcard": (PaymentInstrument.CREDIT_CARD, ""),
}
"""By name, in small letters only."""

WITHIN = re.compile(r"within (\d+) (minute|hour|day)", re.IGNORECASE)

WAYS = """query payOutMethods($sendCountry: CountryCode!, $receiveCountry: CountryCode!,
 $receiveCurrency: CurrencyCode!) {
 payOutMethods(payOutMethodsInput: {sendCountry: $sendCountry, receiveCountry: $receiveCountry,
  receiveCurrency: $receiveCurrency}) {
  code payOutTimeEstimate correspondents { id name } } }"""

CALCULATION = """mutation createCalculation($amount: BigDecimal!, $type: CalculationType!,
 $sendCountryCode: CountryCode!, $sendCurrencyCode: CurrencyCode!,
 $receiveCountryCode: CountryCode!, $receiveCurrencyCode: CurrencyCode!,
 $payOutMethodCode: String, $correspondentId: String) {
 createCalculation(calculationInput: {amount: $amount, type: $type,
  send: {country: $sendCountryCode, currency: $sendCurrencyCode},
  receive: {country: $receiveCountryCode, currency: $receiveCurrencyCode},
  payOutMethodCode: $payOutMethodCode, correspondentId: $correspondentId}) {
  calculation { isFree send { amount currency } receive { amount currency }
   exchangeRate { value crossedOutValue }
   informativeSummary { fee { value { amount currency } type }
    discount { value { amount currency } type } appliedPromotions totalToPay { amount } }
   payInMethodsCalculations { totalToPay { amount currency } payInMethod { id name } } }
  errors { __typename ... on ValidationCalculationError { message }
   ... on GenericCalculationError { message } } } }"""


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """The fee comes on top of the amount. Raises SourceError."""
    offers, refused = [], []
    for way in _asked(http, "payOutMethods", WAYS, _places(ask))[1]["payOutMethods"].each():
        pickup = PICKUPS.get(way["code"].text())
        if pickup is None:
            continue
        reply, data = _asked(http, "createCalculation", CALCULATION, _question(ask, way))
        result = data["createCalculation"]
        words = _refusals(result["errors"]) or _promotions(result["calculation"])
        if words:
            refused.append(f"{way['code'].text()}: {words}")
            continue
        speed = _speed(way["payOutTimeEstimate"])
        offers += [
            Offer(quote, reply) for quote in _quotes(result["calculation"], ask, pickup, speed)
        ]
    if refused and not offers:
        raise NotOffered("; ".join(refused))
    if not offers:
        raise Unreadable(f"{URL}: no way to pay or to be paid that we know", Trouble.EMPTY)
    return offers


def _places(ask: Ask) -> dict[str, object]:
    return {
        "sendCountry": ask.corridor.send_country,
        "receiveCountry": ask.corridor.receive_country,
        "receiveCurrency": ask.corridor.receive_currency,
    }


def _question(ask: Ask, way: Field) -> dict[str, object]:
    first = next(way["correspondents"].each(), None)
    return {
        "amount": ask.amount,
        "type": "SEND",
        "sendCountryCode": ask.corridor.send_country,
        "sendCurrencyCode": ask.corridor.send_currency,
        "receiveCountryCode": ask.corridor.receive_country,
        "receiveCurrencyCode": ask.corridor.receive_currency,
        "payOutMethodCode": way["code"].text(),
        "correspondentId": first["id"].text() if first else "",
    }


def _asked(
    http: Http, operation: str, query: str, variables: dict[str, object]
) -> tuple[Reply, Field]:
    """The number of the request is made from the question: the same question has the same."""
    number = uuid5(NAMESPACE_URL, f"{URL} {operation} {sorted(variables.items())}")
    headers = {"X-WR-Platform": "Web", "x-wr-requestid": str(number)}
    question = {"operationName": operation, "variables": variables, "query": query}
    reply = http.post(URL, json=question, headers=headers)
    answer = fields(reply)
    if (errors := answer.get("errors")) is not None:
        raise refusal("; ".join(error["message"].text() for error in errors.each()), URL)
    return reply, answer["data"]


def _refusals(errors: Field) -> str:
    """What is wrong with the question, in WorldRemit's words; "" for nothing."""
    said = [(error["__typename"].text(), error["message"].text()) for error in errors.each()]
    words = "; ".join(message for _, message in said)
    if any(kind != "ValidationCalculationError" for kind, _ in said):
        raise refusal(words, URL)
    return words


def _promotions(found: Field) -> str:
    """Why the standard fee is not known, "" if it is: a fee that is waived or lowered by an
    offer is published without the fee that it replaces."""
    summary = found["informativeSummary"]
    lowered = [summary[name] for name in ("discount", "appliedPromotions")]
    waived = found["isFree"].truth() and found["exchangeRate"]["crossedOutValue"].value is not None
    if waived or any(one.value not in (None, []) for one in lowered):
        return "only the price of an offer is published, without the standard fee"
    return ""


def _speed(estimate: Field) -> Speed | None:
    """Of "⚡ Within 5 minutes". A number of hours may pass midnight."""
    found = WITHIN.search(estimate.text()) if estimate.value is not None else None
    if found is None:
        return None
    count, unit = int(found[1]), found[2].lower()
    if unit == "day":
        return speed_in_days(count)
    hours = count if unit == "hour" else -(-count // 60)
    return Speed.LESS_THAN_ONE_HOUR if hours <= 1 else speed_in_days(-(-hours // 24))


def _quotes(found: Field, ask: Ask, pickup: PickupMethod, speed: Speed | None) -> Iterator[Quote]:
    corridor, rates = ask.corridor, found["exchangeRate"]
    found["send"]["amount"].echoes(ask.amount)
    found["send"]["currency"].echoes(corridor.send_currency)
    found["receive"]["currency"].echoes(corridor.receive_currency)
    _on_top(found["informativeSummary"], ask)
    for option in found["payInMethodsCalculations"].each():
        name = re.sub("[^a-z]", "", option["payInMethod"]["name"].text().lower())
        if name not in PAY_INS:
            continue
        instrument, pay_in = PAY_INS[name]
        option["totalToPay"]["currency"].echoes(corridor.send_currency)
        paid = Money(option["totalToPay"]["amount"].number(), corridor.send_currency)
        offered = Quote(
            service=Service(
                PROVIDER,
                corridor,
                payment_instruments=(instrument,),
                access_points=(AccessPoint.INTERNET,),
                pickup_methods=(pickup,),
                pay_in=pay_in,
                speed=speed,
            ),
            paid=paid,
            fee=paid - Money(ask.amount, corridor.send_currency),
            received=Money(found["receive"]["amount"].number(), corridor.receive_currency),
            rate=rates["value"].number(),
        )
        crossed_out = rates["crossedOutValue"]
        rate = offered.rate if crossed_out.value is None else crossed_out.number()
        yield standard_of(offered, rate, offered.fee, terms="promotional rate")


def _on_top(summary: Field, ask: Ask) -> None:
    fee = summary["fee"]["value"]
    fee["currency"].echoes(ask.corridor.send_currency)
    total = summary["totalToPay"]["amount"]
    if total.number() != ask.amount + fee["amount"].number():
        raise Unreadable(
            f"{total.path}: {total.number()} is not {ask.amount} and the fee on top of it",
            Trouble.CONTRADICTION,
        )
