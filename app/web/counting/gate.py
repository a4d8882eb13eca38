"""Where requests come by to be counted, and the thread that counts beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

from app.db.campaigns import known_campaigns
from app.web.counting.counter import Counter
from app.web.counting.seen import SEEN

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

MEMORY = Path("/dev/shm")  # noqa: S108 - memory, and the file in it is made so that only we read it
TICK = 1.0
"""Seconds between two looks at what came."""


class Gate:
    """A WSGI application around all others: also a page from memory comes by here."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self._app = app
        self._inner = inner
        self._counter: Counter = app.extensions["counter"]
        self._first = Lock()
        self.waits = False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self.waits:
            self._begin()
        answer = self._inner(environ, start)
        seen = environ.get(SEEN)
        if seen is not None:
            self._counter.look(environ, seen, self._now())
        elif environ.get("PATH_INFO", "").startswith("/static/"):
            self._counter.loaded(environ, self._now())
        return answer

    def _begin(self) -> None:
        with self._first:
            if self.waits:
                self.waits = False
                begin(self._app)

    def _now(self) -> datetime:
        moment: datetime = self._app.extensions["clock"]()
        return moment


class Counting(Thread):
    """Counts until the process ends, and then writes what is left."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="counting", daemon=True)
        self._app = app
        self._counter: Counter = app.extensions["counter"]
        self._ended = Event()

    def run(self) -> None:
        while not self._ended.wait(TICK):
            try:
                self._counter.tick(self._app.extensions["clock"]())
            except Exception:  # a thread that died would count nothing more
                log.exception("counting stumbled")

    def end(self) -> None:
        self._ended.set()
        self.join(TICK * 10)
        self._counter.finish(self._app.extensions["clock"]())


def setup(app: Flask) -> None:
    """Stands around the memory of pages, so it is set up after it."""
    settings = app.extensions["settings"]
    app.extensions["counter"] = Counter(
        app.extensions["database"],
        site=settings.database_url,
        own_host=urlsplit(settings.public_url).hostname or "",
        known_campaigns=known_campaigns,
    )
    app.extensions["gate"] = gate = Gate(app, app.wsgi_app)
    app.wsgi_app = gate  # type: ignore[assignment, method-assign]


def begin_when_served(app: Flask) -> None:
    """At once in the worker of a server, so that an hour without a reader is no hour without
    counting; else with the first request, for a command or a test serves nobody."""
    if parent_process() is not None:
        begin(app)
    else:
        gate: Gate = app.extensions["gate"]
        gate.waits = True


def begin(app: Flask, memory: Path = MEMORY) -> None:
    """Count what this process serves, beside it, until it ends; with the other processes of this
    site if there is memory to share."""
    counter: Counter = app.extensions["counter"]
    counter.folder = memory if memory.is_dir() else None
    thread = Counting(app)
    Finalize(None, thread.end, exitpriority=0)  # a forked worker runs nothing else when it ends
    thread.start()
