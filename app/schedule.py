"""When: one process that starts a cycle of collecting every quarter of an hour, in UTC.

It keeps no store of jobs: they are declared here. Only the holder of the leader's lock works, and
every source's slot is claimed in the database before anything is asked, so that a second scheduler
does no harm. Whoever watches over it looks at the heartbeat of completed cycles, not at whether a
process runs.

A slot is worked once. Where the clock is put back, the slots that come again are left alone, and
where it stands still or APScheduler's own thread has died, the process ends, to be started anew.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from app.collect.collector import Collector
from app.collect.cycle import SLOT, Cycle, run_cycle
from app.collect.licence_run import run_licences
from app.collect.retention import forget_old
from app.collect.wishing import fulfil, take_up
from app.db.backups import wants_backup
from app.db.copies import back_up
from app.db.leader import Leadership
from app.db.runs import has_cycle, slot_of
from app.db.wishes import Claimed
from app.notify.telling import Telling

log = logging.getLogger(__name__)

GRACE = 300
"""Seconds that a job may start late, and still start."""

JOBS_AT_ONCE = 8
"""More than there are jobs: none waits for another one's end."""

LOOK_EVERY = timedelta(seconds=5)
"""How often a scheduler that waits looks whether the lead is free, and the one that leads whether
an operator wishes a source asked now."""

LONGEST_CYCLE = SLOT + timedelta(minutes=5)
LONGEST_CHORE = timedelta(hours=1)
LONGEST_SILENCE = 2 * SLOT + timedelta(minutes=5)
"""Without any cycle that was due: the jobs have died, or the clock was put back."""

DAY = timedelta(days=1)
"""Licences are looked up once a day at the most, however often the scheduler starts."""

HUNG = 70
"""Exit status of a scheduler with a job that does not come back: whoever started it starts it
anew (sysexits.h: internal software error)."""


class Scheduler:
    """Runs until `stop` is set. `exit_now` ends the process at once with a status, for a thread
    cannot be ended from outside.

    skipped: cycles that were due while another one ran, or so late that they were left out;
    failed: jobs that failed.
    """

    def __init__(
        self,
        collector: Collector,
        exit_now: Callable[[int], None] = os._exit,
        telling: Telling | None = None,
        copies: Path | None = None,
    ) -> None:
        self._collector = collector
        self._copies = copies
        self._telling = telling
        self._exit_now = exit_now
        self._leadership = Leadership(collector.database)
        self._turn = threading.Lock()
        self._working_on: datetime | None = None
        self._busy: set[str] = set()
        self._due_at = time.monotonic()
        self.stop = threading.Event()
        self.skipped = 0
        self.failed = 0
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(JOBS_AT_ONCE)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE},
        )
        self._jobs.add_listener(
            self._noticed, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
        )
        minutes = f"*/{int(SLOT.total_seconds()) // 60}"
        self._jobs.add_job(self.cycle, "cron", minute=minutes, id="cycle")
        self._jobs.add_job(self.licences, "cron", minute=5, id="licences")
        self._jobs.add_job(self.retention, "cron", hour=3, minute=35, id="retention")
        if telling is not None:
            self._jobs.add_job(self.mail, "cron", second=30, id="mail")
            self._jobs.add_job(self.remind, "cron", minute="3-59/15", id="remind")
        if copies is not None:
            self._jobs.add_job(self.back_up, "cron", minute=20, id="backup")

    def run(self) -> None:
        """Take the lead as soon as it is free, and then work, slot by slot."""
        self._jobs.start()
        leading = False
        try:
            while not self.stop.is_set():
                leads = self._leadership.held()
                if leads != leading:
                    log.info("this scheduler %s", "leads from now on" if leads else "lost the lead")
                if leads and not leading:
                    threading.Thread(target=self._first, name="first cycle", daemon=True).start()
                leading = leads
                if leads:
                    self.wishes()
                if time.monotonic() - self._due_at > LONGEST_SILENCE.total_seconds():
                    self._end("no cycle was due for too long: the clock, or the jobs, stand still")
                self.stop.wait(LOOK_EVERY.total_seconds())
        finally:
            self._jobs.shutdown(wait=False)
            if self._busy:
                log.info("ends in the midst of: %s", " ".join(sorted(self._busy)))
                self._exit_now(0)
            self._leadership.give_up()

    def cycle(self) -> Cycle | None:
        """The cycle of this very slot; None if another scheduler leads, the slot is over and done
        with, or a cycle is under way."""
        self._due_at = time.monotonic()
        slot = slot_of(self._collector.clock(), SLOT)
        if not self._leads():
            return None
        if not self._turn.acquire(blocking=False):
            if self._working_on != slot:
                self._skip("cycle", "the one before still runs")
            return None
        try:
            self._working_on = slot
            with self._watched("cycle", LONGEST_CYCLE):
                with self._collector.database.reading() as session:
                    if has_cycle(session, slot):
                        log.warning("the slot of %s was worked before", f"{slot:%F %H:%M}")
                        return None
                done = run_cycle(self._collector, slot)
                self._report(done)
        except SQLAlchemyError as error:
            self._fail("cycle", f"the database could not be used: {error}")
            return None
        finally:
            self._turn.release()
        return done

    def licences(self) -> None:
        """Look up what is due; one register's failure is its own."""
        if not self._leads():
            return
        collector = self._collector
        slot = slot_of(collector.clock(), DAY)
        with self._watched("licences", LONGEST_CHORE):
            for source in collector.switched().licences:
                try:
                    run_licences(collector, source, collector.listed, slot)
                except Exception as error:  # noqa: BLE001  the other registers must be asked
                    self._fail(source.SLUG, f"{type(error).__name__}: {error}")

    def retention(self) -> None:
        if self._leads():
            with self._watched("retention", LONGEST_CHORE):
                forget_old(self._collector.database, self._collector.clock())

    def wishes(self) -> list[threading.Thread]:
        """Take up what operators wish, each in a thread of its own: the next look must not wait."""
        try:
            taken = take_up(self._collector)
        except SQLAlchemyError as error:
            self._fail("wishes", f"the database could not be used: {error}")
            return []
        threads = [
            threading.Thread(target=self._wish, args=(one,), name=f"wish {one.source}", daemon=True)
            for one in taken
        ]
        for thread in threads:
            thread.start()
        return threads

    def _wish(self, wished: Claimed) -> None:
        try:
            with self._watched(f"wish {wished.source}", LONGEST_CYCLE):
                facts = fulfil(self._collector, wished)
            if facts is not None and facts.trouble:
                log.warning("%s, as wished: %s: %s", wished.source, facts.trouble, facts.said)
        except Exception as error:  # noqa: BLE001  a thread has nobody else to tell
            self._fail(wished.source, f"{type(error).__name__}: {error}")

    def mail(self) -> None:
        """Send what is due. It has a thread of its own and holds no transaction while it speaks to
        a server, so a slow one costs the cycle nothing; a process that ends does not wait."""
        if self._telling is None or not self._leads():
            return
        self._busy.add("mail")
        try:
            done = self._telling.deliver(self._collector.clock())
        finally:
            self._busy.discard("mail")
        if done.trouble:
            log.warning("the mail server cannot be used: %s", done.trouble)

    def remind(self) -> None:
        """Queue the reminders and alarms that are due."""
        if self._telling is not None and self._leads():
            self._telling.remind(self._collector.clock())

    def back_up(self) -> None:
        """Copy the database if tonight's copy is still to be made; one that failed is tried again
        in an hour."""
        if self._copies is None or not self._leads():
            return
        database, now = self._collector.database, self._collector.clock()
        with database.reading() as session:
            if not wants_backup(session, now):
                return
        with self._watched("backup", LONGEST_CHORE):
            done = back_up(database, self._copies, now)
        if not done.ok:
            self._fail("backup", done.said)

    def _leads(self) -> bool:
        return not self.stop.is_set() and self._leadership.held()

    def _first(self) -> None:
        """At take-over: the rest of this slot, and what may have been missed."""
        try:
            self.cycle()
            self.licences()
        except Exception as error:  # noqa: BLE001  the next slot is another try
            self._fail("first cycle", f"{type(error).__name__}: {error}")

    def _report(self, done: Cycle) -> None:
        for slug, facts in done.runs.items():
            if facts.trouble:
                log.warning("%s: %s: %s", slug, facts.trouble, facts.said)
        for slug, began in done.cut_short:
            log.warning("%s: its run of %s has no end", slug, f"{began:%F %H:%M}")
        for slug, said in done.broken.items():
            self._fail(slug, said)
        if done.hung:
            self._end(" ".join(done.hung))

    @contextmanager
    def _watched(self, name: str, within: timedelta) -> Iterator[None]:
        """The process ends if this takes longer."""
        timer = threading.Timer(within.total_seconds(), self._end, (name,))
        timer.daemon = True
        timer.start()
        self._busy.add(name)
        try:
            yield
        finally:
            timer.cancel()
            self._busy.discard(name)

    def _end(self, hung: str) -> None:
        log.critical("hung, and so this scheduler ends: %s", hung)
        self._exit_now(HUNG)

    def _fail(self, name: str, said: str) -> None:
        self.failed += 1
        log.error("%s failed: %s", name, said)

    def _skip(self, name: str, why: str) -> None:
        self.skipped += 1
        log.error("the job %s was skipped: %s", name, why)

    def _noticed(self, event: JobEvent) -> None:
        if event.code == EVENT_JOB_ERROR:
            self._fail(event.job_id, f"{type(event.exception).__name__}: {event.exception}")
        elif event.code == EVENT_JOB_MISSED:
            self._skip(event.job_id, f"it would have been more than {GRACE} seconds late")
        else:
            self._skip(event.job_id, "the one before still runs")
