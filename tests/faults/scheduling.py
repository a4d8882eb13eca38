"""F52, F57 to F59: faults of when, not of what."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from apscheduler.executors.base import run_job

from app.collect.cycle import SLOT, Cycle, run_cycle
from app.db.leader import Leadership
from app.schedule import GRACE, HUNG, Scheduler
from scrapers.contract import Ask, Http, Offer
from tests.faults.afterwards import NOBODY, aged, all_arrive, all_proven
from tests.faults.seen import heartbeats, look
from tests.faults.stage import Stage, quick_cycles, stage
from tests.faults.verdict import Verdict, in_good_time, nothing_lost, others_arrive

NIGHTS = (datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC))
"""When the Netherlands changes its clocks, both at 01:00 UTC."""

log = logging.getLogger(__name__)


def summer_time(_number: str, url: str) -> Verdict:
    """F52. In a process that lives in Amsterdam: four slots an hour in both nights, none of them
    twice, and cycles on either side of the change like any other."""
    os.environ["TZ"] = "Europe/Amsterdam"
    time.tzset()
    verdict = Verdict()
    with stage(url) as it:
        trigger = Scheduler(it.collector)._jobs.get_job("cycle").trigger
        it.play()
        truth = look(it)
        for night in NIGHTS:
            fired = [trigger.get_next_fire_time(None, night)]
            while fired[-1] < night + timedelta(hours=6):
                fired.append(trigger.get_next_fire_time(fired[-1], fired[-1]))
            expected = [night + SLOT * place for place in range(25)]
            verdict.must("I6", fired == expected, f"{len(fired)} slots instead of 25")
            it.later(night + timedelta(minutes=30) - it.clock.now())
            for _slot in range(3):
                before = look(it)
                all_arrive(verdict, it, truth)
                nothing_lost(verdict, before, look(it), truth.board)
            aged(verdict, truth, look(it))
        all_proven(verdict, it, truth)
    return verdict


def two_schedulers(_number: str, url: str) -> Verdict:
    """F57. Four at once, and as if none of them knew of leading: each source is asked once."""
    verdict = Verdict()
    with stage(url) as it:
        it.play()
        truth = look(it)
        it.lab.clear()
        it.later()
        it.play()
        usual = Counter(request.host for request in it.lab.requests)
        before = look(it)
        it.lab.clear()
        it.later()
        done: list[Cycle] = []
        together = threading.Barrier(4)

        def run() -> None:
            together.wait()
            done.append(run_cycle(it.new_collector(), it.slot))

        def all_four() -> Cycle:
            threads = [threading.Thread(target=run) for _scheduler in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            merged = Cycle(it.slot)
            for one in done:
                merged.runs |= one.runs
                merged.hung += one.hung
                merged.broken |= one.broken
            return merged

        played = it.play(all_four)
        verdict.must("I4", len(done) == 4, "a scheduler did not end")
        ran = Counter(slug for one in done for slug in one.runs if slug in truth.board)
        verdict.must("I4", all(count == 1 for count in ran.values()), f"twice: {ran}")
        asked = Counter(request.host for request in it.lab.requests)
        more = {host for host in asked if asked[host] > usual[host] > 0}
        verdict.must("I4", not more, f"asked more than usual: {more}")
        seen = look(it)
        others_arrive(verdict, truth, played, seen, NOBODY)
        in_good_time(verdict, played)
        nothing_lost(verdict, before, seen, truth.board)
        aged(verdict, truth, seen)
        _one_leads(verdict, it)
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


def _one_leads(verdict: Verdict, it: Stage) -> None:
    one, other = Leadership(it.database), Leadership(it.database)
    verdict.must("I6", one.held() and not other.held(), "two lead")
    one.give_up()
    verdict.must("I6", other.held(), "the lead is not taken over")
    other.give_up()


def overlapping(_number: str, url: str) -> Verdict:
    """F58. A source's own code does not come back: the others' prices arrive, the heartbeat names
    it, a second cycle beside it does not begin, and the process ends to be started anew."""
    verdict, victim = Verdict(), "wise"
    release = threading.Event()
    with stage(url) as it, quick_cycles():
        it.play()
        truth = look(it)
        source = next(one for one in it.sources if victim == one.SLUG)
        usual = source.fetch
        begun = threading.Event()

        def hangs(http: Http, ask: Ask) -> list[Offer]:
            begun.set()
            release.wait()
            return usual(http, ask)

        source.fetch = hangs  # type: ignore[method-assign]
        ended: list[int] = []
        scheduler = Scheduler(it.collector, ended.append)
        beside: list[Cycle | None] = []

        def second() -> None:
            begun.wait()
            beside.append(scheduler.cycle())

        it.later()
        other = threading.Thread(target=second)
        other.start()
        played = it.play(lambda: scheduler.cycle() or Cycle(it.slot))
        other.join()
        seen = look(it)
        verdict.must("I3", played.cycle.hung == [victim], f"hung: {played.cycle.hung}")
        named = heartbeats(it).get(played.cycle.slot)
        verdict.must("I3", named is not None and named.hung == victim, "the heartbeat is silent")
        verdict.must("I3", ended == [HUNG], "the process would go on")
        verdict.must("I4", beside == [None], "a second cycle began beside it")
        others_arrive(verdict, truth, played, seen, victim)
        in_good_time(verdict, played)
        nothing_lost(verdict, truth, seen, truth.board)
        it.clock.move(timedelta(minutes=10))
        aged(verdict, truth, look(it))
        source.fetch = usual  # type: ignore[method-assign]
        release.set()
        scheduler._leadership.give_up()
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


def misfires(_number: str, url: str) -> Verdict:
    """F59. A slot that could not begin in time still begins within the grace; one beyond it is
    counted and told, and the next one is as ever."""
    verdict = Verdict()
    with stage(url) as it:
        it.play()
        truth = look(it)
        scheduler = Scheduler(it.collector)
        scheduler._jobs.start(paused=True)
        job = scheduler._jobs.get_job("cycle")
        it.later()
        it.lab.world.now = it.clock.true()
        late = datetime.now(UTC) - timedelta(seconds=GRACE - 60)
        codes = {event.code for event in run_job(job, "default", [late], log.name)}
        verdict.must("I6", codes == {EVENT_JOB_EXECUTED}, "four minutes late, and not begun")
        seen = look(it)
        on_time = it.slot in heartbeats(it)
        verdict.must("I4", on_time, "no heartbeat of the late cycle")
        for slug, good in truth.board.items():
            new = [one for one in seen.board[slug].values() if seen.at - one.observed.at < SLOT]
            verdict.must("I4", len(new) == len(good), f"{slug} did not arrive")
        it.later()
        too_late = datetime.now(UTC) - timedelta(seconds=GRACE + 60)
        events = run_job(job, "default", [too_late], log.name)
        verdict.must("I3", [one.code for one in events] == [EVENT_JOB_MISSED], "not told as missed")
        for one in events:
            scheduler._noticed(one)
        verdict.must("I3", scheduler.skipped == 1, "nobody counts it")
        verdict.must("I5", job.coalesce and job.max_instances == 1, "what was missed piles up")
        nothing_lost(verdict, truth, look(it), truth.board)
        aged(verdict, truth, look(it))
        scheduler._jobs.shutdown(wait=False)
        scheduler._leadership.give_up()
        all_arrive(verdict, it, truth)
        all_proven(verdict, it, truth)
    return verdict


DRIVERS = {
    "F52": summer_time,
    "F57": two_schedulers,
    "F58": overlapping,
    "F59": misfires,
}
