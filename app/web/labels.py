"""What each thing is called on a page, in the page's language, and the icon beside it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from flask import Flask
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from app.domain.provider import Licence, ProviderKind
from app.domain.ranking import Priority
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed

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
    (Priority.SAFE, lazy_gettext("Safe")),
    (Priority.FAST, lazy_gettext("Fast")),
    (Priority.CHEAP, lazy_gettext("Cheap")),
]

LABELS = {(type(thing), thing): text for thing, text in _LABELS}
"""By kind and value: cash to pay with and cash in hand have the same value and other names."""

SOURCES = {
    "rpw": lazy_gettext("World Bank survey of prices"),
    "ecb_history": lazy_gettext("European Central Bank"),
    "fawazahmed0": lazy_gettext("open currency feed fawazahmed0"),
    "peg": lazy_gettext("a fixed rate set by law"),
    "same currency": lazy_gettext("the same currency at both ends"),
}

SOURCE_SITES = {
    "rpw": "https://remittanceprices.worldbank.org",
    "ecb_history": "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.csv",
    "fawazahmed0": "https://github.com/fawazahmed0/exchange-api",
}
"""Where a reader can look a source up."""

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
    return gettext("unknown") if thing is None else str(LABELS[type(thing), thing])


def labels(things: Iterable[StrEnum]) -> str:
    """One name, or several with "or" between them."""
    names = [label(thing) for thing in things]
    return gettext(" or ").join(names) if names else gettext("unknown")


def source(slug: str) -> str:
    return str(SOURCES.get(slug, slug))


def source_site(slug: str) -> str:
    """ "" where there is none, as for a rate set by law."""
    return SOURCE_SITES.get(slug, "")


def icon_of(things: Iterable[StrEnum]) -> str:
    return next((ICONS[thing] for thing in things if thing in ICONS), "info")


def setup(app: Flask) -> None:
    app.jinja_env.filters.update(
        label=label, labels=labels, source=source, source_site=source_site, icon_of=icon_of
    )
