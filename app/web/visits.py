"""How often each corridor's list is looked at, so that what is looked at most is asked anew first.

A page never writes to the database, with this one exception: counts are kept in memory, and after
a response has gone out they are written in one go, at most once a minute. They are numbers a
corridor and a day: nothing about a visitor is looked at but whether it calls itself a robot, and
that is not kept. The API does not count. What cannot be written waits for the next time.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from datetime import date, datetime, timedelta
from threading import Lock

from flask import Flask, Response, after_this_request, current_app, request

from app.db.engine import Database
from app.db.visits import add_visits
from app.domain.corridor import Corridor
from app.web import clock

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
ROBOT = re.compile(r"bot|crawl|spider", re.IGNORECASE)


class Visits:
    """Counts that wait to be written. Safe to use from several threads."""

    def __init__(self, database: Database, every: timedelta = EVERY) -> None:
        self.every = every
        self._database = database
        self._lock = Lock()
        self._waiting: Counter[tuple[date, Corridor]] = Counter()
        self._since: datetime | None = None

    def count(self, corridor: Corridor, now: datetime) -> None:
        with self._lock:
            self._waiting[now.date(), corridor] += 1
            self._since = self._since or now

    def flush(self, now: datetime) -> bool:
        """Write what waits, if it has waited long enough; whether anything was written."""
        with self._lock:
            if self._since is None or now - self._since < self.every:
                return False
            taken, self._waiting, self._since = self._waiting, Counter(), None
        try:
            with self._database.writing() as session:
                for day in sorted({day for day, _corridor in taken}):
                    counts = {one: count for (on, one), count in taken.items() if on == day}
                    add_visits(session, day, counts)
        except Exception:  # whatever it is, the page has been sent and must stand
            log.warning("counts of visits could not be written; they are kept", exc_info=True)
            with self._lock:
                self._waiting.update(taken)
                self._since = now
            return False
        return True


def setup(app: Flask) -> None:
    app.extensions["visits"] = Visits(app.extensions["database"])


def note_visit(corridor: Corridor) -> None:
    """A list is being shown: count it, and write what waits once the response has gone out."""
    if request.method != "GET" or ROBOT.search(request.user_agent.string):
        return
    visits: Visits = current_app.extensions["visits"]
    now = clock.now()
    visits.count(corridor, now)

    @after_this_request
    def _later(response: Response) -> Response:
        response.call_on_close(lambda: visits.flush(now))
        return response
