"""Claims: one source's slot belongs to one process, on either database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from threading import Lock
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.db import runs
from app.db.engine import Database
from app.db.runs import SLOT, CycleRow, RunFacts, SourceRunRow
from app.db.sources import LONGEST_WORDS
from tests.at_once import SAVERS, at_once
from tests.db.made import NOON

HOUR = timedelta(hours=1)


def claim(database: Database, source: str = "wise", slot: datetime = NOON) -> int | None:
    with database.writing() as session:
        return runs.claim(session, source, slot, "me", slot)


def finish(database: Database, run: int | None, facts: RunFacts, at: datetime = NOON) -> None:
    assert run is not None
    with database.writing() as session:
        runs.finish(session, run, facts, at)


def row_of(database: Database, run: int | None) -> SourceRunRow:
    with database.reading() as session:
        return session.get_one(SourceRunRow, run)


def test_a_slot_is_claimed_once(database: Database) -> None:
    assert claim(database)
    assert claim(database) is None
    assert claim(database, "remitly")
    assert claim(database, slot=NOON + SLOT)


def test_of_several_that_claim_at_one_moment_one_gets_each_slot(database: Database) -> None:
    won: Counter[datetime] = Counter()
    numbers, lock = set(), Lock()

    def work(saver: int) -> None:
        for number in range(25):
            found = claim(database, slot=NOON + number * SLOT)
            if found is not None:
                with lock:
                    won[NOON + number * SLOT] += 1
                    numbers.add(found)

    at_once(work)
    assert won == {NOON + number * SLOT: 1 for number in range(25)}
    assert len(numbers) == 25
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SourceRunRow)) == 25


def test_a_claim_that_is_rolled_back_was_never_made(database: Database) -> None:
    def fails() -> None:
        with database.writing() as session:
            assert runs.claim(session, "wise", NOON, "me", NOON)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert claim(database)


def test_what_a_run_did_is_kept(database: Database) -> None:
    run = claim(database)
    facts = RunFacts(9, 6, 2, 1, 7, 8, 3, 12, "timeout", "x" * 2 * LONGEST_WORDS)
    finish(database, run, facts, NOON + timedelta(minutes=3))
    row = row_of(database, run)
    assert [getattr(row, name) for name in RunFacts.__slots__[:-1]] == [
        *(9, 6, 2, 1, 7, 8, 3, 12),
        "timeout",
    ]
    assert row.said == "x" * LONGEST_WORDS
    assert (row.started_at, row.ended_at) == (NOON, NOON + timedelta(minutes=3))


def test_a_run_without_an_end_says_why_and_one_with_an_end_does_not_change(
    database: Database,
) -> None:
    ended, lost = claim(database, "wise"), claim(database, "remitly")
    finish(database, ended, RunFacts(asked=1))
    with database.writing() as session:
        for source in ("wise", "remitly"):
            runs.note_lost(session, source, NOON, "hung", "y" * 2 * LONGEST_WORDS)
        runs.note_lost(session, "remitly", NOON + SLOT, "hung", "another slot")
    assert (row_of(database, ended).trouble, row_of(database, ended).said) == ("", "")
    assert row_of(database, lost).trouble == "hung"
    assert row_of(database, lost).said == "y" * LONGEST_WORDS
    finish(database, lost, RunFacts(asked=1))
    assert row_of(database, lost).trouble == ""


def test_only_old_runs_without_an_end_or_a_word_are_cut_short(database: Database) -> None:
    ended, hung = claim(database, "ended"), claim(database, "hung")
    finish(database, ended, RunFacts())
    for source, slot in (("b", NOON), ("a", NOON), ("a", NOON - SLOT), ("a", NOON + SLOT)):
        assert claim(database, source, slot)
    with database.writing() as session:
        runs.note_lost(session, "hung", NOON, "hung", "it hung")
        cut = runs.note_cut_short(session, NOON + SLOT)
        assert cut == [("a", NOON - SLOT), ("a", NOON), ("b", NOON)]
        assert runs.note_cut_short(session, NOON + SLOT) == []
    assert row_of(database, hung).said == "it hung"


def test_only_runs_that_could_be_weighed_say_what_is_usual(database: Database) -> None:
    numbers = count()

    def ran(rows: int, usual: int) -> None:
        finish(
            database,
            claim(database, slot=NOON + next(numbers) * SLOT),
            RunFacts(rows=rows, usual=usual),
        )

    ran(5, 0)
    for rows in range(12):
        ran(rows, 20)
    claim(database, slot=NOON + next(numbers) * SLOT)
    with database.reading() as session:
        found = runs.recent_shares(session, "wise")
    assert found == [(rows, 20) for rows in range(11, 1, -1)]


def test_requests_of_the_last_hour_are_counted_and_not_those_of_a_wrong_clock(
    database: Database,
) -> None:
    for ago, requests in ((61, 1), (60, 10), (1, 100), (-59, 1000), (-61, 10_000)):
        at = NOON - timedelta(minutes=ago)
        finish(database, claim(database, slot=at), RunFacts(requests=requests), at)
    finish(database, claim(database, "remitly"), RunFacts(requests=7))
    claim(database, slot=NOON)
    with database.reading() as session:
        assert runs.requests_since(session, "wise", NOON - HOUR) == 1110
        assert runs.requests_since(session, "nobody", NOON - HOUR) == 0


def test_a_long_run_counts_until_an_hour_after_its_end(database: Database) -> None:
    """Nobody knows which of its requests came when."""
    run = claim(database, slot=NOON - timedelta(minutes=70))
    finish(database, run, RunFacts(requests=5), NOON - timedelta(minutes=59))
    with database.reading() as session:
        assert runs.requests_since(session, "wise", NOON - HOUR) == 5
        later = NOON - HOUR + timedelta(minutes=2)
        assert runs.requests_since(session, "wise", later) == 0


def heartbeat(database: Database, slot: datetime, count: int, ended: datetime) -> None:
    with database.writing() as session:
        runs.add_cycle(
            session,
            CycleRow(slot=slot, started_at=slot, ended_at=ended, runs=count, troubled=0, hung=""),
        )


def test_the_first_to_end_a_cycle_says_what_it_was(database: Database) -> None:
    at_once(lambda saver: heartbeat(database, NOON, 1 + saver, NOON))
    with database.reading() as session:
        (row,) = session.scalars(select(CycleRow))
        first = row.runs
    heartbeat(database, NOON, 1 + SAVERS, NOON + HOUR)
    with database.reading() as session:
        row = session.get_one(CycleRow, NOON)
        assert (row.runs, row.ended_at) == (first, NOON)
        assert runs.has_cycle(session, NOON)
        assert not runs.has_cycle(session, NOON + SLOT)


def test_the_last_cycle_is_not_one_that_a_wrong_clock_wrote(database: Database) -> None:
    with database.reading() as session:
        assert runs.last_cycle(session) is None
    heartbeat(database, NOON, 1, NOON)
    heartbeat(database, NOON + 24 * HOUR, 1, NOON + 24 * HOUR)
    with database.reading() as session:
        assert runs.last_cycle(session) == NOON + 24 * HOUR
        assert runs.last_cycle(session, NOON + HOUR) == NOON
        assert runs.last_cycle(session, NOON - SLOT) == NOON


@pytest.mark.parametrize(
    "night", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)]
)
def test_every_slot_of_a_night_when_clocks_change_is_another_one(night: datetime) -> None:
    local = ZoneInfo("Europe/Amsterdam")
    minutes = [(night + timedelta(minutes=number)).astimezone(local) for number in range(300)]
    found = Counter(runs.slot_of(one, SLOT).astimezone(UTC) for one in minutes)
    assert found == {night + number * SLOT: 15 for number in range(20)}


def test_a_slot_begins_at_a_quarter_in_any_zone() -> None:
    nepal = datetime(2026, 11, 20, 17, 59, 59, 999_999, timezone(timedelta(hours=5, minutes=45)))
    assert runs.slot_of(nepal, SLOT) == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert runs.slot_of(NOON, SLOT) == NOON
    assert runs.slot_of(NOON - timedelta(microseconds=1), SLOT) == NOON - SLOT
