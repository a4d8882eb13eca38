"""The scheduler: who works, when, what is counted, and how it ends."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast as cast_to

import pytest
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
)
from sqlalchemy import create_engine, select, text

from app import schedule
from app.collect import cycle
from app.collect.cycle import SLOT, Cycle
from app.db import engine, runs, wishes
from app.db.accounts import add_account
from app.db.backups import last_backups
from app.db.engine import Database
from app.db.runs import SourceRunRow
from app.db.wishes import WishRow, WishState, WishWhy
from app.domain.account import Account, Role
from app.notify.outbox import Delivered
from app.notify.telling import Telling
from app.schedule import GRACE, HUNG, Scheduler
from scrapers.contract import LicenceSource
from tests.conftest import NOW, wait_until
from tests.schedule.cast import Hands, PriceStandIn, cast, heartbeats, prepare, slots_of

Made = Callable[..., Scheduler]


@pytest.fixture
def ready(database: Database) -> Database:
    prepare(database, "one", "bad", "mids", "register")
    return database


@pytest.fixture
def made(ready: Database) -> Iterator[Made]:
    """A scheduler of one source whose process does not really end: `ended` has the statuses."""
    some: list[Scheduler] = []

    def make(
        *prices: PriceStandIn,
        clock: Callable[[], datetime] | None = None,
        ended: list[int] | None = None,
        database: Database = ready,
    ) -> Scheduler:
        collector = cast(database, prices or (PriceStandIn("one"),), (), clock or Hands())
        scheduler = Scheduler(collector, ([] if ended is None else ended).append)
        some.append(scheduler)
        return scheduler

    yield make
    for one in some:
        one._leadership.give_up()


@pytest.fixture
def for_ever() -> Iterator[threading.Event]:
    """Whoever waits for it hangs until the test is over."""
    event = threading.Event()
    yield event
    event.set()
    join_workers()


def join_workers() -> None:
    """Threads that a process does not wait for, but the next test must."""
    for thread in threading.enumerate():
        if thread.name.startswith(("source ", "first ", "wish ")):
            thread.join(20)


@contextmanager
def running(scheduler: Scheduler) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=scheduler.run)
    thread.start()
    try:
        yield thread
    finally:
        scheduler.stop.set()
        thread.join(20)
        join_workers()
        assert not thread.is_alive()


def test_only_the_leader_works(ready: Database, made: Made) -> None:
    leads, waits = made(), made()
    assert leads.cycle() is not None
    assert waits.cycle() is None
    assert slots_of(ready) == heartbeats(ready) == [NOW]
    leads._leadership.give_up()
    wait_until(waits._leadership.held)
    assert waits.cycle() is None, "this slot is over and done with"
    assert heartbeats(ready) == [NOW]


def test_whoever_takes_the_lead_works_the_rest_of_the_slot_at_once(
    ready: Database, made: Made
) -> None:
    with ready.writing() as session:
        assert runs.claim(session, "one", NOW, "killed", NOW)
    scheduler = made(PriceStandIn("one"), PriceStandIn("bad"))
    with running(scheduler):
        wait_until(lambda: heartbeats(ready) == [NOW])
    assert slots_of(ready) == slots_of(ready, "bad") == [NOW]
    with ready.reading() as session:
        kept = {row.source: row.claimed_by for row in session.scalars(select(SourceRunRow))}
    assert kept == {"one": "killed", "bad": "here"}


def test_a_slot_that_comes_again_is_left_alone(
    ready: Database, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    """A clock that is put back by a day does not bring that day's 96 slots again."""
    order: list[str] = []
    hands = Hands()
    scheduler = made(PriceStandIn("one", order.append), clock=hands)
    for _ in range(4):
        assert scheduler.cycle() is not None
        hands.move(SLOT)
    hands.at = NOW
    for _ in range(4):
        assert scheduler.cycle() is None
        hands.move(SLOT)
    assert len(order) == 4
    assert "was worked before" in caplog.text
    assert scheduler.cycle() is not None
    assert len(order) == 5


def test_what_hangs_ends_the_process_and_not_before_the_heartbeat(
    ready: Database,
    made: Made,
    for_ever: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cycle, "FOR_QUESTIONS", timedelta(seconds=1))
    monkeypatch.setattr(cycle, "FOR_THE_REST", timedelta(seconds=1))
    beats: list[list[datetime]] = []
    bad = PriceStandIn("bad", lambda _: for_ever.wait())
    ended: list[int] = []
    scheduler = made(bad, PriceStandIn("one"), ended=ended)

    def ends(status: int) -> None:
        ended.append(status)
        beats.append(heartbeats(ready))

    monkeypatch.setattr(scheduler, "_exit_now", ends)
    done = scheduler.cycle()
    assert done is not None
    assert done.hung == ["bad"]
    assert ended == [HUNG]
    assert beats == [[NOW]]
    assert slots_of(ready) == [NOW]


@pytest.mark.parametrize("name", ["cycle", "licences", "retention"])
def test_a_job_that_hangs_as_a_whole_ends_the_process(
    ready: Database,
    made: Made,
    for_ever: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """In the database, say, where no source's deadline helps and no heartbeat can be written."""
    ended: list[int] = []
    scheduler = made(ended=ended)
    for limit in ("LONGEST_CYCLE", "LONGEST_CHORE"):
        monkeypatch.setattr(schedule, limit, timedelta(seconds=0.1))
    for work in ("run_cycle", "run_licences", "forget_old"):
        monkeypatch.setattr(schedule, work, lambda *_: for_ever.wait() and Cycle(NOW))
    source: LicenceSource = PriceStandIn("register")  # type: ignore[assignment]
    scheduler._collector.licences = (source,)
    job = threading.Thread(target=getattr(scheduler, name), name="source job", daemon=True)
    job.start()
    wait_until(lambda: HUNG in ended)


def test_a_scheduler_whose_jobs_no_longer_come_ends(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own thread died, or the clock was put back: `running` would still be true."""
    monkeypatch.setattr(schedule, "LONGEST_SILENCE", timedelta(seconds=0.2))
    monkeypatch.setattr(schedule, "LOOK_EVERY", timedelta(seconds=0.05))
    ended: list[int] = []
    scheduler = made(ended=ended)
    with running(scheduler):
        wait_until(lambda: HUNG in ended)


def test_a_cycle_that_takes_longer_than_its_slot_is_counted(
    ready: Database, made: Made, for_ever: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    hands, begun = Hands(), threading.Event()

    def takes_long(_slug: str) -> None:
        begun.set()
        for_ever.wait(20)

    scheduler = made(PriceStandIn("one", takes_long), clock=hands)
    first = threading.Thread(target=scheduler.cycle)
    first.start()
    assert begun.wait(20)
    assert scheduler.cycle() is None
    assert scheduler.skipped == 0, "it is the same slot, and being worked"
    hands.move(SLOT)
    assert scheduler.cycle() is None
    assert scheduler.skipped == 1
    assert "skipped: the one before still runs" in caplog.text
    for_ever.set()
    first.join(20)
    assert heartbeats(ready) == [NOW]
    hands.move(SLOT)
    assert scheduler.cycle() is not None


def test_what_jobs_do_wrong_is_counted_and_told(
    made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = made()
    for code, error in (
        (EVENT_JOB_ERROR, KeyError("fee")),
        (EVENT_JOB_MISSED, None),
        (EVENT_JOB_MAX_INSTANCES, None),
    ):
        scheduler._noticed(JobExecutionEvent(code, "cycle", "default", NOW, exception=error))
    assert (scheduler.failed, scheduler.skipped) == (1, 2)
    assert [record.getMessage() for record in caplog.records] == [
        "cycle failed: KeyError: 'fee'",
        f"the job cycle was skipped: it would have been more than {GRACE} seconds late",
        "the job cycle was skipped: the one before still runs",
    ]


def test_every_job_that_fails_is_heard_of(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the listener, from APScheduler's own threads."""

    def fails(*_: object) -> None:
        raise ValueError("no")

    scheduler = made()
    monkeypatch.setattr(schedule, "forget_old", fails)
    with running(scheduler):
        job = scheduler._jobs.get_job("retention")
        job.modify(next_run_time=datetime.now(UTC))
        wait_until(lambda: scheduler.failed == 1)


@pytest.mark.parametrize("night", ["2027-03-28", "2027-10-31"])
def test_the_nights_when_clocks_change_are_like_others(
    made: Made, monkeypatch: pytest.MonkeyPatch, night: str
) -> None:
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    time.tzset()
    trigger = made()._jobs.get_job("cycle").trigger
    midnight = datetime.fromisoformat(night).replace(tzinfo=UTC)
    times, last = [], None
    for _ in range(5 * 4):
        last = trigger.get_next_fire_time(last, last or midnight - timedelta(seconds=1))
        times.append(last)
    monkeypatch.undo()
    time.tzset()
    assert times == [midnight + number * SLOT for number in range(5 * 4)]


def test_licences_are_looked_up_once_a_day_and_each_register_on_its_own(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, datetime]] = []

    def look(_collector: object, source: PriceStandIn, _listed: object, slot: datetime) -> None:
        asked.append((source.SLUG, slot))
        if source.SLUG == "bad":
            raise ValueError("no")

    monkeypatch.setattr(schedule, "run_licences", look)
    hands = Hands(NOW + timedelta(hours=3))
    scheduler = made(clock=hands)
    registers = (PriceStandIn("bad"), PriceStandIn("one"))
    scheduler._collector = replace(scheduler._collector, licences=registers)  # type: ignore[arg-type]
    scheduler.licences()
    day = NOW.replace(hour=0)
    assert asked == [("bad", day), ("one", day)]
    assert scheduler.failed == 1
    hands.move(timedelta(hours=8, minutes=59))
    scheduler.licences()
    hands.move(timedelta(minutes=1))
    scheduler.licences()
    assert [slot for _, slot in asked] == [day] * 4 + [day + timedelta(days=1)] * 2


@contextmanager
def unusable(database: Database) -> Iterator[None]:
    """SQLite locked by another writer; PostgreSQL letting nobody in, and those out who were."""
    if database.engine.dialect.name == "sqlite":
        with database.writer().connect() as other:
            other.execute(text("SELECT 1"))
            yield
        return
    url = database.engine.url
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f'"{url.database}"'
    with server.connect() as other:
        other.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        other.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": url.database},
        )
        yield
        other.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    server.dispose()


def test_a_database_that_goes_away_costs_one_cycle(
    database_url: str, ready: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In mid-cycle: nothing of it is kept, and the next one is as ever."""
    monkeypatch.setattr(engine, "BUSY_MS", 100)
    own, broken = Database(database_url), ExitStack()
    hands, ended = Hands(), list[int]()

    def falls(_slug: str) -> None:
        if hands() == NOW:
            broken.enter_context(unusable(ready))

    scheduler = made(PriceStandIn("one", falls), clock=hands, database=own, ended=ended)
    done = scheduler.cycle()
    assert done is not None
    assert set(done.broken) == {"one", "cycle"}
    assert scheduler.failed == 2
    broken.close()
    assert heartbeats(ready) == []
    hands.move(SLOT)
    wait_until(scheduler._leadership.held)
    done = scheduler.cycle()
    assert done is not None
    assert (done.broken, set(done.runs), ended) == ({}, {"one"}, [])
    assert heartbeats(ready) == [NOW + SLOT]
    own.engine.dispose()


def test_a_database_that_is_away_when_a_slot_begins_costs_that_slot(
    database_url: str, ready: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 100)
    hands, own = Hands(), Database(database_url)
    scheduler = made(clock=hands, database=own)
    assert scheduler.cycle() is not None
    hands.move(SLOT)
    with unusable(ready):
        done = scheduler.cycle()
        assert done is None or set(done.broken) == {"one", "cycle"}
    hands.move(SLOT)
    wait_until(scheduler._leadership.held)
    assert scheduler.cycle() is not None
    assert heartbeats(ready) == [NOW, NOW + 2 * SLOT]
    own.engine.dispose()


def test_memory_does_not_grow_with_cycles(ready: Database, made: Made) -> None:
    """Neither threads, nor connections, nor what each source was told."""
    hands = Hands()
    scheduler = made(PriceStandIn("one"), PriceStandIn("bad"), clock=hands)
    for number in range(30):
        assert scheduler.cycle() is not None
        hands.move(SLOT)
        if number == 9:
            gc.collect()
            before = len(gc.get_objects()), threading.active_count()
    gc.collect()
    assert len(gc.get_objects()) - before[0] < 20 * 20
    assert threading.active_count() <= before[1]


def test_a_wish_is_taken_up_within_seconds_by_whoever_leads(
    ready: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And by nobody else: of two schedulers one asks, once."""
    monkeypatch.setattr(schedule, "LOOK_EVERY", timedelta(seconds=0.1))
    order: list[str] = []
    hands = Hands()
    leads, waits = (made(PriceStandIn("one", order.append), clock=hands) for _ in range(2))
    with running(leads), running(waits):
        wait_until(lambda: heartbeats(ready) == [NOW])
        hands.move(timedelta(minutes=20))
        with ready.writing() as session:
            editor = Account(0, "editor@huiswaarts.example", "Editor", Role.EDITOR, None)
            by = add_account(session, editor, NOW).id
            assert wishes.wish(session, "one", by, hands())
        began = time.monotonic()
        wait_until(lambda: wish_of(ready, "one").state is WishState.DONE)
        assert time.monotonic() - began < 10
    assert wish_of(ready, "one").why is WishWhy.RAN
    assert order == ["one", "one"]


def wish_of(database: Database, source: str) -> WishRow:
    with database.reading() as session:
        return session.get_one(WishRow, source)


def test_mail_is_sent_by_the_leader_and_costs_a_cycle_nothing(
    ready: Database, made: Made, for_ever: threading.Event
) -> None:
    """The server does not answer while a whole cycle is worked."""
    begun = threading.Event()

    class Slow:
        def deliver(self, _now: datetime) -> Delivered:
            begun.set()
            assert for_ever.wait(20)
            return Delivered(sent=1)

    scheduler, second = made(), made()
    for one in (scheduler, second):
        one._telling = cast_to("Telling", Slow())
    assert scheduler.cycle() is not None
    second.mail()
    assert not begun.is_set(), "another one leads"
    thread = threading.Thread(target=scheduler.mail)
    thread.start()
    assert begun.wait(20)
    hands = cast_to("Hands", scheduler._collector.clock)
    hands.move(SLOT)
    assert scheduler.cycle() is not None
    assert thread.is_alive()
    assert scheduler._busy == {"mail"}
    for_ever.set()
    thread.join(20)
    assert scheduler._busy == set()


def test_one_copy_a_night_is_made_and_a_failure_counts(
    ready: Database, made: Made, tmp_path: Path
) -> None:
    scheduler = made()
    scheduler._copies = tmp_path / "not-mounted"
    scheduler.back_up()
    assert scheduler.failed == 1
    scheduler._copies.mkdir()
    for _ in range(2):
        scheduler.back_up()
    assert scheduler.failed == 1
    assert len(list(scheduler._copies.iterdir())) == 1
    with ready.reading() as session:
        assert [one.ok for one in last_backups(session)] == [True, False]


def test_only_the_leader_reminds(ready: Database, made: Made) -> None:
    asked: list[datetime] = []

    class Listening:
        def remind(self, now: datetime) -> int:
            asked.append(now)
            return 0

    leads, waits = made(), made()
    for one in (leads, waits):
        one._telling = cast_to("Telling", Listening())
    assert leads.cycle() is not None
    waits.remind()
    leads.remind()
    assert asked == [leads._collector.clock()]
