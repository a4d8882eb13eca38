"""How long a host is left alone: between two requests, after failures, and when it says so."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapers.client.robots import RuleBook
from scrapers.contract import Refused, SourceError, Trouble, Unreachable, Unreadable

LONGEST_WAIT = timedelta(hours=1)
"""What `Retry-After` may ask for."""

SHORT_WAIT = timedelta(seconds=10)
"""A wait that is sat out; longer ones are left to the next run."""

LONGEST_PAUSE = 120
"""Seconds that a request may wait for its turn; a host that wants more is asked another time."""

FAILURES = 5
FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(hours=1)
"""After so many failures in a row a host rests, twice as long after each failed try."""

RETRIES_PER_CALL = 0.1
MOST_SAVED = 3.0

SECONDS = re.compile(r"-?\d+", re.ASCII)


def retry_after(text: str | None, now: datetime) -> timedelta | None:
    """A `Retry-After` in any spelling, between nothing and an hour; None if it says nothing."""
    text = (text or "").strip()
    if SECONDS.fullmatch(text):
        seconds = int(text[:10])
        return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), LONGEST_WAIT)


def afresh(error: SourceError) -> SourceError:
    """The same error to raise again, without what hangs on the one that was raised."""
    return type(error)(str(error), error.trouble, error.wait)


class Timer:
    """Two clocks: one for people, and one that nobody can set, for what takes time."""

    def __init__(self, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self.now, self.monotonic = clock, monotonic

    def at(self, moment: float) -> datetime:
        """The time of day at a moment of the second clock, aware UTC."""
        return self.now() + timedelta(seconds=moment - self.monotonic())


class Breaker:
    """Keeps us from asking whom it is no use, or not welcome, to ask."""

    def __init__(self, name: str, timer: Timer) -> None:
        self.name, self._timer = name, timer
        self._until = 0.0
        self._error: SourceError | None = None
        self._failures = 0

    @property
    def until(self) -> datetime | None:
        """Until when `name` is left alone, aware UTC; None if it may be asked."""
        open_now = self._error is not None and self._until > self._timer.monotonic()
        return self._timer.at(self._until) if open_now else None

    def check(self) -> None:
        """Raises what closed the way, with the time until when."""
        until, error = self.until, self._error
        if until is None or error is None:
            return
        raise type(error)(
            f"{self.name} is left alone until {until:%Y-%m-%d %H:%M} UTC: {error}",
            error.trouble,
            until - self._timer.now(),
        )

    def leave(self, wait: timedelta, error: SourceError) -> None:
        """Never shortens what is left of a longer rest."""
        moment = self._timer.monotonic() + wait.total_seconds()
        if self.until is None or moment > self._until:
            self._until, self._error = moment, afresh(error)

    def heard(self, error: SourceError | None) -> None:
        """What came of a request. When a rest is over the next request is a probe: its failure
        means another, longer rest."""
        if isinstance(error, Unreachable | Unreadable):
            self._failures += 1
            if self._failures >= FAILURES:
                doubled = FIRST_REST * 2 ** min(self._failures - FAILURES, 10)
                self.leave(min(doubled, LONGEST_REST), error)
        else:
            self._failures = 0
        if error is not None and error.wait is not None and error.wait > SHORT_WAIT:
            self.leave(error.wait, error)


class Host:
    """One host as it is treated by everybody in this process."""

    def __init__(self, name: str, timer: Timer, sleep: Callable[[float], None]) -> None:
        self.name, self._timer, self._sleep = name, timer, sleep
        self.breaker = Breaker(name, timer)
        self.book = RuleBook(name, timer.monotonic)
        self._in_flight = threading.Lock()
        self._asked_at: float | None = None
        self._not_before = 0.0
        self._retries = 1.0

    @contextmanager
    def turn(self, gap: float) -> Iterator[None]:
        """The only request in flight to this host, `gap` seconds after the last one ended.
        Raises what the breaker says, and Refused if the host wants too long a pause."""
        with self._in_flight:
            self.breaker.check()
            pause = self._pause(gap)
            if pause > LONGEST_PAUSE:
                raise Refused(
                    f"{self.name} wants {pause:.0f} seconds between two requests",
                    Trouble.LIMITED,
                    timedelta(seconds=pause),
                )
            if pause > 0:
                self._sleep(pause)
            self._retries = min(self._retries + RETRIES_PER_CALL, MOST_SAVED)
            try:
                yield
            finally:
                self._asked_at = self._timer.monotonic()

    def heard(self, error: SourceError | None) -> None:
        """What came of a request. A short wait holds the next turn back; a long one opens the
        breaker."""
        self.breaker.heard(error)
        if error is not None and error.wait is not None and error.wait <= SHORT_WAIT:
            self._not_before = self._timer.monotonic() + error.wait.total_seconds()

    def may_retry(self) -> bool:
        """Takes one from what one call in ten saves up, with one to begin with."""
        if self._retries < 1:
            return False
        self._retries -= 1
        return True

    def _pause(self, gap: float) -> float:
        now = self._timer.monotonic()
        spaced = 0.0 if self._asked_at is None else self._asked_at + gap - now
        return max(spaced, self._not_before - now, 0.0)
