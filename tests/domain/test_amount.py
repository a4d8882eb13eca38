"""Typed amounts: ASCII digits and one dot, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.amount import AmountFault, BadAmount, payable, plain_amount
from app.domain.currencies import MINOR_DIGITS
from tests.domain.strategies import currencies, euro

MEGABYTE = 1_000_000
DIGITS = st.characters(categories=["Nd"])
LIKE_NUMBERS = st.text(st.one_of(DIGITS, st.sampled_from(".,+-eE_ \n\t'xN")), max_size=20)


def fault(text: str, currency: str = "EUR") -> AmountFault:
    with pytest.raises(BadAmount) as caught:
        plain_amount(text, currency)
    assert len(str(caught.value)) < 100
    return caught.value.fault


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("200", "EUR", "200.00"),
        ("200.5", "EUR", "200.50"),
        ("200.50", "EUR", "200.50"),
        ("0.01", "EUR", "0.01"),
        ("0200", "EUR", "200.00"),
        ("200", "JPY", "200"),
        ("0.001", "TND", "0.001"),
        ("999999999999999.99", "EUR", "999999999999999.99"),
    ],
)
def test_plain_amounts_are_read(text: str, currency: str, amount: str) -> None:
    read = plain_amount(text, currency)
    assert (str(read.amount), read.currency) == (amount, currency)


@given(currencies, st.integers(1, 10**15))
def test_every_payable_amount_reads_back(currency: str, units: int) -> None:
    amount = Decimal(units).scaleb(-MINOR_DIGITS[currency])
    assert plain_amount(f"{amount:f}", currency).amount == amount


@pytest.mark.parametrize(
    "text",
    [
        *("1e400", "1E2", "1e-2", "NaN", "nan", "sNaN", "Infinity", "inf", "0x10", "1_000"),
        *("-200", "+200", "--1", "200-", " 200", "200 ", "2 00", "200\n", "\n200", "\t200", "\0"),
        *("200\u00a0", "2\u202f000", "\ufeff200", "200\u200b"),
        *("200.", ".50", ".", "1.2.3", "1,50", "1.000,50", "1,000.50", "'200'"),
        "\uff12\uff10\uff10",
        "\u0662\u0660\u0660",
        "\u06f2\u06f0\u06f0",
        "\u0968\u0966\u0966",
        "2\uff10\uff10",
        "200\uff0e50",
        "\u00b2\u2460",
        *("\u20ac200", "EUR 200", "200 euro", "two hundred", "None", "1" * 16),
    ],
)
def test_anything_else_is_unreadable(text: str) -> None:
    assert fault(text) is AmountFault.UNREADABLE


def test_a_missing_amount_is_missing() -> None:
    assert fault("") is AmountFault.MISSING


@pytest.mark.parametrize("text", ["0", "0.00", "000"])
def test_nothing_is_too_low(text: str) -> None:
    assert fault(text) is AmountFault.TOO_LOW


@pytest.mark.parametrize(
    ("text", "currency"),
    [("200.505", "EUR"), ("200.000", "EUR"), ("200.5", "JPY"), ("0.0", "XOF"), ("1.0005", "TND")],
)
def test_finer_than_the_smallest_unit_is_too_precise(text: str, currency: str) -> None:
    assert fault(text, currency) is AmountFault.TOO_PRECISE


@pytest.mark.parametrize(
    "text",
    [
        "9" * MEGABYTE,
        "0" * MEGABYTE + "200",
        "200." + "0" * MEGABYTE,
        "200" + " " * MEGABYTE,
        " " * MEGABYTE,
        "1e" + "9" * MEGABYTE,
        "\uff12" * MEGABYTE,
        "1." * MEGABYTE,
    ],
    ids=lambda text: text[:5].strip() or "spaces",
)
def test_a_megabyte_is_refused(text: str) -> None:
    assert fault(text) is AmountFault.UNREADABLE


@given(st.one_of(st.text(), LIKE_NUMBERS), currencies)
def test_what_is_read_is_what_was_typed(text: str, currency: str) -> None:
    try:
        read = plain_amount(text, currency)
    except BadAmount:
        return
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)?", text)
    assert text.isascii()
    assert read.amount == Decimal(text) > 0
    assert read == read.rounded()


@given(DIGITS.filter(lambda digit: not digit.isascii()))
def test_digits_of_other_scripts_are_not_read(digit: str) -> None:
    assert unicodedata.decimal(digit) in range(10)
    assert fault(f"2{digit}0") is AmountFault.UNREADABLE


@pytest.mark.parametrize("amount", ["10", "10.00", "200", "10000"])
def test_from_ten_to_ten_thousand_can_be_asked(amount: str) -> None:
    assert payable(euro(amount)) == euro(amount)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("9.99", AmountFault.TOO_LOW),
        ("0.01", AmountFault.TOO_LOW),
        ("-200", AmountFault.TOO_LOW),
        ("10000.01", AmountFault.TOO_HIGH),
        ("1E400", AmountFault.TOO_HIGH),
    ],
)
def test_other_amounts_cannot_be_asked(amount: str, expected: AmountFault) -> None:
    with pytest.raises(BadAmount) as caught:
        payable(euro(amount))
    assert caught.value.fault is expected
