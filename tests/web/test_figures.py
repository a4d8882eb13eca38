"""Every figure that is shown can be worked out again from the others."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.money import Money
from app.web.locale import day, money
from tests.web.reading import CORRIDORS, LANGUAGES, Reader, plain, said, section

CENT = Decimal("0.01")
PAID = ("144.19", "150", "200", "250.55", "345", "352.99")
ALL_FOUND = "200"
"""An amount for which every service of the survey has a price."""

WESTERN_UNION = {
    "paid": "144.19",
    "fee": "4.19",
    "received": "5858.50",
    "total_cost": "7.42",
    "total_cost_percent": "5.15",
    "fee_percent": "2.91",
    "margin_percent": "2.24",
    "exact": True,
    "observed_at": "2025-08-19",
}
ON_PAGE = {
    "nl": ("SRD 5.858,50", "Kost u € 7,42 (5,15%)", "€ 4,19"),
    "en": ("SRD 5,858.50", "Costs you €7.42 (5.15%)", "€4.19"),
}
CAUTION = (
    "The rate was better than the mid-market rate. That is rare: check it with the firm before "
    "you pay."
)


def ask(client: FlaskClient, to: str, **question: str) -> Any:
    response = client.get("/api/v1/compare", query_string={"from": "NL", "to": to, **question})
    assert response.status_code == 200, response.text
    return response.json


def numbers(row: Any) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return tuple(Decimal(row[key]) for key in ("paid", "fee", "rate", "received"))  # type: ignore[return-value]


def check_row(row: Any, mid: Decimal) -> None:
    """(paid - fee) x rate = received; total = paid - received / mid; the percentages of paid."""
    paid, fee, rate, received = numbers(row)
    assert paid > fee >= 0
    assert abs((paid - fee) * rate - received) <= max(CENT, CENT * rate), row
    total = paid - received / mid
    assert abs(Decimal(row["total_cost"]) - total) <= CENT / 2 + CENT / mid, row
    parts = {"total_cost_percent": total, "fee_percent": fee, "margin_percent": total - fee}
    for key, part in parts.items():
        shown = (part / paid * 100).quantize(CENT, ROUND_HALF_UP)
        assert abs(Decimal(row[key]) - shown) <= CENT, (key, row)


@pytest.mark.parametrize("to", CORRIDORS)
@pytest.mark.parametrize("pay", PAID)
def test_for_what_is_paid_every_row_adds_up_and_most_arrives_first(
    client: FlaskClient, to: str, pay: str
) -> None:
    body = ask(client, to, pay=pay)
    rows = body["results"]
    for row in rows:
        check_row(row, Decimal(body["mid_rate"]["rate"]))
        assert Decimal(row["paid"]) == Decimal(pay)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    arrives = [Decimal(row["received"]) for row in rows]
    assert arrives == sorted(arrives, reverse=True)


@pytest.mark.parametrize("to", CORRIDORS)
@pytest.mark.parametrize("share", ["0", "0.33", "1"])
def test_for_what_must_arrive_it_does_and_the_least_paid_comes_first(
    client: FlaskClient, to: str, share: str
) -> None:
    known = [Decimal(row["received"]) for row in ask(client, to, pay=ALL_FOUND)["results"]]
    asked = (min(known) + (max(known) - min(known)) * Decimal(share)).quantize(CENT)
    body = ask(client, to, receive=str(asked))
    rows = body["results"]
    assert len(rows) == len(known)
    for row in rows:
        check_row(row, Decimal(body["mid_rate"]["rate"]))
        assert Decimal(row["received"]) >= asked
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    paid = [Decimal(row["paid"]) for row in rows]
    assert paid == sorted(paid)


@pytest.mark.parametrize("to", CORRIDORS)
def test_what_must_be_paid_is_enough_and_a_cent_less_is_not(client: FlaskClient, to: str) -> None:
    known = ask(client, to, pay=ALL_FOUND)["results"]
    asked = Decimal(known[len(known) // 2]["received"]) + 1
    row = ask(client, to, receive=str(asked))["results"][0]

    def arrives(paid: Decimal) -> Decimal:
        rows = ask(client, to, pay=str(paid))["results"]
        return Decimal(next(one["received"] for one in rows if one["service"] == row["service"]))

    assert arrives(Decimal(row["paid"])) >= asked > arrives(Decimal(row["paid"]) - CENT)


def test_western_union_to_suriname_costs_what_the_survey_says(client: FlaskClient) -> None:
    rows = ask(client, "SR", pay="144.19")["results"]
    row = next(one for one in rows if one["provider"] == "western-union")
    assert {key: row[key] for key in WESTERN_UNION} == WESTERN_UNION


@pytest.mark.parametrize("lang", LANGUAGES)
def test_western_union_to_suriname_stands_on_the_page_with_the_same_figures(
    client: FlaskClient, lang: str
) -> None:
    html = client.get(f"/{lang}/send/nl/sr?pay=144.19").text
    firm = Reader(section(html, 'id="western-union"', 'class="folds"')).text
    for figure in ON_PAGE[lang]:
        assert figure in firm


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_that_price_shows_the_whole_sum(
    app: Flask, client: FlaskClient, lang: str
) -> None:
    html = client.get(f"/{lang}/send/nl/sr?pay=144.19").text
    links = Reader(section(html, 'id="western-union"', "\n</li>")).links
    page = Reader(client.get(next(link for link in links if "/price/" in link)).text).text
    wanted = {
        "nl": ("€ 144,19", "€ 140,00", "41,846442", "1 EUR = 42,83595261 SRD", "5,30%"),
        "en": ("€144.19", "€140.00", "41.846442", "1 EUR = 42.83595261 SRD", "5.30%"),
    }
    for figure in (*wanted[lang], *(one.split(" (")[0][-6:] for one in ON_PAGE[lang])):
        assert figure in page
    with app.test_request_context(f"/{lang}/"):
        assert day(date(2026, 9, 29)) in page, "the day of the mid-market rate"
        assert day(date(2025, 8, 19)) in page, "the day of the survey"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("to", CORRIDORS)
@pytest.mark.parametrize("side", ["pay", "receive"])
def test_the_page_shows_the_best_of_each_firm_as_the_api_has_it(
    app: Flask, client: FlaskClient, lang: str, to: str, side: str
) -> None:
    first = ask(client, to, pay=ALL_FOUND)
    amount = ALL_FOUND if side == "pay" else first["results"][0]["received"]
    rows = ask(client, to, **{side: amount})["results"]
    best: dict[str, Any] = {}
    for row in rows:
        best.setdefault(row["provider"], row)
    html = client.get(f"/{lang}/send/nl/{to.lower()}?{side}={amount}").text
    currency = first["corridor"]["receive_currency"] if side == "pay" else "EUR"
    at = -1
    for slug, row in best.items():
        found = html.index(f'id="{slug}"')
        assert found > at, "firms stand in the order of their best rows"
        at = found
        figure = row["received"] if side == "pay" else row["paid"]
        with app.test_request_context(f"/{lang}/"):
            large = plain(money(Money(Decimal(figure), currency)))
            cost = plain(money(Money(abs(Decimal(row["total_cost"])), "EUR")))
        shown = Reader(section(html[found:], '<p class="arrives">', 'class="origin"'))
        assert large in shown.text
        assert cost in shown.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rate_better_than_mid_market_is_shown_as_a_gain_with_a_word_of_caution(
    app: Flask, client: FlaskClient, lang: str
) -> None:
    html = client.get(f"/{lang}/send/nl/ma?pay=345").text
    best: dict[str, Any] = {}
    for row in ask(client, "MA", pay="345")["results"]:
        best.setdefault(row["provider"], row)
    better = [row for row in best.values() if Decimal(row["total_cost"]) < 0]
    assert better
    for row in better:
        firm = section(html, f'id="{row["provider"]}"', "\n</li>")
        with app.test_request_context(f"/{lang}/"):
            gain = plain(money(Money(-Decimal(row["total_cost"]), "EUR")))
            loss = plain(money(Money(Decimal(row["total_cost"]), "EUR")))
        cost = Reader(section(firm, '<div class="cost">', 'class="origin"')).text
        assert gain in cost
        assert said(app, lang, CAUTION) in cost
        told = Reader(section(firm, "data-aloud>", "</p>")).text
        assert gain in told, "in one sentence, to be read or heard alone"
        for text in (cost, told):
            assert loss not in text
            assert not re.search(r"-\s?[€\d]", text)
