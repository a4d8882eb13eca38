"""Reports of readers: kept, found by their link only, answered once, and how to reach a reader
forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.collect.retention import forget_old
from app.db import reports
from app.db.engine import Database
from app.db.reports import ReportRow
from app.domain.report import EMAIL_KEPT, About, Report, ReportState
from tests.at_once import at_once
from tests.db.made import NOON, on_board, price, save
from tests.tables import dump

MADE = Report(
    about=About.SITE,
    language="nl",
    message="The page\nsays two things.",
    at=NOON,
    page="/nl/send/nl/ma?pay=200",
    seen="MAD 2,100 at the counter",
    email="reader@example.org",
)
DAY = timedelta(days=1)


def keep(database: Database, made: Report = MADE, link: str = "link") -> int:
    with database.writing() as session:
        return reports.add_report(session, made, link)


def found(database: Database, link: str = "link") -> Report | None:
    with database.reading() as session:
        return reports.find_report(session, link)


def answered(
    database: Database, number: int, state: ReportState, words: str = "Done."
) -> Report | None:
    with database.writing() as session:
        return reports.answer(session, number, state, words, NOON + DAY)


def test_a_report_comes_back_as_it_was(database: Database) -> None:
    number = keep(database)
    assert found(database) == replace(MADE, number=number)
    assert found(database, "another token") is None


def test_what_is_stored_opens_no_report(database: Database) -> None:
    keep(database, link="a token that nobody guesses")
    assert "a token that nobody guesses" not in str(dump(database))
    with database.reading() as session:
        stored = session.scalars(select(ReportRow.token_hash)).one()
    assert found(database, stored) is None


def test_a_report_is_about_a_price_that_there_is(stocked: Database) -> None:
    save(stocked, price())
    (one,) = on_board(stocked)
    assert one.id is not None
    keep(stocked, replace(MADE, about=About.PRICE, price_id=one.id))
    with pytest.raises(IntegrityError):
        keep(stocked, replace(MADE, price_id=one.id + 1), "other")


def test_open_ones_come_oldest_first_and_closed_ones_newest_first(database: Database) -> None:
    numbers = [keep(database, link=str(place)) for place in range(4)]
    with database.writing() as session:
        for days, number in enumerate(numbers[:2]):
            at = NOON + days * DAY
            reports.answer(session, number, ReportState.UNCHANGED, "No.", at)
    with database.reading() as session:
        assert [one.number for one in reports.reports(session)] == numbers[2:]
        closed = reports.reports(session, closed=True)
    assert [one.number for one in closed] == numbers[1::-1]


@pytest.mark.parametrize("state", [ReportState.CORRECTED, ReportState.UNCHANGED])
def test_closing_forgets_how_to_reach_the_reader(database: Database, state: ReportState) -> None:
    number = keep(database)
    closed = answered(database, number, state)
    expected = replace(MADE, number=number, state=state, outcome="Done.", email="")
    assert closed == replace(expected, closed_at=NOON + DAY) == found(database)
    assert "reader@example.org" not in str(dump(database))


def test_looking_into_it_keeps_it_open(database: Database) -> None:
    number = keep(database)
    looked = answered(database, number, ReportState.LOOKED_INTO, "We asked the firm.")
    assert looked is not None
    assert (looked.closed_at, looked.email) == (None, MADE.email)
    assert answered(database, number, ReportState.CORRECTED) is not None


def test_what_is_closed_or_not_there_is_not_answered(database: Database) -> None:
    number = keep(database)
    assert answered(database, number + 1, ReportState.CORRECTED) is None
    answered(database, number, ReportState.CORRECTED, "First.")
    assert answered(database, number, ReportState.UNCHANGED, "Second.") is None
    kept = found(database)
    assert kept is not None
    assert kept.outcome == "First."


def test_of_answers_at_one_time_one_counts(database: Database) -> None:
    number = keep(database)
    done: list[Report | None] = []
    at_once(lambda _saver: done.append(answered(database, number, ReportState.CORRECTED)))
    assert [one is not None for one in done].count(True) == 1


def test_an_answer_is_kept_without_signs_that_no_page_can_show(database: Database) -> None:
    number = keep(database)
    answered(database, number, ReportState.CORRECTED, "Do\0ne\u202e.")
    kept = found(database)
    assert kept is not None
    assert kept.outcome == "Done."


def test_how_to_reach_a_reader_is_forgotten_in_time_answered_or_not(database: Database) -> None:
    keep(database, link="old")
    keep(database, replace(MADE, at=NOON + DAY), link="new")
    forget_old(database, NOON + EMAIL_KEPT)
    assert [one and one.email for one in (found(database, "old"), found(database, "new"))] == [
        MADE.email,
        MADE.email,
    ]
    forget_old(database, NOON + EMAIL_KEPT + timedelta(seconds=1))
    old, new = found(database, "old"), found(database, "new")
    assert old == replace(MADE, number=old.number if old else 0, email="")
    assert new is not None
    assert new.email == MADE.email
