"""Counts add up by day and subject, sketches merge, days are closed, and old ones forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from datasketches import hll_sketch
from sqlalchemy import inspect, select

from app.collect.retention import forget_old
from app.db import counting, shown, sketches, traffic, traffic_figures
from app.db.counting import NoteKind
from app.db.engine import Database
from app.db.shown import Tally, add_shown, shown_to
from app.db.sketches import SketchRow, close_days, devices_now, merge_sketch
from app.db.traffic import TrafficRow, add_counts, counts_of
from app.domain.traffic import Period, Span, Subject, Whole
from tests.db.made import NL_MA, NL_SR, NOON, price, save, stock

DAY = NOON.date()
MONTH, YEAR = Period.of(Span.MONTH, DAY), Period.of(Span.YEAR, DAY)
VIEWS = (Subject.TOTAL, Whole.VIEWS.value)


def no_campaigns(_session: object) -> tuple[str, ...]:
    return ()


def count(database: Database, day: date, name: str = "nl", number: int = 1) -> None:
    with database.writing() as session:
        add_counts(session, day, {(Subject.LANGUAGE, name): number, VIEWS: number}, no_campaigns)


def sketch(*devices: int) -> hll_sketch:
    made = hll_sketch(sketches.PRECISION)
    for one in devices:
        made.update(one)
    return made


def merge(database: Database, mark: str, *devices: int, day: date = DAY) -> NoteKind | None:
    with database.writing() as session:
        return merge_sketch(session, day, mark, sketch(*devices))


def test_counts_add_up_by_day_subject_and_name(database: Database) -> None:
    count(database, DAY, "nl", 2)
    count(database, DAY, "nl", 3)
    count(database, DAY, "en", 1)
    count(database, DAY - timedelta(days=1), "nl", 7)
    count(database, DAY - timedelta(days=30), "nl", 100)
    with database.reading() as session:
        assert counts_of(session, Period.of(Span.DAY, DAY), Subject.LANGUAGE) == {"nl": 5, "en": 1}
        assert counts_of(session, MONTH, Subject.LANGUAGE) == {"nl": 12, "en": 1}
        assert traffic.totals(session, MONTH, Whole.VIEWS) == {
            DAY - timedelta(days=1): 7,
            DAY: 6,
        }


def test_four_processes_that_write_at_once_lose_nothing(database: Database) -> None:
    def work(number: int) -> None:
        for step in range(10):
            with database.writing() as session:
                add_counts(session, DAY, {VIEWS: 1, (Subject.PAGE, "x"): 2}, no_campaigns)
                merge_sketch(session, DAY, "mark", sketch(number * 10 + step))
                counting.note_alive(session, [NOON + timedelta(minutes=number * 10 + step)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with database.reading() as session:
        assert counts_of(session, MONTH, Subject.PAGE) == {"x": 80}
        assert devices_now(session, DAY) == 40
        alive = counting.alive_hours(session, NOON, NOON + timedelta(hours=1))
        assert alive == {NOON: (1 << 40) - 1}


def test_a_code_that_is_no_campaign_is_not_counted(database: Database) -> None:
    counts = {(Subject.CAMPAIGN, "flyer"): 2, (Subject.CAMPAIGN, "made-up"): 5}
    with database.writing() as session:
        add_counts(session, DAY, counts, lambda _session: ["flyer", "other"])
    with database.reading() as session:
        assert counts_of(session, MONTH, Subject.CAMPAIGN) == {"flyer": 2}


def test_the_same_devices_twice_are_the_same_devices(database: Database) -> None:
    assert devices(database) is None
    assert merge(database, "a", 1, 2, 3) is None
    assert merge(database, "a", 1, 2, 3) is None
    assert merge(database, "a", 3, 4) is None
    assert devices(database) == 4


def devices(database: Database) -> int | None:
    with database.reading() as session:
        return devices_now(session, DAY)


def test_another_key_is_told(database: Database) -> None:
    assert merge(database, "a", 1) is None
    assert merge(database, "b", 2) is NoteKind.KEY
    assert devices(database) == 2


def test_a_closed_day_has_its_number_and_no_sketch(database: Database) -> None:
    merge(database, "a", *range(25))
    merge(database, "a", *range(5), day=DAY + timedelta(days=1))
    with database.writing() as session:
        assert close_days(session, DAY + timedelta(days=1)) == [DAY]
        assert close_days(session, DAY + timedelta(days=1)) == []
    with database.reading() as session:
        assert [row.day for row in session.scalars(select(SketchRow))] == [DAY + timedelta(days=1)]
        assert traffic.totals(session, MONTH, Whole.DEVICES) == {DAY: 25}
    assert merge(database, "a", 99) is NoteKind.LATE
    with database.reading() as session:
        assert traffic.totals(session, MONTH, Whole.DEVICES) == {DAY: 25}


def test_a_closed_day_keeps_no_endless_list_of_names(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "MOST_NAMES", 3)
    hosts = {(Subject.REFERRER, f"host{n}.example"): n for n in range(1, 8)}
    with database.writing() as session:
        add_counts(session, DAY, hosts, no_campaigns)
        traffic.fold(session, DAY)
        traffic.fold(session, DAY)
    with database.reading() as session:
        found = counts_of(session, MONTH, Subject.REFERRER)
    assert found == {"host7.example": 7, "host6.example": 6, "host5.example": 5, "other": 10}


def test_notes_are_kept_in_order_and_what_notes_itself_once(database: Database) -> None:
    with database.writing() as session:
        for words in ("first", "second"):
            counting.add_note(session, DAY, NoteKind.REASON, words, NOON)
            counting.add_note(session, DAY, NoteKind.WRITE, words, NOON)
    with database.reading() as session:
        found = [(one.kind, one.words) for one in counting.notes(session, DAY, DAY)]
    assert found == [
        (NoteKind.REASON, "first"),
        (NoteKind.WRITE, "first"),
        (NoteKind.REASON, "second"),
    ]


def test_days_become_the_sum_of_their_year_after_twenty_five_months(database: Database) -> None:
    old, kept = date(2024, 9, 30), date(2024, 10, 1)
    for day in (old, old - timedelta(days=1), kept):
        count(database, day, "nl", 10)
    with database.writing() as session:
        marks = {(Subject.TOTAL, Whole.MONTHS.value): 40, (Subject.TOTAL, Whole.YEARS.value): 30}
        add_counts(session, old, marks, no_campaigns)
        counting.note_alive(session, [datetime(2024, 9, 30, 12, tzinfo=UTC)])
    before = year_of(database, 2024)
    for _time in range(2):
        forget_old(database, NOON)
        with database.reading() as session:
            assert set(session.scalars(select(TrafficRow.day))) == {kept}
            period = Period.of(Span.YEAR, kept)
            assert counts_of(session, period, Subject.LANGUAGE) == {"nl": 30}
            september = Period.of(Span.MONTH, old)
            assert counts_of(session, september, Subject.LANGUAGE) == {}
        assert year_of(database, 2024) == before


def year_of(database: Database, number: int) -> object:
    with database.reading() as session:
        found = traffic_figures.year(session, number, NOON)
    return found.devices, found.months, found.first


def test_what_is_shown_adds_up_by_week_and_is_forgotten_too(database: Database) -> None:
    stock(database)
    save(database, price())
    week = date(2026, 11, 16)
    with database.writing() as session:
        tallies = {
            ("alpha", NL_MA, "nl"): Tally(2, 5, 1),
            ("nobody", NL_MA, "nl"): Tally(9, 9, 9),
            ("alpha", NL_SR, "nl"): Tally(9, 9, 9),
        }
        add_shown(session, week, tallies)
        add_shown(session, week, {("alpha", NL_MA, "nl"): Tally(1, 1, 0)})
        add_shown(session, week - timedelta(days=7), {("alpha", NL_MA, "en"): Tally(1, 1, 0)})
    with database.reading() as session:
        (found,) = shown_to(session, "alpha", week, week)
        assert (found.shown, found.places, found.clicks) == (3, 6, 1)
        assert len(shown_to(session, "alpha", week - timedelta(days=7), week)) == 2
        assert shown_to(session, "beta", week, week) == []
    forget_old(database, NOON + timedelta(days=800))
    with database.reading() as session:
        assert shown_to(session, "alpha", date.min, date.max) == []


def test_no_table_has_room_for_a_reader(database: Database) -> None:
    """What the schema cannot hold, no mistake can keep."""
    looked = inspect(database.engine)
    assert {one["name"] for one in looked.get_columns("traffic")} == {
        *("day", "subject", "name", "count")
    }
    assert {one["name"] for one in looked.get_columns("shown_week")} == {
        *("week", "provider_id", "corridor_id", "language", "shown", "places", "clicks")
    }
    assert shown.monday(date(2026, 11, 22)) == date(2026, 11, 16)
