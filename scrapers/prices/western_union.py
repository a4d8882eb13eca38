"""Western Union: its own price, for every way to pay and be paid out. See
docs/sources/western_union.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.money import Money
from app.domain.quote import Origin, Quote
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service, Speed
from scrapers.apart import told_apart
from scrapers.contract import (
    EVERY_RUNG,
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
from scrapers.speeds import speed_in_days

SLUG = "western_union"
SITE = "https://www.westernunion.com/"
ORIGIN = Origin.LIVE
PROVIDER = "western-union"
VIA = ""
TERMS = Terms(
    Stance.AMBER, date(2026, 11, 20), "robots.txt allows it, but a bot wall turns some away"
)
BUDGET = Budget(per_hour=60, gap=10)
RUNGS = EVERY_RUNG

URL = "https://www.westernunion.com/wuconnect/prices/catalog"
NO_PRICES = "MISSING PRICING SETUP"

PICKUPS = {
    "000": PickupMethod.CASH,
    "500": PickupMethod.BANK_ACCOUNT,
    "800": PickupMethod.MOBILE_WALLET,
}
CARD = (PaymentInstrument.DEBIT_CARD, PaymentInstrument.CREDIT_CARD)
PAY_INS: dict[str, tuple[tuple[PaymentInstrument, ...], str]] = {
    "CC": (CARD, ""),
    "EB": ((PaymentInstrument.BANK_ACCOUNT_TRANSFER,), ""),
}
DAYS = re.compile(r"(?:\d+-)?(\d+)", re.ASCII)


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """Every way to pay and be paid out. The fee comes on top of the amount. Raises SourceError."""
    corridor = ask.corridor
    receiver = corridor.receive_country
    question = {
        "header_request": {"version": "0.5", "request_type": "PRICECATALOG"},
        "sender": {
            "client": "WUCOM",
            "channel": "WWEB",
            "funds_in": "*",
            "curr_iso3": corridor.send_currency,
            "cty_iso2_ext": corridor.send_country,
            "send_amount": f"{ask.amount:f}",
        },
        "receiver": {
            "curr_iso3": corridor.receive_currency,
            "cty_iso2_ext": receiver,
            "cty_iso2": receiver,
        },
    }
    reply = http.post(URL, json=question)
    answer = fields(reply)
    _check_status(answer["response_status"])
    _echo(answer, ask)
    groups = list(_pay_groups(answer))
    if not groups:
        raise Unreadable(f"{reply.url}: none of the services that we know", Trouble.EMPTY)
    offers = [
        (_way(service, group), Offer(quote, reply))
        for service, group in groups
        if (quote := _quote(service, group, ask))
    ]
    if not offers:
        raise NotOffered(f"{ask.amount} is outside the limits of every way to pay")
    return told_apart(offers)


def _check_status(status: Field) -> None:
    """0 is a success and 1 one with a warning; errors come in a success of HTTP too."""
    number, said = status["status"].number(), status["message"].text()
    if number < 0 and NO_PRICES in said:
        raise NotOffered(said)
    if number not in (0, 1):
        raise Unreadable(f"{URL}: status {number}, {status['code'].text()}: {said}")


def _echo(answer: Field, ask: Ask) -> None:
    corridor, sender, receiver = ask.corridor, answer["sender"], answer["receiver"]
    sender["cty_iso2_ext"].echoes(corridor.send_country)
    sender["curr_iso3"].echoes(corridor.send_currency)
    sender["send_amount"].echoes(ask.amount)
    receiver["cty_iso2_ext"].echoes(corridor.receive_country)
    receiver["curr_iso3"].echoes(corridor.receive_currency)


def _pay_groups(answer: Field) -> Iterator[tuple[Field, Field]]:
    """Each service that we know, with each way to pay for it. Others may be bills or top-ups."""
    for service in answer["services_groups"].each():
        if service["service"].text() in PICKUPS:
            for group in service["pay_groups"].each():
                yield service, group


def _way(service: Field, group: Field) -> str:
    names = (group["fund_in"], service["service"], service["fund_out"])
    return " ".join(name.text() for name in names)


def _quote(service: Field, group: Field, ask: Ask) -> Quote | None:
    """None if the amount is outside the limits of this way to pay."""
    lowest, highest = group["min_amount"].number(), group["max_amount"].number()
    if not lowest <= ask.amount <= highest:
        return None
    group["send_amount"].echoes(ask.amount)
    fee, base_fee = group["gross_fee"].number(), group["base_fee"].number()
    if fee < base_fee:
        said = f"{group.path}.gross_fee: {fee} is below the base fee {base_fee}: is it an offer?"
        raise Unreadable(said, Trouble.CONTRADICTION)
    corridor, fund_in = ask.corridor, group["fund_in"].text()
    instruments, name = PAY_INS.get(fund_in, ((), fund_in))
    return Quote(
        service=Service(
            provider=PROVIDER,
            corridor=corridor,
            payment_instruments=instruments,
            access_points=(AccessPoint.INTERNET,),
            pickup_methods=(PICKUPS[service["service"].text()],),
            pay_in=name,
            speed=_speed(group),
        ),
        paid=Money(group["gross_amount"].number(), corridor.send_currency),
        fee=Money(fee, corridor.send_currency),
        received=Money(group["receive_amount"].number(), corridor.receive_currency),
        rate=group["fx_rate"].number(),
    )


def _speed(group: Field) -> Speed | None:
    """Stated as "0" for minutes or "1-3" for days, of which the last counts; may be missing."""
    stated = group.get("speed_indicator")
    days = DAYS.fullmatch(stated.text()) if stated else None
    if days is None:
        return None
    last = int(days[1])
    return speed_in_days(last) if last else Speed.LESS_THAN_ONE_HOUR
