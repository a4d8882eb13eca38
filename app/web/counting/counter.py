"""The counter of one process: takes in quickly, judges a minute later, writes once a minute.

A request costs two marks and a place in a queue. Beside the requests a thread (gate.py) sorts what
came, waits until it is clear who was a robot, adds up, and writes all of it in one transaction.
What cannot be written is kept and written later; what was not judged yet is judged when the process
is told to end. A process that is killed loses what came in its last two minutes at most, and those
minutes are not marked as counted.
"""

from __future__ import annotations

import logging
from collections import deque
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from app.db.counting import NoteKind, add_note, note_alive
from app.db.engine import Database
from app.db.sketches import close_days
from app.db.traffic import KnownCampaigns
from app.domain.traffic import Whole
from app.web.counting import request as asked
from app.web.counting.robots import is_robot
from app.web.counting.seen import First, Page, What
from app.web.counting.tallies import Look, Tallies
from app.web.counting.today import Today
from app.web.senders import visitor_at
from app.web.via import code_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
PATIENCE = 60.0
"""Seconds until a look is judged: what somebody opens in a minute, and whether files follow."""

CLOSED_AFTER = timedelta(minutes=5)
"""How long after midnight a day is closed: until then every process has written what it had."""

MOST_QUEUED = 100_000
"""Requests that wait to be sorted; nobody sorts them where nothing was begun, as in a command."""

MINUTE = timedelta(minutes=1)


class Counter:
    """Safe to use from several threads; only `tick` and `finish` touch the database."""

    def __init__(
        self,
        database: Database,
        site: str,
        own_host: str,
        known_campaigns: KnownCampaigns,
        folder: Path | None = None,
    ) -> None:
        """site: tells this site's marks from another's; folder: memory that processes share."""
        self.folder = folder
        self._database = database
        self._site = site
        self._own_host = own_host.removeprefix("www.")
        self._known_campaigns = known_campaigns
        self._came: deque[Look] = deque(maxlen=MOST_QUEUED)
        self._waiting: deque[Look] = deque()
        self._tallies: dict[date, Tallies] = {}
        self._named: deque[Today] = deque(maxlen=MOST_QUEUED)
        self._today: Today | None = None
        self._day_lock, self._lock = Lock(), Lock()
        self._written_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._minutes: set[datetime] = set()

    def look(self, environ: WSGIEnvironment, what: What, now: datetime) -> None:
        """Something to count was sent; `now` is aware UTC."""
        opened, live = asked.is_opened(environ), asked.is_answer(environ)
        if asked.is_unwilling(environ) or asked.is_ahead(environ):
            return
        if not (opened or live or isinstance(what, First)):
            return
        agent = environ.get("HTTP_USER_AGENT", "")
        today = self.today(now)
        if is_robot(agent):
            self._named.append(today)
            return
        device, pace = today.marks(_visitor(environ), agent)
        if isinstance(what, First):
            today.loaded(pace)  # only our own script says so
            if not today.first(pace):
                return
        outside = opened and not asked.is_from_within(environ)
        look = Look(
            today,
            now.timestamp(),
            what,
            device,
            pace,
            live=live,
            begins=opened and isinstance(what, Page) and today.came(pace, _minute(now)),
            like_a_browser=asked.is_like_a_browser(environ),
            referrer=asked.referrer(environ, self._own_host) if outside else "",
            campaign=code_of(environ) if outside else "",
        )
        self._came.append(look)

    def loaded(self, environ: WSGIEnvironment, now: datetime) -> None:
        """A static file was sent."""
        agent = environ.get("HTTP_USER_AGENT", "")
        if not asked.is_unwilling(environ):
            today = self.today(now)
            today.loaded(today.marks(_visitor(environ), agent)[1])

    def today(self, now: datetime) -> Today:
        """The day that it is; the one before ends with the first who asks."""
        day, known = now.date(), self._today
        if known is not None and known.day == day:
            return known
        with self._day_lock:
            known = self._today
            if known is None or known.day != day:
                if known is not None:
                    known.end()
                    is_robot.cache_clear()
                known = self._today = Today(day, self._site, self.folder)
        return known

    def tick(self, now: datetime) -> None:
        """Judge what has waited long enough, and write what is due."""
        with self._lock:
            today = self.today(now)
            self._minutes.add(now.replace(second=0, microsecond=0))
            self._sort(now.timestamp() - PATIENCE, today)
            last = self._written_at
            if last is None or now - last >= EVERY or last.date() != now.date():
                self._written_at = now
                self._write(now, now - timedelta(seconds=PATIENCE))

    def finish(self, now: datetime) -> None:
        """Judge and write everything: this process ends."""
        with self._lock:
            self._minutes.add(now.replace(second=0, microsecond=0))
            self._sort(float("inf"), None)
            self._write(now, now + MINUTE)

    def _sort(self, until: float, today: Today | None) -> None:
        """Judge what came up to then, and all of a day that is over."""
        while self._named:
            self._tally(self._named.popleft()).robot(Whole.NAMED_ROBOTS)
        while self._came:
            self._waiting.append(self._came.popleft())
        while self._waiting and (self._waiting[0].at <= until or self._waiting[0].today != today):
            look = self._waiting.popleft()
            quick = look.today.is_quick(look.pace)
            if quick or not (look.like_a_browser or look.today.has_loaded(look.pace)):
                self._tally(look.today).robot(Whole.ROBOTS)
            else:
                self._tally(look.today).add(look)

    def _tally(self, today: Today) -> Tallies:
        found = self._tallies.get(today.day)
        if found is None:
            found = self._tallies[today.day] = Tallies(today.day, today.mark)
        return found

    def _write(self, now: datetime, judged: datetime) -> None:
        """judged: all that came before then is in the tallies."""
        done = {one for one in self._minutes if one + MINUTE <= judged}
        try:
            with self._database.writing() as session:
                for day, tallies in sorted(self._tallies.items()):
                    noted = tallies.write(session, self._known_campaigns)
                    if noted:
                        add_note(session, day, noted, "", now)
                if self._failed_at:
                    waited = f"{self._failed_at:%H:%M}-{now:%H:%M}"
                    add_note(session, self._failed_at.date(), NoteKind.WRITE, waited, now)
                note_alive(session, done)
                close_days(session, (now - CLOSED_AFTER).date())
        except Exception:  # whatever it is, counting goes on
            log.warning("counts could not be written; they are kept", exc_info=True)
            self._failed_at = self._failed_at or now
            return
        self._failed_at = None
        self._minutes -= done
        for day, tallies in list(self._tallies.items()):
            tallies.written()
            if day < now.date():
                del self._tallies[day]


def _minute(now: datetime) -> int:
    return now.hour * 60 + now.minute


def _visitor(environ: WSGIEnvironment) -> str:
    return visitor_at(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))
