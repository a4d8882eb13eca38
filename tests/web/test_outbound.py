"""The way out leads to a firm's own site and nowhere else, and is counted without a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.db.clicks import clicks_since
from app.db.providers import ProviderRow, all_providers
from app.db.shown import shown_to
from app.domain.provider import Provider, ProviderKind, ProviderStatus
from app.domain.traffic import Subject
from app.web.outbound import approved
from tests.db.made import NOON, SERVICE, on_board, price, save
from tests.web.counted import READER, by_name, counter_of, look, settle
from tests.web.living import EXACT, Living, living_at

WEBSITE = "https://www.alpha.example/"


@pytest.fixture
def site(database_url: str) -> Iterator[Living]:
    with living_at(database_url) as made:
        made.reached()
        save(made.database, price(), price(replace(SERVICE, provider="beta")))
        change(made, website=WEBSITE)
        yield made


def change(site: Living, slug: str = "alpha", **values: Any) -> None:
    with site.database.writing() as session:
        session.execute(update(ProviderRow).where(ProviderRow.slug == slug).values(**values))


def way(site: Living, slug: str = "alpha") -> str:
    """The address of the way out to a firm."""
    prices = on_board(site.database)
    number = next(p.service_id for p in prices if p.quote.service.provider == slug)
    return f"/go/{number}"


def counted(site: Living) -> int:
    """After what waits has been written."""
    settle(site)
    with site.database.reading() as session:
        return sum(clicks_since(session, date(2026, 1, 1)).values())


def test_it_leads_to_the_firm_s_own_site_and_tells_it_nothing(site: Living) -> None:
    response = site.client.get(way(site), headers={"Referer": "http://localhost/en/"})
    assert (response.status_code, response.location) == (303, WEBSITE)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "more",
    [
        "?url=https://evil.example/",
        "?next=//evil.example&website=https://evil.example",
        "?service_id=2",
        "?" + quote("\r\nLocation: https://evil.example/"),
        "#//evil.example",
    ],
)
def test_nothing_in_the_address_changes_where_it_leads(site: Living, more: str) -> None:
    headers = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Original-URL": "https://evil.example/",
        "Referer": "https://evil.example/",
    }
    response = site.client.get(way(site) + more, headers=headers)
    assert (response.status_code, response.location) == (303, WEBSITE)


@pytest.mark.parametrize(
    "path",
    [
        "/go/999999",
        "/go/0",
        "/go/-1",
        "/go/01",
        "/go/1x",
        "/go/9999999999",
        "/go/",
        "/go/https://evil.example/",
        "/go//evil.example",
        "/go/%2F%2Fevil.example",
        "/go/%0d%0aLocation:%20https:%2F%2Fevil.example",
        "/go/alpha",
    ],
)
def test_what_is_no_service_is_answered_in_words(site: Living, path: str) -> None:
    response = site.client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "Location" not in response.headers
    assert "This page does not exist" in response.text


@pytest.mark.parametrize(
    "values",
    [
        {"website": None},
        {"website": ""},
        {"status": ProviderStatus.CLOSED},
        {"status": ProviderStatus.UNLICENSED},
    ],
)
def test_nobody_is_sent_to_a_firm_that_is_not_offered(site: Living, values: dict[str, Any]) -> None:
    change(site, **values)
    response = site.client.get(way(site), headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "This page does not exist" in response.text
    assert counted(site) == 0


@pytest.mark.parametrize(
    "website",
    [
        "http://alpha.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//alpha.example/",
        "/nl/",
        "https:///",
        "https://",
        "https:alpha.example",
        "https://alpha.example@evil.example/",
        "https://user:word@alpha.example/",
        "https://alpha.example:8443/",
        "https://alpha.example\\@evil.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[half/",
        "https://ALPHA.example/",
        "https://alpha.example./",
        "https://alpha.example/\r\nSet-Cookie: a=b",
        "https://alpha.example/ x",
        " https://alpha.example/",
        "https://\u0430lpha.example/",
    ],
)
def test_an_address_that_is_not_plainly_a_website_is_not_followed(website: str) -> None:
    firm = Provider("alpha", "Alpha", ProviderKind.MTO, website=website)
    assert approved(firm) is None
    assert approved(replace(firm, website=WEBSITE)) == WEBSITE


def test_every_website_that_ships_can_be_followed(client: FlaskClient) -> None:
    with client.application.extensions["database"].reading() as session:
        known = [one for one in all_providers(session).values() if one.website]
    assert len(known) > 30
    for one in known:
        offered = one.status is ProviderStatus.ACTIVE
        assert approved(one) == (one.website if offered else None)
        assert urlsplit(str(one.website)).scheme == "https"


def test_clicks_are_counted_by_service_and_written_later(site: Living) -> None:
    for _time in range(3):
        look(site, f"{way(site)}?place=2&lang=tr")
    with site.database.reading() as session:
        assert clicks_since(session, date(2026, 1, 1)) == {}
    assert counted(site) == 3
    monday = date(2026, 11, 16)
    with site.database.reading() as session:
        assert clicks_since(session, NOON.date()) == {int(way(site).rpartition("/")[2]): 3}
        assert [
            (one.language, one.clicks) for one in shown_to(session, "alpha", monday, monday)
        ] == [("tr", 3)]
    assert by_name(site.database, Subject.CLICK) == {"alpha 2": 3}


@pytest.mark.parametrize("place", ["0", "-1", "100", "1e1", "x", "\u0661", "", "2; DROP"])
def test_a_place_that_is_none_is_not_taken(site: Living, place: str) -> None:
    look(site, f"{way(site)}?place={quote(place)}&lang=klingon")
    settle(site)
    assert by_name(site.database, Subject.CLICK) == {"alpha 0": 1}


def test_a_list_tells_its_ways_out_where_they_stand(site: Living) -> None:
    html = site.client.get(f"/nl{EXACT}").text
    for place, slug in ((1, "alpha"), (2, "beta")):
        change(site, slug, website=WEBSITE)
        assert (
            f'{way(site, slug)}?place={place}&amp;lang=nl"' in site.client.get(f"/nl{EXACT}").text
        )
    assert "place=1" in html


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": "some-CRAWLER"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_who_is_no_reader_is_sent_on_and_not_counted(site: Living, headers: dict[str, str]) -> None:
    assert site.client.get(way(site), headers=READER | headers).status_code == 303
    assert counted(site) == 0


def test_looking_where_it_leads_is_not_going_there(site: Living) -> None:
    response = site.client.head(way(site))
    assert (response.status_code, response.location) == (303, WEBSITE)
    assert site.client.post(way(site)).status_code == 405
    assert counted(site) == 0


def test_only_numbers_wait_to_be_written(site: Living) -> None:
    look(site, way(site), User_Agent="Mozilla/5.0 of one person")
    counter = counter_of(site)
    waiting = repr([counter._came, counter._waiting, counter._tallies, counter._named])
    assert "alpha" in waiting
    assert "one person" not in waiting
