"""What stands on each page, in each language, on the shipped prices."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.service import SPEED_ORDER
from app.factory import create_app
from config import ROOT
from tests.conftest import CheckedClient, settings
from tests.web.reading import CORRIDORS, LANGUAGES, Reader, plain, said, section

both = pytest.mark.parametrize("lang", LANGUAGES)


def near(html: str) -> list[str]:
    return Reader(section(html, '<ul class="near">', "</ul>")).links


@both
def test_home_asks_the_question_and_leads_to_every_corridor(client: FlaskClient, lang: str) -> None:
    response = client.get(f"/{lang}/")
    assert response.status_code == 200
    page = Reader(response.text)
    assert page.fields == {"side": "pay", "amount": "", "from": "NL", "to": ""}
    for to in CORRIDORS:
        address = f"/{lang}/send/nl/{to.lower()}?pay=200"
        assert address in page.links
        assert client.get(address).status_code == 200


@both
def test_home_names_countries_in_the_language_of_the_page(client: FlaskClient, lang: str) -> None:
    page = Reader(client.get(f"/{lang}/").text)
    names = {"nl": ("Marokko", "Dominicaanse Republiek"), "en": ("Morocco", "Dominican Republic")}
    for name in names[lang]:
        assert name in page.text


@both
def test_the_list_says_how_many_ways_and_firms_there_are(
    app: Flask, client: FlaskClient, lang: str
) -> None:
    html = client.get(f"/{lang}/send/nl/ma?pay=200").text
    rows = client.get("/api/v1/compare?from=NL&to=MA&pay=200").get_json()["results"]
    firms = {row["provider"] for row in rows}
    assert html.count('<li class="result') == len(firms) == 9
    honest = Reader(section(html, 'class="honest"', "</p>")).text
    assert f"{len(rows)} " in honest
    assert f"{len(firms)} " in honest
    for row in rows:
        assert html.count(f'id="{row["provider"]}"') == 1
        assert row["provider_name"] in plain(html)


@both
def test_every_way_of_a_firm_is_in_the_list_with_a_page_of_its_own(
    client: FlaskClient, lang: str
) -> None:
    html = client.get(f"/{lang}/send/nl/sr?pay=200").text
    rows = client.get("/api/v1/compare?from=NL&to=SR&pay=200").get_json()["results"]
    pages = {link for link in Reader(html).links if "/price/" in link}
    assert len(pages) == len(rows)
    for page in pages:
        assert page.endswith("?pay=200")
        assert client.get(page).status_code == 200


@both
def test_the_honest_sentence_states_the_gap_between_best_and_worst(
    client: FlaskClient, lang: str
) -> None:
    rows = client.get("/api/v1/compare?from=NL&to=SR&pay=144.19").get_json()["results"]
    assert (rows[0]["received"], rows[-1]["received"]) == ("5946.14", "5851.25")
    honest = section(client.get(f"/{lang}/send/nl/sr?pay=144.19").text, 'class="honest"', "</p>")
    assert {"nl": "SRD 94,89", "en": "SRD 94.89"}[lang] in Reader(honest).text


@pytest.mark.parametrize("first", ["safe", "fast", "cheap"])
def test_the_visitors_priority_orders_the_list_and_the_api_alike(
    client: FlaskClient, first: str
) -> None:
    html = client.get(f"/en/send/nl/tr?pay=200&first={first}").text
    rows = client.get(f"/api/v1/compare?from=NL&to=TR&pay=200&first={first}").get_json()["results"]
    firms = list(dict.fromkeys(row["provider"] for row in rows))
    places = [html.index(f'id="{slug}"') for slug in firms]
    assert places == sorted(places)
    assert section(html, 'class="order"', "</nav>").count("aria-current") == 1


def test_fast_puts_the_shortest_time_first_and_an_unknown_one_last(client: FlaskClient) -> None:
    order = [speed.value for speed in SPEED_ORDER]
    rows = client.get("/api/v1/compare?from=NL&to=TR&pay=200&first=fast").get_json()["results"]
    speeds = list(dict.fromkeys(row["speed"] for row in rows))
    assert speeds[0] == order[0]
    assert len(speeds) > 2
    assert speeds == [*(one for one in [*order, "unknown"] if one in speeds)]


@both
@pytest.mark.parametrize("to", CORRIDORS)
@pytest.mark.parametrize("asked", ["pay=10", "pay=10000", "receive=1", "receive=999999999"])
def test_an_amount_without_a_price_gets_amounts_near_it_that_have_one(
    client: FlaskClient, lang: str, to: str, asked: str
) -> None:
    response = client.get(f"/{lang}/send/nl/{to.lower()}?{asked}")
    assert response.status_code == 200
    links = near(response.text)
    side = asked.partition("=")[0]
    assert [link.partition("?")[2].partition("=")[0] for link in links] == [side, side]
    for link in links if asked in ("pay=10", "receive=1") else []:
        assert 'class="results"' in client.get(link).text


@both
def test_the_empty_page_names_the_known_range(client: FlaskClient, lang: str) -> None:
    with (ROOT / "data/rpw/rpw_nl_2025_3Q.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["destination_code"] == "SUR"]
    paid = [
        Decimal(row[f"{point} lcu amount"]) + Decimal(row[f"{point} lcu fee"])
        for row in rows
        for point in ("cc1", "cc2")
    ]
    assert (min(paid), max(paid)) == (Decimal("143.99"), Decimal(380))
    text = Reader(client.get(f"/{lang}/send/nl/sr?pay=9000").text).text
    for figure in {"nl": ("€ 143,99", "€ 380"), "en": ("€143.99", "€380")}[lang]:
        assert figure in text


@both
def test_a_corridor_without_prices_says_so_and_offers_those_with_prices(
    app: Flask, client: FlaskClient, lang: str
) -> None:
    response = client.get(f"/{lang}/send/nl/fr?pay=200")
    assert response.status_code == 404
    page = Reader(response.text)
    assert page.fields == {"side": "pay", "amount": "200", "from": "NL", "to": "FR"}
    assert f"/{lang}/send/nl/ma?pay=200" in page.links
    send, receive = {"nl": ("Nederland", "Frankrijk"), "en": ("the Netherlands", "France")}[lang]
    for name in (send, receive):
        assert name in page.text


@both
@pytest.mark.parametrize(
    "path", ["nothing", "price/999999", "price/abc", "send/nl", "send/nl/ma/x"]
)
def test_what_is_not_there_is_a_page_that_says_so_in_the_language_of_its_address(
    app: Flask, client: FlaskClient, lang: str, path: str
) -> None:
    other = {"nl": "en", "en": "nl"}[lang]
    response = client.get(f"/{lang}/{path}", headers={"Accept-Language": other})
    assert response.status_code == 404
    page = Reader(response.text)
    assert said(app, lang, "This page does not exist") in page.text
    assert f"/{lang}/" in page.links


@both
def test_outside_the_languages_an_error_is_in_the_visitors_own(
    app: Flask, client: FlaskClient, lang: str
) -> None:
    response = client.get("/nothing", headers={"Accept-Language": lang})
    assert response.status_code == 404
    assert f'<html lang="{lang}"' in response.text
    assert said(app, lang, "This page does not exist") in Reader(response.text).text


@both
def test_how_we_work_shows_the_worked_example_and_what_is_covered(
    client: FlaskClient, lang: str
) -> None:
    response = client.get(f"/{lang}/how-we-work")
    assert response.status_code == 200
    text = Reader(response.text).text
    figures = {"nl": ("€ 144,19", "SRD 5.858,50", "(5,15%)"), "en": ("€144.19", "SRD 5,858.50")}
    for figure in figures[lang]:
        assert figure in text
    for legal in ("655", "110", "1.79" if lang == "en" else "1,79"):
        assert legal in text


@both
def test_a_site_without_prices_has_pages_that_say_so(
    tmp_path: Path, templates: dict[str, str], lang: str
) -> None:
    file = tmp_path / "empty.db"
    shutil.copy(templates["sqlite"].removeprefix("sqlite:///"), file)
    bare = create_app(settings(f"sqlite:///{file}"))
    bare.test_client_class = CheckedClient
    client = bare.test_client()
    assert client.get(f"/{lang}/").status_code == 200
    assert client.get(f"/{lang}/how-we-work").status_code == 200
    assert client.get(f"/{lang}/send/nl/ma?pay=200").status_code == 404
    assert client.get("/health/ready").status_code == 503
    bare.extensions["database"].engine.dispose()


@pytest.fixture
def old_price(seeded_file: Path, tmp_path: Path) -> Path:
    """The shipped data, but price 1 no longer stands on the board."""
    file = tmp_path / "old.db"
    shutil.copy(seeded_file, file)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("DELETE FROM board WHERE quote_id = 1")
    connection.close()
    return file


@both
def test_a_price_that_left_the_board_keeps_its_page_and_is_called_old(
    app: Flask, old_price: Path, lang: str
) -> None:
    changed = create_app(settings(f"sqlite:///{old_price}"))
    changed.test_client_class = CheckedClient
    response = changed.test_client().get(f"/{lang}/price/1")
    assert response.status_code == 200
    old = "This is an old price. It is kept as a record, and no longer stands in the list."
    assert said(app, lang, old) in Reader(response.text).text
    assert said(app, lang, old) not in Reader(app.test_client().get(f"/{lang}/price/1").text).text
    changed.extensions["database"].engine.dispose()
