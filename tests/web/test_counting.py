"""What readers look at is counted beside the requests, and never lost nor in the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.db import sketches
from app.db.counting import NoteKind, alive_hours, notes
from app.db.shown import ShownWeek, shown_to
from app.db.sketches import SketchRow
from app.db.visits import visits_since
from app.domain.corridor import Corridor
from app.domain.traffic import Subject, Whole
from app.web.counting import tallies
from tests.db.made import NL_MA, NOON, price, save
from tests.web.counted import (
    MINUTE,
    READER,
    by_name,
    corridors,
    counter_of,
    look,
    settle,
    whole,
)
from tests.web.living import ADDRESS, EXACT, Living, living_at

DAY = NOON.date()
LIST = f"/nl{EXACT}"


@pytest.fixture
def site(database_url: str) -> Iterator[Living]:
    with living_at(database_url) as made:
        made.reached()
        save(made.database, price())
        yield made


def test_looks_are_judged_after_a_minute_and_then_written(site: Living) -> None:
    for _time in range(3):
        look(site)
    counter_of(site).tick(NOON)
    assert whole(site.database, Whole.VIEWS) == 0
    counter_of(site).tick(NOON + MINUTE - timedelta(seconds=1))
    assert whole(site.database, Whole.VIEWS) == 0
    counter_of(site).tick(NOON + MINUTE)
    assert whole(site.database, Whole.VIEWS) == 3
    counter_of(site).tick(NOON + 5 * MINUTE)
    assert whole(site.database, Whole.VIEWS) == 3
    assert corridors(site) == {NL_MA: 3}


def test_each_subject_is_counted_by_itself(site: Living) -> None:
    look(site, "/nl/", Referer="https://www.Forum.example/thread?user=jan#x")
    look(site, LIST, Sec_Fetch_Site="same-origin")
    look(site, "/en/how-we-work", "198.51.100.9", Referer="https://forum.example:8443/b")
    settle(site)
    assert by_name(site.database, Subject.PAGE) == {
        "compare.home": 1,
        "compare.results": 1,
        "learn.how_we_work": 1,
    }
    assert by_name(site.database, Subject.LANGUAGE) == {"nl": 2, "en": 1}
    assert by_name(site.database, Subject.CORRIDOR) == {"NL-EUR-MA-MAD": 1}
    assert by_name(site.database, Subject.ORIGIN) == {"NL": 1}
    assert by_name(site.database, Subject.REFERRER) == {"forum.example": 2}
    assert whole(site.database, Whole.VIEWS) == 3
    assert whole(site.database, Whole.VISITS) == 2


def test_a_visit_ends_after_half_an_hour_without_a_page(site: Living) -> None:
    for minutes in (0, 20, 50, 81, 82):
        site.at(NOON + minutes * MINUTE)
        look(site)
    settle(site)
    assert (whole(site.database, Whole.VISITS), whole(site.database, Whole.VIEWS)) == (2, 5)


@pytest.mark.parametrize(
    "host",
    ["http://localhost/x", "http://127.0.0.1:8000/nl/", "about:client", "https://", "x" * 500],
)
def test_our_own_pages_and_nonsense_are_no_referrer(site: Living, host: str) -> None:
    look(site, Referer=host)
    settle(site)
    assert by_name(site.database, Subject.REFERRER) == {}
    assert whole(site.database, Whole.VIEWS) == 1


def test_devices_are_counted_once_a_day(site: Living) -> None:
    for number in range(40):
        look(site, who=f"203.0.113.{number % 20}")
    look(site, who="203.0.113.1", User_Agent="Mozilla/5.0 (iPhone) Version/17.5 Safari/604.1")
    settle(site)
    with site.database.reading() as session:
        assert sketches.devices_now(session, DAY) == 21


def test_after_midnight_only_the_number_stays(site: Living) -> None:
    for number in range(12):
        look(site, who=f"203.0.113.{number}")
    before = counter_of(site).today(NOON)
    settle(site)
    counter_of(site).tick(NOON.replace(hour=23, minute=59))
    midnight = NOON.replace(hour=0) + timedelta(days=1)
    counter_of(site).tick(midnight)
    assert before._memory[:32] == bytes(32)
    assert before.marks("203.0.113.1", "x") != counter_of(site).today(midnight).marks(
        "203.0.113.1", "x"
    )
    counter_of(site).tick(midnight + 5 * MINUTE)
    with site.database.reading() as session:
        assert session.scalars(select(SketchRow)).all() == []
        assert whole(site.database, Whole.DEVICES) == 12


def test_a_look_before_midnight_counts_for_its_own_day(site: Living) -> None:
    site.at(NOON.replace(hour=23, minute=59, second=30))
    look(site)
    site.at(NOON.replace(hour=23, minute=59, second=30) + MINUTE)
    look(site)
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 1
    assert whole(site.database, Whole.VIEWS, DAY + timedelta(days=1)) == 1
    with site.database.reading() as session:
        assert visits_since(session, DAY) == {NL_MA: 2}
        assert visits_since(session, DAY + timedelta(days=1)) == {NL_MA: 1}


def test_a_page_without_results_counts_too(site: Living) -> None:
    look(site, "/nl/send/nl/ph?pay=200")
    settle(site)
    assert corridors(site) == {Corridor("NL", "EUR", "PH", "PHP"): 1}


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/compare?from=NL&to=MA&pay=200",
        "/nl/send?side=pay&amount=200&from=NL&to=MA",
        "/nl/send/nl/ma?pay=x",
        "/nl/nothing",
        "/health/live",
        "/robots.txt",
        "/nl/sitemap.xml",
        "/components",
        "/go/999",
    ],
)
def test_what_is_no_page_does_not_count(site: Living, address: str) -> None:
    look(site, address)
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {}


def test_a_head_request_does_not_count(site: Living) -> None:
    site.client.head(f"/nl{ADDRESS}", headers=READER).close()
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {}


@pytest.mark.parametrize(
    "agent",
    [
        *("Googlebot/2.1", "some-CRAWLER", "Baiduspider", "HuiswaartsBot/1.0", "curl/8.5", ""),
        *("Mozilla/5.0 HeadlessChrome/131.0", "UptimeRobot/2.0", "python-requests/2.32"),
    ],
)
def test_robots_by_name_are_taken_off_and_their_number_is_told(site: Living, agent: str) -> None:
    look(site, User_Agent=agent)
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {"named_robots": 1}
    assert corridors(site) == {}


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 Chrome/131.0 Mobile",
        "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/100.0 Mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
        "Mozilla/5.0 (Linux; Android 10) Chrome/100 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/400]",
    ],
)
def test_browsers_are_no_robots(site: Living, agent: str) -> None:
    look(site, User_Agent=agent)
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 1


def bare(site: Living, address: str = LIST, **headers: str) -> None:
    """Somebody who calls themselves a browser and sends nothing else that browsers send."""
    given = {"User-Agent": READER["User-Agent"]} | headers
    site.client.get(address, headers=given, environ_base={"REMOTE_ADDR": "203.0.113.9"}).close()


def asset(site: Living) -> str:
    with site.app.test_request_context():
        from app.web.static_files import static_url  # noqa: PLC0415

        return static_url("site.css")


def test_who_never_loads_a_file_is_a_robot(site: Living) -> None:
    bare(site)
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {"robots": 1}


def test_who_loads_a_file_within_the_minute_is_a_reader(site: Living) -> None:
    bare(site)
    site.at(NOON + timedelta(seconds=50))
    bare(site, asset(site))
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {"views": 1, "visits": 1}


def test_a_browser_that_asks_whether_a_page_changed_is_a_reader(site: Living) -> None:
    bare(site, **{"If-None-Match": '"x"'})
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 1


def test_more_than_sixty_pages_in_a_minute_are_a_robot_s_with_those_before(site: Living) -> None:
    for _time in range(61):
        look(site, "/nl/how-we-count")
    look(site, "/nl/how-we-count", "198.51.100.1")
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {"robots": 61, "views": 1, "visits": 1}


def test_sixty_pages_in_a_minute_are_a_reader_s(site: Living) -> None:
    for _time in range(60):
        look(site, "/nl/how-we-count")
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 60


@pytest.mark.parametrize(
    "headers", [{"Sec_GPC": "1"}, {"DNT": "1"}, {"Cookie": "count=no"}, {"Cookie": "a=b; count=no"}]
)
def test_who_does_not_want_to_be_counted_leaves_nothing(
    site: Living, headers: dict[str, str]
) -> None:
    willing, unwilling = look(site), look(site, **headers)
    assert willing.data == unwilling.data
    for one in (willing, unwilling):
        del one.headers["Date"]
    assert dict(willing.headers) == dict(unwilling.headers)
    counter_of(site).tick(NOON + 2 * MINUTE)
    assert whole(site.database, Whole.VIEWS) == 1
    look(site, User_Agent="Googlebot/2.1", **headers)
    look(site, "/go/1", **headers)
    site.client.post("/count", data="year", headers=READER | {"Sec-GPC": "1"})
    settle(site)
    if "Sec_GPC" in headers:
        assert by_name(site.database, Subject.TOTAL) == {"views": 1, "visits": 1}


@pytest.mark.parametrize("headers", [{"Sec_GPC": "0"}, {"DNT": "0"}, {"Cookie": "count=now"}])
def test_who_does_not_say_so_is_counted(site: Living, headers: dict[str, str]) -> None:
    look(site, **headers)
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 1


def test_a_new_answer_on_an_open_page_is_no_view(site: Living) -> None:
    look(site, Sec_Fetch_Mode="cors", Accept="text/html")
    look(site, Sec_Fetch_Mode="cors", Accept="*/*")  # static/sw.js keeps a copy
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {"answers": 1}
    assert corridors(site) == {NL_MA: 1}


def test_a_page_asked_for_ahead_does_not_count(site: Living) -> None:
    look(site, Sec_Purpose="prefetch;prerender")
    settle(site)
    assert by_name(site.database, Subject.TOTAL) == {}


def test_how_often_a_firm_was_shown_and_where(site: Living) -> None:
    look(site)
    look(site, "/en/send/nl/ma?pay=203.10")
    look(site, "/en/send/nl/ma?pay=203.10&by=today")  # nothing there is so fast
    settle(site)
    monday = date(2026, 11, 16)
    with site.database.reading() as session:
        assert shown_to(session, "alpha", monday, monday) == [
            ShownWeek(monday, NL_MA, "en", 1, 1, 0),
            ShownWeek(monday, NL_MA, "nl", 1, 1, 0),
        ]
        assert shown_to(session, "nobody", monday, monday) == []


def test_what_cannot_be_written_is_kept_and_noted(
    site: Living, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    look(site)
    with monkeypatch.context() as broken:
        broken.setattr(tallies, "add_visits", fails)
        settle(site)
        settle(site)
    assert "could not be written" in caplog.text
    assert by_name(site.database, Subject.TOTAL) == {}
    look(site)
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 2
    with site.database.reading() as session:
        assert [(one.kind, one.words) for one in notes(session, DAY, DAY)] == [
            (NoteKind.WRITE, "12:02-12:06")
        ]


def test_a_restart_loses_nothing_and_counts_nobody_twice(site: Living) -> None:
    for number in range(15):
        look(site, who=f"203.0.113.{number}")
    counter_of(site).finish(NOON)
    with living_at_again(site) as again:
        for number in range(15):
            look(again, who=f"203.0.113.{number}")
        counter_of(again).finish(NOON + MINUTE)
    assert whole(site.database, Whole.VIEWS) == 30
    with site.database.reading() as session:
        assert (sketches.devices_now(session, DAY) or 0) == 30, "a key of its own"
        assert [one.kind for one in notes(session, DAY, DAY)] == [NoteKind.KEY]


class living_at_again:  # noqa: N801
    """The same site in another process, which has no memory in common with it."""

    def __init__(self, site: Living) -> None:
        self.made = Living(site.url)

    def __enter__(self) -> Living:
        return self.made

    def __exit__(self, *_: object) -> None:
        self.made.close()


def test_the_minutes_in_which_counting_ran_are_kept(site: Living) -> None:
    for minutes in (0, 1, 2, 5, 6):
        counter_of(site).tick(NOON + minutes * MINUTE)
    with site.database.reading() as session:
        alive = alive_hours(session, NOON, NOON + timedelta(hours=1))
    assert alive == {NOON: 0b111}, "what came in the last two is still judged"
    counter_of(site).finish(NOON + 6 * MINUTE)
    with site.database.reading() as session:
        assert alive_hours(session, NOON, NOON + timedelta(hours=1)) == {NOON: 0b1100111}


def test_counting_from_many_threads_loses_nothing(site: Living) -> None:
    def work(number: int) -> None:
        for _time in range(50):
            look(site, "/nl/how-we-count", who=f"203.0.113.{number}")

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for _time in range(20):
        counter_of(site).tick(NOON)
    for thread in threads:
        thread.join(60)
    settle(site)
    assert whole(site.database, Whole.VIEWS) == 400
    assert whole(site.database, Whole.VISITS) == 8


def test_nothing_of_a_reader_waits_to_be_written(site: Living) -> None:
    look(site, who="203.0.113.77", User_Agent="Mozilla/5.0 CANARY-agent")
    counter = counter_of(site)
    waiting = repr([counter._came, counter._waiting, counter._tallies, counter._named])
    assert "203.0.113.77" not in waiting
    assert "CANARY" not in waiting
