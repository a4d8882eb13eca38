"""The stage that every fault is played on: ten price sources, one of them faulty, in the lab.

Real modules, the real client, a database of its own, and a clock that moves when we say so. Each
source is asked for two corridors, one in a free and one in a managed currency, every quarter of
an hour.
"""

from __future__ import annotations

import ctypes
import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import psutil

from app.collect import cycle as cycles
from app.collect.collector import ALL, Collector, register_sources
from app.collect.cycle import SLOT, Cycle, run_cycle
from app.collect.proof import as_evidence
from app.collect.providers import load_providers
from app.db import migrate
from app.db.engine import Database
from app.db.reach import keep_reach
from app.db.runs import slot_of
from app.domain.corridor import Corridor
from app.domain.reach import Reach, ReachState
from config import ROOT
from scrapers import PRICES, RATES
from scrapers.contract import Ask, Budget, Exchange, Http, Offer, PriceSource, RateSource, Terms
from scrapers.http import Asking, Client
from tests.faults.planted import PlantingLab
from tests.lab.server import lab_world

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AGENT = "HuiswaartsBot/1.0 (+https://huiswaarts.example/bot)"
DEADLINE = 2.0
"""Seconds for a question."""

COUNTRIES = ("TR", "NG")
AMOUNTS = (Decimal(200), Decimal(500))
"""What the source is asked that is to be faulty; the nine others are asked the first only."""

TEN: tuple[PriceSource, ...] = tuple(one for one in PRICES if one.SLUG != "wise_comparisons")
"""It asks the host of another one; ten is what a fault is to be weighed against."""

MID_RATES: tuple[RateSource, ...] = tuple(
    one for one in RATES if one.SLUG in ("ecb", "fawazahmed0", "nbp")
)


class Clock:
    """Two hands: the time of day and one that nobody can set. Both stand still until moved, for
    seconds that pass in a test say nothing of the minutes that it plays."""

    def __init__(self, start: datetime = NOON) -> None:
        self._start = start
        self._passed = timedelta(0)
        self._off = timedelta(0)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._start + self._passed + self._off

    def true(self) -> datetime:
        """The time in the world, whatever our own clock says."""
        return self._start + self._passed

    def monotonic(self) -> float:
        return self._passed.total_seconds()

    def sleep(self, seconds: float) -> None:
        self.move(timedelta(seconds=seconds))

    def move(self, by: timedelta) -> None:
        with self._lock:
            self._passed += by

    def set_wrong(self, by: timedelta) -> None:
        self._off = by


class Asked:
    """A source as it is, but for what it is asked: AMOUNTS only, every quarter of an hour."""

    def __init__(self, source: PriceSource, amounts: tuple[Decimal, ...] = AMOUNTS) -> None:
        self._source = source
        self.SLUG, self.SITE, self.ORIGIN = source.SLUG, source.SITE, source.ORIGIN
        self.PROVIDER, self.VIA = source.PROVIDER, source.VIA
        self.TERMS: Terms = source.TERMS
        self.BUDGET: Budget = replace(source.BUDGET, interval=SLOT)
        known = tuple(one for one in amounts if one in source.RUNGS)
        self.RUNGS: tuple[Decimal, ...] = known or source.RUNGS[:1]

    def fetch(self, http: Http, ask: Ask) -> list[Offer]:
        return self._source.fetch(http, ask)


class Detour(Client):
    """Sends chosen sources over another client, and remembers what went over the wire."""

    other: Client | None = None
    chosen: frozenset[str] = frozenset()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.askings: list[tuple[str, Asking]] = []
        self.traces: list[tuple[str, Trace]] = []

    def asking(
        self,
        slug: str,
        budget: Budget,
        *,
        most_wire: int = 2_000_000,
        most_decoded: int = 5_000_000,
    ) -> Asking:
        if self.other is not None and slug in self.chosen:
            made = self.other.asking(slug, budget)
        else:
            made = super().asking(slug, budget, most_wire=most_wire, most_decoded=most_decoded)
        self.askings.append((slug, made))
        return made

    def settle(self) -> None:
        """Let go of what is over but for its traces, so that it does not count as memory in use."""
        for slug, asking in self.askings:
            self.traces += [(slug, _trace(one)) for one in asking.exchanges]
        self.askings.clear()

    def exchanges(self, slug: str) -> list[Trace]:
        """What went over the wire for a source since the last time that this was asked."""
        self.settle()
        found = [trace for name, trace in self.traces if name == slug]
        self.traces = [pair for pair in self.traces if pair[0] != slug]
        return found


@dataclass(frozen=True, slots=True)
class Trace:
    """Of an exchange: what it was, and the hash of the evidence that must be kept of it."""

    url: str
    status: int | None
    failed: str
    empty: bool
    sha256: str


def _trace(one: Exchange) -> Trace:
    pieces = list(as_evidence("", [one]))
    return Trace(one.url, one.status, one.failed, not one.body, pieces[0].sha256 if pieces else "")


@dataclass(slots=True)
class Played:
    """A cycle, how long it took in seconds, and by how many MB memory had grown after it."""

    cycle: Cycle
    began: datetime
    seconds: float
    grown: float


class Stage:
    """`with stage(url) as it:`"""

    def __init__(self, url: str, lab: PlantingLab, clock: Clock, victim: str) -> None:
        self.lab, self.clock = lab, clock
        self.sources = sources(victim)
        self.database = Database(url)
        self.client = self.new_client(lab.url)
        self.collector = self.new_collector()

    def new_client(self, lab_url: str | None, **other: object) -> Detour:
        hands: dict[str, object] = {
            "clock": self.clock.now,
            "monotonic": self.clock.monotonic,
            "sleep": self.clock.sleep,
            "jitter": lambda _gap: 0.0,
            "deadline": DEADLINE,
        }
        return Detour(AGENT, lab_url, **hands | other)

    def new_collector(self) -> Collector:
        return Collector(
            self.database,
            self.client,
            self.sources,
            MID_RATES,
            (),
            patient=False,
            clock=self.clock.now,
        )

    @property
    def slot(self) -> datetime:
        return slot_of(self.clock.now(), SLOT)

    @cached_property
    def sqlite(self) -> bool:
        return self.database.engine.dialect.name == "sqlite"

    def play(self, run: Callable[[], Cycle] | None = None) -> Played:
        """One cycle now; the world's clock is ours."""
        self.lab.world.now = self.clock.true()
        before, began, start = memory(), self.clock.now(), time.monotonic()
        done = run() if run else run_cycle(self.collector, self.slot)
        seconds = time.monotonic() - start
        self.client.settle()
        return Played(done, began, seconds, memory() - before)

    def later(self, by: timedelta = SLOT) -> None:
        self.clock.move(by)

    def close(self) -> None:
        self.client.close()
        if self.client.other is not None:
            self.client.other.close()
        self.database.engine.dispose()


@contextmanager
def stage(url: str, victim: str = "wise") -> Iterator[Stage]:
    """`url` is that of a copy of the template."""
    with PlantingLab(lab_world()) as lab:
        it = Stage(url, lab, Clock(), victim)
        try:
            yield it
        finally:
            it.close()


def sources(victim: str = "wise") -> tuple[Asked, ...]:
    return tuple(Asked(one, AMOUNTS if victim == one.SLUG else AMOUNTS[:1]) for one in TEN)


def write_template(url: str) -> None:
    """A database that a cycle can begin with."""
    database = Database(url)
    migrate.upgrade(database)
    with database.writing() as session:
        load_providers(session, ROOT / "data" / "providers.toml")
        keep_reach(session, [opened(country) for country in COUNTRIES])
    register_sources(database, frozenset({ALL}))
    database.engine.dispose()


def opened(country: str) -> Reach:
    currencies = {"TR": ("TRY",), "NG": ("NGN",)}[country]
    return Reach(country, currencies, ReachState.OPEN)


def corridors() -> list[Corridor]:
    return [corridor for country in COUNTRIES for corridor in opened(country).corridors]


def memory() -> float:
    """Of this process in MB, without what Python and the allocator hold in reserve: the lab, which
    writes the large answers, lives in it as well."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return float(psutil.Process().memory_info().rss) / 1e6


QUICK = (timedelta(seconds=3), timedelta(seconds=1))
"""For questions, and for the rest, where a source hangs."""


@contextmanager
def quick_cycles() -> Iterator[None]:
    """A cycle gives up a source that hangs after seconds, not minutes."""
    before = cycles.FOR_QUESTIONS, cycles.FOR_THE_REST
    cycles.FOR_QUESTIONS, cycles.FOR_THE_REST = QUICK
    try:
        yield
    finally:
        cycles.FOR_QUESTIONS, cycles.FOR_THE_REST = before
