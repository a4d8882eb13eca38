"""Whatever is asked gets an answer that says what to do: never a crash, never someone's HTML."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.reading import LANGUAGES, Reader, said

MEGABYTE = 1_000_000
HTML = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}&amp;"
BAD_AMOUNTS = {
    "missing": "",
    "zero": "0",
    "zero cents": "0.00",
    "negative": "-200",
    "signed": "+200",
    "too little": "9.99",
    "too much": "10000.01",
    "huge": "9" * 25,
    "beyond all numbers": "1e400",
    "exponent": "2e2",
    "not a number": "NaN",
    "infinity": "Infinity",
    "hexadecimal": "0x10",
    "underscore": "2_00",
    "full-width": "\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT ZERO}0",
    "arabic": "\N{ARABIC-INDIC DIGIT TWO}\N{ARABIC-INDIC DIGIT ZERO}0",
    "superscript": "2\N{SUPERSCRIPT TWO}",
    "words": "two hundred",
    "currency": "$200",
    "two marks": "2..5",
    "three decimals": "200.001",
    "null": "200\0",
    "escape": "\x1b[2J200",
    "line": "2\n00",
    "html": HTML,
    "megabyte": "9" * MEGABYTE,
    "megabyte of marks": "," * MEGABYTE,
    "surrogate": "\ufffd200",
}
BAD_COUNTRIES = {
    "unknown": "XX",
    "three letters": "NLD",
    "a name": "Marokko",
    "long s": "\N{LATIN SMALL LETTER LONG S}r",
    "dotless i": "\N{LATIN SMALL LETTER DOTLESS I}d",
    "full-width": "\N{FULLWIDTH LATIN CAPITAL LETTER M}A",
    "null": "M\0",
    "line": "MA\n",
    "traversal": "..",
    "html": HTML,
    "megabyte": "M" * MEGABYTE,
}
amounts = pytest.mark.parametrize("amount", BAD_AMOUNTS.values(), ids=BAD_AMOUNTS)
countries = pytest.mark.parametrize("country", BAD_COUNTRIES.values(), ids=BAD_COUNTRIES)
both = pytest.mark.parametrize("lang", LANGUAGES)


OURS = re.compile(
    r'<script (?:src="/static/[0-9a-f]{10}/[a-z]+\.js" defer>|type="application/ld\+json">[^<]*)'
    r"</script>"
)
"""Scripts from files of the site, and facts for search engines, in which nothing can be a tag."""


def check_nothing_of_theirs(html: str) -> None:
    assert "<script" not in OURS.sub("", html)
    assert "<img" not in html
    assert "49" not in html or "7*7" in html
    assert len(html) < 200_000


@both
@amounts
def test_a_bad_amount_in_an_address_gets_the_form_back_as_it_was(
    client: FlaskClient, lang: str, amount: str
) -> None:
    response = client.get(f"/{lang}/send/nl/ma", query_string={"pay": amount})
    assert response.status_code == 422
    check_nothing_of_theirs(response.text)
    page = Reader(response.text)
    assert page.wrong == {"amount"}
    assert page.fields == {"side": "pay", "amount": amount[:40], "from": "NL", "to": "MA"}
    assert 'role="alert"' in response.text


@both
@amounts
def test_a_bad_amount_in_the_form_gets_the_form_back_as_it_was(
    client: FlaskClient, lang: str, amount: str
) -> None:
    asked = {"side": "pay", "amount": amount, "from": "NL", "to": "SR"}
    response = client.get(f"/{lang}/send", query_string=asked)
    assert response.status_code == 422
    check_nothing_of_theirs(response.text)
    page = Reader(response.text)
    assert page.wrong == {"amount"}
    assert page.fields == asked | {"amount": amount[:40]}


@amounts
def test_a_bad_amount_in_the_api_is_a_problem_with_the_amount(
    client: FlaskClient, amount: str
) -> None:
    for side in ("pay", "receive"):
        if side == "receive" and amount in ("9.99", "10000.01"):
            continue
        query = {"from": "NL", "to": "MA", side: amount}
        response = client.get("/api/v1/compare", query_string=query)
        assert response.status_code == 422
        assert response.mimetype == "application/problem+json"
        assert response.get_json()["parameter"] == side
        assert len(response.data) < 1000


@pytest.mark.parametrize("amount", ["1,000", "200,50", "1.000,50", " 200", "200 ", "1 000", ".5"])
def test_the_api_takes_plain_ascii_decimals_and_nothing_else(
    client: FlaskClient, amount: str
) -> None:
    query = {"from": "NL", "to": "MA", "pay": amount}
    for lang in LANGUAGES:
        headers = {"Accept-Language": lang}
        response = client.get("/api/v1/compare", query_string=query, headers=headers)
        assert response.status_code == 422


@both
@countries
def test_an_unknown_country_in_the_form_is_asked_again(
    app: Flask, client: FlaskClient, lang: str, country: str
) -> None:
    for name, other in (("from", "to"), ("to", "from")):
        query = {"side": "receive", "amount": "200", name: country, other: "NL"}
        response = client.get(f"/{lang}/send", query_string=query)
        assert response.status_code == 422
        check_nothing_of_theirs(response.text)
        page = Reader(response.text)
        assert page.wrong == {name}
        assert (page.fields["amount"], page.fields["side"]) == ("200", "receive")
        unknown = "We do not know this country. Choose one from the list."
        assert said(app, lang, unknown) in page.text


@both
@countries
def test_an_unknown_country_in_an_address_is_a_page_that_is_not_there(
    client: FlaskClient, lang: str, country: str
) -> None:
    for path in (f"nl/{country}", f"{country}/ma"):
        response = client.get(f"/{lang}/send/{quote(path.lower())}?pay=200")
        assert response.status_code == 404
        check_nothing_of_theirs(response.text)


@countries
def test_an_unknown_country_in_the_api_is_a_problem_with_that_country(
    client: FlaskClient, country: str
) -> None:
    for name, other in (("from", "to"), ("to", "from")):
        query = {name: country, other: "NL", "pay": "200"}
        response = client.get("/api/v1/compare", query_string=query)
        assert response.status_code == 422
        assert response.get_json()["parameter"] == name


@both
def test_nothing_asked_at_all_is_asked_again(client: FlaskClient, lang: str) -> None:
    page = Reader(client.get(f"/{lang}/send").text)
    assert page.wrong == {"amount", "to"}
    same = Reader(client.get(f"/{lang}/send?amount=200&from=NL&to=NL").text)
    assert same.wrong == {"to"}


@both
@pytest.mark.parametrize(
    "path",
    [
        "send/nl/ma?pay=200&pay=300",
        "send/nl/ma?receive=200&receive=200",
        "send/nl/ma?pay=200&receive=2000",
        "send/nl/ma?pay=200&first=fast&first=safe",
        "send?amount=200&amount=200&from=NL&to=MA",
        "send?amount=200&from=NL&from=NL&to=MA",
        "send?amount=200&from=NL&to=MA&to=SR",
        "send?amount=200&from=NL&to=MA&side=pay&side=receive",
        "send/nl/ma?pay=200&first=dear",
        "send/nl/ma?pay=200&first=",
        "send?amount=200&from=NL&to=MA&side=steal",
        "price/1?pay=200&pay=200",
        "price/1?pay=abc",
    ],
)
def test_what_is_asked_twice_or_is_no_choice_is_asked_again(
    client: FlaskClient, lang: str, path: str
) -> None:
    response = client.get(f"/{lang}/{path}")
    assert response.status_code == 422
    assert 'role="alert"' in response.text


@both
def test_a_country_we_have_no_prices_from_stays_chosen_in_the_form(
    client: FlaskClient, lang: str
) -> None:
    asked = {"side": "pay", "amount": "200", "from": "US", "to": "MA"}
    response = client.get(f"/{lang}/send", query_string=asked, follow_redirects=True)
    assert response.status_code == 404
    assert Reader(response.text).fields == asked


@both
@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("9" * 9, 404),
        ("9" * 10, 404),
        ("9223372036854775808", 404),
        ("9" * 5000, 404),
        ("0", 404),
        ("-1", 404),
        ("01", 404),
        ("\N{ARABIC-INDIC DIGIT ONE}", 404),
        ("1.0", 404),
        ("1%00", 404),
        ("1?pay=9000", 404),
    ],
)
def test_a_price_that_is_not_there_is_not_there(
    client: FlaskClient, lang: str, number: str, status: int
) -> None:
    assert client.get(f"/{lang}/price/{number}").status_code == status


@pytest.mark.parametrize(
    "name", ["side", "amount", "from", "to", "pay", "receive", "first", "by", "currency", "x"]
)
@pytest.mark.parametrize(
    "path", ["/nl/send", "/nl/send/nl/sr", "/nl/price/1", "/nl/", "/en/how-we-work", "/nl/nothing"]
)
def test_html_in_any_parameter_is_text(client: FlaskClient, path: str, name: str) -> None:
    response = client.get(path, query_string={name: HTML})
    assert response.status_code < 500
    check_nothing_of_theirs(response.text)


def test_a_thousand_parameters_do_not_blow_up_the_page(client: FlaskClient) -> None:
    response = client.get("/nl/send/nl/ma?" + "pay=200&" * 100_000)
    assert response.status_code == 422
    assert len(response.data) < 50_000


def test_a_body_is_never_wanted(client: FlaskClient) -> None:
    assert client.post("/nl/send", data=b"x" * MEGABYTE).status_code == 405
    assert client.get("/nl/", data=b"x" * MEGABYTE).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"Accept-Language": "ÿ;;;q=x"},
        {"Accept-Language": "x" * 50_000},
        {"If-None-Match": "nonsense"},
        {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=5-2"},
        {"Cookie": "a=b; c"},
    ],
    ids=str,
)
def test_odd_headers_are_borne(client: FlaskClient, header: dict[str, str]) -> None:
    for path in ("/nl/send/nl/ma?pay=200", "/api/v1/compare?from=NL&to=MA&pay=200"):
        assert client.get(path, headers=header).status_code == 200
    assert client.get("/", headers=header).status_code == 302
