"""Ria: paid from a bank account, for three ways to be paid. See docs/sources/ria.md."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.domain.money import Money
from app.domain.quote import Origin, Promotion, Quote, converted
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
from scrapers.contract import (
    Ask,
    Budget,
    Http,
    NotOffered,
    Offer,
    Stance,
    Terms,
    Trouble,
    Unreadable,
)
from scrapers.fields import Field, fields
from scrapers.promoted import standard_of
from scrapers.refusals import refusal

SLUG = "ria"
SITE = "https://www.riamoneytransfer.com/"
ORIGIN = Origin.LIVE
PROVIDER = "ria"
VIA = ""
TERMS = Terms(
    Stance.AMBER,
    date(2026, 11, 20),
    "needs the guest token that every visitor gets; robots.txt and terms not read",
)
BUDGET = Budget(per_hour=60, gap=6, interval=timedelta(minutes=30))
RUNGS = tuple(Decimal(rung) for rung in (40, 100, 200, 500, 1000, 2000))

SESSION_URL = "https://public.riamoneytransfer.com/Authorization/session"
URL = "https://public.riamoneytransfer.com/MoneyTransferCalculator/Calculate"

PAYMENT = "BankAccount"
PICKUPS = {
    "BankDeposit": PickupMethod.BANK_ACCOUNT,
    "OfficePickup": PickupMethod.CASH,
    "MobilePayment": PickupMethod.MOBILE_WALLET,
}

TOKEN = re.compile(r"[\w.~+/=-]+", re.ASCII)


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """The fee comes on top of the amount. Raises SourceError."""
    headers = _session(http, ask)
    offers, refused = [], []
    listed: Collection[str] = PICKUPS
    for delivery, pickup in PICKUPS.items():
        if delivery not in listed:
            continue
        reply = http.post(URL, json=_question(ask, delivery), headers=headers)
        answer = fields(reply)
        if words := _error(answer):
            refused.append(f"{delivery}: {words}")
            continue
        details = answer["model"]["transferDetails"]
        listed = _listed(details, "deliveryMethods", listed)
        if delivery in listed and PAYMENT in _listed(details, "paymentMethods", [PAYMENT]):
            offers.append(Offer(_quote(details, ask, delivery, pickup), reply))
        else:
            refused.append(f"{delivery} from a {PAYMENT} is not among the ways that Ria lists")
    if not offers:
        raise NotOffered("; ".join(refused))
    return offers


def _session(http: Http, ask: Ask) -> dict[str, str]:
    """The headers of a guest. The token is in a header or, in an older variant, the body."""
    place = {"IsoCode": ask.corridor.send_country, "CultureCode": "nl-NL"}
    reply = http.get(SESSION_URL, headers=place)
    token = reply.headers.get("bearer")
    if not token:
        token = fields(reply)["authToken"]["jwtToken"].text()
    if not TOKEN.fullmatch(token):
        raise Unreadable(f"{SESSION_URL}: a guest token with odd signs in it")
    kind = {"AppType": "2", "AppVersion": "4.0", "Client-Type": "PublicSite"}
    return {**place, **kind, "Authorization": f"Bearer {token}"}


def _question(ask: Ask, delivery: str) -> dict[str, object]:
    selections = {
        "countryFrom": ask.corridor.send_country,
        "countryTo": ask.corridor.receive_country,
        "amountFrom": ask.amount,
        "currencyFrom": ask.corridor.send_currency,
        "currencyTo": ask.corridor.receive_currency,
        "paymentMethod": PAYMENT,
        "deliveryMethod": delivery,
        "shouldCalcAmountFrom": False,
        "shouldCalcVariableRates": True,
        "promoId": 0,
    }
    return {"selections": selections}


def _error(answer: Field) -> str:
    """Why there is no price, in Ria's words; "" if there is one."""
    response = answer.get("errorResponse")
    errors = response.get("errors") if response else None
    words = "; ".join(error["message"].text() for error in errors.each()) if errors else ""
    if words and not isinstance(error := refusal(words, URL), NotOffered):
        raise error
    return words


def _listed(details: Field, name: str, otherwise: Collection[str]) -> Collection[str]:
    """The values that the answer offers under `name`, `otherwise` where it lists none."""
    options = details.get("transferOptions")
    methods = options.get(name) if options else None
    return [method["value"].text() for method in methods.each()] if methods else otherwise


def _quote(details: Field, ask: Ask, delivery: str, pickup: PickupMethod) -> Quote:
    corridor, selected = ask.corridor, details["selections"]
    selected["countryFrom"].echoes(corridor.send_country)
    selected["countryTo"].echoes(corridor.receive_country)
    selected["currencyFrom"].echoes(corridor.send_currency)
    selected["currencyTo"].echoes(corridor.receive_currency)
    selected["paymentMethod"].echoes(PAYMENT)
    selected["deliveryMethod"].echoes(delivery)
    found = details["calculations"]
    found["amountFrom"].echoes(ask.amount)
    paid = Money(found["totalAmount"].number(), corridor.send_currency)
    fee = Money(found["totalFeesAndTaxes"].number(), corridor.send_currency)
    if (paid - fee).amount != ask.amount:
        raise Unreadable(
            f"{found.path}.totalAmount: {paid} is not {ask.amount} and {fee} on top of it",
            Trouble.CONTRADICTION,
        )
    service = Service(
        PROVIDER,
        corridor,
        payment_instruments=(PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
        access_points=(AccessPoint.INTERNET,),
        pickup_methods=(pickup,),
    )
    received = Money(found["amountTo"].number(), corridor.receive_currency)
    promo = found.get("exchangeRatePromo")
    rate = found["exchangeRate"].number()
    return _priced(service, paid, fee, received, rate, promo.number() if promo else None)


def _priced(
    service: Service, paid: Money, fee: Money, received: Money, rate: Decimal, promo: Decimal | None
) -> Quote:
    """The price at `rate`, with `promo` beside it where that is better. What arrives is published
    at one of the two rates, and which one is not said: it is the nearer one."""
    if promo is None or promo <= rate:
        return Quote(service, paid, fee, received, rate)
    terms, sent = "promotional rate", paid - fee
    if received.amount - converted(sent, rate) > converted(sent, promo) - received.amount:
        return standard_of(Quote(service, paid, fee, received, promo), rate, fee, terms)
    more = Money(converted(sent, promo), received.currency).floor()
    return replace(
        Quote(service, paid, fee, received, rate), promotion=Promotion(promo, fee, more, terms)
    )
