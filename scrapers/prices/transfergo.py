"""TransferGo: its own price, for every way to pay and be paid out. See
docs/sources/transfergo.md."""

from __future__ import annotations

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
    SourceError,
    Stance,
    Terms,
    Trouble,
    Unreadable,
)
from scrapers.fields import Field, fields
from scrapers.promoted import standard_of

SLUG = "transfergo"
SITE = "https://www.transfergo.com/"
ORIGIN = Origin.LIVE
PROVIDER = "transfergo"
VIA = ""
TERMS = Terms(
    Stance.AMBER, date(2026, 11, 20), "anonymous, but Cloudflare blocks bursts; robots.txt unread"
)
BUDGET = Budget(per_hour=60, gap=30)
RUNGS = EVERY_RUNG

URL = "https://my.transfergo.com/api/booking/quotes"

OUT_OF_LIMITS = {"tooSmallAmount", "AMOUNT_IS_TOO_SMALL", "AMOUNT_IS_TOO_LARGE"}

PAY_INS: dict[str, tuple[PaymentInstrument, ...]] = {
    "bank": (PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
}
"""Of a "card" it is not known whether credit cards cost the same."""

PICKUPS: dict[str, tuple[PickupMethod, ...]] = {
    "iban": (PickupMethod.BANK_ACCOUNT,),
    "ngLocalAccountNgn": (PickupMethod.BANK_ACCOUNT,),
    "card": (PickupMethod.CARD,),
    "mobileWallet": (PickupMethod.MOBILE_WALLET,),
    "phWallet": (PickupMethod.MOBILE_WALLET,),
}
SPEEDS = {
    "in_minutes": Speed.LESS_THAN_ONE_HOUR,
    "in_one_business_day": Speed.NEXT_DAY,
    "in_one_two_business_days": Speed.TWO_DAYS,
}


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """Every pair of a way to pay and to be paid out that is open and has a standard price.

    TransferGo takes its fee out of the amount. Raises SourceError.
    """
    corridor = ask.corridor
    question = {
        "fromCurrencyCode": corridor.send_currency,
        "toCurrencyCode": corridor.receive_currency,
        "fromCountryCode": corridor.send_country,
        "toCountryCode": corridor.receive_country,
        "amount": f"{ask.amount:f}",
        "calculationBase": "sendAmount",
        "business": "0",
    }
    reply = http.get(URL, params=question, also=(422,))
    answer = fields(reply)
    if (options := answer.get("options")) is None:
        raise _refusal(answer)
    closed = {option.path: _closed(option) for option in options.each()}
    if not closed:
        raise Unreadable(f"{reply.url}: no options, and no word why", Trouble.EMPTY)
    if all(closed.values()):
        raise NotOffered("; ".join(dict.fromkeys(closed.values())))
    shown = [option for option in options.each() if not closed[option.path]]
    return told_apart((one["code"].text(), Offer(_quote(one, ask), reply)) for one in shown)


def _refusal(answer: Field) -> SourceError:
    stated = (answer.get("message"), answer.get("error"))
    words = [word.text() for word in stated if word]
    said = ", ".join(words) or "no options, and no word why"
    return NotOffered(said) if OUT_OF_LIMITS & set(words) else Unreadable(f"{URL}: {said}")


def _closed(option: Field) -> str:
    """Why an option has no standard price now; "" if it has one."""
    code = option["code"].text()
    if not option["availability"]["isAvailable"].truth():
        reason = option["availability"].get("reason")
        return f"{code}: {reason.text() if reason else 'not available'}"
    if option["promotion"]["isFxDiscountApplied"].truth():
        return f"{code}: only the rate of a promotion is published"
    return ""


def _quote(option: Field, ask: Ask) -> Quote:
    """The price before any discount on the fee; what is charged is beside it."""
    _echo(option, ask)
    corridor, pay_in = ask.corridor, option["payIn"]["code"].text()
    estimate = option["visibility"].get("estimateLabel")
    shown = Quote(
        service=Service(
            provider=PROVIDER,
            corridor=corridor,
            payment_instruments=PAY_INS.get(pay_in, ()),
            access_points=(AccessPoint.INTERNET,),
            pickup_methods=PICKUPS.get(option["payOut"]["code"].text(), ()),
            pay_in="" if pay_in in PAY_INS else pay_in,
            speed=SPEEDS.get(estimate.text()) if estimate else None,
        ),
        paid=Money(option["sendingAmount"]["value"].decimal(), corridor.send_currency),
        fee=Money(option["fee"]["value"].decimal(), corridor.send_currency),
        received=Money(option["receivingAmount"]["value"].decimal(), corridor.receive_currency),
        rate=option["rate"]["value"].decimal(),
    )
    usual = Money(option["fee"]["valueBeforeDiscount"].decimal(), corridor.send_currency)
    if usual < shown.fee:
        said = f"{option.path}.fee: {shown.fee} is above {usual}, the fee before the discount"
        raise Unreadable(said, Trouble.CONTRADICTION)
    return standard_of(shown, shown.rate, usual, "")


def _echo(option: Field, ask: Ask) -> None:
    """The countries are left out of some answers."""
    corridor = ask.corridor
    if (countries := option.get("corridor")) is not None:
        countries["fromCountry"].echoes(corridor.send_country)
        countries["toCountry"].echoes(corridor.receive_country)
    option["rate"]["fromCurrency"].echoes(corridor.send_currency)
    option["rate"]["toCurrency"].echoes(corridor.receive_currency)
    option["sendingAmount"]["value"].echoes(ask.amount)
    option["sendingAmount"]["currency"].echoes(corridor.send_currency)
    option["fee"]["currency"].echoes(corridor.send_currency)
    option["receivingAmount"]["currency"].echoes(corridor.receive_currency)
