"""`flask quote`: one source asked for one amount, as JSON and as a table."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.tables import dump
from tests.test_cli import Run, ok, runs, said

PRICE_KEYS = [
    *("provider", "provider_name", "provider_type", "service", "payment_instrument"),
    *("access_point", "pickup_method", "pay_in", "speed", "coverage", "paid", "fee", "rate"),
    *("received", "total_cost", "total_cost_percent", "fee_percent", "margin_percent", "exact"),
    *("origin", "source", "via", "mid_rate", "observed_at", "age", "promotion", "evidence"),
]
"""Of a result of the API, without its rank."""


@pytest.fixture
def run(app: Flask) -> Run:
    """Commands of a site with the shipped data. They must not change it."""
    return runs(app)


def test_western_union_to_suriname(run: Run) -> None:
    """EUR 140: fee 4.19, margin 2.31 %, at 5.15 % of what is paid."""
    found = json.loads(ok(run("quote", "rpw", "NL", "SR", "--pay", "140", "--json")))
    (price,) = [
        one
        for one in found
        if one["provider"] == "western-union"
        and (one["payment_instrument"], one["fee"]) == ("bank_account_transfer", "4.19")
    ]
    assert (price["paid"], price["fee"], price["received"]) == ("144.19", "4.19", "5858.50")
    assert (price["total_cost"], price["total_cost_percent"]) == ("7.42", "5.15")
    assert (price["exact"], price["origin"], price["age"]) == (True, "survey", "dated")


def test_a_quote_has_the_keys_of_the_api(run: Run) -> None:
    found = json.loads(ok(run("quote", "rpw", "NL", "MA", "--pay", "200", "--json")))
    assert len(found) == 25
    for price in found:
        assert list(price) == PRICE_KEYS
        assert not price["exact"]
        assert price["promotion"] is None
        for key in ("paid", "fee", "rate", "received", "total_cost", "margin_percent"):
            assert isinstance(price[key], str)


def test_the_fee_comes_on_top_of_the_amount_that_is_quoted(run: Run) -> None:
    for price in json.loads(ok(run("quote", "rpw", "NL", "MA", "--pay", "345", "--json"))):
        assert price["exact"]
        assert round(float(price["paid"]) - float(price["fee"]), 2) == 345


def test_a_quote_says_what_the_api_says(run: Run, app: Flask) -> None:
    quoted = json.loads(ok(run("quote", "rpw", "NL", "SR", "--pay", "140", "--json")))
    by_evidence = {one["evidence"]: one for one in quoted}
    compared = app.test_client().get("/api/v1/compare?from=NL&to=SR&pay=144.19").json
    assert compared
    exact = [one for one in compared["results"] if one["exact"]]
    assert exact
    for result in exact:
        other = by_evidence[result["evidence"]]
        kept = {key for key in PRICE_KEYS if key != "service"}
        assert {key: result[key] for key in kept} == {key: other[key] for key in kept}


def test_a_quote_as_a_table(run: Run) -> None:
    out = ok(run("quote", "rpw", "nl", "sr", "--pay", "140"))
    assert len(out.splitlines()) == 15
    line = next(line for line in out.splitlines() if "4.19" in line)
    for part in ("western-union", "EUR", "144.19", "SRD", "5858.50", "5.15 %", "cash"):
        assert part in line


def test_quoting_saves_nothing(run: Run, app: Flask) -> None:
    before = dump(app.extensions["database"])
    ok(run("quote", "rpw", "NL", "MA", "--pay", "200"))
    assert dump(app.extensions["database"]) == before


def test_quoting_needs_no_table(bare: Flask) -> None:
    ok(runs(bare)("quote", "rpw", "NL", "MA", "--pay", "200"))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("pigeon", "NL", "MA", "--pay", "200"), 2, "'pigeon' is not one of 'instarem'"),
        (("rpw", "QQ", "MA", "--pay", "200"), 1, "unknown country 'QQ'; codes are like NL and MA"),
        (("rpw", "NL", "ß", "--pay", "200"), 1, "unknown country 'ß'"),
        (("rpw", "NL", "x" * 99, "--pay", "200"), 1, "unknown country 'xxx"),
        (("rpw", "NL", "MA"), 2, "Missing option '--pay'"),
        (("rpw", "NL", "MA", "--pay", "1.000,50"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "0"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "-5"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "1e400"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "NaN"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "٢٠٠"), 1, "an amount is written like 200 or 200.50"),
        (("rpw", "NL", "MA", "--pay", "20"), 1, "NotOffered: rpw has no price for 20"),
        (("rpw", "NL", "MA", "--pay", "999999999"), 1, "NotOffered: rpw has no price for 9"),
        (("rpw", "NL", "PH", "--pay", "200"), 1, "on NL-PH"),
        (("rpw", "MA", "NL", "--pay", "200"), 1, "on MA-NL"),
        (("rpw", "NL", "NL", "--pay", "200"), 1, "on NL-NL"),
    ],
)
def test_what_cannot_be_quoted_is_named(
    run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    assert says in said(run("quote", *words), code)
