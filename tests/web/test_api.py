"""The API has the shape that it promises, and its errors have one shape too."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.web.access import anybody
from tests.web.reading import CORRIDORS, LANGUAGES, said

COMPARE = "/api/v1/compare?from=NL&to=MA&pay=200"
INDICATORS = "/api/v1/indicators?from=NL&period=2025_3Q"
# fmt: off
TEXTS = {
    "provider", "provider_name", "provider_type", "payment_instrument", "access_point",
    "pickup_method", "speed", "coverage", "paid", "fee", "rate", "received",
    "total_cost", "total_cost_percent", "fee_percent", "margin_percent", "origin", "source",
    "observed_at", "age", "evidence", "mid_rate",
}
# fmt: on
KINDS = {"bank", "mto", "post_office", "mobile_operator", "non_bank_fi", "other"}
MONEY = re.compile(r"-?\d+\.\d\d")


def get(client: FlaskClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    return response.get_json()


def test_compare_has_exactly_the_promised_keys(client: FlaskClient) -> None:
    body = get(client, COMPARE)
    promised = {"corridor", "asked", "ranked_by", "mid_rate", "results", "coverage"}
    assert set(body) == promised
    assert body["corridor"] == {
        "from": "NL",
        "send_currency": "EUR",
        "to": "MA",
        "receive_currency": "MAD",
    }
    assert body["asked"] == {"pay": "200.00"}
    assert body["ranked_by"] == "cheap"
    assert set(body["mid_rate"]) == {"rate", "sources", "observed_at"}
    assert set(body["coverage"]) == {"asked", "missing", "sources", "state", "reason"}
    for row in body["results"]:
        assert set(row) == TEXTS | {"rank", "service", "exact", "promotion", "pay_in", "via"}
    for one in body["coverage"]["missing"]:
        assert set(one) == {"provider", "why"}
    for one in body["coverage"]["sources"]:
        assert set(one) == {"source", "outcome", "asked_at", "services", "why"}


def test_amounts_and_rates_are_texts_and_counts_are_numbers(client: FlaskClient) -> None:
    body = get(client, COMPARE)
    assert isinstance(body["mid_rate"]["rate"], str)
    assert body["coverage"]["asked"] == ["rpw"]
    for row in body["results"]:
        assert all(type(row[key]) is str for key in TEXTS)
        assert type(row["rank"]) is type(row["service"]) is int
        assert type(row["exact"]) is bool
        assert row["promotion"] is row["pay_in"] is row["via"] is None
        for key in ("paid", "fee", "received", "total_cost", "total_cost_percent", "fee_percent"):
            assert MONEY.fullmatch(row[key]), (key, row[key])
        assert re.fullmatch(r"\d+(\.\d+)?", row["rate"])


def test_every_row_says_what_it_is_and_where_it_comes_from(client: FlaskClient) -> None:
    for to in CORRIDORS:
        for row in get(client, f"/api/v1/compare?from=NL&to={to}&pay=200")["results"]:
            assert row["provider_type"] in KINDS
            assert (row["origin"], row["source"], row["age"]) == ("survey", "rpw", "dated")
            assert re.fullmatch(r"2025-\d\d-\d\d", row["observed_at"])
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", row["evidence"])
            assert re.fullmatch(r"[a-z0-9-]+", row["provider"])


def test_every_provider_that_sends_from_here_is_answered_or_missing(client: FlaskClient) -> None:
    firms: set[str] = set()
    seen = []
    for to in CORRIDORS:
        body = get(client, f"/api/v1/compare?from=NL&to={to}&pay=200")
        answered = {row["provider"] for row in body["results"]}
        missing = [one["provider"] for one in body["coverage"]["missing"]]
        assert not answered & set(missing)
        firms |= answered
        seen.append(answered | set(missing))
    assert len(firms) == 14
    assert all(one == seen[0] for one in seen)
    assert firms < seen[0]


def test_receive_is_asked_and_echoed_in_the_receivers_currency(client: FlaskClient) -> None:
    body = get(client, "/api/v1/compare?from=nl&to=ma&receive=2000.5&first=fast")
    assert body["asked"] == {"receive": "2000.50"}
    assert body["ranked_by"] == "fast"


def test_an_amount_beyond_all_prices_has_no_results_and_says_why(client: FlaskClient) -> None:
    body = get(client, "/api/v1/compare?from=NL&to=MA&pay=9000")
    assert body["results"] == []
    missing = {one["provider"]: one["why"] for one in body["coverage"]["missing"]}
    inside = get(client, COMPARE)["results"]
    assert {row["provider"] for row in inside} < set(missing)
    assert all(missing.values())


def test_reasons_are_in_the_visitors_language(client: FlaskClient) -> None:
    bodies = [
        client.get(COMPARE, headers={"Accept-Language": lang}).get_json() for lang in LANGUAGES
    ]
    reasons = [{one["why"] for one in body["coverage"]["missing"]} for body in bodies]
    assert all(reasons)
    assert len(reasons[0]) == len(reasons[1])
    assert not reasons[0] & reasons[1]
    assert bodies[0]["results"] == bodies[1]["results"]


def test_indicators_have_exactly_the_promised_keys(client: FlaskClient) -> None:
    body = get(client, INDICATORS)
    promised = ["from", "period", "services", "firms", "average", "by_firm_type", "corridors"]
    assert list(body) == promised
    assert set(body["average"]) == {"200", "500"}
    for kind, average in body["by_firm_type"].items():
        assert kind in KINDS
        assert set(average) == {"services", "average"}
    for corridor in body["corridors"]:
        assert set(corridor) == {"to", "services", "firms", "average"}
        assert all(re.fullmatch(r"\d+\.\d\d", mean) for mean in corridor["average"].values())


def test_indicators_are_the_world_banks_figures(client: FlaskClient) -> None:
    body = get(client, INDICATORS)
    assert (body["from"], body["period"]) == ("NL", "2025_3Q")
    assert (body["services"], body["firms"]) == (175, 14)
    assert body["average"] == {"200": "5.52", "500": "3.44"}
    found = {one["to"]: (one["services"], one["average"]["200"]) for one in body["corridors"]}
    assert set(found) == set(CORRIDORS)
    assert found["MA"] == (25, "5.57")
    assert found["TR"] == (23, "8.14")
    assert sum(one["services"] for one in body["corridors"]) == 175
    assert sum(one["services"] for one in body["by_firm_type"].values()) == 175


def test_a_countrys_average_is_over_services_and_not_over_corridors(client: FlaskClient) -> None:
    body = get(client, INDICATORS)
    total = sum(one["services"] * Decimal(one["average"]["200"]) for one in body["corridors"])
    assert abs(total / 175 - Decimal(body["average"]["200"])) < Decimal("0.01")


TITLES = [
    "No price known",
    "No such survey",
    "This page does not exist",
    "We cannot answer this request",
]
ERRORS = [
    ("/api/v1/compare?from=NL&to=FR&pay=200", 404, None),
    ("/api/v1/compare?from=NL&to=MA&pay=200&currency=USD", 422, "currency"),
    ("/api/v1/compare?from=NL&to=MA&pay=200&currency=MAD&currency=MAD", 400, "currency"),
    ("/api/v1/compare?from=XX&to=MA&pay=200", 422, "from"),
    ("/api/v1/compare?from=NL&to=MA", 422, "pay"),
    ("/api/v1/compare?from=NL&to=MA&pay=5", 422, "pay"),
    ("/api/v1/compare?from=NL&to=MA&receive=x", 422, "receive"),
    ("/api/v1/compare?from=NL&to=MA&pay=200&first=dear", 422, "first"),
    ("/api/v1/compare?from=NL&to=MA&pay=200&pay=200", 400, "pay"),
    ("/api/v1/indicators?from=NL&period=2025", 422, "period"),
    ("/api/v1/indicators?from=NL&period=1999_1Q", 422, "period"),
    ("/api/v1/indicators?from=DE&period=2025_3Q", 404, None),
    ("/api/v1/indicators?from=NL&from=NL&period=2025_3Q", 400, "from"),
    ("/api/v1/nothing", 404, None),
    ("/api/", 404, None),
    ("/api/v1/compare/", 404, None),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("address", "status", "parameter"), ERRORS, ids=[e[0] for e in ERRORS])
def test_every_error_is_problem_json_in_the_visitors_language_open_to_all_sites(
    app: Flask, client: FlaskClient, lang: str, address: str, status: int, parameter: str | None
) -> None:
    response = client.get(address, headers={"Accept-Language": lang})
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.headers["Content-Language"] == lang
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"
    body = response.get_json()
    promised = ["type", "title", "status", "detail"]
    assert list(body) == promised + (["parameter"] if parameter else [])
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body.get("parameter") == parameter
    assert body["title"] in [said(app, lang, title) for title in TITLES]


@pytest.mark.parametrize("address", [COMPARE, INDICATORS])
def test_good_answers_are_open_to_all_sites_and_vary_by_language(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Vary"] == "Accept-Language, Accept-Encoding"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_with_the_ones_that_are_allowed(
    client: FlaskClient, method: str
) -> None:
    for address in (COMPARE, "/nl/"):
        response = client.open(address, method=method)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_our_own_mistakes_are_a_page_or_problem_json_that_tells_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = create_app(app.extensions["settings"])

    def fails() -> str:
        raise RuntimeError("a secret of ours")

    anybody(fails)

    for endpoint in ("compare.home", "api.compare"):
        monkeypatch.setitem(broken.view_functions, endpoint, fails)
    page, problem = (broken.test_client().get(path) for path in ("/nl/", COMPARE))
    assert page.status_code == problem.status_code == 500
    assert problem.mimetype == "application/problem+json"
    assert '<html lang="nl"' in page.text
    assert "secret" not in page.text + problem.text
    assert "a secret of ours" in caplog.text
    broken.extensions["database"].engine.dispose()
