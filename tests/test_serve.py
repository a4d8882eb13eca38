"""bin/serve as a real process: the site and its schedule together, until told to end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from app.db import runs
from app.db.engine import Database
from config import ROOT
from tests.conftest import wait_until
from tests.postgres import free_port


class Served:
    """bin/serve with a database of its own, and with nothing where sources should answer."""

    def __init__(self, folder: Path, seeded: Path) -> None:
        shutil.copy(seeded, folder / "served.db")
        self.url = f"sqlite:///{folder / 'served.db'}"
        self.port, self.log = free_port(), folder / "log"
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "DATABASE_URL": self.url,
            "LAB_URL": f"http://127.0.0.1:{free_port()}",
            "RESTART_AFTER": "0.1",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [ROOT / "bin/serve"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2):
                return True
        except OSError:
            return False

    def ready(self) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready") as response:
                return response.status, json.load(response)["status"]
        except urllib.error.HTTPError as error:
            return error.code, json.load(error).get("why", "")

    def everybody(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def schedule(self) -> psutil.Process | None:
        found = [one for one in self.everybody() if "schedule" in _words(one)]
        return found[0] if found else None

    def last_cycle(self) -> datetime | None:
        database = Database(self.url)
        with database.reading() as session:
            found = runs.last_cycle(session)
        database.engine.dispose()
        return found


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


@contextmanager
def served(folder: Path, seeded: Path) -> Iterator[Served]:
    it = Served(folder, seeded)
    try:
        wait_until(lambda: it.answers() and it.schedule() is not None, 60)
        yield it
    finally:
        with suppress(ProcessLookupError):
            os.killpg(it.process.pid, signal.SIGKILL)
        it.process.wait()


def test_site_and_schedule_run_together_until_told_to_end(
    tmp_path: Path, seeded_file: Path
) -> None:
    """No source answers: the heartbeat comes all the same. A schedule that ends comes again."""
    before = datetime.now(UTC)
    with served(tmp_path, seeded_file) as it:
        wait_until(lambda: it.last_cycle() is not None, 90)
        last = it.last_cycle()
        assert last is not None
        assert last > before
        assert it.ready() == (200, "ready")
        first = it.schedule()
        assert first is not None
        first.kill()
        wait_until(lambda: (now := it.schedule()) is not None and now.pid != first.pid)
        assert "The schedule ended with 137, and is started anew." in it.log.read_text()
        assert it.answers()
        ends(it, lambda: it.process.send_signal(signal.SIGTERM))


@pytest.mark.parametrize("key", [signal.SIGINT, signal.SIGHUP], ids=lambda one: one.name)
def test_a_terminal_ends_all_of_it(tmp_path: Path, seeded_file: Path, key: signal.Signals) -> None:
    """Ctrl-C, and a window that is closed, reach every process at once."""
    with served(tmp_path, seeded_file) as it:
        ends(it, lambda: os.killpg(it.process.pid, key))


def ends(it: Served, told: Callable[[], None]) -> None:
    """All of it, and in good time."""
    everybody = it.everybody()
    assert len(everybody) >= 4, "two of the schedule, and the site's own"
    told()
    assert it.process.wait(30) == 0
    left = [one for one in everybody if one.is_running() and one.status() != "zombie"]
    assert left == [], [_words(one) for one in left]


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{tmp_path}/never.db",
        }
        done = subprocess.run(
            [ROOT / "bin/serve"], env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use. Choose another: PORT=8080 make run\n"
    assert not (tmp_path / "never.db").exists()
