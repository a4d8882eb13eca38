"""Amounts that people and programs type, read strictly."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money

PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)
LOWEST, HIGHEST = Decimal(10), Decimal(10_000)
"""What can be asked as an amount to pay, in the sender's currency."""


class AmountFault(StrEnum):
    """What is wrong with an amount."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_PRECISE = "too_precise"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"


class BadAmount(ValueError):
    def __init__(self, fault: AmountFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def plain_amount(text: str, currency: str) -> Money:
    """ "200" or "200.50": ASCII digits and one dot, no sign, exponent or space; above zero and
    no finer than the currency's smallest unit. Raises BadAmount.
    """
    if not text:
        raise BadAmount(AmountFault.MISSING)
    if not PLAIN.fullmatch(text):
        raise BadAmount(AmountFault.UNREADABLE)
    amount = Decimal(text)
    if len(text.partition(".")[2]) > MINOR_DIGITS[currency]:
        raise BadAmount(AmountFault.TOO_PRECISE)
    if amount == 0:
        raise BadAmount(AmountFault.TOO_LOW)
    return Money(amount, currency).rounded()


def payable(money: Money) -> Money:
    """The same amount if it can be asked as an amount to pay. Raises BadAmount."""
    if money.amount < LOWEST:
        raise BadAmount(AmountFault.TOO_LOW)
    if money.amount > HIGHEST:
        raise BadAmount(AmountFault.TOO_HIGH)
    return money
