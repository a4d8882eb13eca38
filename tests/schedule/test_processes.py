"""Schedulers as processes of their own: told to end, or killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.db.engine import Database
from config import ROOT
from tests.conftest import wait_until
from tests.schedule.cast import heartbeats, prepare, slots_of


@pytest.fixture
def ready(database: Database) -> Database:
    prepare(database, "one", "bad")
    return database


PROCESS = """
import signal, sys, threading
from datetime import UTC, datetime
from app.db.engine import Database
from app.schedule import Scheduler
from tests.schedule.cast import PriceStandIn, cast

def asked(slug):
    print("asked", flush=True)
    if sys.argv[2] == "hangs":
        threading.Event().wait()

database = Database(sys.argv[1])
scheduler = Scheduler(cast(database, (PriceStandIn("one", asked), PriceStandIn("bad"))))
signal.signal(signal.SIGTERM, lambda *_: scheduler.stop.set())
if sys.argv[3] == "as a job":
    scheduler._first = lambda: None
    scheduler._jobs.get_job("cycle").modify(next_run_time=datetime.now(UTC))
scheduler.run()
"""


@contextmanager
def scheduler_process(url: str, how: str, when: str = "at once") -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", PROCESS, url, how, when]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("when", ["at once", "as a job"])
def test_it_ends_when_told_though_a_source_is_in_flight(
    ready: Database, database_url: str, when: str
) -> None:
    """Threads of a pool would be waited for."""
    with scheduler_process(database_url, "hangs", when) as process:
        assert first_line(process) == "asked\n"
        process.terminate()
        assert process.wait(10) == 0


def test_another_takes_over_within_a_minute_of_a_kill(ready: Database, database_url: str) -> None:
    """It works the rest of the slot, but asks nobody who may have been asked."""
    with scheduler_process(database_url, "hangs") as one:
        assert first_line(one) == "asked\n"
        with scheduler_process(database_url, "works"):
            assert heartbeats(ready) == []
            one.kill()
            wait_until(lambda: len(heartbeats(ready)) > 0, seconds=60)
    slots = slots_of(ready)
    assert len(slots) == len(set(slots))
    assert set(heartbeats(ready)) <= set(slots_of(ready, "bad"))
