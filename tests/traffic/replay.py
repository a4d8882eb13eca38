"""A day of made-up visitors whose truth is known, replayed to four counters as four processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.db import sketches, traffic
from app.db.engine import Database
from app.domain.traffic import Period, Span, Whole
from app.web.counting.counter import Counter
from app.web.counting.seen import Page

PROCESSES = 4
PAGES = [Page("compare.home", "nl"), Page("compare.results", "nl"), Page("learn.bot", "en")]
AGENTS = [
    "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 Chrome/131.0 Mobile Safari",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15",
]
NAMED, QUICK, BARE, UNWILLING = 0.06, 0.01, 0.05, 0.04
"""Shares of visitors: robots by name, robots that open 90 pages in a minute, those that load no
file and send nothing that browsers send, and people who do not want to be counted."""

OLD = 0.2
"""Share of the readers whose browser says nothing but its name, and loads our files."""


@dataclass(order=True, slots=True)
class Event:
    """Seconds into the day, and a request; a file if page is None."""

    at: float
    environ: dict[str, Any] = field(compare=False)
    page: Page | None = field(compare=False)


@dataclass(slots=True)
class Truth:
    """Of the readers that should be counted; robots: pages that should be taken off."""

    devices: int = 0
    visits: int = 0
    views: int = 0
    robots: int = 0
    unwilling: int = 0


def world(visitors: int, seed: int = 7) -> tuple[list[Event], Truth]:
    """Everything that happens in a day, in its order."""
    random, truth = Random(seed), Truth()  # noqa: S311 - made up, and the same each time
    events: list[Event] = []
    for number in range(visitors):
        events += _visitor(number, random, truth)
    events.sort()
    return events, truth


def _visitor(number: int, random: Random, truth: Truth) -> Iterator[Event]:
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    environ = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": random.choice(AGENTS)}
    browser = {"HTTP_SEC_FETCH_MODE": "navigate", "HTTP_ACCEPT_LANGUAGE": "nl"}
    kind, start = random.random(), random.uniform(0, 86_000)
    if kind < NAMED:
        truth.robots += 3
        environ["HTTP_USER_AGENT"] = "Mozilla/5.0 (compatible; Googlebot/2.1)"
        yield from (Event(start + step, environ, PAGES[0]) for step in range(3))
    elif kind < NAMED + QUICK:
        truth.robots += 90
        start = start // 60 * 60
        yield from (Event(start + step / 2, environ | browser, PAGES[1]) for step in range(90))
    elif kind < NAMED + QUICK + BARE:
        truth.robots += 2
        yield from (Event(start + step, environ, PAGES[1]) for step in range(2))
    elif kind < NAMED + QUICK + BARE + UNWILLING:
        truth.unwilling += 1
        yield Event(start, environ | browser | {"HTTP_SEC_GPC": "1"}, PAGES[0])
    else:
        truth.devices += 1
        old = random.random() < OLD
        yield from _reader(environ if old else environ | browser, start, random, truth)


def _reader(environ: dict[str, Any], start: float, random: Random, truth: Truth) -> Iterator[Event]:
    """One to three visits of one to five pages, hours apart."""
    for _visit in range(random.choice((1, 1, 1, 1, 2, 3))):
        if start > 86_000:
            return
        truth.visits += 1
        at = start
        for _page in range(random.randint(1, 5)):
            if at < 86_399:
                truth.views += 1
                yield Event(at, environ, random.choice(PAGES))
            at += random.uniform(5, 600)
        yield Event(min(start + random.uniform(0.1, 20), 86_399.5), environ, None)
        start = at + random.uniform(3600, 14_400)


def replay(
    database: Database, memory: Path, events: list[Event], midnight: datetime, seed: int = 3
) -> None:
    """Each request comes to one of the processes, by chance; each of them ticks every ten seconds,
    as far as anything happens."""
    random = Random(seed)  # noqa: S311
    counters = [
        Counter(database, "site", "", lambda _session: (), memory) for _process in range(PROCESSES)
    ]
    ticked = 0.0
    for event in events:
        if event.at - ticked >= 10:
            ticked = event.at
            for counter in counters:
                counter.tick(midnight + timedelta(seconds=ticked))
        now = midnight + timedelta(seconds=event.at)
        counter = random.choice(counters)
        if event.page is None:
            counter.loaded(event.environ, now)
        else:
            counter.look(event.environ, event.page, now)
    for counter in counters:
        counter.finish(midnight + timedelta(seconds=86_399.9))


def counted(database: Database, midnight: datetime) -> dict[str, int]:
    """As the database has it before the day is closed."""
    day, period = midnight.date(), Period.of(Span.DAY, midnight.date())
    with database.reading() as session:
        found = {whole.value: traffic.totals(session, period, whole).get(day, 0) for whole in Whole}
        return found | {"devices": sketches.devices_now(session, day) or 0}


def errors(found: dict[str, int], truth: Truth) -> dict[str, tuple[int, int, float]]:
    """By name: what was counted, what is true, and by how many percent it is off."""
    robots = found["robots"] + found["named_robots"]
    pairs = {
        "devices": (found["devices"], truth.devices),
        "visits": (found["visits"], truth.visits),
        "pages": (found["views"], truth.views),
        "pages of robots taken off": (robots, truth.robots),
    }
    return {
        name: (count, true, round((count - true) * 100 / true, 2))
        for name, (count, true) in pairs.items()
    }
