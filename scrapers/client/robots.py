"""robots.txt as RFC 9309 has it: read before a host's first request, and obeyed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from protego import Protego

from scrapers.client.evidence import shown
from scrapers.contract import Refused, Trouble

GOOD_FOR = timedelta(hours=24).total_seconds()
FAILED_FOR = timedelta(minutes=10).total_seconds()
MOST_BYTES = 1_000_000
"""That a file may have; the RFC wants 500 KiB at least to be read."""

NO_RULES = frozenset(range(400, 500)) - {429}
"""Answers that say that there is no such file."""

MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """failed  why they could not be read, in which case nothing is allowed; "" if they were"""

    parsed: Protego
    failed: str
    until: float


class RuleBook:
    """The rules of one host, kept for a day; that they could not be read, for ten minutes."""

    def __init__(self, host: str, monotonic: Callable[[], float]) -> None:
        self._host, self._monotonic = host, monotonic
        self._lock = threading.Lock()
        self._rules: Rules | None = None

    def check(self, url: str, agent: str, read: Callable[[], str]) -> float:
        """The crawl delay in seconds. `read` fetches robots.txt; what it raises is passed on,
        save for Unruly. Raises Refused if `url` may not be asked for."""
        with self._lock:
            if self._rules is None or self._rules.until <= self._monotonic():
                self._rules = self._fresh(read)
            rules = self._rules
            if rules.failed:
                raise Refused(
                    f"robots.txt of {self._host} could not be read, so nothing is asked: "
                    f"{rules.failed}",
                    Trouble.ROBOTS,
                    timedelta(seconds=rules.until - self._monotonic()),
                )
            if not rules.parsed.can_fetch(url, agent):
                raise Refused(
                    f"robots.txt of {self._host} does not allow {shown(url)}", Trouble.ROBOTS
                )
            return rules.parsed.crawl_delay(agent) or 0.0

    def _fresh(self, read: Callable[[], str]) -> Rules:
        try:
            text = read()
        except Unruly as error:
            return Rules(Protego(), str(error), self._monotonic() + FAILED_FOR)
        return Rules(Protego.parse(text), "", self._monotonic() + GOOD_FOR)


class Unruly(Exception):
    """The host is there, but whether there are rules it does not say."""
