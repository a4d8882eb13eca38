"""What those who run the site or meet its robot see: health, demonstration, the robot's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.db.runs import CycleRow, add_cycle
from tests.db.made import NOON, price, save
from tests.web.living import ADDRESS, Living, living
from tests.web.reading import LANGUAGES, Reader, said

both = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.reached()
        save(made.database, price())
        yield made


def cycle(site: Living, minutes_ago: int) -> None:
    ended = NOON - timedelta(minutes=minutes_ago)
    began = ended - timedelta(minutes=5)
    row = CycleRow(slot=began, started_at=began, ended_at=ended, runs=1, troubled=0, hung="")
    with site.database.writing() as session:
        add_cycle(session, row)


def test_a_site_whose_collector_never_ran_is_not_ready(site: Living) -> None:
    response = site.client.get("/health/ready")
    assert response.status_code == 503
    assert "was ever completed" in response.get_json()["why"]
    assert site.client.get("/health/live").get_json() == {"status": "live"}


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (30, 200), (31, 503), (600, 503)])
def test_two_slots_without_a_cycle_are_too_many(site: Living, minutes: int, status: int) -> None:
    cycle(site, 700)
    cycle(site, minutes)
    response = site.client.get("/health/ready")
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    if status == 200:
        assert response.get_json() == {"status": "ready"}
    else:
        last = (NOON - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
        why = response.get_json()["why"]
        assert (
            why == f"no cycle of the collector was completed in 30 minutes: the last one at {last}"
        )


def test_no_prices_is_named_before_a_silent_collector(
    templates: dict[str, str], tmp_path: Path
) -> None:
    with living(templates, tmp_path) as bare:
        assert bare.client.get("/health/ready").get_json()["why"] == "there are no prices"


PAGES = ["/", ADDRESS, "/price/1", "/how-we-work", "/bot", "/nothing", "/send/nl/ph?pay=200"]


@both
def test_a_demonstration_says_so_on_every_page_and_in_the_api(
    templates: dict[str, str], tmp_path: Path, lang: str
) -> None:
    with living(templates, tmp_path, lab_url="http://127.0.0.1:9") as made:
        made.reached()
        save(made.database, price())
        banner = said(made.app, lang, "Demonstration: made-up prices")
        for address in PAGES:
            response = made.client.get(f"/{lang}{address}")
            assert f'<aside class="demo">{banner}</aside>' in response.text
            assert response.headers["X-Demonstration"] == "1"
        api = made.client.get("/api/v1/compare?from=NL&to=MA&pay=200")
        assert api.get_json()["demonstration"] is True
        assert api.headers["X-Demonstration"] == "1"


@both
def test_real_prices_are_not_called_a_demonstration(site: Living, lang: str) -> None:
    for address in PAGES:
        response = site.client.get(f"/{lang}{address}")
        assert 'class="demo"' not in response.text
        assert "X-Demonstration" not in response.headers
    assert (
        "demonstration" not in site.client.get("/api/v1/compare?from=NL&to=MA&pay=200").get_json()
    )


def test_the_robot_s_address_leads_to_its_page_in_the_language_of_whoever_looks(
    client: FlaskClient,
) -> None:
    for lang in (*LANGUAGES, "ar"):
        response = client.get("/bot", headers={"Accept-Language": lang})
        assert (response.status_code, response.location) == (302, f"/{lang}/bot")
        assert set(response.vary) == {"Accept-Language", "Accept-Encoding"}


@both
def test_the_robot_says_who_it_is_whom_it_asks_and_how_to_be_left_alone(
    templates: dict[str, str], tmp_path: Path, lang: str
) -> None:
    with living(templates, tmp_path, contact="post@huiswaarts.example") as made:
        made.source("wise", "alpha", per_hour=240, interval_minutes=30)
        made.source("ria", "beta", stance="amber", is_on=False, reason="needs a token")
        html = made.client.get(f"/{lang}/bot").text
    assert "User-agent: HuiswaartsBot\nDisallow: /" in html
    shown = Reader(html)
    for words in ("post@huiswaarts.example", "240"):
        assert words in shown.text
    assert "needs a token" not in shown.text, "reasons are for operators, and in English"
    assert {"https://wise.example/", "https://ria.example/"} <= set(shown.links)
    assert said(made.app, lang, "Only with permission: not asked.") in shown.text
    assert {"en": "30 minutes", "nl": "30 minuten"}[lang] in shown.text


def test_without_a_contact_none_is_promised(site: Living) -> None:
    assert "Or tell us" not in site.client.get("/en/bot").text


@both
def test_how_we_work_explains_ages_checks_and_offers(site: Living, lang: str) -> None:
    html = site.client.get(f"/{lang}/how-we-work").text
    for part in ("sources", "via", "ages", "checks", "promotions", "survey"):
        assert f'id="{part}"' in html
    text = Reader(html).text
    for figure in ("20 minu", "14 da", "10"):
        assert figure in text
