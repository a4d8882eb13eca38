"""F51, F55, F60: a wrong clock, sudden death, and memory."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from app.collect.cycle import SLOT, Cycle
from app.domain.quote import Age
from config import ROOT
from tests.faults.afterwards import aged, all_arrive, all_proven, whole_or_nothing
from tests.faults.seen import Seen, look
from tests.faults.stage import Played, Stage, memory, stage
from tests.faults.verdict import Verdict, in_good_time, nothing_lost

KILLS = 8
WARM, MEASURED, MOST_PER_CYCLE = 100, 100, 0.01
"""Cycles before memory is measured, those it is measured over, and MB that each may add."""


def wrong_clock(_number: str, url: str) -> Verdict:
    """F51. Ten minutes fast, and a day slow: true ages are reckoned by the world's clock."""
    verdict = Verdict()
    for label, off in (("+10 min", timedelta(minutes=10)), ("-1 day", -timedelta(days=1))):
        with _fresh_stage(url, verdict) as (it, truth):
            it.clock.set_wrong(off)
            it.later()
            it.play()
            one = it.play()
            in_good_time(verdict, one)
            it.later(2 * SLOT)
            seen = look(it)
            now = it.clock.true()
            for slug, shown in seen.shown.items():
                stale = [
                    price
                    for price, age in shown
                    if (age is Age.FRESH and now - min(price.observed.at - off, now) > 2 * SLOT)
                    or (
                        age is Age.FRESH
                        and price.observed.at
                        == truth.board[slug].get((price.service_id, price.rung), price).observed.at
                    )
                ]
                verdict.must("I2", not stale, f"{label}: {slug} shows {len(stale)} old as fresh")
            nothing_lost(verdict, truth, seen, truth.board)
            it.clock.set_wrong(timedelta(0))
            all_arrive(verdict, it, truth)
            all_proven(verdict, it, truth)
    return verdict


@contextmanager
def _fresh_stage(url: str, verdict: Verdict) -> Iterator[tuple[Stage, Seen]]:
    """With one good cycle behind it, or several if it was used before."""
    with stage(url) as it:
        while not it.play().cycle.runs:
            it.later(timedelta(days=1))
        yield it, look(it)


def killed(_number: str, url: str) -> Verdict:
    """F55. SIGKILL at any moment of a cycle, again and again, and then a cycle as ever."""
    verdict, moments = Verdict(), random.Random(4711)  # noqa: S311
    struck = 0
    with stage(url) as it:
        it.play()
        truth = look(it)
        for _kill in range(KILLS):
            it.later()
            it.lab.world.now = it.clock.true()
            played = Played(Cycle(it.slot), it.clock.now(), 0, 0)
            passed = str(it.clock.monotonic())
            command = [sys.executable, "-m", "tests.faults.victim", url, it.lab.url, passed]
            hit = threading.Event()
            it.lab.soon, it.lab.then = moments.randrange(5, 45), hit.set
            process = subprocess.Popen(command, cwd=ROOT)
            hit.wait(20)
            time.sleep(moments.uniform(0, 0.15))
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            struck += process.wait() == -signal.SIGKILL
            seen = look(it)
            nothing_lost(verdict, truth, seen, truth.board)
            whole_or_nothing(verdict, it, truth, seen, played)
            aged(verdict, truth, seen)
        verdict.must("I1", struck >= KILLS // 2, f"only {struck} of {KILLS} were killed at work")
        verdict.notes.append(f"{struck} killed at work")
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


def growing(_number: str, url: str) -> Verdict:
    """F60. Cycle after cycle at speed: memory stays where it was after the first ones."""
    verdict = Verdict()
    with stage(url) as it:
        it.play()
        truth = look(it)
        for cycle in range(WARM + MEASURED):
            it.later()
            it.lab.clear()
            it.client.traces.clear()
            if cycle == WARM:
                before = memory()
            it.play()
        grown = (memory() - before) / MEASURED
        verdict.notes.append(f"{grown * 100:+.2f} MB per 100 cycles")
        verdict.must("I5", grown <= MOST_PER_CYCLE, f"{grown * 100:.1f} MB per 100 cycles")
        seen = look(it)
        nothing_lost(verdict, truth, seen, truth.board)
        aged(verdict, truth, seen)
        verdict.must("I1", len(seen.history) == len(truth.history), "history grew by nothing new")
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


DRIVERS = {"F51": wrong_clock, "F55": killed, "F60": growing}
