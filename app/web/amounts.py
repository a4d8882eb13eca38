"""Amounts as people type them, in any of our languages: read strictly, and never guessed."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import (
    NumberFormatError,
    format_decimal,
    get_decimal_symbol,
    parse_decimal,
)

from app.domain.amount import AmountFault, BadAmount, plain_amount
from app.domain.money import Money
from app.web.locale import locale

FIGURES = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
"""Those that people type: ours, those of Arabic and those of Persian, from zero to nine."""

DECIMAL = "\N{ARABIC DECIMAL SEPARATOR}"
APART = "' \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{ARABIC THOUSANDS SEPARATOR}"
"""What stands between thousands in any language."""

TYPED = re.compile(rf"[0-9][0-9.,{DECIMAL}{APART}]{{0,24}}", re.ASCII)
ROUND = re.compile(r"[.,]\s?[-\N{EN DASH}]+$")
"""How people write that there are no cents: "200,-"."""

EURO = re.compile(r"^(€|eur|euro)\s*|\s*(€|eur|euros?)$", re.IGNORECASE)
"""What people write beside an amount of euros: "€ 200", "200 euro"."""

CENTS = re.compile(rf"([0-9]+)[.,{DECIMAL}]([0-9]{{1,2}})", re.ASCII)
DECIMALS = 2
"""How many a typed amount may have: a mark with three digits after it could be a thousand's."""


def western(text: str) -> str:
    """With figures of Arabic or of Persian as ours; as it is if it mixes them with others."""
    used = [figures for figures in FIGURES if set(figures) & set(text)]
    return text.translate(str.maketrans(used[0], FIGURES[0])) if len(used) == 1 else text


def typed_amount(text: str, currency_code: str) -> Money:
    """What somebody typed, read as people of this language write amounts.

    "1.000,50" in Dutch is "1,000.50" in English; figures and marks of Arabic and Persian are
    read in any language. One mark with one or two digits after it is a decimal mark. What could
    mean two things is refused, so that three decimals are never read, not even in a currency that
    has them. Raises BadAmount.
    """
    text = ROUND.sub("", western(text).strip())
    if currency_code == "EUR":
        text = ROUND.sub("", EURO.sub("", text))
    if not text:
        raise BadAmount(AmountFault.MISSING)
    if not TYPED.fullmatch(text):
        raise BadAmount(AmountFault.UNREADABLE)
    cents = CENTS.fullmatch(text)
    if cents:
        return plain_amount(f"{cents[1]}.{cents[2]}", currency_code)
    grouped = re.sub(rf"(?<=\d)[{APART}](?=\d{{3}})", "", text)
    marked = grouped.replace(DECIMAL, get_decimal_symbol(locale()))
    try:
        value = parse_decimal(marked, locale=locale(), strict=True)
    except NumberFormatError as error:
        raise BadAmount(AmountFault.UNREADABLE) from error
    if -int(value.as_tuple().exponent) > DECIMALS:
        raise BadAmount(AmountFault.UNREADABLE)
    return plain_amount(f"{value:f}", currency_code)


def example_amount() -> str:
    """How this language writes one thousand and a half: for error messages."""
    return format_decimal(Decimal("1000.5"), format="#,##0.00", locale=locale())
