"""How often each corridor's list is looked at, so that what is looked at most is asked anew first.

A page never writes to the database, with this exception: counts are kept in memory, and after a
response has gone out they are written in one go, at most once a minute. They are numbers a
corridor and a day: nothing about a visitor is looked at but whether it calls itself a robot, and
that is not kept. The API does not count. What cannot be written waits for the next time.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import Flask, Response, after_this_request, current_app, g, request
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.visits import add_visits
from app.domain.corridor import Corridor
from app.web import clock

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
ROBOT = re.compile(r"bot|crawl|spider", re.IGNORECASE)
Counted = TypeVar("Counted")


class Counts(Generic[Counted]):
    """Counts that wait to be written. Safe to use from several threads."""

    def __init__(self, database: Database, every: timedelta = EVERY) -> None:
        self.every = every
        self._database = database
        self._lock = Lock()
        self._waiting: Counter[tuple[date, Counted]] = Counter()
        self._since: datetime | None = None

    def write(self, session: Session, day: date, counts: Mapping[Counted, int]) -> None:
        """Add to what is counted of a day."""
        raise NotImplementedError

    def count(self, one: Counted, now: datetime) -> None:
        with self._lock:
            self._waiting[now.date(), one] += 1
            self._since = self._since or now

    def flush(self, now: datetime) -> bool:
        """Write what waits, if it has waited long enough; whether anything was written."""
        with self._lock:
            if self._since is None or now - self._since < self.every:
                return False
            taken, self._waiting, self._since = self._waiting, Counter(), None
        try:
            with self._database.writing() as session:
                for day in sorted({day for day, _one in taken}):
                    self.write(
                        session, day, {one: n for (on, one), n in taken.items() if on == day}
                    )
        except Exception:  # whatever it is, the page has been sent and must stand
            log.warning("counts could not be written; they are kept", exc_info=True)
            with self._lock:
                self._waiting.update(taken)
                self._since = now
            return False
        return True


class Visits(Counts[Corridor]):
    def write(self, session: Session, day: date, counts: Mapping[Corridor, int]) -> None:
        add_visits(session, day, counts)


def setup(app: Flask) -> None:
    app.extensions["visits"] = visits = Visits(app.extensions["database"])
    app.extensions["counts"] = [visits]


def counts(method: str, agent: str) -> bool:
    """Whether a request is one of a reader who looks at what is there."""
    return method == "GET" and not ROBOT.search(agent)


def note_visit(corridor: Corridor) -> None:
    """A list is being shown: count it, and write what waits once the response has gone out."""
    g.listed = corridor
    if not counts(request.method, request.user_agent.string):
        return
    now = clock.now()
    visits: Visits = current_app.extensions["visits"]
    visits.count(corridor, now)
    write_later(now)


def listed() -> Corridor | None:
    """The corridor whose list this request shows."""
    return g.get("listed")


def write_later(now: datetime) -> None:
    """Write what has waited long enough once the response to this request has gone out."""
    waiting: list[Counts[Any]] = current_app.extensions["counts"]

    @after_this_request
    def _later(response: Response) -> Response:
        response.call_on_close(lambda: flush(waiting, now))
        return response


def flush(waiting: Iterable[Counts[Any]], now: datetime) -> None:
    """Write all that was counted and has waited long enough."""
    for one in waiting:
        one.flush(now)
