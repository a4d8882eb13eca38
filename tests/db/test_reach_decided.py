"""What operators decide of a country stays, whatever the file that ships says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.db.corridors import find_corridors
from app.db.engine import Database
from app.db.reach import decide_reach, find_reach, keep_reach, open_corridors, reach_from
from app.domain.reach import Reach, ReachState, Why
from tests.db.made import NL_MA, NL_SR, NOON, version

MA, SR = Reach("MA", ("MAD",)), Reach("SR", ("SRD",))
CLOSED = Reach(
    "SR", ("SRD",), ReachState.CLOSED, Why.SANCTIONS, "https://rules.example/", date(2026, 11, 1)
)


def listed(database: Database, *some: Reach) -> None:
    with database.writing() as session:
        keep_reach(session, some or (MA, SR))


def decide(database: Database, said: Reach = CLOSED, at: int = 1) -> bool:
    with database.writing() as session:
        return decide_reach(session, said, "Ask again in spring.", at, NOON)


def test_a_closed_country_is_not_asked_and_the_file_does_not_open_it(database: Database) -> None:
    listed(database)
    before = version(database, NL_SR)
    assert decide(database)
    assert version(database, NL_SR) == before + 1
    for _time in range(2):
        with database.reading() as session:
            assert reach_from(session, "NL") == {"MA": MA, "SR": CLOSED}
            assert open_corridors(session) == [NL_MA]
            row = find_reach(session, "SR")
            assert row is not None
            assert (row.note, row.version, row.decided_at) == ("Ask again in spring.", 2, NOON)
        listed(database)


def test_of_two_who_decide_the_second_is_told(database: Database) -> None:
    listed(database)
    assert decide(database)
    assert not decide(database, SR)
    with database.reading() as session:
        assert reach_from(session, "NL")["SR"] == CLOSED
    assert decide(database, SR, at=2)
    assert not decide(database, replace(CLOSED, country="PH"), at=1)


def test_the_file_still_says_what_is_paid_out_there(database: Database) -> None:
    listed(database)
    decide(database)
    listed(database, MA, Reach("SR", ("SRD", "USD")))
    with database.reading() as session:
        assert reach_from(session, "NL")["SR"] == replace(CLOSED, currencies=("SRD", "USD"))
        assert len(find_corridors(session, "NL", "SR")) == 2


def test_a_country_that_left_the_file_stays_if_it_was_decided(database: Database) -> None:
    listed(database)
    decide(database)
    listed(database, MA)
    with database.reading() as session:
        assert set(reach_from(session, "NL")) == {"MA", "SR"}
    listed(database, replace(CLOSED, country="PH", currencies=("PHP",)))
    with database.reading() as session:
        assert set(reach_from(session, "NL")) == {"PH", "SR"}


def test_what_nobody_decided_follows_the_file(database: Database) -> None:
    listed(database)
    later = replace(CLOSED, country="MA", currencies=("MAD",))
    later = replace(later, checked_on=date(2026, 11, 1) + timedelta(days=1))
    listed(database, later, SR)
    with database.reading() as session:
        assert reach_from(session, "NL") == {"MA": later, "SR": SR}
