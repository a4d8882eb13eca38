"""The World Bank's labels read into our enums, whatever their spelling that quarter.

Remittance Prices Worldwide writes one thing in several ways over the years: "Call Center",
"call center", "Own/partner Bank account", "Cash, Debit card". Nothing is guessed: a label
that is not known raises UnknownLabel, and the row that carries it is refused and counted.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from app.domain.provider import ProviderKind
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed

Label = TypeVar("Label", bound=StrEnum)


class UnknownLabel(ValueError):
    """A label outside the survey's published lists."""


PAYMENT_INSTRUMENTS = {
    "cash": PaymentInstrument.CASH,
    "bank account transfer": PaymentInstrument.BANK_ACCOUNT_TRANSFER,
    "bank account": PaymentInstrument.BANK_ACCOUNT_TRANSFER,
    "bank transfer": PaymentInstrument.BANK_ACCOUNT_TRANSFER,
    "debit card": PaymentInstrument.DEBIT_CARD,
    "prepaid card": PaymentInstrument.DEBIT_CARD,
    "credit card": PaymentInstrument.CREDIT_CARD,
    "mobile money": PaymentInstrument.MOBILE_MONEY,
    "mobile wallet": PaymentInstrument.MOBILE_MONEY,
}
ACCESS_POINTS = {
    "internet": AccessPoint.INTERNET,
    "online": AccessPoint.INTERNET,
    "on-line": AccessPoint.INTERNET,
    "mobile": AccessPoint.MOBILE_APP,
    "mobile app": AccessPoint.MOBILE_APP,
    "mobile phone": AccessPoint.MOBILE_APP,
    "on mobile phone": AccessPoint.MOBILE_APP,
    "agent": AccessPoint.AGENT,
    "mto agent": AccessPoint.AGENT,
    "bank branch": AccessPoint.BANK_BRANCH,
    "branch": AccessPoint.BANK_BRANCH,
    "at branch": AccessPoint.BANK_BRANCH,
    "call center": AccessPoint.CALL_CENTRE,
    "call centre": AccessPoint.CALL_CENTRE,
    "telephone": AccessPoint.CALL_CENTRE,
    "post office": AccessPoint.POST_OFFICE,
    "post office branch": AccessPoint.POST_OFFICE,
}
PICKUP_METHODS = {
    "cash": PickupMethod.CASH,
    "bank account": PickupMethod.BANK_ACCOUNT,
    "own bank account": PickupMethod.BANK_ACCOUNT,
    "partner bank account": PickupMethod.BANK_ACCOUNT,
    "bank account (same bank)": PickupMethod.BANK_ACCOUNT,
    "bank account (other bank)": PickupMethod.BANK_ACCOUNT,
    "mobile wallet": PickupMethod.MOBILE_WALLET,
    "mobile money": PickupMethod.MOBILE_WALLET,
    "debit card": PickupMethod.CARD,
    "prepaid card": PickupMethod.CARD,
    "card": PickupMethod.CARD,
    "home delivery": PickupMethod.HOME_DELIVERY,
}
FIRM_TYPES = {
    "bank": ProviderKind.BANK,
    "money transfer operator": ProviderKind.MTO,
    "mto": ProviderKind.MTO,
    "post office": ProviderKind.POST_OFFICE,
    "mobile operator": ProviderKind.MOBILE_OPERATOR,
    "non-bank fi": ProviderKind.NON_BANK_FI,
    "nonbank fi": ProviderKind.NON_BANK_FI,
    "building society": ProviderKind.OTHER,
    "credit union": ProviderKind.OTHER,
}
SPEEDS = {
    "less than one hour": Speed.LESS_THAN_ONE_HOUR,
    "same day": Speed.SAME_DAY,
    "next day": Speed.NEXT_DAY,
    "2 days": Speed.TWO_DAYS,
    "3-5 days": Speed.THREE_TO_FIVE_DAYS,
    "6 days or more": Speed.SIX_DAYS_OR_MORE,
}
COVERAGES: dict[str, Coverage | None] = {
    "high": Coverage.HIGH,
    "nationwide": Coverage.HIGH,
    "medium": Coverage.MEDIUM,
    "major cities": Coverage.MEDIUM,
    "low": Coverage.LOW,
    "main city": Coverage.LOW,
    "urban only": None,
    "rural only": None,
}
"""The words used until 2016 stand beside today's; "urban only" says nothing about reach."""


def several(label: str, known: dict[str, Label]) -> tuple[Label, ...]:
    """Every thing that a label names, once each, in the enum's own order; () if it is blank.

    "Cash, Debit card" gives two. Raises UnknownLabel.
    """
    text = re.sub(r"own ?/ ?partner", "own", _plain(label))
    parts = [part.strip() for part in re.split(r"[,;/+&]| and ", text) if part.strip()]
    found = {_one(part, known, label) for part in parts}
    return tuple(sorted(found, key=list(dict.fromkeys(known.values())).index))


def speed(label: str) -> Speed | None:
    """None if the label is blank. Raises UnknownLabel."""
    text = re.sub(r"\s*[-\N{EN DASH}]\s*", "-", _plain(label))
    return _one(text, SPEEDS, label) if text else None


def coverage(label: str) -> Coverage | None:
    """None if the label is blank or says nothing about reach. Raises UnknownLabel."""
    text = _plain(label)
    if text and text not in COVERAGES:
        raise UnknownLabel(f"unknown label {label!r}")
    return COVERAGES.get(text)


def transparent(label: str) -> bool:
    """Whether the provider discloses its exchange rate. Raises UnknownLabel, also if blank."""
    return _one(_plain(label), {"yes": True, "no": False}, label)


Found = TypeVar("Found")


def _one(text: str, known: dict[str, Found], label: str) -> Found:
    if text not in known:
        raise UnknownLabel(f"unknown label {label!r}")
    return known[text]


def _plain(label: str) -> str:
    return " ".join(label.casefold().split())
