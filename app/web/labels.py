"""What each thing is called on a page, in the page's language, and the icon beside it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from flask import Flask, current_app
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from app.domain.choices import Aspect, Choice
from app.domain.provider import Licence, ProviderKind
from app.domain.quote import Age
from app.domain.ranking import Priority
from app.domain.service import (
    AccessPoint,
    Coverage,
    PaymentInstrument,
    PickupMethod,
    Service,
    Speed,
)
from app.web.locale import comma, language

_LABELS: list[tuple[StrEnum, LazyString]] = [
    (PaymentInstrument.CASH, lazy_gettext("cash")),
    (PaymentInstrument.BANK_ACCOUNT_TRANSFER, lazy_gettext("bank transfer")),
    (PaymentInstrument.DEBIT_CARD, lazy_gettext("debit card")),
    (PaymentInstrument.CREDIT_CARD, lazy_gettext("credit card")),
    (PaymentInstrument.MOBILE_MONEY, lazy_gettext("mobile money")),
    (AccessPoint.INTERNET, lazy_gettext("on the internet")),
    (AccessPoint.MOBILE_APP, lazy_gettext("in an app")),
    (AccessPoint.AGENT, lazy_gettext("at an agent of the firm")),
    (AccessPoint.BANK_BRANCH, lazy_gettext("at a bank branch")),
    (AccessPoint.CALL_CENTRE, lazy_gettext("by telephone")),
    (AccessPoint.POST_OFFICE, lazy_gettext("at a post office")),
    (PickupMethod.CASH, lazy_gettext("cash in hand")),
    (PickupMethod.BANK_ACCOUNT, lazy_gettext("on a bank account")),
    (PickupMethod.MOBILE_WALLET, lazy_gettext("in a mobile wallet")),
    (PickupMethod.CARD, lazy_gettext("on a card")),
    (PickupMethod.HOME_DELIVERY, lazy_gettext("brought to the door")),
    (Speed.LESS_THAN_ONE_HOUR, lazy_gettext("within an hour")),
    (Speed.SAME_DAY, lazy_gettext("the same day")),
    (Speed.NEXT_DAY, lazy_gettext("the next day")),
    (Speed.TWO_DAYS, lazy_gettext("in 2 days")),
    (Speed.THREE_TO_FIVE_DAYS, lazy_gettext("in 3 to 5 days")),
    (Speed.SIX_DAYS_OR_MORE, lazy_gettext("in 6 days or more")),
    (Coverage.HIGH, lazy_gettext("many pay-out points")),
    (Coverage.MEDIUM, lazy_gettext("some pay-out points")),
    (Coverage.LOW, lazy_gettext("few pay-out points")),
    (ProviderKind.BANK, lazy_gettext("bank")),
    (ProviderKind.MTO, lazy_gettext("money transfer company")),
    (ProviderKind.POST_OFFICE, lazy_gettext("post office")),
    (ProviderKind.MOBILE_OPERATOR, lazy_gettext("mobile phone company")),
    (ProviderKind.NON_BANK_FI, lazy_gettext("financial firm, not a bank")),
    (ProviderKind.OTHER, lazy_gettext("other firm")),
    (Licence.FOUND, lazy_gettext("found in the register")),
    (Licence.UNCHECKED, lazy_gettext("not checked yet")),
    (Licence.NOT_FOUND, lazy_gettext("not found in the register")),
    (Age.FRESH, lazy_gettext("Prices of now")),
    (Age.OLDER, lazy_gettext("Older prices")),
    (Age.DATED, lazy_gettext("Not of today")),
    (Priority.SAFE, lazy_gettext("Safe")),
    (Priority.FAST, lazy_gettext("Fast")),
    (Priority.CHEAP, lazy_gettext("Cheap")),
]

ASPECTS = {
    Aspect.PAY: lazy_gettext("You pay by"),
    Aspect.RECEIVE: lazy_gettext("How they receive it"),
    Aspect.SPEED: lazy_gettext("Arrives at the latest"),
    Aspect.BUY: lazy_gettext("Where you send it"),
    Aspect.REACH: lazy_gettext("Pay-out points"),
    Aspect.KIND: lazy_gettext("Kind of firm"),
}
"""What a group of choices is about."""

LABELS = {(type(thing), thing): text for thing, text in _LABELS}
"""By kind and value: cash to pay with and cash in hand have the same value and other names."""

SOURCES: dict[str, str | LazyString] = {
    "instarem": "Instarem",
    "paysend": "Paysend",
    "remitly": "Remitly",
    "ria": "Ria",
    "sendwave": "Sendwave",
    "taptap_send": "Taptap Send",
    "transfergo": "TransferGo",
    "western_union": "Western Union",
    "wise": "Wise",
    "wise_comparisons": lazy_gettext("Wise, about other firms"),
    "worldremit": "WorldRemit",
    "rpw": lazy_gettext("World Bank survey of prices"),
    "tariff": lazy_gettext("price list of the firm itself"),
    "submitted": lazy_gettext("told us by the firm itself"),
    "ecb": lazy_gettext("European Central Bank"),
    "ecb_history": lazy_gettext("European Central Bank"),
    "fawazahmed0": lazy_gettext("open currency feed fawazahmed0"),
    "floatrates": "FloatRates",
    "nbp": lazy_gettext("National Bank of Poland"),
    "open_er_api": "Rates By Exchange Rate API",
    "cme_suriname": lazy_gettext("Central Money Exchange, Suriname"),
    "eba": lazy_gettext("register of the European Banking Authority"),
    "peg": lazy_gettext("a fixed rate set by law"),
    "same currency": lazy_gettext("the same currency at both ends"),
}
"""Names of firms and the words that a source asks to be named with are the same everywhere."""

SOURCE_SITES = {
    "instarem": "https://www.instarem.com/",
    "paysend": "https://paysend.com/",
    "remitly": "https://www.remitly.com/",
    "ria": "https://www.riamoneytransfer.com/",
    "sendwave": "https://www.sendwave.com/",
    "taptap_send": "https://www.taptapsend.com/",
    "transfergo": "https://www.transfergo.com/",
    "western_union": "https://www.westernunion.com/",
    "wise": "https://wise.com/",
    "wise_comparisons": "https://wise.com/",
    "worldremit": "https://www.worldremit.com/",
    "rpw": "https://remittanceprices.worldbank.org",
    "ecb": "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates",
    "ecb_history": "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.csv",
    "fawazahmed0": "https://github.com/fawazahmed0/exchange-api",
    "floatrates": "https://www.floatrates.com/",
    "nbp": "https://nbp.pl/en/statistic-and-financial-reporting/rates/",
    "open_er_api": "https://www.exchangerate-api.com",
    "cme_suriname": "https://www.cme.sr/",
    "eba": "https://euclid.eba.europa.eu/register/pir/search",
}
"""Where a reader can look a source up."""

TELLERS = {"wise": "Wise"}
"""Those who tell prices of others (`Price.via`), by name."""

ICONS: dict[StrEnum, str] = {
    PaymentInstrument.CASH: "cash",
    PaymentInstrument.BANK_ACCOUNT_TRANSFER: "bank",
    PaymentInstrument.DEBIT_CARD: "card",
    PaymentInstrument.CREDIT_CARD: "card",
    PaymentInstrument.MOBILE_MONEY: "phone",
    PickupMethod.BANK_ACCOUNT: "bank",
    PickupMethod.MOBILE_WALLET: "phone",
    PickupMethod.CARD: "card",
    PickupMethod.HOME_DELIVERY: "home",
    Priority.SAFE: "shield",
    Priority.FAST: "bolt",
    Priority.CHEAP: "coin",
}


def label(thing: StrEnum | None) -> str:
    """Its name; a thing that is not known is called unknown, and never anything else."""
    known: dict[object, str] = current_app.extensions["labels"]
    key = language(), type(thing), thing
    if key not in known:
        known[key] = gettext("unknown") if thing is None else str(LABELS[type(thing), thing])
    return known[key]


def priority_label(name: str) -> str:
    return label(Priority(name))


def aspect_label(aspect: Aspect) -> str:
    return str(ASPECTS[aspect])


def choice_label(choice: Choice) -> str:
    """ "They receive: cash in hand", for what stands without the heading of its group."""
    return gettext(
        "%(group)s: %(choice)s", group=aspect_label(choice.aspect), choice=label(choice.value)
    )


def labels(things: Iterable[StrEnum]) -> str:
    """One name, or several with "or" between them."""
    names = [label(thing) for thing in things]
    return gettext(" or ").join(names) if names else gettext("unknown")


def pays_by(service: Service) -> str:
    """How the sender pays, with the name of that way if it has one of its own: "bank transfer
    (iDEAL)". A code that nobody explains is shown as it is: "another way to pay (GP)"."""
    if not service.pay_in:
        return labels(service.payment_instruments)
    if not service.payment_instruments:
        return gettext("another way to pay (%(name)s)", name=service.pay_in)
    return f"{labels(service.payment_instruments)} ({service.pay_in})"


def buying(service: Service) -> str:
    """How and where the sender pays: "bank transfer on the internet"."""
    if service.payment_instruments and not service.access_points:
        return pays_by(service)
    mark = " " if service.payment_instruments else comma()
    return f"{pays_by(service)}{mark}{labels(service.access_points)}"


def teller(via: str) -> str:
    return TELLERS.get(via, via)


def source(slug: str) -> str:
    return str(SOURCES.get(slug, slug))


def source_site(slug: str) -> str:
    """ "" where there is none, as for a rate set by law."""
    return SOURCE_SITES.get(slug, "")


def icon_of(things: Iterable[StrEnum]) -> str:
    return next((ICONS[thing] for thing in things if thing in ICONS), "info")


def setup(app: Flask) -> None:
    app.extensions["labels"] = {}
    app.jinja_env.filters.update(
        label=label,
        labels=labels,
        priority_label=priority_label,
        aspect_label=aspect_label,
        choice_label=choice_label,
        pays_by=pays_by,
        buying=buying,
        teller=teller,
        source=source,
        source_site=source_site,
        icon_of=icon_of,
    )
