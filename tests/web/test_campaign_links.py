"""A short address leads to the page that was chosen for it, home at worst, and never elsewhere; and
the code that a reader came with changes nothing on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import request

from app.db.campaigns import add_campaign, end_campaign
from app.domain.campaign import Campaign, CampaignKind
from app.web.via import code_of, without_code
from tests.db.made import NOON, price, save
from tests.web.living import EXACT, Living, living

FLYER = Campaign("markt-1", "Market", CampaignKind.FLYER, "fr", NOON.date())


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path, page_cache=True) as made:
        made.reached()
        save(made.database, price())
        yield made


def keep(site: Living, campaign: Campaign = FLYER) -> Campaign:
    with site.database.writing() as session:
        return add_campaign(session, campaign)


def went(site: Living, address: str, accepts: str = "nl") -> str | None:
    response = site.client.get(address, headers={"Accept-Language": accepts})
    assert response.status_code == 303
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    return response.location


def test_it_leads_home_in_the_campaigns_language_with_its_code(site: Living) -> None:
    keep(site)
    assert went(site, "/c/markt-1") == "/fr/?via=markt-1"


def test_it_leads_to_a_list_with_its_amount(site: Living) -> None:
    keep(site, replace(FLYER, country="SR", currency="USD", amount=FLYER.cost + 200))
    location = went(site, "/c/markt-1")
    assert location == "/fr/send/nl/sr?pay=200&currency=USD&via=markt-1"
    keep(site, replace(FLYER, code="radio", country="MA", amount=FLYER.cost + 200))
    location = went(site, "/c/radio")
    assert location == "/fr/send/nl/ma?pay=200&via=radio"
    assert site.client.get(str(location)).status_code == 200


@pytest.mark.parametrize("said", ["MARKT-1", "markt1", "markt-l", "markt%201", "Markt-I"])
def test_who_mistypes_what_looks_alike_still_arrives(site: Living, said: str) -> None:
    keep(site)
    assert went(site, f"/c/{said}") == "/fr/?via=markt-1"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nothing",
        "markt-2",
        "a/b/c",
        "/evil.example",
        "https://evil.example/",
        "%2F%2Fevil.example",
        "%0d%0aLocation:%20https:%2F%2Fevil.example",
        "markt-1/../evil",
        "\u0661",
        "x" * 3000,
        "%00",
        "%ff%fe",
    ],
)
def test_what_is_no_code_leads_home_and_never_to_an_error(site: Living, said: str) -> None:
    keep(site)
    assert went(site, f"/c/{said}") == "/nl/"


@pytest.mark.parametrize(
    "more",
    ["?via=//evil.example", "?next=https://evil.example", "?" + quote("\r\nLocation: https://x/")],
)
def test_nothing_in_the_address_or_the_headers_changes_where_it_leads(
    site: Living, more: str
) -> None:
    keep(site)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    response = site.client.get(f"/c/markt-1{more}", headers=headers)
    assert (response.status_code, response.location) == (303, "/fr/?via=markt-1")


def test_one_that_is_over_leads_home_and_counts_nothing(site: Living) -> None:
    kept = keep(site, replace(FLYER, ends=NOON.date()))
    assert went(site, "/c/markt-1") == "/fr/?via=markt-1"
    site.at(NOON + timedelta(days=1))
    assert went(site, "/c/markt-1", "en") == "/en/"
    site.at(NOON)
    with site.database.writing() as session:
        end_campaign(session, kept.id, NOON)
    assert went(site, "/c/markt-1") == "/nl/"


def test_one_that_has_not_begun_can_be_tried_and_counts_nothing(site: Living) -> None:
    keep(site, replace(FLYER, starts=date(2027, 1, 1)))
    assert went(site, "/c/markt-1") == "/fr/"


def test_a_language_that_is_no_longer_ours_is_the_reader_s_own(site: Living) -> None:
    keep(site, replace(FLYER, language="xx"))
    assert went(site, "/c/markt-1") == "/nl/?via=markt-1"


def test_only_looking_and_going_are_answered(site: Living) -> None:
    keep(site)
    assert site.client.head("/c/markt-1").location == "/fr/?via=markt-1"
    assert site.client.post("/c/markt-1").status_code == 405


def test_the_code_changes_nothing_on_the_page(site: Living) -> None:
    plain = site.client.get(f"/en{EXACT}")
    site.at(NOON + timedelta(seconds=30))  # the copy is too old: the page is made anew
    told = site.client.get(f"/en{EXACT}&via=markt-1")
    assert "Age" not in told.headers
    assert "via" not in told.text
    assert told.data == plain.data
    assert told.headers["ETag"] == plain.headers["ETag"]


def test_codes_do_not_multiply_copies_of_a_page(site: Living) -> None:
    site.client.get(f"/en{EXACT}&via=first")
    for code in ("second", "third", "//evil.example", "&via=twice"):
        assert "Age" in site.client.get(f"/en{EXACT}&via={code}").headers
    assert "Age" in site.client.get(f"/en{EXACT}").headers
    assert len(site.app.extensions["page_cache"]._copies) == 1


def test_the_code_can_be_counted_while_the_page_does_not_see_it(site: Living) -> None:
    seen: list[tuple[str, str]] = []
    site.app.before_request(
        lambda: seen.append((code_of(request.environ), request.query_string.decode()))
    )
    site.client.get("/en/?via=markt-1")
    site.client.get("/en/providers?via=%22%3E%3Cscript%3E")
    site.client.get("/en/how-we-work")
    assert seen == [("markt-1", ""), ("", ""), ("", "")]


def test_only_readers_pages_have_codes(site: Living) -> None:
    seen: list[tuple[str, bytes]] = []
    site.app.before_request(lambda: seen.append((code_of(request.environ), request.query_string)))
    site.client.get("/api/v1/compare?from=NL&to=MA&pay=200&via=markt-1")
    site.client.post("/en/?via=markt-1")
    site.client.get("/enough?via=markt-1")
    assert [code for code, _query in seen] == ["", "", ""]
    assert all(query.endswith(b"via=markt-1") for _code, query in seen)


@pytest.mark.parametrize(
    ("query", "kept", "code"),
    [
        ("via=ab", "", "ab"),
        ("pay=200&via=ab", "pay=200", "ab"),
        ("via=ab&pay=200&by=x&via=cd", "pay=200&by=x", "ab"),
        ("via=&via=cd", "", "cd"),
        ("via=A", "", ""),
        ("viavia=ab&xvia=ab", "viavia=ab&xvia=ab", ""),
        ("pay=via=ab", "pay=via=ab", ""),
    ],
)
def test_a_code_is_taken_out_of_a_query(query: str, kept: str, code: str) -> None:
    assert without_code(query) == (kept, code)
