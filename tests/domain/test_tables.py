"""The generated tables are what CLDR says today."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import get_currency_precision

from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from tests.domain.strategies import ROOT

RENDERED: dict[str, str] = runpy.run_path(str(ROOT / "bin/generate_tables.py"))["rendered"]()


@pytest.mark.parametrize("name", ["currencies.py", "countries.py"])
def test_a_generated_table_is_what_its_generator_writes_now(name: str) -> None:
    written = Path(ROOT / "app/domain" / name).read_text(encoding="utf-8")
    assert written == RENDERED[name]


def test_nothing_else_is_generated() -> None:
    assert set(RENDERED) == {"currencies.py", "countries.py"}


def test_minor_digits_are_cldr_s() -> None:
    assert {code: get_currency_precision(code) for code in MINOR_DIGITS} == MINOR_DIGITS


@pytest.mark.parametrize(
    ("currency", "digits"), [("EUR", 2), ("MAD", 2), ("XOF", 0), ("JPY", 0), ("TND", 3)]
)
def test_well_known_minor_digits(currency: str, digits: int) -> None:
    assert MINOR_DIGITS[currency] == digits


def test_every_country_and_currency_has_a_name() -> None:
    english = Locale("en")
    assert set(PAYOUT_CURRENCY) <= set(english.territories)
    assert set(MINOR_DIGITS) <= set(english.currencies)
