"""Amounts are read as people of the page's language write them, and never as anything else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.amount import BadAmount
from app.domain.corridor import Corridor
from app.web.amounts import typed_amount
from app.web.compare.addresses import list_address
from tests.web.reading import LANGUAGES, Reader

THIN, HARD = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
READ = {
    "nl": {
        "200": "200.00",
        "1.000,50": "1000.50",
        "1.000": "1000.00",
        "1.000,5": "1000.50",
        "1000,5": "1000.50",
        "1000.50": "1000.50",
        "9.999,99": "9999.99",
        "1 000,50": "1000.50",
        f"1{THIN}000": "1000.00",
        f"1{HARD}000": "1000.00",
        " 200 ": "200.00",
        "00200": "200.00",
        "€ 200": "200.00",
        "€1.000,50": "1000.50",
        "200 euro": "200.00",
        "200,-": "200.00",
        "€ 200,--": "200.00",
    },
    "en": {
        "200": "200.00",
        "1,000.50": "1000.50",
        "1,000": "1000.00",
        "1,000.5": "1000.50",
        "1000,5": "1000.50",
        "1000.50": "1000.50",
        "9,999.99": "9999.99",
        "1 000.50": "1000.50",
        "1'000": "1000.00",
        "€200": "200.00",
        "EUR 1,000.50": "1000.50",
    },
}
REFUSED = {
    "nl": [
        "1,000",
        "1,000.50",
        "1.0000",
        "1.00.000",
        "10.00.00",
        "1,00,000",
        "1000.500",
        "1.000.50",
    ],
    "en": [
        "1.000",
        "1.000,50",
        "1,0000",
        "1,00,000",
        "10,00,00",
        "1.00.000",
        "1000,500",
        "1,000,50",
    ],
}


@pytest.mark.parametrize(
    ("lang", "text", "amount"),
    [(lang, text, amount) for lang in LANGUAGES for text, amount in READ[lang].items()],
)
def test_an_amount_is_read_as_the_language_writes_it(
    client: FlaskClient, lang: str, text: str, amount: str
) -> None:
    typed = client.get(
        f"/{lang}/send", query_string={"side": "pay", "amount": text, "from": "NL", "to": "MA"}
    )
    assert typed.status_code == 303
    assert urlsplit(typed.location).path == f"/{lang}/send/nl/ma"
    wanted = amount.removesuffix(".00")
    assert urlsplit(typed.location).query == f"pay={wanted}"
    asked = client.get(f"/{lang}/send/nl/ma", query_string={"pay": text})
    assert asked.status_code == 200
    same = client.get(f"/{lang}/send/nl/ma?pay={wanted}")
    assert asked.text.partition("<h1>")[2] == same.text.partition("<h1>")[2]


@pytest.mark.parametrize(
    ("lang", "text"), [(lang, text) for lang in LANGUAGES for text in REFUSED[lang]]
)
def test_what_could_mean_two_things_is_refused(client: FlaskClient, lang: str, text: str) -> None:
    response = client.get(f"/{lang}/send/nl/ma", query_string={"pay": text})
    assert response.status_code == 422
    assert Reader(response.text).fields["amount"] == text
    assert {"nl": "1.000,50", "en": "1,000.50"}[lang] in Reader(response.text).text


@pytest.mark.parametrize(("lang", "text"), [("nl", "1,000"), ("en", "1.000"), ("nl", "1,234")])
def test_three_decimals_are_refused_even_where_the_currency_has_them(
    app: Flask, lang: str, text: str
) -> None:
    with app.test_request_context(f"/{lang}/"), pytest.raises(BadAmount):
        typed_amount(text, "TND")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", ["7", "1000", "1000.5", "1000.05"])
@pytest.mark.parametrize("currency", ["MAD", "TND", "IQD"])
def test_an_amount_in_an_address_means_the_same_in_every_language(
    app: Flask, lang: str, text: str, currency: str
) -> None:
    country = {"MAD": "MA", "TND": "TN", "IQD": "IQ"}[currency]
    with app.test_request_context(f"/{lang}/"):
        try:
            money = typed_amount(text, currency)
        except BadAmount:
            assert currency == "IQD"
            return
        address = list_address(Corridor("NL", "EUR", country, currency), money, pays=False)
        again = urlsplit(address).query.removeprefix("receive=")
        assert typed_amount(again, currency) == money


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_they_receive_may_be_far_more_than_can_be_paid(client: FlaskClient, lang: str) -> None:
    text = {"nl": "3.900.000", "en": "3,900,000"}[lang]
    response = client.get(f"/{lang}/send/nl/id", query_string={"receive": text})
    assert response.status_code == 200
    assert f"IDR {text}" in Reader(response.text).text


@pytest.mark.parametrize(
    ("lang", "other", "typed"), [("nl", "en", "1.000,50"), ("en", "nl", "1,000.50")]
)
@pytest.mark.parametrize("side", ["pay", "receive"])
def test_the_other_language_asks_the_same_amount(
    client: FlaskClient, lang: str, other: str, typed: str, side: str
) -> None:
    page = client.get(f"/{lang}/send/nl/sr", query_string={side: typed, "first": "fast"})
    link = next(link for link in Reader(page.text).links if link.startswith(f"/{other}/send"))
    assert urlsplit(link).query == f"{side}=1000.50&first=fast"
    assert client.get(link).status_code == 200


def test_euros_are_no_dirhams(client: FlaskClient) -> None:
    """Who asks that "200 euro" arrives in Morocco is not shown what 200 dirham cost."""
    assert client.get("/nl/send/nl/ma?receive=2000 euro").status_code == 422
    assert client.get("/nl/send/nl/ma?receive=€2000").status_code == 422
