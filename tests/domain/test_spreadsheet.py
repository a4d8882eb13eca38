"""What is downloaded as a table: no text of others becomes a formula, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spreadsheet import as_csv, cell

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "|", "%")


@pytest.mark.parametrize("before", ["", " ", '"', "'", "\ufeff", "  \t", '" '])
@pytest.mark.parametrize("start", STARTS)
def test_a_text_that_could_be_a_formula_is_made_harmless(before: str, start: str) -> None:
    assert cell(f"{before}{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("-3.50"), "-3.50"),
        (Decimal("1E+2"), "100"),
        (-7, "-7"),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "2026-11-20T12:00:00Z"),
        ("Wise", "Wise"),
        ("a=b", "a=b"),
        ("", ""),
        ("مغرب", "مغرب"),
    ],
)
def test_what_is_no_formula_stays_as_it_is(value: object, text: str) -> None:
    assert cell(value) == text


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=5))
def test_what_is_read_back_is_what_was_written(rows: list[list[str]]) -> None:
    text = as_csv(["a", "b"], rows)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == ["a", "b"]
    wanted = [[cell(one) for one in row] for row in rows]
    assert read[1:] == wanted
    assert all(not one or one[0] not in STARTS for row in read for one in row)
