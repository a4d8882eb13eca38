"""The lead: one has it, it ends with its process, and nobody keeps it unawares."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pytest
from sqlalchemy import select, text
from sqlalchemy.sql import func

from app.db.engine import Database
from app.db.leader import LOCK, Leadership
from config import ROOT
from tests.at_once import at_once
from tests.conftest import wait_until


@pytest.fixture
def two(database: Database) -> Iterator[tuple[Leadership, Leadership]]:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    leaders = Leadership(database), Leadership(other)
    yield leaders
    for one in leaders:
        one.give_up()
    other.engine.dispose()


ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""A file's lock has no connection that it could lose."""


def test_one_leads_until_it_gives_up(two: tuple[Leadership, Leadership]) -> None:
    one, other = two
    assert [one.held(), one.held(), other.held(), other.held(), one.held()] == [
        *(True, True, False, False, True)
    ]
    one.give_up()
    wait_until(other.held)
    assert not one.held()
    other.give_up()
    wait_until(one.held)


def test_to_give_up_without_the_lead_takes_it_from_nobody(
    two: tuple[Leadership, Leadership],
) -> None:
    one, other = two
    other.give_up()
    assert one.held()
    assert not other.held()
    other.give_up()
    other.give_up()
    assert one.held()
    assert not other.held()


def test_no_connection_with_the_lock_goes_back_to_the_pool(database: Database) -> None:
    """The next user of that connection would hold it, and nobody could lead again."""
    one, other = Leadership(database), Leadership(database)
    assert one.held()
    one.give_up()
    with database.reading() as first, database.reading() as second:
        first.execute(text("SELECT 1"))
        second.execute(text("SELECT 1"))
        wait_until(other.held)
    other.give_up()


def test_several_threads_that_look_at_one_moment_agree(database: Database) -> None:
    """Two connections, of which one has the lock and the other is remembered: nobody leads."""
    leader, seen, lock = Leadership(database), [], Lock()

    def look(_number: int) -> None:
        found = leader.held()
        with lock:
            seen.append(found)

    at_once(look)
    assert seen == [True] * 4
    leader.give_up()
    wait_until(leader.held)
    leader.give_up()


@ON_POSTGRESQL
def test_a_lost_connection_is_a_lost_lead(database: Database) -> None:
    leader = Leadership(database)
    other = Database(database.engine.url.render_as_string(hide_password=False))
    rival = Leadership(other)
    assert leader.held()
    ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    with other.reading() as session:
        assert session.execute(text(ended)).all() == [(True,)]
    wait_until(rival.held)
    assert not leader.held()
    rival.give_up()
    wait_until(leader.held)
    leader.give_up()
    other.engine.dispose()


@ON_POSTGRESQL
def test_a_lock_that_was_let_go_is_noticed(database: Database) -> None:
    """As happens where a pooler hands the connection to another: it still answers."""
    leader = Leadership(database)
    assert [leader.held(), leader.held()] == [True, True]  # and locked once
    connection = leader._connection
    assert connection is not None
    assert connection.scalar(select(func.pg_advisory_unlock(LOCK)))
    with database.engine.connect() as rival:
        assert rival.scalar(select(func.pg_try_advisory_lock(LOCK)))
        assert not leader.held()
        rival.invalidate()
    wait_until(leader.held)
    leader.give_up()


@ON_POSTGRESQL
def test_another_database_of_the_same_server_has_another_leader(
    database: Database, postgres: str
) -> None:
    leader, elsewhere = Leadership(database), Database(f"{postgres}/postgres")
    rival = Leadership(elsewhere)
    assert leader.held()
    assert rival.held()
    assert leader.held()
    for one in (leader, rival):
        one.give_up()
    elsewhere.engine.dispose()


LEAD = """
import sys, time
from app.db.engine import Database
from app.db.leader import Leadership
leader = Leadership(Database(sys.argv[1]))
print(leader.held(), flush=True)
time.sleep(60)
"""


@contextmanager
def leading_process(url: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", LEAD, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def test_the_lead_ends_with_a_process_that_is_killed(database: Database, database_url: str) -> None:
    leader = Leadership(database)
    with leading_process(database_url) as process:
        assert not leader.held()
        process.kill()
        wait_until(leader.held, seconds=10)
    leader.give_up()
