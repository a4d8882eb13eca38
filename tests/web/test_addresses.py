"""Addresses: the front door, the languages, and what is nearly an address."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.choices import Choice
from app.domain.comparison import Question
from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.ranking import Priority
from app.web.compare.addresses import ListState
from app.web.locale import LANGUAGES as EVERY
from tests.web.reading import LANGUAGES, Reader

ASKED = {
    "": "en",
    "nl": "nl",
    "nl-BE,fr;q=0.9": "nl",
    "fr-FR,nl;q=0.9": "fr",
    "ti": "ti",
    "pt-BR": "pt",
    "NL": "nl",
    "en-GB": "en",
    "de,nl;q=0.5,en;q=0.4": "nl",
    "nl;q=0.3,en;q=0.8": "en",
    "ar": "ar",
    "de,it": "en",
    "*": "en",
    "nl;q=0,tr;q=0.1": "tr",
    "FA_IR": "fa",
    "zz-ZZ;q=broken,,": "en",
}


@pytest.mark.parametrize(("asked", "lang"), ASKED.items())
def test_the_front_door_leads_to_the_visitors_language(
    client: FlaskClient, asked: str, lang: str
) -> None:
    response = client.get("/", headers={"Accept-Language": asked} if asked else {})
    assert response.status_code == 302
    assert response.location == f"/{lang}/"
    assert set(response.vary) == {"Accept-Language", "Accept-Encoding"}


@pytest.mark.parametrize(
    "path",
    [
        "/nl/",
        "/nl/how-we-work",
        "/nl/send/nl/ma?pay=200",
        "/nl/send/nl/sr?receive=6000.50&first=safe",
        "/nl/send/nl/ma?pay=9000",
        "/nl/send/nl/ph?pay=200",
        "/nl/price/1",
        "/nl/send?side=receive&amount=x&from=NL&to=MA",
        "/nl/send/nl/ma?pay=1+000&q=%26%3D%3F%22",
    ],
)
def test_the_language_switch_keeps_the_page_and_the_question(
    client: FlaskClient, path: str
) -> None:
    dutch = client.get(path)
    link = path.replace("/nl/", "/en/", 1).replace("1+000", "1000")
    assert link in Reader(dutch.text).links
    english = client.get(link)
    assert english.status_code == dutch.status_code
    assert link.replace("/en/", "/nl/", 1) in Reader(english.text).links
    assert Reader(english.text).fields.keys() == Reader(dutch.text).fields.keys()


def test_every_page_says_where_it_is_in_each_language(client: FlaskClient) -> None:
    html = client.get("/nl/send/nl/ma?pay=200").text
    site = "http://127.0.0.1:8000"
    assert f'rel="canonical" href="{site}/nl/send/nl/ma?pay=200"' in html
    for lang in EVERY:
        assert f'hreflang="{lang}" href="{site}/{lang}/send/nl/ma?pay=200"' in html


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/nl/send/NL/MA?pay=200", "/nl/send/nl/ma?pay=200"),
        ("/en/send/nl/Ma?receive=2000&first=fast", "/en/send/nl/ma?receive=2000&first=fast"),
        ("/nl/send/NL/MA?pay=1&pay=2", "/nl/send/nl/ma?pay=1&pay=2"),
    ],
)
def test_an_upper_case_corridor_has_one_right_address(
    client: FlaskClient, path: str, right: str
) -> None:
    response = client.get(path)
    assert response.status_code == 301
    assert response.location == right


def test_a_redirect_cannot_carry_a_header_or_leave_the_site(client: FlaskClient) -> None:
    response = client.get("/nl/send/NL/MA?pay=2%0d%0aSet-Cookie:%20a=b")
    assert "\n" not in response.location
    for path in ("/nl/send/NL//evil.example?pay=2", "/nl/send/%2F%2Fevil.example/MA?pay=2"):
        assert "evil.example" not in (client.get(path).location or "").split("/")[:3]


@pytest.mark.parametrize(
    "path",
    [
        "/nl/send/nl/ma/?pay=200",
        "/nl/send/nl/ma/x?pay=200",
        "/nl/send/nl/ma%20?pay=200",
        "/nl/send/nl/ma.html?pay=200",
        "/nl/send/nl?pay=200",
        "/NL/",
        "/nlx/",
        "/de/",
        "/nl/price/1x",
        "/nl/price/1/",
        "/nl/how-we-work/",
        "/nl/How-We-Work",
        "/evidence/abc",
        "/evidence/" + "0" * 64,
        "/evidence/" + "0" * 65,
        "/static/0000000000/site.css",
        "/static/0000000000/..%2f..%2fconfig.py",
        "/nl/../../config.py",
        "/.env",
        "/favicon.ico",
    ],
)
def test_what_is_nearly_an_address_is_not_one(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_leads_to_an_address_that_can_be_kept(client: FlaskClient, lang: str) -> None:
    asked = {"side": "receive", "amount": "6000", "from": "NL", "to": "SR"}
    response = client.get(f"/{lang}/send", query_string=asked)
    assert response.status_code == 303
    assert response.location == f"/{lang}/send/nl/sr?receive=6000"
    assert Reader(client.get(response.location).text).fields == asked


def test_a_list_has_all_of_its_question_and_of_what_was_chosen_in_its_address(app: Flask) -> None:
    dollars = Corridor("NL", "EUR", "SR", "USD")
    question = Question(dollars, Money(Decimal("60.50"), "USD"), pays=False)
    cash, quick = Choice.read("pay.cash"), Choice.read("speed.next_day")
    state = ListState(question, Priority.FAST, "USD", (cash, quick))
    with app.test_request_context("/en/"):
        path, end = "/en/send/nl/sr", "by=pay.cash&by=speed.next_day"
        assert state.address() == f"{path}?receive=60.50&first=fast&currency=USD&{end}"
        assert state.address(first=None) == f"{path}?receive=60.50&currency=USD&{end}"
        more = Money(Decimal(70), "USD")
        assert state.asking(more) == f"{path}?receive=70&first=fast&currency=USD&{end}"
        one = f"{path}?receive=60.50&first=fast&currency=USD&by=speed.next_day"
        assert state.without(cash) == one
        assert ListState(Question(dollars, Money(Decimal(9), "EUR"))).address() == f"{path}?pay=9"


def test_robots_may_read_all_but_the_form(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Disallow: /*/send?" in response.text


@pytest.mark.parametrize("path", ["live", "ready"])
def test_health_is_asked_anew_each_time(client: FlaskClient, path: str) -> None:
    assert client.get(f"/health/{path}").headers["Cache-Control"] == "no-store"
