"""A cycle: every source on its own, and a heartbeat whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.collect import cycle
from app.collect.cycle import SLOT, run_cycle
from app.db import runs
from app.db.engine import Database
from app.db.runs import CycleRow, SourceRunRow
from app.db.sources import SourceRow
from scrapers.contract import Budget, Refused, Unreachable
from tests.collect.made import on_board
from tests.conftest import NOW
from tests.schedule.cast import Hands, Line, Lines, PriceStandIn, RateStandIn, cast, prepare

GOOD = ("one", "two", "three")


@pytest.fixture
def ready(database: Database) -> Database:
    prepare(database, *GOOD, "bad", "mids")
    return database


@pytest.fixture
def for_ever() -> Iterator[threading.Event]:
    """Whoever waits for it hangs until the test is over."""
    event = threading.Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.name.startswith("source "):
            thread.join(20)


def quick(monkeypatch: pytest.MonkeyPatch, questions: float = 2, rest: float = 1) -> None:
    monkeypatch.setattr(cycle, "FOR_QUESTIONS", timedelta(seconds=questions))
    monkeypatch.setattr(cycle, "FOR_THE_REST", timedelta(seconds=rest))


def good(*slugs: str) -> tuple[PriceStandIn, ...]:
    return tuple(PriceStandIn(slug) for slug in slugs or GOOD)


def heartbeats(database: Database) -> list[CycleRow]:
    with database.reading() as session:
        return list(session.scalars(select(CycleRow).order_by(CycleRow.slot)))


def runs_of(database: Database, source: str) -> list[SourceRunRow]:
    with database.reading() as session:
        wanted = select(SourceRunRow).where(SourceRunRow.source == source)
        return list(session.scalars(wanted.order_by(SourceRunRow.slot)))


def trouble_of(database: Database, source: str) -> tuple[str, str]:
    with database.reading() as session:
        row = session.get_one(SourceRow, source)
        return row.trouble, row.said


def test_a_cycle_brings_rates_then_prices_and_ends_with_a_heartbeat(ready: Database) -> None:
    order: list[str] = []
    prices = tuple(PriceStandIn(slug, order.append) for slug in GOOD)
    done = run_cycle(cast(ready, prices, (RateStandIn(asked=order.append),), Hands()), NOW)
    assert order[0] == "mids"
    assert sorted(order[1:]) == sorted(GOOD)
    assert {slug: (one.asked, one.answered) for slug, one in done.runs.items()} == dict.fromkeys(
        ("mids", *GOOD), (1, 1)
    )
    assert {one.source for one in on_board(ready)} <= set(GOOD)
    assert on_board(ready)
    (beat,) = heartbeats(ready)
    assert (beat.slot, beat.runs, beat.troubled, beat.hung) == (NOW, 4, 0, "")


def test_what_hangs_costs_the_others_nothing(
    ready: Database, for_ever: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    bad = PriceStandIn("bad", lambda _: for_ever.wait())
    done = run_cycle(cast(ready, (bad, *good()), (RateStandIn(),), Hands()), NOW)
    assert done.hung == ["bad"]
    assert set(done.runs) == {"mids", *GOOD}
    assert on_board(ready)
    (beat,) = heartbeats(ready)
    assert (beat.runs, beat.hung) == (4, "bad")
    assert trouble_of(ready, "bad") == ("hung", "its run did not come back in time")
    (run,) = runs_of(ready, "bad")
    assert (run.trouble, run.ended_at) == ("hung", None)


def test_a_rate_source_that_hangs_does_not_take_the_time_of_prices(
    ready: Database, for_ever: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both together stay within the time of the whole cycle."""
    quick(monkeypatch, questions=2, rest=1)
    rates = RateStandIn(asked=lambda _: for_ever.wait())
    bad = PriceStandIn("bad", lambda _: for_ever.wait())
    done = run_cycle(cast(ready, (bad, *good()), (rates,), Hands()), NOW)
    assert done.hung == ["mids", "bad"]
    assert set(done.runs) == set(GOOD)
    (beat,) = heartbeats(ready)
    assert beat.ended_at - beat.started_at < timedelta(seconds=3.8)


@pytest.mark.parametrize("error", [Unreachable("no answer"), Refused("go away"), KeyError("fee")])
def test_what_fails_costs_the_others_nothing(ready: Database, error: Exception) -> None:
    def fails(_slug: str) -> None:
        raise error

    collector = cast(ready, (PriceStandIn("bad", fails), *good()), (RateStandIn(),), Hands())
    done = run_cycle(collector, NOW)
    assert (done.broken, done.hung) == ({}, [])
    assert done.runs["bad"].failed == 1
    assert all(done.runs[slug].answered for slug in GOOD)
    assert heartbeats(ready)[0].troubled == 1
    assert trouble_of(ready, "bad")[0] == done.runs["bad"].trouble != ""


def test_a_run_that_fails_before_it_asks_is_told_and_costs_the_others_nothing(
    ready: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Lines.asking

    def fails(self: Lines, slug: str, budget: Budget) -> Line:
        if slug == "bad":
            raise RuntimeError("no line")
        return asking(self, slug, budget)

    monkeypatch.setattr(Lines, "asking", fails)
    done = run_cycle(cast(ready, good("bad", *GOOD), (RateStandIn(),), Hands()), NOW)
    assert done.broken == {"bad": "RuntimeError: no line"}
    assert set(done.runs) == {"mids", *GOOD}
    assert trouble_of(ready, "bad") == ("broken", "RuntimeError: no line")
    (run,) = runs_of(ready, "bad")
    assert (run.trouble, run.said, run.ended_at) == ("broken", "RuntimeError: no line", None)
    assert heartbeats(ready)[0].troubled == 1


def test_an_error_outside_every_run_costs_no_price(
    ready: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("a row of the survey")

    monkeypatch.setattr(cycle, "republish", fails)
    done = run_cycle(cast(ready, good(), (RateStandIn(),), Hands()), NOW)
    assert done.broken == {"rpw": "ValueError: a row of the survey"}
    assert set(done.runs) == {"mids", *GOOD}
    assert len(heartbeats(ready)) == 1


def test_words_that_no_database_takes_are_kept_all_the_same(ready: Database) -> None:
    def fails(_slug: str) -> None:
        raise Unreachable("said \x00 and \ud800")

    done = run_cycle(cast(ready, (PriceStandIn("bad", fails),), (RateStandIn(),), Hands()), NOW)
    assert done.broken == {}
    assert runs_of(ready, "bad")[0].trouble == "connection"


def test_a_slot_is_worked_once(ready: Database) -> None:
    order: list[str] = []
    collector = cast(ready, (PriceStandIn("one", order.append),), (), Hands())
    run_cycle(collector, NOW)
    again = run_cycle(replace(collector, clock=Hands(NOW + timedelta(hours=1))), NOW)
    assert order == ["one"]
    assert again.runs == {}
    (beat,) = heartbeats(ready)
    assert beat.runs == 1, "what the first cycle of a slot says is not overwritten"


def test_each_slot_brings_a_new_price_though_asking_takes_its_time(ready: Database) -> None:
    """What is asked a while after a slot began is due at the beginning of the next one."""
    order: list[str] = []
    hands = Hands(NOW + timedelta(seconds=40))
    collector = cast(ready, (PriceStandIn("one", order.append),), (RateStandIn(),), hands)
    for number in range(4):
        hands.at = NOW + number * SLOT + timedelta(seconds=40 if number % 2 == 0 else 1)
        run_cycle(collector, NOW + number * SLOT)
    assert order == ["one"] * 4
    assert len(runs_of(ready, "mids")) == 4


def test_a_longer_interval_is_kept(ready: Database) -> None:
    order: list[str] = []
    seldom = Budget(per_hour=100, gap=0, interval=timedelta(minutes=30))
    hands = Hands()
    source = PriceStandIn("one", order.append, BUDGET=seldom)
    for number in range(5):
        hands.at = NOW + number * SLOT + timedelta(seconds=1)
        run_cycle(cast(ready, (source,), (), hands), NOW + number * SLOT)
    assert [one.slot for one in runs_of(ready, "one")] == [NOW, NOW + 2 * SLOT, NOW + 4 * SLOT]


def test_a_clock_that_is_put_back_in_mid_cycle_changes_nothing(
    ready: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be asked for another day, and then be taken for one that hangs."""
    quick(monkeypatch, questions=1, rest=2)
    hands, passed = Hands(), threading.Event()

    def takes_long(_slug: str) -> None:
        hands.at = NOW - timedelta(days=1)
        passed.wait(0.2)

    rungs = tuple(PriceStandIn("x").RUNGS[0] + number for number in range(40))
    done = run_cycle(cast(ready, (PriceStandIn("one", takes_long, RUNGS=rungs),), (), hands), NOW)
    assert done.hung == []
    assert 0 < done.runs["one"].asked < len(rungs)
    assert NOW <= heartbeats(ready)[0].ended_at < NOW + timedelta(minutes=1)


@pytest.mark.parametrize("by", [timedelta(days=1), timedelta(days=400)])
def test_what_a_wrong_clock_wrote_does_not_stop_the_right_one(
    ready: Database, by: timedelta
) -> None:
    order: list[str] = []
    hands = Hands(NOW + by)
    rates = RateStandIn(asked=order.append, clock=hands)
    collector = cast(ready, (PriceStandIn("one", order.append),), (rates,), hands)
    run_cycle(collector, NOW + by)
    hands.at = NOW
    run_cycle(collector, NOW)
    assert order == ["mids", "one", "mids", "one"]
    with ready.reading() as session:
        assert runs.requests_since(session, "one", NOW - timedelta(hours=1)) == 1
        assert runs.last_cycle(session, NOW) == heartbeats(ready)[0].ended_at


def test_runs_whose_process_was_killed_are_told_and_block_no_later_slot(ready: Database) -> None:
    with ready.writing() as session:
        assert runs.claim(session, "one", NOW, "gone", NOW + timedelta(minutes=1))
    hands = Hands(NOW + SLOT)
    collector = cast(ready, good("one"), (), hands)
    assert run_cycle(collector, NOW + SLOT).cut_short == []  # it may still be at work
    hands.move(SLOT)
    done = run_cycle(collector, NOW + 2 * SLOT)
    assert done.cut_short == [("one", NOW)]
    assert [one.trouble for one in runs_of(ready, "one")] == ["cut_short", "", ""]
    hands.move(SLOT)
    assert run_cycle(collector, NOW + 3 * SLOT).cut_short == []


def test_many_sources_that_end_at_one_moment_are_all_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a pool of connections has by itself, and more than SQLite's own waiting bears."""
    slugs = [f"source{number}" for number in range(30)]
    prepare(database, *slugs, "mids")
    together = threading.Barrier(len(slugs))
    prices = tuple(PriceStandIn(slug, lambda _: together.wait(20)) for slug in slugs)
    done = run_cycle(cast(database, prices, (RateStandIn(),), Hands()), NOW)
    assert (done.broken, done.hung) == ({}, [])
    assert set(done.runs) == {"mids", *slugs}


def test_every_source_has_a_connection_while_it_waits_for_its_turn_to_save(
    database: Database,
) -> None:
    with ExitStack() as waiting:
        for _ in range(40):
            waiting.enter_context(database.engine.connect())
