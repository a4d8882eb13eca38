"""Sixty faults on two databases, each in a process of its own; one more at once than there are
cores, for some of them wait."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.conftest import new_database
from tests.faults import house, outside, scheduling, served, storage
from tests.faults.stage import write_template
from tests.faults.verdict import INVARIANTS, Verdict
from tests.lab.faults import FAULTS
from tests.postgres import running_postgres

KINDS = ("sqlite", "postgresql")
MOST_SECONDS = 240
"""For one fault on one database."""

Driver = Callable[[str, str], Verdict]
"""The fault's number, and the URL of a database of its own -> what came of it."""

DRIVERS: dict[str, Driver] = {
    **dict.fromkeys(FAULTS, served.served),
    "F45": served.frozen,
    **outside.DRIVERS,
    **house.DRIVERS,
    **storage.DRIVERS,
    **scheduling.DRIVERS,
}


@dataclass(frozen=True, slots=True)
class Line:
    number: str
    kind: str
    verdict: Verdict
    seconds: float

    def __str__(self) -> str:
        verdict = self.verdict
        signs = " ".join(f"{one}{'-' if one in verdict.broken else '+'}" for one in INVARIANTS)
        word = "survived" if verdict.survived else "BLIND   " if verdict.blind else "FAILED  "
        notes = ", ".join(dict.fromkeys(note for note in verdict.notes if note))
        return f"{self.number} {self.kind:10} {word} {signs} {self.seconds:5.1f} s  {notes[:110]}"

    def reasons(self) -> list[str]:
        verdict = self.verdict
        lines = [f"    blind spot: {verdict.blind}"] if verdict.blind else []
        for invariant, reasons in sorted(verdict.broken.items()):
            lines += [f"    {invariant}: {why}" for why in list(dict.fromkeys(reasons))[:3]]
        return lines


@dataclass(frozen=True, slots=True)
class Templates:
    """Databases that a cycle can begin with, and where copies of them go."""

    folder: Path
    address: str
    template: str

    def copy(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            file = self.folder / f"{name}.db"
            shutil.copy(self.folder / "template.db", file)
            return f"sqlite:///{file}"
        return new_database(self.address, self.template)


@contextmanager
def templates() -> Iterator[Templates]:
    with (
        tempfile.TemporaryDirectory(prefix="huiswaarts-faults-") as name,
        running_postgres() as address,
    ):
        write_template(f"sqlite:///{name}/template.db")
        write_template(template := new_database(address))
        yield Templates(Path(name), address, template.rpartition("/")[2])


def play(numbers: Iterable[str], where: Templates, kinds: Iterable[str] = KINDS) -> Iterator[Line]:
    """Each fault on each database, in order."""
    jobs = [(number, kind) for number in numbers for kind in kinds]
    urls = {job: where.copy(job[1], "-".join(job)) for job in jobs}
    pool = ThreadPoolExecutor(max_workers=1 + (os.cpu_count() or 1))
    try:
        yield from pool.map(lambda job: _line(job[0], job[1], urls[job]), jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _line(number: str, kind: str, url: str) -> Line:
    """In a process of its own: memory, environment and whatever else it breaks are its own."""
    start = time.monotonic()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.matrix"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_process, args=(number, url, theirs))
    process.start()
    theirs.close()
    verdict = Verdict()
    try:
        verdict = ours.recv() if ours.poll(MOST_SECONDS) else _none("it never came to an end")
    except EOFError:
        verdict = _none("its process ended without a verdict")
    finally:
        process.kill()
        process.join()
    return Line(number, kind, verdict, time.monotonic() - start)


def _in_process(number: str, url: str, to: Connection) -> None:
    logging.disable(logging.CRITICAL)
    try:
        verdict = DRIVERS[number](number, url)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is no survival
        where = traceback.extract_tb(error.__traceback__)[-1]
        verdict = _none(f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})")
    to.send(verdict)


def _none(why: str) -> Verdict:
    verdict = Verdict()
    for invariant in INVARIANTS:
        verdict.must(invariant, False, why)
    return verdict
