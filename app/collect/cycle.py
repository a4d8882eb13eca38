"""One cycle of collecting: every source that is on, each on its own, for one slot of time.

Mid rates come first, for prices are weighed against them. A source in trouble, or one that never
comes back, costs no other source anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Thread

from app.collect.collector import Collector
from app.collect.lost import BROKEN
from app.collect.publish import SOURCE as SURVEY
from app.collect.publish import republish
from app.collect.rate_run import run_rates
from app.collect.run import run_prices
from app.db import runs, sources
from app.db.runs import CycleRow, RunFacts

SLOT = runs.SLOT
FOR_QUESTIONS = timedelta(minutes=11)
"""Of a slot, after which no further question is asked."""

FOR_THE_REST = timedelta(minutes=2)
"""Time for the last answers and for writing. A run that takes longer hangs."""

HUNG = "hung"
"""The trouble of a run that did not come back."""


@dataclass(slots=True)
class Cycle:
    """runs: what each source's run did, by slug; hung: those that did not come back in time;
    broken: those whose own code failed, with the words of the failure; cut_short: source and
    slot of earlier runs whose process ended before they did."""

    slot: datetime
    runs: dict[str, RunFacts] = field(default_factory=dict)
    hung: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    cut_short: list[tuple[str, datetime]] = field(default_factory=list)


Work = Callable[[], RunFacts | None]


def run_cycle(collector: Collector, slot: datetime) -> Cycle:
    """Ask what is on and due, publish what is good, and write the heartbeat, also if all sources
    fail.

    Nothing of a source is raised: a heartbeat that cannot be written is among what is `broken`, as
    "cycle". A database that cannot be asked what is on is.
    """
    cycle = Cycle(slot)
    collector = replace(collector.switched(), clock=steady(collector.clock))
    started = collector.clock()
    until = started + FOR_QUESTIONS
    end = _in(FOR_QUESTIONS + FOR_THE_REST)
    rates = {one.SLUG: _work(run_rates, collector, one, slot) for one in collector.rates}
    _all(rates, cycle, _in(FOR_THE_REST))
    if any(facts.rows for facts in cycle.runs.values()):
        _all({SURVEY: _work(_republish, collector, started)}, cycle, _in(FOR_THE_REST))
    prices = {one.SLUG: _work(run_prices, collector, one, slot, until) for one in collector.prices}
    _all(prices, cycle, end)
    try:
        _write(collector, cycle, started)
    except Exception as error:  # noqa: BLE001  what hung must still be told
        cycle.broken["cycle"] = f"{type(error).__name__}: {error}"
    return cycle


def steady(clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """A clock that reads as `clock` does now, and that nobody can set from then on."""
    began, since = clock(), time.monotonic()
    return lambda: began + timedelta(seconds=time.monotonic() - since)


def _write(collector: Collector, cycle: Cycle, started: datetime) -> None:
    """The heartbeat, and what became of those that could not say it themselves."""
    now = collector.clock()
    lost = {slug: (BROKEN, said) for slug, said in cycle.broken.items()}
    lost |= dict.fromkeys(cycle.hung, (HUNG, "its run did not come back in time"))
    with collector.database.writing() as session:
        for slug, (trouble, said) in sorted(lost.items()):
            runs.note_lost(session, slug, cycle.slot, trouble, said)
            sources.note_trouble(session, slug, trouble, said, now, None)
        cycle.cut_short = runs.note_cut_short(session, started - SLOT)
        row = CycleRow(
            slot=cycle.slot,
            started_at=started,
            ended_at=now,
            runs=len(cycle.runs),
            troubled=sum(1 for facts in cycle.runs.values() if facts.trouble) + len(cycle.broken),
            hung=" ".join(cycle.hung)[: sources.LONGEST_WORDS],
        )
        runs.add_cycle(session, row)


def _republish(collector: Collector, now: datetime) -> None:
    republish(collector.database, now)


def _in(time_from_now: timedelta) -> float:
    return time.monotonic() + time_from_now.total_seconds()


def _work(run: Callable[..., RunFacts | None], *arguments: object) -> Work:
    return lambda: run(*arguments)


def _all(work: dict[str, Work], cycle: Cycle, end: float) -> None:
    """Every source in a thread of its own, so that none waits for another, until the moment `end`
    of the monotonic clock. The threads are such that a process may end without them."""
    started: dict[Future[RunFacts | None], str] = {}
    for slug, do in work.items():
        future: Future[RunFacts | None] = Future()
        started[future] = slug
        Thread(target=_into, args=(future, do), name=f"source {slug}", daemon=True).start()
    done, late = wait(started, timeout=max(end - time.monotonic(), 0))
    cycle.hung += sorted(started[one] for one in late)
    for one in done:
        error = one.exception()
        if error is not None:
            cycle.broken[started[one]] = f"{type(error).__name__}: {error}"
        elif (facts := one.result()) is not None:
            cycle.runs[started[one]] = facts


def _into(future: Future[RunFacts | None], do: Work) -> None:
    try:
        future.set_result(do())
    except BaseException as error:  # noqa: BLE001  a thread has nobody else to tell
        future.set_exception(error)
