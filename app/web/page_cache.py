"""Finished pages, kept in the memory of this process and given again.

A wrong price that is shown as fresh is the worst that a page can do, so a copy lives by two rules:
it ends when the board that it was made from has a newer version, which is looked up at most once
a second; and it ends after twenty seconds in any case, whatever stands on it.

It stands before the application: a copy costs no routing, no template and no question to the
database. Whoever asks for a page that somebody else is just having made waits for that one.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_etags, remove_entity_headers

from app.db.corridors import board_versions
from app.db.engine import Database
from app.domain.corridor import Corridor
from app.web import clock
from app.web.counting.seen import SEEN, Page, listed
from app.web.locale import LANGUAGES
from app.web.packing import accepted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

LIVES = timedelta(seconds=20)
"""How long a copy is given at most: what is printed of ages, and whether a price is fresh, may be
so much behind."""

LOOKED_UP = timedelta(seconds=1)
"""How often the versions of the boards are looked up at most."""

MOST, MOST_BYTES, LONGEST = 500, 32_000_000, 500
"""How many copies are kept, how many bytes they have together, and how long an address may be."""

PATIENCE, SOON = 10.0, 0.5
"""Seconds to wait for a page that somebody else is having made, and for the versions that somebody
else is looking up."""

ASKED = "huiswaarts.page_cache"
"""Where a request carries what its page will be kept under."""

NOT_KEPT = ("calculate",)
"""Pages with figures of a visitor's own: they are kept nowhere."""

Key = tuple[str, ...]
Versions = dict[Corridor, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it was sent. made: when, aware UTC; listed: the corridor whose list it is, None for
    any other page; versions: of the boards before it was made; seen: what there is to count of
    it."""

    body: bytes
    headers: list[tuple[str, str]]
    tag: str
    made: datetime
    listed: Corridor | None
    versions: Versions
    seen: Page | None = None

    def holds(self, now: datetime, versions: Versions) -> bool:
        if not timedelta(0) <= now - self.made < LIVES:
            return False
        if self.listed is None:
            return versions is self.versions or versions == self.versions
        return versions.get(self.listed) == self.versions.get(self.listed)


class PageCache:
    """A WSGI application around another one. Safe to use from several threads."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self._app = app
        self._inner = inner
        self._boards = Boards(app.extensions["database"])
        self._lock = Lock()
        self._copies: OrderedDict[Key, Copy] = OrderedDict()
        self._bytes = 0
        self._turns = Turns()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._inner(environ, start)
        found = self._find(key, self._now())
        if found is not None or environ["REQUEST_METHOD"] == "HEAD":
            return self._again(found, environ, start) if found else self._inner(environ, start)
        with self._turns.of(key):
            now = self._now()
            found = self._find(key, now)
            if found is not None:
                return self._again(found, environ, start)
            versions = self._boards.versions(now)
            if versions is not None:
                environ[ASKED] = (key, versions)
            return self._inner(environ, start)

    def keep(self, key: Key, copy: Copy) -> None:
        """Keep a copy, and let go of those that were asked for longest ago."""
        with self._lock:
            self._drop(key)
            self._copies[key] = copy
            self._bytes += len(copy.body)
            while len(self._copies) > MOST or self._bytes > MOST_BYTES:
                self._drop(next(iter(self._copies)))

    def _find(self, key: Key, now: datetime) -> Copy | None:
        with self._lock:
            found = self._copies.get(key)
        if found is None:
            return None
        versions = self._boards.versions(now)
        with self._lock:
            if versions is None or not found.holds(now, versions):
                if self._copies.get(key) is found:
                    self._drop(key)
                return None
            if key in self._copies:
                self._copies.move_to_end(key)
        return found

    def _drop(self, key: Key) -> None:
        gone = self._copies.pop(key, None)
        self._bytes -= len(gone.body) if gone else 0

    def _again(self, copy: Copy, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Send a copy; a page that is looked at counts, whoever made it."""
        now = self._now()
        headers = [*copy.headers, ("Age", str(max(0, int((now - copy.made).total_seconds()))))]
        body, status = copy.body, "200 OK"
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(copy.tag):
            remove_entity_headers(headers)
            body, status = b"", "304 NOT MODIFIED"
        start(status, headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return [b""]
        environ[SEEN] = copy.seen
        return [body]

    def _now(self) -> datetime:
        moment: datetime = self._app.extensions["clock"]()
        return moment


class Boards:
    """The versions of all boards, looked up at most once a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._looked_up: datetime | None = None
        self._versions: Versions | None = None

    def versions(self, now: datetime) -> Versions | None:
        """None if the database does not answer, or not soon: then no copy can be trusted."""
        if not self._lock.acquire(timeout=SOON):
            return None
        try:
            if self._looked_up is None or abs(now - self._looked_up) >= LOOKED_UP:
                before, self._versions, self._looked_up = self._versions, None, now
                with self._database.reading() as session:
                    found = board_versions(session)
                self._versions = before if found == before else found
        except SQLAlchemyError:
            log.warning("no copies of pages are given: the database does not answer", exc_info=True)
        finally:
            self._lock.release()
        return self._versions


@dataclass(slots=True)
class Turn:
    lock: Lock
    wanted: int = 0


class Turns:
    """Lets one at a time through for each key, and nobody wait for ever."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[Key, Turn] = {}

    @contextmanager
    def of(self, key: Key) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(key, Turn(Lock()))
            turn.wanted += 1
        mine = turn.lock.acquire(timeout=PATIENCE)
        try:
            yield
        finally:
            if mine:
                turn.lock.release()
            with self._lock:
                turn.wanted -= 1
                if not turn.wanted:
                    del self._turns[key]


def setup(app: Flask) -> None:
    if app.extensions["settings"].page_cache:
        app.extensions["page_cache"] = cache = PageCache(app, app.wsgi_app)
        app.wsgi_app = cache  # type: ignore[assignment, method-assign]


def keep(response: Response) -> None:
    """Keep the page of this request, if it is one that is the same for everybody."""
    asked = request.environ.get(ASKED)
    if asked is None or request.blueprint in NOT_KEPT or not _for_everybody(response):
        return
    key, versions = asked
    copy = Copy(
        body=response.get_data(),
        headers=list(response.get_wsgi_headers(request.environ)),
        tag=response.get_etag()[0] or "",
        made=clock.now(),
        listed=listed(),
        versions=versions,
        seen=request.environ.get(SEEN),
    )
    cache: PageCache = current_app.extensions["page_cache"]
    cache.keep(key, copy)


def _for_everybody(response: Response) -> bool:
    """A good page of HTML that depends on nothing but its address and how it is packed."""
    control = response.cache_control
    return (
        response.status_code == HTTPStatus.OK
        and response.mimetype == "text/html"
        and not response.is_streamed
        and bool(control.public)
        and not (control.no_store or control.private or control.no_cache)
        and "Set-Cookie" not in response.headers
        and {name.lower() for name in response.vary} <= {"accept-encoding"}
    )


def _key(environ: WSGIEnvironment) -> Key | None:
    """What a page depends on; None for what is never kept: all that is no page of a language."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if path[1:3] not in LANGUAGES or path[3:4] != "/" or len(path) + len(query) > LONGEST:
        return None
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        path,
        query,
        accepted(environ.get("HTTP_ACCEPT_ENCODING", "")),
    )
