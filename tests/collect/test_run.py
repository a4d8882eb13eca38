"""A source's run: what is kept, what is told of it, and that it always ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.collect import run as runs_of_sources
from app.collect.collector import collector
from app.collect.run import run_prices
from app.db import prices, sources
from app.db.asked import Outcome
from app.db.engine import Database
from app.db.evidence import EvidenceRow
from app.db.runs import SourceRunRow, slot_of
from app.domain.corridor import Corridor
from app.domain.foreign import is_tidy
from app.domain.money import Money
from app.domain.provider import ProviderKind
from app.domain.quote import Promotion
from scrapers.contract import (
    Ask,
    Budget,
    Firm,
    Http,
    NotOffered,
    Offer,
    Refused,
    Reply,
    Unreachable,
    Unreadable,
)
from scrapers.http import Client
from tests.collect.made import on_board
from tests.collect.teller import SLOT, Play, Teller, Tells, offer, one_price, play
from tests.conftest import NOW
from tests.schedule.cast import Line, cast

TWO = (Decimal(200), Decimal(500))


def last_run(it: Play) -> SourceRunRow:
    with it.database.reading() as session:
        found = session.scalars(select(SourceRunRow).order_by(SourceRunRow.slot.desc())).first()
        assert found is not None
        return found


def test_a_run_publishes_and_says_what_it_did(database: Database) -> None:
    it = play(database, RUNGS=TWO)
    facts = it.run()
    assert (facts.asked, facts.answered, facts.rows, facts.held) == (2, 2, 2, 0)
    assert (facts.trouble, facts.requests) == ("", 2)
    assert {one.rung for one in on_board(database)} == set(TWO)
    row = last_run(it)
    assert (row.ended_at, row.claimed_by, row.rows) == (NOW, "here", 2)
    assert (it.source().last_success, it.source().trouble) == (NOW, "")
    assert [one.outcome for one in it.asked()] == [Outcome.ANSWERED, Outcome.ANSWERED]


def test_a_slot_is_worked_once(database: Database) -> None:
    it = play(database)
    slot = slot_of(NOW, SLOT)
    assert run_prices(it.collector, it.teller, slot, NOW + SLOT)
    assert run_prices(it.collector, it.teller, slot, NOW + SLOT, "NL-MA") is None


def test_a_run_whose_time_is_over_says_nothing_of_its_source(database: Database) -> None:
    it = play(database)
    it.run(_raises(Unreachable("no answer")))
    before = it.source()
    slot = slot_of(it.clock(), SLOT)
    facts = run_prices(it.collector, it.teller, slot, it.clock())
    assert facts
    assert facts.asked == 0
    after = it.source()
    assert (after.trouble, after.last_success, after.last_try) == (
        "connection",
        None,
        before.last_try,
    )


def _raises(error: Exception) -> Tells:
    def tells(http: Http, ask: Ask) -> list[Offer]:
        raise error

    return tells


@pytest.mark.parametrize(
    ("error", "trouble", "outcome"),
    [
        (Unreachable("no answer"), "connection", Outcome.FAILED),
        (Refused("go away"), "blocked", Outcome.FAILED),
        (Unreadable("what is this"), "schema", Outcome.UNREADABLE),
        (KeyError("rate"), "schema", Outcome.UNREADABLE),
        (RecursionError("deep"), "schema", Outcome.UNREADABLE),
    ],
)
def test_what_failed_is_told_and_removes_nothing(
    database: Database, error: Exception, trouble: str, outcome: Outcome
) -> None:
    it = play(database)
    it.run()
    before = on_board(database)
    it.clock.move(timedelta(days=3))
    facts = it.run(_raises(error))
    assert (facts.trouble, facts.failed) == (trouble, 1)
    assert str(error).strip("'") in facts.said
    assert (it.source().trouble, it.source().last_success) == (trouble, NOW)
    (asked,) = it.asked()
    assert (asked.outcome, asked.answered_at, asked.rows) == (outcome, NOW, 1)
    assert on_board(database) == before


def test_trouble_counts_from_its_first_time_and_ends_with_a_good_run(database: Database) -> None:
    it = play(database)
    for _ in range(3):
        it.run(_raises(Unreachable("no answer")))
    row = it.source()
    assert (row.trouble_since, row.trouble_runs) == (NOW, 3)
    it.run(_raises(Refused("go away")))
    assert (it.source().trouble_since, it.source().trouble_runs) == (NOW + 3 * SLOT, 1)
    it.run()
    assert (it.source().trouble, it.source().trouble_since, it.source().said) == ("", None, "")


def test_a_run_that_cannot_be_kept_ends_with_a_word(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever our own code or the database does: nothing half is kept, and the run has an end."""
    it = play(database)
    it.run()
    board = on_board(database)

    def breaks(*_arguments: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(prices, "save", breaks)
    facts = it.run(fee="3.00")
    assert (facts.trouble, facts.said, facts.requests) == ("broken", "ZeroDivisionError: ours", 1)
    row = last_run(it)
    assert (row.ended_at, row.trouble, row.requests) == (NOW + SLOT, "broken", 1)
    assert (it.source().trouble, it.source().last_success) == ("broken", NOW)
    assert on_board(database) == board
    assert [one.asked_at for one in it.asked()] == [NOW]
    monkeypatch.undo()
    assert not it.run(fee="3.00").trouble


def test_a_database_error_costs_only_the_run(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A price without evidence: the database refuses it, after the gates let it pass."""
    it = play(database)
    monkeypatch.setattr(runs_of_sources, "as_evidence", lambda *_: [])
    assert it.run().trouble == "broken"
    assert on_board(database) == []
    assert last_run(it).ended_at == NOW
    monkeypatch.undo()
    it.run()
    assert len(on_board(database)) == 1


HOSTILE = {
    "nul": "a\x00b",
    "half a sign": "a\ud800b",
    "turned round": "a\u202eb",
    "a megabyte": "ab" + "x" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_source_writes_costs_no_run(database: Database, text: str) -> None:
    """In its terms, in a firm's name and in an error; the other question is kept as always."""

    def tells(http: Http, ask: Ask) -> list[Offer]:
        if ask.amount != 200:
            raise Unreadable(f"unknown field {text}")
        found = offer(http, ask, provider="beta")
        received = Money(found.quote.received.amount + 1, "MAD")
        promotion = Promotion(found.quote.rate, Money(Decimal(0), "EUR"), received, text)
        firm = Firm(f"Beta {text}", ProviderKind.MTO)
        return [replace(found, quote=replace(found.quote, promotion=promotion), firm=firm)]

    it = play(database, RUNGS=TWO, VIA="one")
    facts = it.run(tells)
    assert (facts.failed, facts.answered, facts.held) == (1, 1, 0)
    (price,) = on_board(database)
    assert price.quote.promotion
    assert price.quote.promotion.terms.startswith("ab")
    assert len(price.quote.promotion.terms) <= 500
    failed = it.asked()[1]
    assert failed.why.startswith("unknown field a")
    assert is_tidy(failed.why, 500)
    before = it.history()
    it.run(tells)
    assert len(it.history()) == len(before)


def serviced(**service: Any) -> Tells:
    """A good offer, and one of a service like that."""

    def tells(http: Http, ask: Ask) -> list[Offer]:
        good = offer(http, ask)
        other = replace(good.quote.service, **service)
        return [good, replace(good, quote=replace(good.quote, service=other))]

    return tells


def of_another(**question: Any) -> Tells:
    return lambda http, ask: [offer(http, replace(ask, **question))]


def without_reply(http: Http, ask: Ask) -> list[Offer]:
    found = offer(http, ask)
    return [replace(found, reply=replace(found.reply, body=b""))]


NAMELESS = Firm("\x00 \u202e", ProviderKind.MTO)
MISFITS: dict[str, Tells] = {
    "long way to pay": serviced(pay_in="x" * 41),
    "way to pay with a nul": serviced(pay_in="iDE\x00AL"),
    "another amount": of_another(amount=Decimal(201)),
    "another corridor": of_another(corridor=Corridor("NL", "EUR", "TR", "TRY")),
    "time without zone": one_price(stated_at=NOW.replace(tzinfo=None)),
    "endless digits": one_price(rate=Decimal("10.8" + "1" * 100_000)),
    "nameless firm": one_price(firm=NAMELESS, provider="new"),
    "no reply": without_reply,
}


@pytest.mark.parametrize("tells", MISFITS.values(), ids=MISFITS)
def test_an_offer_that_does_not_fit_costs_its_question_only(
    database: Database, tells: Tells
) -> None:
    def first_wrong(http: Http, ask: Ask) -> list[Offer]:
        return tells(http, ask) if ask.amount == 200 else [offer(http, ask)]

    it = play(database, RUNGS=TWO)
    facts = it.run(first_wrong)
    assert (facts.answered, facts.failed) == (1, 1)
    assert [one.rung for one in on_board(database)] == [500]
    assert it.asked()[0].outcome is Outcome.UNREADABLE
    assert it.asked()[0].why


def test_a_failure_without_a_body_is_told_and_is_no_evidence(database: Database) -> None:
    it = play(database, RUNGS=TWO)

    class Empty(Line):
        def get(self, url: str, **_how: object) -> Reply:
            reply = super().get(url)
            self.exchanges[-1] = replace(self.exchanges[-1], body=b"", status=None, failed=url)
            raise Unreachable(f"no answer from {reply.url}")

    collector = it.collector
    collector.client.asking = lambda *_: Empty(it.clock)  # type: ignore[assignment,method-assign]
    facts = run_prices(collector, it.teller, slot_of(NOW, SLOT), NOW + SLOT)
    assert facts
    assert facts.requests == 2
    whys = [one.why for one in it.asked()]
    assert [why.split("/")[4] for why in whys] == ["200", "500"]
    with database.reading() as session:
        assert session.scalars(select(EvidenceRow)).all() == []


def test_a_blocked_source_is_left_alone_until_its_time(database: Database) -> None:
    it = play(database)
    until = NOW + timedelta(minutes=40)

    class Blocked(Line):
        def get(self, url: str, **_how: object) -> Reply:
            raise Refused(f"{url}: too many", wait=timedelta(minutes=40))

    collector = it.collector
    collector.client.asking = lambda *_: Blocked(it.clock, waiting=until)  # type: ignore[assignment,method-assign]
    run_prices(collector, it.teller, slot_of(NOW, SLOT), NOW + SLOT)
    assert it.source().blocked_until == until
    for _ in range(3):
        assert it.try_run(one_price()) is None
    assert it.clock() == NOW + 3 * SLOT
    assert it.run().answered == 1
    assert it.source().blocked_until is None


def test_an_hour_beyond_any_rest_was_written_by_a_wrong_clock(database: Database) -> None:
    it = play(database)
    with database.writing() as session:
        sources.note_trouble(session, "one", "blocked", "", NOW, NOW + timedelta(days=30))
    assert it.run().answered == 1


def test_the_budget_of_an_hour_is_never_exceeded(database: Database) -> None:
    """In no hour, wherever it begins."""
    asked_at: list[datetime] = []
    it = play(
        database,
        RUNGS=tuple(map(Decimal, range(100, 108))),
        BUDGET=Budget(per_hour=10, gap=0, interval=SLOT),
    )

    def at(_slug: str) -> None:
        asked_at.append(it.clock())
        it.clock.move(SLOT / 30)

    it.teller.asked = at
    for number in range(40):
        it.clock.at = NOW + number * SLOT
        it.try_run(one_price())
    assert len(asked_at) > 60
    hour = timedelta(hours=1)
    most = max(sum(start <= at < start + hour for at in asked_at) for start in asked_at)
    assert most == 10


def test_questions_take_turns_where_the_budget_is_short(database: Database) -> None:
    asked: list[Decimal] = []
    it = play(
        database,
        RUNGS=(Decimal(40), Decimal(200), Decimal(500), Decimal(2000)),
        BUDGET=Budget(per_hour=2, gap=0, interval=SLOT),
    )

    def tells(http: Http, ask: Ask) -> list[Offer]:
        asked.append(ask.amount)
        return [offer(http, ask)]

    for _ in range(24):
        it.try_run(tells)
    assert asked[:2] == [200, 500]
    assert set(asked) == {40, 200, 500, 2000}


def test_what_is_not_offered_is_asked_again_after_a_day(database: Database) -> None:
    asked: list[Decimal] = []

    def tells(http: Http, ask: Ask) -> list[Offer]:
        asked.append(ask.amount)
        if ask.amount == 500:
            raise NotOffered("at most 400")
        return [offer(http, ask)]

    it = play(database, RUNGS=TWO)
    for _ in range(24 * 4):
        assert it.run(tells).trouble == ""
    assert asked.count(Decimal(500)) == 1
    assert asked.count(Decimal(200)) == 96
    assert it.asked()[1].outcome is Outcome.NOT_OFFERED
    it.run(tells)
    assert asked.count(Decimal(500)) == 2


def test_three_silent_questions_leave_the_rest_for_the_next_run(database: Database) -> None:
    it = play(database, RUNGS=tuple(map(Decimal, range(100, 110))))
    assert it.run(_raises(Unreachable("no answer"))).asked == 3


def test_answers_in_between_do_not_make_three_in_a_row(database: Database) -> None:
    it = play(database, RUNGS=tuple(map(Decimal, range(100, 110))))

    def tells(http: Http, ask: Ask) -> list[Offer]:
        if ask.amount % 3 == 0:
            return [offer(http, ask)]
        raise Unreachable("no answer")

    assert it.run(tells).asked == 10


def test_an_empty_answer_is_unreadable(database: Database) -> None:
    it = play(database)
    facts = it.run(lambda _http, _ask: [])
    assert (facts.trouble, facts.failed) == ("empty", 1)


def test_one_sources_run_leaves_anothers_prices(database: Database) -> None:
    it = play(database)
    it.run()
    other = Play(database, Teller("two"), it.clock)
    other.run(one_price(variant=2))
    assert {one.source for one in on_board(database)} == {"one", "two"}
    assert cast(database, (), clock=it.clock).prices == ()


def test_who_asked_to_be_left_alone_is_also_after_a_restart(database: Database) -> None:
    it = play(database)
    with database.writing() as session:
        until = datetime.now(UTC) + timedelta(minutes=30)
        sources.note_trouble(session, "one", "limited", "", NOW, until)
    client = Client("HuiswaartsBot/1.0", "http://127.0.0.1:9")
    collector(database, client, frozenset(), [])
    asking = client.asking("one", it.teller.BUDGET)
    with pytest.raises(Refused, match="left alone"):
        asking.get("https://prices.example/")
    assert asking.waiting
    assert abs(asking.waiting - until) < timedelta(seconds=5)
    client.close()
