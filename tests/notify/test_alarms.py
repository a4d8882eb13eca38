"""Alarms: to every administrator, in their language, once a day for each kind, and only of what is
so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.db import accounts, backups, mails, runs, sources
from app.db.backups import Backup
from app.db.engine import Database
from app.db.mails import KeptMail
from app.db.runs import SLOT, CycleRow
from app.db.sources import SourceFacts
from app.domain.account import Account, AccountState, Role
from app.domain.health import quiet_for
from app.domain.mail import Mail, MailKind
from app.notify.telling import Telling
from tests.db.made import NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
URL = "https://huiswaarts.example"


def an_account(
    database: Database,
    name: str,
    role: Role = Role.ADMINISTRATOR,
    state: AccountState = AccountState.ACTIVE,
    provider: str | None = None,
    language: str = "en",
) -> None:
    with database.writing() as session:
        wanted = Account(0, f"{name.lower()}@example.org", name, role, provider, language)
        made = accounts.add_account(session, wanted, NOON)
        accounts.set_state(session, made.id, state)


@pytest.fixture
def staffed(database: Database) -> Database:
    an_account(database, "Ada")
    an_account(database, "Bob", language="nl")
    an_account(database, "Gone", state=AccountState.DISABLED)
    an_account(database, "Ed", Role.EDITOR)
    return database


def a_source(database: Database, slug: str = "one", *, on: bool = True, minutes: int = 15) -> None:
    facts = SourceFacts(
        slug=slug,
        kind="price",
        site="https://prices.example",
        provider="",
        stance="green",
        reason="a test",
        checked_on=date(2026, 11, 20),
        per_hour=100,
        interval_minutes=minutes,
        is_on=on,
    )
    with database.writing() as session:
        known = [one.slug for one in sources.all_sources(session)]
        assert slug not in known
        sources.register(session, [facts])


def a_cycle(database: Database, at: datetime) -> None:
    with database.writing() as session:
        row = CycleRow(slot=at, started_at=at, ended_at=at, runs=1, troubled=0, hung="")
        runs.add_cycle(session, row)


def told(database: Database, now: datetime) -> list[KeptMail]:
    """What is queued at that time, oldest first."""
    with database.reading() as session:
        before = {one.id for one in mails.mails(session)}
    Telling(database, None, URL).remind(now)
    with database.reading() as session:
        return [one for one in reversed(mails.mails(session)) if one.id not in before]


def test_while_all_is_well_nobody_is_told_anything(staffed: Database) -> None:
    a_source(staffed)
    assert told(staffed, NOON) == []
    a_cycle(staffed, NOON)
    with staffed.writing() as session:
        sources.note_run(session, "one", "", "", NOON)
    assert told(staffed, NOON + 2 * SLOT) == []


def test_a_schedule_that_stands_still_is_told_of_and_its_sources_are_not(
    staffed: Database,
) -> None:
    a_source(staffed)
    a_cycle(staffed, NOON)
    with staffed.writing() as session:
        sources.note_run(session, "one", "", "", NOON - DAY)
    found = told(staffed, NOON + 2 * SLOT + MINUTE)
    assert [(one.to, one.kind) for one in found] == [
        ("ada@example.org", "heartbeat"),
        ("bob@example.org", "heartbeat"),
    ]
    assert "20 November 2026 12:00 UTC" in found[0].text
    assert f"{URL}/desk/sources" in found[0].text


def test_a_source_that_misses_two_cycles_is_silent(staffed: Database) -> None:
    a_source(staffed)
    with staffed.writing() as session:
        sources.note_run(session, "one", "", "", NOON)
        sources.note_run(session, "one", "unreachable", "timeout", NOON + SLOT)
    limit = NOON + quiet_for(SLOT)
    a_cycle(staffed, limit)
    assert told(staffed, limit) == []
    found = told(staffed, limit + MINUTE)
    assert [one.kind for one in found] == ["silent", "silent"]
    assert "one: nothing since 20 November 2026 12:00 UTC (unreachable timeout)" in found[0].text
    assert found[0].subject == "1 source is silent"


@pytest.mark.parametrize(("on", "minutes"), [(False, 15), (True, 24 * 60)])
def test_a_source_that_is_off_or_slow_is_not_silent(
    staffed: Database, on: bool, minutes: int
) -> None:
    a_source(staffed, on=on, minutes=minutes)
    with staffed.writing() as session:
        sources.note_run(session, "one", "", "", NOON)
    a_cycle(staffed, NOON + DAY)
    assert told(staffed, NOON + DAY) == []


def test_each_kind_is_told_once_a_day(staffed: Database) -> None:
    a_cycle(staffed, NOON)
    begins = NOON + timedelta(hours=1)
    days = [begins + step * SLOT for step in range(3 * 96)]
    count = [len(told(staffed, at)) for at in days]
    assert sum(count) == 2 * 3
    assert [place for place, one in enumerate(count) if one] == [0, 96, 192]


def test_mails_that_were_given_up_and_a_failed_backup_are_told_of(staffed: Database) -> None:
    mail = Mail("carl@example.org", "Hello", "Words.", MailKind.NOTICE)
    with staffed.writing() as session:
        mails.queue(session, mail, NOON)
        one = mails.claim(session, NOON)
        assert one is not None
        mails.note_given_up(session, one, "550 nobody here", NOON)
        backups.note_backup(session, Backup(NOON, said="OSError: disk full"))
    found = told(staffed, NOON + MINUTE)
    assert sorted({one.kind for one in found}) == ["unsaved", "unsent"]
    assert any("disk full" in one.text for one in found)
    assert len(told(staffed, NOON + DAY + 2 * MINUTE)) == 0, "it is over"
    with staffed.writing() as session:
        backups.note_backup(session, Backup(NOON, said="again"))
        backups.note_backup(session, Backup(NOON + MINUTE, "a.zst", 1, "ab"))
    assert told(staffed, NOON + DAY) == []
