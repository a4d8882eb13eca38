"""Replies laid out for reading: nothing is added, lost or hidden."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pretty import LARGEST, pretty_json, readable

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, st.booleans())
def test_it_says_the_same(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    laid_out = pretty_json(text)
    assert laid_out is not None
    assert json.loads(laid_out) == value
    assert pretty_json(laid_out) == laid_out


def test_numbers_stay_digit_for_digit_and_double_keys_stay() -> None:
    text = '{"rate":10.90000000000000000001,"fee":1e2,"fee":-0.0,"none":[],"deep":[{"a":"b,}"}]}'
    assert pretty_json(text) == (
        '{\n  "rate": 10.90000000000000000001,\n  "fee": 1e2,\n  "fee": -0.0,\n'
        '  "none": [],\n  "deep": [\n    {\n      "a": "b,}"\n    }\n  ]\n}'
    )


@pytest.mark.parametrize("text", ["", "{", "<html>", "[1,]", "[" * 100_000, "1" * (LARGEST + 1)])
def test_what_is_no_json_stays_as_it_is(text: str) -> None:
    assert pretty_json(text) is None


def test_what_is_not_seen_is_written_out() -> None:
    assert readable("a\u202eb\x00c\u200b\n\td") == "a\\u202eb\\u0000c\\u200b\n\td"
