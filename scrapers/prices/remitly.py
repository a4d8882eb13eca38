"""Remitly: its own price, for every way to be paid out. See docs/sources/remitly.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.countries import ALPHA2
from app.domain.money import Money
from app.domain.quote import Derived, Origin, Promotion, Quote, converted
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Service
from scrapers.apart import told_apart
from scrapers.contract import (
    EVERY_RUNG,
    Ask,
    Budget,
    Http,
    NotOffered,
    Offer,
    Refused,
    SourceError,
    Stance,
    Terms,
    Trouble,
    Unreadable,
)
from scrapers.fields import Field, fields

SLUG = "remitly"
SITE = "https://www.remitly.com/"
ORIGIN = Origin.LIVE
PROVIDER = "remitly"
VIA = ""
TERMS = Terms(Stance.GREEN, date(2026, 9, 2), "anonymous; its API host has no robots.txt")
BUDGET = Budget(per_hour=240, gap=10)
RUNGS = EVERY_RUNG

URL = "https://api.remitly.io/v3/calculator/estimate"
HEADERS = {"Origin": "https://www.remitly.com", "Referer": "https://www.remitly.com/"}

FORMER = {"BUR", "DDR", "FXX", "KSV", "ROM", "TMP", "WBG", "XKK", "YMD", "ZAR"}
"""Codes of countries that were replaced, or that only the World Bank uses."""

ALPHA3 = {alpha2: alpha3 for alpha3, alpha2 in ALPHA2.items() if alpha3 not in FORMER}

PAY_INS: dict[str, tuple[tuple[PaymentInstrument, ...], str]] = {
    "BANK": ((PaymentInstrument.BANK_ACCOUNT_TRANSFER,), ""),
    "OPEN_BANKING": ((PaymentInstrument.BANK_ACCOUNT_TRANSFER,), "open banking"),
    "DEBIT": ((PaymentInstrument.DEBIT_CARD,), ""),
}
PICKUPS: dict[str, tuple[PickupMethod, ...]] = {
    "BANK_DEPOSIT": (PickupMethod.BANK_ACCOUNT,),
    "CASH_PICKUP": (PickupMethod.CASH,),
    "MOBILE_MONEY": (PickupMethod.MOBILE_WALLET,),
    "HOME_DELIVERY": (PickupMethod.HOME_DELIVERY,),
    "PUSH_TO_CARD": (PickupMethod.CARD,),
}
MOST_TERMS = 500
"""Signs of the terms of a promotion that are kept."""


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """Every way to be paid out. Remitly's fee comes on top of the amount. Raises SourceError."""
    corridor = ask.corridor
    source = f"{ALPHA3[corridor.send_country]}:{corridor.send_currency}"
    target = f"{ALPHA3[corridor.receive_country]}:{corridor.receive_currency}"
    question = {
        "conduit": f"{source}-{target}",
        "anchor": "SEND",
        "amount": f"{ask.amount:f}",
        "purpose": "OTHER",
        "customer_segment": "UNRECOGNIZED",
        "strict_promo": "false",
    }
    reply = http.get(URL, params=question, headers=HEADERS, also=(400,))
    answer = fields(reply)
    if isinstance(answer.value, list):
        raise _refusal(list(answer.each()))
    if (error := answer.get("error_key")) is not None:
        said = f"{URL}: {error.text()}: {answer['message'].text()}"
        raise Refused(said) if error.value == "NOT_ALLOWED" else Unreadable(said)
    terms = _terms(answer)
    found = [(_way(one), _quote(one, ask, terms)) for one in _estimates(answer)]
    return told_apart((way, Offer(quote, reply)) for way, quote in found)


def _refusal(errors: list[Field]) -> SourceError:
    """Of a list of messages; one about the conduit says that the corridor is not served."""
    words = [error["message"].text() for error in errors]
    said = "; ".join(words)
    corridor_only = all("conduit" in word.lower() for word in words)
    return NotOffered(said) if corridor_only else Unreadable(f"{URL}: {said}")


def _estimates(answer: Field) -> Iterator[Field]:
    """The one shown first, and one for each other way to be paid out."""
    yield answer["estimate"]
    others = answer["pay_out_price_estimates"]
    if others.value is not None and others["estimates"].value is not None:
        yield from others["estimates"].each()


def _way(estimate: Field) -> str:
    return f"{estimate['pay_in_method'].text()} to {estimate['pay_out_method'].text()}"


def _terms(answer: Field) -> str:
    disclaimer = answer.get("disclaimer")
    primary = disclaimer.get("primary") if disclaimer else None
    return primary.text()[:MOST_TERMS] if primary else ""


def _quote(estimate: Field, ask: Ask, terms: str) -> Quote:
    """The price without the offer for new customers, which changes `receive_amount` too."""
    _echo(estimate, ask)
    pay_in = estimate["pay_in_method"].text()
    instruments, name = PAY_INS.get(pay_in, ((), pay_in))
    rate = estimate["exchange_rate"]["base_rate"].decimal()
    sent = Money(estimate["send_amount"].decimal(), ask.corridor.send_currency)
    fee = Money(estimate["fee"]["total_fee_amount"].decimal(), sent.currency)
    stated = Money(estimate["receive_amount"].decimal(), ask.corridor.receive_currency)
    raised = estimate["exchange_rate"].get("promotional_exchange_rate")
    worked_out = Money(converted(sent, rate), stated.currency).floor()
    return Quote(
        service=Service(
            provider=PROVIDER,
            corridor=ask.corridor,
            payment_instruments=instruments,
            access_points=(AccessPoint.INTERNET,),
            pickup_methods=PICKUPS.get(estimate["pay_out_method"].text(), ()),
            pay_in=name,
        ),
        paid=sent + fee,
        fee=fee,
        received=stated if raised is None else worked_out,
        rate=rate,
        derived=frozenset() if raised is None else frozenset({Derived.RECEIVED}),
        promotion=_promotion(estimate, sent, fee, stated, terms),
    )


def _echo(estimate: Field, ask: Ask) -> None:
    conduit, corridor = estimate["conduit"], ask.corridor
    conduit["source_country"].echoes(ALPHA3[corridor.send_country])
    conduit["source_currency"]["alpha3"].echoes(corridor.send_currency)
    conduit["target_country"].echoes(ALPHA3[corridor.receive_country])
    conduit["target_currency"]["alpha3"].echoes(corridor.receive_currency)
    estimate["send_amount"].echoes(ask.amount)


def _promotion(
    estimate: Field, sent: Money, fee: Money, stated: Money, terms: str
) -> Promotion | None:
    """None where a new customer pays what anybody pays. Raises Unreadable if the discounts that
    are named do not lead to the amounts that are stated."""
    discount = Money(estimate["discount"]["fee_discount_amount"].decimal(), sent.currency)
    charged = Money(estimate["total_charge_amount"].decimal(), sent.currency)
    if fee >= sent:
        raise _contradiction(estimate["fee"]["total_fee_amount"], f"a fee for sending {sent}")
    if charged != sent + fee - discount or fee < discount:
        raise _contradiction(estimate["total_charge_amount"], f"{sent} + {fee} - {discount}")
    exchange = estimate["exchange_rate"]
    base = exchange["base_rate"].decimal()
    raised, cap = (
        exchange.get(name)
        for name in ("promotional_exchange_rate", "capped_promotional_exchange_rate_amount")
    )
    rate = raised.decimal() if raised else base
    if rate == base and discount.amount == 0:
        return None
    at_rate = min(sent, Money(cap.decimal(), sent.currency)) if cap else sent
    blend = converted(at_rate, rate) + converted(sent - at_rate, base)
    if abs(blend - stated.amount) > max(stated.minor_unit, rate * sent.minor_unit):
        raise _contradiction(estimate["receive_amount"], f"{at_rate} at {rate}, the rest at {base}")
    return Promotion(rate, fee - discount, stated, terms)


def _contradiction(field: Field, expected: str) -> Unreadable:
    said = f"{field.path}: {field.value} is not what the rest says, {expected}"
    return Unreadable(said, Trouble.CONTRADICTION)
