"""Two schedulers and a web server with four processes, slot after slot, with kills between."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from app.db import runs
from app.db.engine import Database
from app.db.runs import SLOT, CycleRow, SourceRunRow
from config import ROOT
from tests.conftest import NOW, running_site, wait_until
from tests.schedule.cast import prepare
from tests.schedule.worker import ASKED, CLOCK, SOURCES, SharedClock

WEB_PROCESSES = 4
LONGEST_KILL = 0.04
"""Seconds into a slot: its work takes about as long."""

PAGES = ("/health/live", "/nl/send/nl/ma?pay=200", "/api/v1/compare?from=NL&to=MA&pay=200")


@dataclass(slots=True)
class Tally:
    """What is to be found after `slots` slots of three sources.

    claims      rows of runs, by slot and source: each is 1, and none is missing
    asked       how often a source was really asked, by slot and source: never more than 1
    without_end claimed by a process that was killed in the midst of it; asked once or not at all
    takeovers   seconds from each kill of the leader until the slot's work was over
    pages       answers of the web processes meanwhile, by status
    """

    slots: int
    kills: int
    leaders_killed: int = 0
    heartbeats: int = 0
    claims: Counter[tuple[datetime, str]] = field(default_factory=Counter)
    asked: Counter[tuple[datetime, str]] = field(default_factory=Counter)
    without_end: set[tuple[datetime, str]] = field(default_factory=set)
    takeovers: list[float] = field(default_factory=list)
    pages: Counter[int] = field(default_factory=Counter)
    seconds: float = 0

    @property
    def wanted(self) -> set[tuple[datetime, str]]:
        return {(NOW + number * SLOT, one) for number in range(self.slots) for one in SOURCES}

    @property
    def missed(self) -> int:
        """Slots of a source that nobody claimed."""
        return len(self.wanted - set(self.claims))

    @property
    def twice(self) -> int:
        return sum(1 for times in (*self.claims.values(), *self.asked.values()) if times > 1)

    @property
    def unasked(self) -> int:
        """Runs that ended though their source was never asked, or not claimed though it was."""
        ended = set(self.claims) - self.without_end
        return len(ended - set(self.asked)) + len(set(self.asked) - set(self.claims))

    def lines(self) -> list[str]:
        longest = max(self.takeovers, default=0)
        claimed = sum(1 for times in self.claims.values() if times == 1)
        asked = sum(1 for times in self.asked.values() if times == 1)
        in_midst = len(self.without_end & set(self.asked))
        counts = (
            ("slots", f"{self.slots} of {len(SOURCES)} sources, in {self.seconds:.0f} s"),
            ("kills", f"{self.kills}, {self.leaders_killed} of them of the leader"),
            ("claimed once", f"{claimed} of {len(self.wanted)}"),
            ("missed, twice, ended unasked", f"{self.missed}, {self.twice}, {self.unasked}"),
            ("asked once", f"{asked}"),
            ("killed in a run", f"{len(self.without_end)}, {in_midst} of them after asking"),
            ("heartbeats", f"{self.heartbeats}"),
            ("longest takeover", f"{longest:.2f} s"),
            ("pages meanwhile, by status", f"{dict(sorted(self.pages.items()))}"),
        )
        return [f"{name:30} {count}" for name, count in counts]


class Workers:
    """Two schedulers; one that is killed is started anew."""

    def __init__(self, url: str, folder: Path) -> None:
        self._command = [sys.executable, "-m", "tests.schedule.worker", url, str(folder)]
        self._log = (folder / "log").open("ab")
        self._asked = folder / ASKED
        self.running = [self._start(), self._start()]

    def leader(self) -> int:
        """Place of the one that asked last; 0 if nobody did."""
        with self._asked.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - 200, 0))
            lines = file.read().decode().splitlines()
        pid = int(lines[-1].split()[-1]) if lines else 0
        return next((place for place, one in enumerate(self.running) if one.pid == pid), 0)

    def kill(self, place: int) -> None:
        self.running[place].kill()
        self.running[place].wait()
        self.running[place] = self._start()

    def close(self) -> None:
        for one in self.running:
            one.kill()
            one.wait()
        self._log.close()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=ROOT, stdout=self._log, stderr=self._log)


def play(url: str, folder: Path, slots: int, kills: int, seed: int = 1) -> Tally:
    """`url` is of a migrated, empty database. Deterministic but for the moments of kills."""
    (folder / ASKED).touch()
    clock, chance = SharedClock(folder / CLOCK), random.Random(seed)  # noqa: S311
    clock.set(NOW)
    database = Database(url)
    prepare(database, *SOURCES)
    tally = Tally(slots, kills)
    when = set(chance.sample(range(1, slots), kills))
    workers, start = Workers(url, folder), time.monotonic()
    try:
        with read_by_web(url, tally):
            for number in range(slots):
                slot = NOW + number * SLOT
                clock.set(slot)
                killed = number in when and _kill(workers, chance, tally)
                since = time.monotonic()
                wait_until(lambda slot=slot: _is_over(database, slot), 60)  # type: ignore[misc]
                if killed:
                    tally.takeovers.append(time.monotonic() - since)
    finally:
        workers.close()
    tally.seconds = time.monotonic() - start
    _count(database, folder, tally)
    database.engine.dispose()
    return tally


def _kill(workers: Workers, chance: random.Random, tally: Tally) -> bool:
    """Whether it was the leader's turn: it is four times out of five."""
    leader = workers.leader()
    of_leader = chance.random() < 0.8
    time.sleep(chance.uniform(0, LONGEST_KILL))
    workers.kill(leader if of_leader else 1 - leader)
    tally.leaders_killed += of_leader
    return of_leader


def _is_over(database: Database, slot: datetime) -> bool:
    with database.reading() as session:
        return runs.has_cycle(session, slot)


def _count(database: Database, folder: Path, tally: Tally) -> None:
    with database.reading() as session:
        tally.heartbeats = session.scalar(select(func.count()).select_from(CycleRow)) or 0
        for row in session.scalars(select(SourceRunRow)):
            tally.claims[row.slot, row.source] += 1
            if row.ended_at is None:
                tally.without_end.add((row.slot, row.source))
    for line in (folder / ASKED).read_text().splitlines():
        slot, slug, _pid = line.split()
        tally.asked[datetime.fromisoformat(slot), slug] += 1


@contextmanager
def read_by_web(url: str, tally: Tally) -> Iterator[None]:
    """Pages are read all the while, and by processes that count visits in the same database."""
    over = threading.Event()

    def read(address: str) -> None:
        while not over.wait(0.25):
            for page in PAGES:
                tally.pages[_status(address + page)] += 1

    with running_site(url, workers=WEB_PROCESSES) as address:
        reader = threading.Thread(target=read, args=(address,))
        reader.start()
        try:
            yield
        finally:
            over.set()
            reader.join()


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
