"""What readers and programs hear of mystery shopping: shares with what they count, or too few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.shopping_sample import Candidate, Risk, draw
from tests.db.made import NOON
from tests.db.shop import Shop
from tests.db.test_shopped import many
from tests.web.living import Living, living, text

DAY = timedelta(days=1)


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.at(NOON + DAY)
        yield made


def shopped(site: Living, shares: list[str]) -> Shop:
    shop = Shop(site.database)
    many(shop, shares)
    return shop


def answer(site: Living, address: str = "/api/v1/shopping") -> Any:
    response = site.client.get(address)
    assert response.status_code == 200
    return response.json


def test_under_ten_checks_a_firm_has_not_enough_data(site: Living) -> None:
    shopped(site, ["1"] * 9)
    page = text(site, "/provider/alpha")
    assert page.count("not enough data yet") == 3
    assert "asked as a customer" not in page


def test_from_ten_on_its_share_stands_there(site: Living) -> None:
    shopped(site, ["1"] * 9 + ["0.9"])
    page = text(site, "/provider/alpha")
    assert "9 of 10 times, people who asked as a customer were told what we showed (90.00%)" in page
    assert page.count("not enough data yet") == 2
    assert "At least twice" not in page
    assert text(site, "/provider/beta").count("Was the price kept?") == 0


def test_a_firm_that_differed_twice_is_called_that_however_few_the_checks(site: Living) -> None:
    shopped(site, ["1", "0.99", "1.01"])
    assert "At least twice in the last year the difference was more than half a percent." in text(
        site, "/provider/alpha"
    )


def test_what_is_older_than_a_year_says_nothing_any_more(site: Living) -> None:
    shopped(site, ["0.9"] * 12)
    site.at(NOON + 370 * DAY)
    page = text(site, "/provider/alpha")
    assert "At least twice" not in page
    assert page.count("not enough data yet") == 3


@pytest.mark.parametrize(
    ("shares", "words", "verdict"),
    [
        ([], "Nobody does that yet.", "not_yet"),
        (["1"] * 9, "people asked 9 times: too few to say", "partly"),
        (["1"] * 18 + ["gone"] * 2, "people asked 20 times. 90.00% of our prices", "partly"),
        (["1"] * 100, "people asked 100 times. 100.00% of our prices", "met"),
    ],
)
def test_the_self_check_counts_how_often_people_asked(
    site: Living, shares: list[str], words: str, verdict: str
) -> None:
    if shares:
        shopped(site, shares)
    html = site.client.get("/en/how-we-work/checks").text
    row = html.partition("Prices are checked by people")[2].partition("</tr>")[0]
    assert words in row
    assert f"verdict--{verdict}" in row


def test_programs_hear_the_same(site: Living) -> None:
    shopped(site, ["1"] * 9 + ["0.9"])
    found = answer(site)
    expected = {"checked": 10, "kept": 9, "percent": "90.00", "low": "59.58", "high": "98.21"}
    assert found["last_year"] == expected
    assert found["quarters"] == [{"quarter": "2026_4Q", **expected}]
    assert found["providers"] == [{"provider": "alpha", **expected}]
    assert found["within_percent"] == "0.5"


def test_programs_hear_no_share_of_a_few(site: Living) -> None:
    shopped(site, ["1"] * 3)
    none = {"checked": 3, "kept": 3, "percent": None, "low": None, "high": None}
    assert answer(site)["last_year"] == none


def test_a_sample_is_drawn_again_by_anyone_once_its_quarter_is_over(site: Living) -> None:
    shop = shopped(site, ["1"] * 12)
    address = "/api/v1/shopping/samples?quarter=2026_4Q"
    assert site.client.get(address).status_code == 404
    site.at(NOON + 42 * DAY)
    (sample,) = answer(site, address)["samples"]
    line = [
        Candidate(
            one["service"],
            one["low"] and Decimal(one["low"]),
            one["high"] and Decimal(one["high"]),
            frozenset(map(Risk, one["risks"])),
            one["visits"],
        )
        for one in sample["candidates"]
    ]
    again = draw(line, sample["seed"], sample["size"])
    assert [(one.place, one.service_id, str(one.rung)) for one in again] == [
        (one["place"], one["service"], one["amount"]) for one in sample["drawn"]
    ]
    assert [one.service_id for one in again] == [one.service_id for one in shop.tasks()]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("quarter=2026", 422),
        ("quarter=2026_5Q", 422),
        ("quarter=%00", 422),
        ("quarter=2020_1Q", 404),
        ("quarter=2026_4Q&quarter=2026_4Q", 400),
    ],
)
def test_a_quarter_that_cannot_be_read_is_refused(site: Living, query: str, status: int) -> None:
    response = site.client.get(f"/api/v1/shopping/samples?{query}")
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
