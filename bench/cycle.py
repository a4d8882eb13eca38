"""A cycle of collecting against the same requests made by bare httpx.

40 corridors, 11 sources, 2 amounts, against the lab in a process of its own. The limit asks the
very same requests of the same lab and throws the answers away, one loop for each source at once
as ours does; it reads, weighs and keeps nothing. Also: does memory stay flat over many cycles,
and what does a day of realistic drift add to the history?
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import psutil
from sqlalchemy import func, select, text

from app.collect.collector import Collector, register_sources
from app.collect.cycle import SLOT, run_cycle
from app.collect.lists import listed_corridors
from app.collect.providers import load_providers
from app.db import migrate
from app.db.engine import Database
from app.db.price_rows import QuoteRow
from app.db.reach import keep_reach
from app.db.runs import slot_of
from app.domain.reach import Reach, ReachState
from config import ROOT
from scrapers import PRICES
from scrapers.client.evidence import Question
from scrapers.client.line import Answer, Caps
from scrapers.http import Client
from tests.faults.stage import AGENT, AMOUNTS, MID_RATES, Asked, Clock
from tests.lab.server import Lab, lab_world

CORRIDORS = 40
WARM, CYCLES = 100, 1000
DAY = timedelta(days=1)
MB = 1e6


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went to the lab."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def measure() -> dict[str, float | str]:
    with tempfile.TemporaryDirectory() as folder, _lab() as lab_url:
        database = _database(Path(folder) / "cycle.db", CORRIDORS)
        clock, sent = Clock(), dict[str, list[Sent]]()
        client = Client(AGENT, lab_url)
        collector = _collector(database, client, clock, AMOUNTS)
        _record(client, sent)
        run_cycle(collector, slot_of(clock.now(), SLOT))
        sent.clear()
        clock.move(SLOT)
        began, cpu, before = time.perf_counter(), _cpu(), _memory()
        done = run_cycle(collector, slot_of(clock.now(), SLOT))
        ours, used = time.perf_counter() - began, _cpu() - cpu
        if done.hung or done.broken:
            raise RuntimeError(f"hung {done.hung}, broken {done.broken}")
        requests = sum(len(some) for some in sent.values())
        grown = _memory() - before
        cpu = _cpu()
        bare = _bare(lab_url, sent)
        bare_used = _cpu() - cpu
        client.close()
        database.engine.dispose()
    return {
        "cores of this machine": os.cpu_count() or 1,
        "requests in a cycle": requests,
        "prices read": sum(facts.rows for facts in done.runs.values()),
        "a cycle, s": round(ours, 2),
        "ours, requests/s": round(requests / ours, 1),
        "ours, requests per second of a core": round(requests / used, 1),
        "bare httpx, requests/s": round(requests / bare, 1),
        "bare httpx, per second of a core": round(requests / bare_used, 1),
        "ratio": round(bare / ours, 3),
        "ratio per core": round(bare_used / used, 3),
        "memory, MB": round(_memory()),
        "memory added by the cycle, MB": round(grown, 1),
    }


def flat() -> dict[str, float | str]:
    """Cycles of one corridor at one amount, over and over."""
    with tempfile.TemporaryDirectory() as folder, _lab() as lab_url:
        database = _database(Path(folder) / "flat.db", 1)
        clock, client = Clock(), Client(AGENT, lab_url)
        collector = _collector(database, client, clock, AMOUNTS[:1])
        began = time.perf_counter()
        after: dict[int, float] = {}
        for cycle in range(1, CYCLES + 1):
            clock.move(SLOT)
            run_cycle(collector, slot_of(clock.now(), SLOT))
            if cycle in (WARM, CYCLES):
                after[cycle] = _memory()
        seconds = time.perf_counter() - began
        client.close()
        database.engine.dispose()
    slope = (after[CYCLES] - after[WARM]) / (CYCLES - WARM) * 100
    return {
        "cycles": CYCLES,
        "a cycle, ms": round(seconds / CYCLES * 1000, 1),
        f"memory after {WARM}, MB": round(after[WARM], 1),
        f"memory after {CYCLES}, MB": round(after[CYCLES], 1),
        "slope, MB per 100 cycles": round(slope, 2),
    }


def day_of_drift() -> dict[str, float | str]:
    """A cycle each quarter of an hour for a day; mid rates move by 0.3 percent at the most."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, Lab(lab_world(moving=True)) as lab:
        file = Path(folder) / "drift.db"
        database = _database(file, 4)
        client = Client(AGENT, lab.url)
        collector = _collector(database, client, clock, AMOUNTS)
        lab.world.now = clock.true()
        run_cycle(collector, slot_of(clock.now(), SLOT))
        before, sizes = _history(database), _sizes(database)
        for _slot in range(DAY // SLOT):
            clock.move(SLOT)
            lab.world.now = clock.true()
            run_cycle(collector, slot_of(clock.now(), SLOT))
            lab.clear()
        rows, services = (now - then for now, then in zip(_history(database), before, strict=True))
        services = _history(database)[1]
        after = _sizes(database)
        client.close()
        database.engine.dispose()
    added = {name: after.get(name, 0) - sizes.get(name, 0) for name in after}
    history = sum(size for name, size in added.items() if "quote" in name and "held" not in name)
    evidence = sum(size for name, size in added.items() if "evidence" in name)
    return {
        "services": services,
        "rows of history added": rows,
        "history, bytes per service": round(history / services),
        "evidence kept 30 days, bytes per service": round(evidence / services),
        "all else, bytes per service": round((sum(added.values()) - history - evidence) / services),
    }


def _history(database: Database) -> tuple[int, int]:
    """Rows, and services that have any."""
    with database.reading() as session:
        rows, services = session.execute(
            select(func.count(), func.count(QuoteRow.service_id.distinct()))
        ).one()
    return int(rows), int(services)


def _sizes(database: Database) -> dict[str, int]:
    """Bytes of each table and index, in whole pages."""
    with database.reading() as session:
        rows = session.execute(text("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"))
        return {name: int(size) for name, size in rows}


def _database(file: Path, corridors: int) -> Database:
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    found: list[Reach] = []
    for reach in listed_corridors(ROOT / "data" / "corridors.toml"):
        if reach.state is ReachState.OPEN and len(found) < corridors:
            found.append(replace(reach, currencies=reach.currencies[:1]))
    with database.writing() as session:
        load_providers(session, ROOT / "data" / "providers.toml")
        keep_reach(session, found)
    register_sources(database, frozenset(one.SLUG for one in PRICES))
    return database


def _collector(
    database: Database, client: Client, clock: Clock, amounts: tuple[Decimal, ...]
) -> Collector:
    sources = tuple(Asked(one, amounts) for one in PRICES)
    return Collector(database, client, sources, MID_RATES, (), patient=False, clock=clock.now)


def _record(client: Client, sent: dict[str, list[Sent]]) -> None:
    """Keep what is sent, by host."""
    line = client._shared.line  # noqa: SLF001 - the last place before the wire
    send = line.send

    def recorded(question: Question, way: object, caps: Caps, to: object) -> Answer:
        name, target = str(getattr(way, "name", "")), str(getattr(way, "target", ""))
        one = Sent(question.method, target, question.headers, question.body)
        sent.setdefault(name, []).append(one)
        return send(question, way, caps, to)  # type: ignore[arg-type]

    line.send = recorded  # type: ignore[method-assign]


def _bare(lab_url: str, sent: Mapping[str, list[Sent]]) -> float:
    """Seconds for the same requests, a loop and a client for each host."""

    def loop(some: list[Sent]) -> None:
        with httpx.Client(trust_env=False, timeout=20) as client:
            for one in some:
                url = f"{lab_url}{one.target}"
                client.request(one.method, url, headers=dict(one.headers), content=one.body)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(sent)) as pool:
        list(pool.map(loop, sent.values()))
    return time.perf_counter() - began


@contextmanager
def _lab() -> Iterator[str]:
    """The lab in a process of its own, so that its work is not counted as ours."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.lab"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - it was asked for
    try:
        yield process.stdout.readline().strip().removeprefix("LAB_URL=")
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory() -> float:
    return float(psutil.Process().memory_info().rss) / MB
