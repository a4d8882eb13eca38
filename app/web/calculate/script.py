"""What the script of the receipt needs to write figures as this language does, without knowing any
language itself: patterns with gaps, made by the same functions that pages are written with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from app.domain.money import Money
from app.web.locale import comma, day, locale, money, shown_percent

GAP = "{}"
SIGN = "\N{CURRENCY SIGN}"
"""Stands for the sign of any currency."""


def patterns() -> dict[str, str]:
    """By name of a data attribute. A minus has a pattern of its own: it does not stand at the same
    place in every language."""
    formats = locale()
    one, euro = Decimal(1), get_currency_symbol("EUR", formats)
    return {
        "decimal": get_decimal_symbol(formats),
        "group": get_group_symbol(formats),
        "comma": comma(),
        "money": _gap(money(Money(one, "EUR"))).replace(euro, SIGN),
        "debt": _gap(money(Money(-one, "EUR"))).replace(euro, SIGN),
        "percent": _gap(shown_percent(one)),
        "minus": _gap(shown_percent(-one)),
    }


def days() -> list[str]:
    """How a day of each month is written, with gaps for the day and the year: "{d} May {y}", or
    "{dd}/05/{y}" where the day always has two digits."""
    padded = "07" in day(date(2099, 11, 7))
    return [
        day(date(2099, month, 28)).replace("2099", "{y}").replace("28", "{dd}" if padded else "{d}")
        for month in range(1, 13)
    ]


def sign_of(currency: str) -> str:
    """ "" where it is the code itself."""
    sign: str = get_currency_symbol(currency, locale())
    return "" if sign == currency else sign


def _gap(text: str) -> str:
    return text.replace(f"1{get_decimal_symbol(locale())}00", GAP)
