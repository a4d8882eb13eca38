"""Where requests come by to be counted, and the thread that counts beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Event, Thread
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

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = self._inner(environ, start)
        seen = environ.get(SEEN)
        if seen is not None:
            self._counter.look(environ, seen, self._now())
        elif environ.get("PATH_INFO", "").startswith("/static/"):
            self._counter.loaded(environ, self._now())
        return answer

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
    app.wsgi_app = Gate(app, app.wsgi_app)  # type: ignore[assignment, method-assign]


def begin(app: Flask, memory: Path = MEMORY) -> None:
    """Count what this process serves, beside it, until it ends; with the other processes of this
    site if there is memory to share."""
    counter: Counter = app.extensions["counter"]
    counter.folder = memory if memory.is_dir() else None
    thread = Counting(app)
    Finalize(None, thread.end, exitpriority=0)  # a forked worker runs nothing else when it ends
    thread.start()
