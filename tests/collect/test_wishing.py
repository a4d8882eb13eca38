"""A source asked on an operator's wish: at once, and by no other rules than ever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from app.collect import run, wishing
from app.collect.cycle import run_cycle
from app.collect.plan import Plan, plan_run
from app.collect.run import run_prices
from app.collect.wishing import fulfil, take_up
from app.db import runs, sources, switches, wishes
from app.db.accounts import add_account
from app.db.engine import Database
from app.db.runs import RunFacts
from app.db.wishes import WishRow, WishState, WishWhy
from app.domain.account import Account, Role
from scrapers.contract import Budget, NotOffered, Offer, Unreachable
from tests.collect.teller import Play, Tells, offer, play
from tests.conftest import NOW
from tests.schedule.cast import Hands, RateStandIn, cast, prepare, slots_of

MINUTE = timedelta(minutes=1)


def failing(error: Exception) -> Tells:
    def tells(*_: object) -> list[Offer]:
        raise error

    return tells


def operator(database: Database) -> int:
    with database.writing() as session:
        made = Account(0, "editor@huiswaarts.example", "Editor", Role.EDITOR, None)
        return add_account(session, made, NOW).id


def wished(it: Play, by: int) -> RunFacts | None:
    """An operator wishes it asked, and the scheduler looks."""
    with it.database.writing() as session:
        assert wishes.wish(session, "one", by, it.clock())
    return looked(it)


def looked(it: Play) -> RunFacts | None:
    taken = take_up(it.collector)
    assert len(taken) <= 1
    return fulfil(it.collector, taken[0]) if taken else None


def wish_of(it: Play) -> WishRow:
    with it.database.reading() as session:
        return session.get_one(WishRow, "one")


def test_it_is_asked_at_once(database: Database) -> None:
    it, by = play(database), operator(database)
    it.clock.at = NOW + 7 * MINUTE
    facts = wished(it, by)
    assert facts is not None
    assert (facts.answered, len(it.history())) == (1, 1)
    assert (wish_of(it).state, wish_of(it).why) == (WishState.DONE, WishWhy.RAN)
    assert slots_of(database) == [NOW + 7 * MINUTE] == [wish_of(it).claimed_at]


def test_what_answered_within_its_interval_is_not_asked_anew(database: Database) -> None:
    it, by = play(database), operator(database)
    it.run()
    it.clock.at = NOW + 5 * MINUTE
    assert wished(it, by) is None
    found = wish_of(it)
    assert (found.why, found.next_at) == (WishWhy.NOTHING_DUE, NOW + 15 * MINUTE)
    assert len(slots_of(database)) == 1


def test_what_failed_is_asked_again_at_once(database: Database) -> None:
    it, by = play(database), operator(database)
    it.run(failing(Unreachable("no answer")))
    it.clock.at = NOW + 5 * MINUTE
    it.teller.tells = lambda http, ask: [offer(http, ask)]
    facts = wished(it, by)
    assert facts is not None
    assert facts.answered == 1
    assert it.source().trouble == ""


def test_what_is_not_offered_is_asked_again_after_a_day(database: Database) -> None:
    it, by = play(database), operator(database)
    it.run(failing(NotOffered("not here")))
    it.clock.at = NOW + 50 * MINUTE
    assert wished(it, by) is None
    assert wish_of(it).next_at == NOW + timedelta(hours=24)


def test_a_held_price_is_not_asked_anew_to_confirm_itself(database: Database) -> None:
    it, by = play(database), operator(database)
    it.run(lambda http, ask: [offer(http, ask, margin="0.2000")])
    assert len(it.held()) == 1
    it.clock.at = NOW + MINUTE
    assert wished(it, by) is None
    assert wish_of(it).why is WishWhy.NOTHING_DUE


def test_without_budget_it_waits_until_there_is_some(database: Database) -> None:
    """Two requests an hour, spent at noon: at one o'clock there is room again."""
    budget = Budget(per_hour=2, gap=0, interval=timedelta(minutes=15))
    it, by = play(database, BUDGET=budget, RUNGS=tuple(map(Decimal, (100, 200, 500)))), 0
    by = operator(database)
    assert it.run().requests == 2
    it.clock.at = NOW + 10 * MINUTE
    assert wished(it, by) is None
    found = wish_of(it)
    room = NOW + timedelta(hours=1, seconds=1)
    assert (found.state, found.why, found.not_before) == (WishState.WAITING, WishWhy.BUDGET, room)
    it.clock.at = room - timedelta(seconds=1)
    assert looked(it) is None
    assert wish_of(it).state is WishState.WAITING
    it.clock.at = room
    facts = looked(it)
    assert facts is not None
    assert facts.requests == 2
    with database.reading() as session:
        assert runs.requests_since(session, "one", room - timedelta(hours=1)) == 2


def test_who_asked_to_be_left_alone_is(database: Database) -> None:
    it, by = play(database), operator(database)
    until = NOW + timedelta(hours=3)
    with database.writing() as session:
        sources.note_trouble(session, "one", "blocked", "go away", NOW, until)
    assert wished(it, by) is None
    assert (wish_of(it).why, wish_of(it).not_before) == (WishWhy.LEFT_ALONE, until)
    it.clock.at = until
    assert looked(it) is not None


def test_a_run_under_way_is_waited_for_and_two_never_ask_at_once(database: Database) -> None:
    it, by = play(database), operator(database)
    with database.writing() as session:
        assert runs.claim(session, "one", NOW, "the cycle", NOW)
    it.clock.at = NOW + MINUTE
    assert wished(it, by) is None
    assert wish_of(it).why is WishWhy.UNDER_WAY
    with database.writing() as session:
        assert runs.claim(session, "one", it.clock(), "somebody", it.clock()) is None
    it.clock.at = NOW + 14 * MINUTE + timedelta(seconds=1)
    assert looked(it) is not None, "that run has hung, or its process ended"


def test_budget_is_looked_at_again_when_the_slot_is_claimed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ends between another one's plan and its claim has spent what both counted on."""
    it = play(database, BUDGET=Budget(per_hour=1, gap=0), RUNGS=(Decimal(100), Decimal(200)))

    def overtaken(*arguments: Any, **how: Any) -> Plan:
        plan = plan_run(*arguments, **how)
        monkeypatch.setattr(run, "plan_run", plan_run)
        slot = it.clock() + timedelta(seconds=1)
        other = run_prices(it.collector, it.teller, slot, it.clock() + 15 * MINUTE)
        assert other is not None
        assert other.requests == 1
        return plan

    monkeypatch.setattr(run, "plan_run", overtaken)
    assert it.run().requests == 0


def test_off_is_off_for_cycles_and_for_wishes(database: Database) -> None:
    it, by = play(database), operator(database)
    turn = partial(switches.turn, slug="one", why="they asked us to", by=by, now=NOW)
    with database.writing() as session:
        assert turn(session, on=False, version=0)
    cycle = run_cycle(it.collector, NOW)
    assert cycle.runs == {}
    assert wished(it, by) is None
    assert wish_of(it).why is WishWhy.OFF
    assert slots_of(database) == []
    with database.writing() as session:
        assert turn(session, on=True, version=1)
    assert "one" in run_cycle(it.collector, NOW + 15 * MINUTE).runs


def test_rates_are_read_again_when_they_are_due(database: Database) -> None:
    prepare(database, "mids")
    by, hands = operator(database), Hands()
    budget = Budget(10, 0, timedelta(hours=1))
    collector = cast(database, (), (RateStandIn(BUDGET=budget),), hands)

    def again() -> RunFacts | None:
        with database.writing() as session:
            assert wishes.wish(session, "mids", by, hands())
        (taken,) = take_up(collector)
        return fulfil(collector, taken)

    assert again() is not None
    hands.at = NOW + 30 * MINUTE
    assert again() is None
    with database.reading() as session:
        found = session.get_one(WishRow, "mids")
    assert (found.why, found.next_at) == (WishWhy.NOTHING_DUE, NOW + timedelta(hours=1))


def test_a_failure_of_our_own_ends_the_wish(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    it, by = play(database), operator(database)
    monkeypatch.setattr(wishing, "_obstacle", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        wished(it, by)
    assert (wish_of(it).state, wish_of(it).why) == (WishState.DONE, WishWhy.LOST)
