"""Visits are counted per corridor, after the response, and never lost nor in the way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import OperationalError

from app.db.visits import visits_since
from app.domain.corridor import Corridor
from app.web import visits
from tests.db.made import NL_MA, NOON, price, save
from tests.web.living import ADDRESS, Living, living_at

MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(database_url: str) -> Iterator[Living]:
    with living_at(database_url) as made:
        made.reached()
        save(made.database, price())
        yield made


def look(site: Living, address: str = f"/nl{ADDRESS}", agent: str = "Mozilla/5.0") -> None:
    response = site.client.get(address, headers={"User-Agent": agent})
    assert response.status_code < 500
    response.close()


def counted(site: Living) -> dict[Corridor, int]:
    with site.database.reading() as session:
        return visits_since(session, date(2026, 1, 1))


def later(site: Living) -> None:
    """Two looks at another country, one and two minutes on, so that what waits is written."""
    site.at(NOON + 2 * MINUTE)
    look(site, "/nl/send/nl/ph?pay=200")


def test_looks_are_written_after_a_minute_and_not_before(site: Living) -> None:
    for _ in range(3):
        look(site)
    assert counted(site) == {}
    site.at(NOON + MINUTE - timedelta(seconds=1))
    look(site, "/en/send/nl/ma?receive=2000")
    assert counted(site) == {}
    site.at(NOON + MINUTE)
    look(site)
    assert counted(site) == {NL_MA: 5}
    look(site)
    assert counted(site) == {NL_MA: 5}


def test_a_page_without_results_counts_too(site: Living) -> None:
    look(site, "/nl/send/nl/ph?pay=200")
    later(site)
    assert counted(site) == {Corridor("NL", "EUR", "PH", "PHP"): 2}


@pytest.mark.parametrize("agent", ["Googlebot/2.1", "some-CRAWLER", "Baiduspider", "HuiswaartsBot"])
def test_robots_do_not_count(site: Living, agent: str) -> None:
    look(site, agent=agent)
    later(site)
    assert NL_MA not in counted(site)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/compare?from=NL&to=MA&pay=200",
        "/nl/",
        "/nl/price/1",
        "/nl/send/nl/ma?pay=x",
        "/nl/send?side=pay&amount=200&from=NL&to=MA",
    ],
)
def test_nothing_else_counts(site: Living, address: str) -> None:
    look(site, address)
    later(site)
    assert NL_MA not in counted(site)


def test_a_head_request_does_not_count(site: Living) -> None:
    site.client.head(f"/nl{ADDRESS}").close()
    later(site)
    assert NL_MA not in counted(site)


def test_what_cannot_be_written_is_kept_and_the_page_stands(
    site: Living, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    look(site)
    with monkeypatch.context() as broken:
        broken.setattr(visits, "add_visits", fails)
        site.at(NOON + MINUTE)
        response = site.client.get("/nl/send/nl/ma?pay=203.10")
        assert 'class="results"' in response.text
        response.close()
    assert "could not be written" in caplog.text
    assert counted(site) == {}
    look(site)
    assert counted(site) == {}, "tried again only a minute later"
    site.at(NOON + 2 * MINUTE)
    look(site)
    assert counted(site) == {NL_MA: 4}


def test_a_look_before_midnight_counts_for_its_own_day(site: Living) -> None:
    site.at(NOON.replace(hour=23, minute=59, second=30))
    look(site)
    site.at(NOON.replace(hour=23, minute=59, second=30) + MINUTE)
    look(site)
    with site.database.reading() as session:
        assert visits_since(session, date(2026, 11, 20)) == {NL_MA: 2}
        assert visits_since(session, date(2026, 11, 21)) == {NL_MA: 1}


def test_counting_from_many_threads_loses_nothing(
    site: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Counter[object]):
        """Gives way to other threads between reading a number and writing it."""

        def __getitem__(self, key: object) -> int:
            found = super().__getitem__(key)
            time.sleep(0)
            return found

    monkeypatch.setattr(visits, "Counter", Slow)
    counts = visits.Visits(site.database, MINUTE)
    start = Barrier(8)

    def work() -> None:
        start.wait(10)
        for step in range(200):
            counts.count(NL_MA, NOON)
            if step % 50 == 0:
                counts.flush(NOON + MINUTE)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    counts.flush(NOON + MINUTE)
    assert counted(site) == {NL_MA: 1600}


def test_only_counts_are_kept(site: Living) -> None:
    look(site, agent="Mozilla/5.0 of one person")
    waiting = vars(site.app.extensions["visits"])["_waiting"]
    assert dict(waiting) == {(date(2026, 11, 20), NL_MA): 1}
