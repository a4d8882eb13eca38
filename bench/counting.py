"""What counting costs a page view: in the request, and in the thread beside it.

The same page from memory is asked for through the gate that counts and without it, in rounds that
alternate. Then what came is judged and added up, with the firms of a long list, and written once.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from werkzeug.test import EnvironBuilder

from app.factory import create_app
from app.web.counting.counter import Counter
from app.web.counting.gate import Gate
from config import Settings

ROUNDS, PAGES = 9, 2000
PAGE = "/nl/send/nl/ma?pay=200"
LIMIT = 50
"""Microseconds that counting may cost a page view."""

READER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Mobile Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "br",
    "Accept-Language": "nl-NL,nl;q=0.9,en;q=0.8",
    "Referer": "https://www.forum.example/",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "cross-site",
}


def measure(database_url: str) -> dict[str, float | str]:
    app = create_app(Settings(database_url, "for measuring", "http://127.0.0.1:8000"))
    now = datetime.now(UTC)
    app.extensions["clock"] = lambda: now
    gate = app.wsgi_app
    assert isinstance(gate, Gate)  # noqa: S101 - else nothing is measured
    counter: Counter = app.extensions["counter"]
    counter.tick(now)
    environs = [_asked(number) for number in range(PAGES)]
    _rate(gate, environs)
    counter.finish(now)
    rates, beside = [], []
    for _round in range(ROUNDS):
        counted, bare = _rate(gate, environs), _rate(gate._inner, environs)  # noqa: SLF001
        rates.append((counted, bare))
        start = time.perf_counter()
        counter._sort(float("inf"), None)  # noqa: SLF001 - without the writing, once a minute
        beside.append((time.perf_counter() - start) / PAGES)
    start = time.perf_counter()
    counter.finish(now + timedelta(minutes=1))
    written = time.perf_counter() - start
    app.extensions["database"].engine.dispose()
    request = median(counted - bare for counted, bare in rates) * 1e6
    thread = median(beside) * 1e6
    return {
        "in the request, us": round(request, 1),
        "in the thread beside, us": round(thread, 1),
        "together, us": round(request + thread, 1),
        "limit, us": LIMIT,
        "page from memory, without": round(median(bare for _c, bare in rates) * 1e6, 1),
        "page from memory, ratio": round(median(c / bare for c, bare in rates), 2),
        "writing a minute, ms": round(written * 1000, 1),
    }


def _asked(number: int) -> dict[str, Any]:
    address = f"203.0.{number % 200}.{number % 250}"
    builder = EnvironBuilder(
        PAGE, headers=list(READER.items()), environ_overrides={"REMOTE_ADDR": address}
    )
    return builder.get_environ()


def _rate(application: Any, environs: list[dict[str, Any]]) -> float:
    """Seconds that a page takes."""
    start = time.perf_counter()
    for environ in environs:
        for _part in application(dict(environ), lambda _status, _headers: None):
            pass
    return (time.perf_counter() - start) / len(environs)
