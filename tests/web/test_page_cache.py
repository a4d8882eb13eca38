"""A page from memory is the page that would be made now, or one of at most twenty seconds ago in
which no price has changed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.db import prices
from app.db.engine import Database
from app.db.shown import shown_to
from app.domain.quote import FRESH_FOR
from app.domain.traffic import Subject
from app.web import page_cache
from app.web.compare import views
from app.web.lookup import look_up
from app.web.page_cache import LIVES, PageCache
from tests.conftest import wait_until
from tests.db.made import NL_MA, NL_SR, NOON, SERVICE, price, save
from tests.web.counted import READER, by_name, corridors, look, settle
from tests.web.living import EXACT, Living, living

SECOND = timedelta(seconds=1)
LIST = f"/en{EXACT}"


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path, page_cache=True) as made:
        made.reached()
        save(made.database, price())
        yield made


class Made:
    """Counts the lists that are made, not given again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0

        def counted(*given: Any) -> Any:
            self.times += 1
            return look_up(*given)

        monkeypatch.setattr(views, "look_up", counted)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    return Made(monkeypatch)


def bare(site: Living) -> FlaskClient:
    """One that does not look at pages, and so need not unpack them."""
    return FlaskClient(site.app, site.app.response_class)


def test_a_page_is_made_once_and_given_again(site: Living, made: Made) -> None:
    first = site.client.get(LIST)
    site.at(NOON + 19 * SECOND)
    again = site.client.get(LIST)
    assert made.times == 1
    assert again.data == first.data
    assert (first.headers.get("Age"), again.headers["Age"]) == (None, "19")
    for name in ("Age", "Date"):
        first.headers.pop(name, None)
        again.headers.pop(name, None)
    assert dict(again.headers) == dict(first.headers)


def test_after_twenty_seconds_it_is_made_anew(site: Living, made: Made) -> None:
    site.client.get(LIST)
    site.at(NOON + LIVES)
    assert "Age" not in site.client.get(LIST).headers
    assert made.times == 2


def test_a_clock_that_was_put_back_gives_no_copy_of_the_future(site: Living, made: Made) -> None:
    site.client.get(LIST)
    site.at(NOON - SECOND)
    site.client.get(LIST)
    assert made.times == 2


def test_a_newer_price_is_on_the_page_within_a_second(site: Living, made: Made) -> None:
    before = site.client.get(LIST).data
    save(site.database, price(fee="2.10", at=NOON + SECOND))
    site.at(NOON + SECOND)
    after = site.client.get(LIST)
    assert "Age" not in after.headers
    assert after.data != before
    assert made.times == 2
    assert site.client.get(LIST).data == after.data
    assert made.times == 2


def test_a_price_that_is_withdrawn_is_gone_within_a_second(site: Living) -> None:
    assert 'id="alpha"' in site.client.get(LIST).text
    with site.database.writing() as session:
        prices.save_whole(session, NL_MA, "wise", [], NOON)
    site.at(NOON + SECOND)
    assert 'id="alpha"' not in site.client.get(LIST).text


def test_a_list_outlives_the_change_of_another_board_and_the_home_page_does_not(
    site: Living, made: Made
) -> None:
    home = site.client.get("/en/")
    site.client.get(LIST)
    there = replace(SERVICE, corridor=NL_SR)
    save(site.database, price(there), corridor=NL_SR)
    site.at(NOON + SECOND)
    assert site.client.get(LIST).headers["Age"] == "1"
    assert made.times == 1
    assert "Age" not in site.client.get("/en/").headers
    assert "Age" not in home.headers


def test_two_processes_each_notice_what_a_third_one_writes(site: Living) -> None:
    other = Living(site.url, page_cache=True)
    both = [site, other]
    before = [one.client.get(LIST).data for one in both]
    assert before[0] == before[1]
    save(Database(site.url), price(fee="1.10", at=NOON + SECOND))
    for one in both:
        one.at(NOON + SECOND)
    after = [one.client.get(LIST) for one in both]
    assert [one.headers.get("Age") for one in after] == [None, None]
    assert after[0].data == after[1].data != before[0]
    other.close()


def still_fresh(html: str) -> bool:
    """Whether a list shows alpha among the prices of now."""
    older = html.find('id="older"')
    return older < 0 or html.index('id="alpha"') < older


@pytest.mark.parametrize("ahead", [0, 1, 7, 19])
def test_no_price_stands_as_fresh_twenty_seconds_after_it_stopped_being_so(
    site: Living, ahead: int
) -> None:
    """Looked at every second, so that copies follow upon copies."""
    later = replace(SERVICE, provider="beta")
    save(site.database, price(later, at=NOON + timedelta(minutes=10)))
    last = NOON + FRESH_FOR
    seen = {}
    for second in range(-ahead, 45):
        site.at(last + second * SECOND)
        seen[second] = still_fresh(site.client.get(LIST).text)
    assert all(fresh for second, fresh in seen.items() if second <= 0)
    assert not any(fresh for second, fresh in seen.items() if second >= 20)
    assert max(second for second, fresh in seen.items() if fresh) == 19 - ahead


def test_pages_are_kept_apart_by_language_host_packing_and_question(site: Living) -> None:
    client = bare(site)
    asked: list[tuple[str, dict[str, str]]] = [
        (LIST, {}),
        (LIST.replace("/en/", "/nl/"), {}),
        (LIST, {"Accept-Encoding": "br"}),
        (LIST, {"Accept-Encoding": "gzip"}),
        (LIST + "&first=fast", {}),
        (LIST.replace("203.10", "203.1"), {}),
        ("/en/send/nl/sr?pay=203.10", {}),
        ("/en/", {}),
    ]
    first = [client.get(path, headers=headers) for path, headers in asked]
    again = [client.get(path, headers=headers) for path, headers in asked]
    for one, other in zip(first, again, strict=True):
        assert other.data == one.data
        assert other.headers["ETag"] == one.headers["ETag"]
        assert other.headers.get("Content-Encoding") == one.headers.get("Content-Encoding")
    assert len({one.data for one in first if one.status_code == 200}) >= len(asked) - 1
    for elsewhere in ("http://elsewhere.example", "https://localhost"):
        assert "Age" not in client.get(LIST, base_url=elsewhere).headers


def test_head_has_the_headers_of_the_copy_and_makes_none_itself(site: Living, made: Made) -> None:
    site.client.head(LIST)
    site.client.head(LIST)
    assert made.times == 2
    site.client.get(LIST)
    site.at(NOON + SECOND)
    get, head = site.client.get(LIST), site.client.head(LIST)
    assert head.data == b""
    assert dict(head.headers) == dict(get.headers)
    assert made.times == 3


def test_a_copy_that_the_browser_has_is_not_sent_again(site: Living) -> None:
    first = site.client.get(LIST)
    again = site.client.get(LIST, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]
    assert "Content-Type" not in again.headers
    other = site.client.get(LIST, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.data) == (200, first.data)


def test_what_is_asked_to_be_changed_is_never_answered_from_memory(site: Living) -> None:
    site.client.get(LIST)
    for ask in (site.client.post, site.client.put, site.client.delete):
        assert ask(LIST).status_code == 405


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/nothing", 404),
        ("/en/send/nl/ma?pay=x", 422),
        ("/en/send/NL/MA?pay=200", 301),
        ("/en/send?side=pay&amount=200&from=NL&to=MA", 303),
        ("/api/v1/compare?from=NL&to=MA&pay=203.10", 200),
        ("/health/live", 200),
        ("/robots.txt", 200),
        ("/en/receipt", 200),
        ("/en/year?from=NL&to=MA&pay=200", 200),
    ],
)
def test_only_good_pages_are_kept(site: Living, path: str, status: int) -> None:
    for _time in range(2):
        response = site.client.get(path)
        assert response.status_code == status
        assert "Age" not in response.headers
    assert kept(site) == 0


def test_a_page_that_failed_is_made_again_at_once(
    site: Living, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(views, "look_up", lambda *_given: 1 / 0)
        assert site.client.get(LIST).status_code == 500
    assert site.client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("headers", "same"),
    [
        ({}, True),
        ({"Vary": "accept-encoding"}, True),
        ({"Vary": "Accept-Encoding, Accept-Language"}, False),
        ({"Vary": "*"}, False),
        ({"Cache-Control": "no-store"}, False),
        ({"Cache-Control": "private, max-age=60"}, False),
        ({"Cache-Control": "public, no-cache"}, False),
        ({"Set-Cookie": "a=b"}, False),
        ({"Content-Type": "application/json"}, False),
    ],
)
def test_a_page_that_is_not_for_everybody_is_known(headers: dict[str, str], same: bool) -> None:
    page = Response("<p>", headers={"Cache-Control": "public, max-age=60"} | headers)
    assert page_cache._for_everybody(page) is same
    page.status_code = 404
    assert not page_cache._for_everybody(page)


def test_without_its_database_the_site_gives_no_copies(
    site: Living, made: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_session: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    site.client.get(LIST)
    with monkeypatch.context() as broken:
        broken.setattr(page_cache, "board_versions", fails)
        site.at(NOON + SECOND)
        for _time in range(2):
            assert "Age" not in site.client.get(LIST).headers
    assert made.times == 3
    assert "the database does not answer" in caplog.text
    assert kept(site) == 0
    site.at(NOON + 2 * SECOND)
    site.client.get(LIST)
    assert site.client.get(LIST).headers["Age"] == "0"


def kept(site: Living) -> int:
    cache: PageCache = site.app.extensions["page_cache"]
    return len(cache._copies)


def test_it_stays_small_whatever_is_asked(site: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "MOST", 3)
    for number in range(8):
        site.client.get(LIST)
        site.client.get(f"/en/?x={number}")
        assert kept(site) <= 3
    assert site.client.get(LIST).headers["Age"] == "0", "what is asked for stays"
    cache: PageCache = site.app.extensions["page_cache"]
    monkeypatch.setattr(page_cache, "MOST_BYTES", cache._bytes + 1)
    monkeypatch.setattr(page_cache, "MOST", 500)
    for number in range(8):
        site.client.get(f"/en/?y={number}")
    assert kept(site) <= 4
    assert cache._bytes == sum(len(copy.body) for copy in cache._copies.values())
    assert site.client.get("/en/?" + "x" * 500).status_code == 200
    assert "Age" not in site.client.get("/en/?" + "x" * 500).headers


def test_who_asks_for_a_page_in_the_making_waits_for_that_one(
    site: Living, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache: PageCache = site.app.extensions["page_cache"]
    go_on = Event()
    make = vars(views)["look_up"]

    def slow(*given: Any) -> Any:
        assert go_on.wait(10)
        return make(*given)

    monkeypatch.setattr(views, "look_up", slow)
    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(lambda: site.client.get(LIST).data) for _ in range(5)]
        wait_until(lambda: [turn.wanted for turn in cache._turns._turns.values()] == [5])
        go_on.set()
        assert len({one.result() for one in waiting}) == 1
    assert made.times == 1
    assert cache._turns._turns == {}


def test_a_page_from_memory_counts_as_one_that_was_made(site: Living, made: Made) -> None:
    for _time in range(3):
        look(site, LIST)
    look(site, LIST, User_Agent="Googlebot/2.1")
    site.client.head(LIST, headers=READER)
    look(site, "/nl/how-we-work")
    look(site, "/nl/how-we-work")
    assert made.times == 1
    settle(site)
    assert corridors(site) == {NL_MA: 3}
    names = {"compare.results": 3, "learn.how_we_work": 2}
    assert by_name(site.database, Subject.PAGE) == names
    monday = date(2026, 11, 16)
    with site.database.reading() as session:
        assert [(one.shown, one.places) for one in shown_to(session, "alpha", monday, monday)] == [
            (3, 3)
        ]


def test_it_can_be_turned_off(templates: dict[str, str], tmp_path: Path) -> None:
    with living(templates, tmp_path) as without:
        save(without.database, price())
        for _time in range(2):
            assert "Age" not in without.client.get(LIST).headers
        assert "page_cache" not in without.app.extensions
