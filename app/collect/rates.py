"""Asking the mid-rate sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.db import rates
from app.db.engine import Database, take_turn
from app.domain.midrate import AHEAD, MidReading
from scrapers.contract import Http, RateSource, SourceError, Unreadable


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read. `str()` is shown to the operator."""

    slug: str
    error: SourceError

    def __str__(self) -> str:
        return f"{self.slug}: {type(self.error).__name__}: {self.error}"


def ask_rates(
    http: Http, sources: Iterable[RateSource], now: datetime | None = None
) -> tuple[list[MidReading], list[Failure]]:
    """Every reading that could be had, and what failed.

    now  aware UTC; None for the clock's
    """
    readings: list[MidReading] = []
    failures: list[Failure] = []
    for source in sources:
        try:
            found = source.fetch(http)
            _not_to_come(source.SITE, found, now or datetime.now(UTC))
            readings += _once_each(source.SITE, found)
        except SourceError as error:
            failures.append(Failure(source.SLUG, error))
    return readings, failures


def _not_to_come(site: str, readings: list[MidReading], now: datetime) -> None:
    """A rate of next year would stay the newest for a year, and all others lag behind it."""
    for one in readings:
        if one.observed_at - now > AHEAD:
            raise Unreadable(f"{site}: {one.currency} is of {one.observed_at:%F}, still to come")


def _once_each(site: str, readings: list[MidReading]) -> list[MidReading]:
    """Of two rates of one currency at one time, nobody can say which counts."""
    seen: set[tuple[str, datetime]] = set()
    for one in readings:
        if (one.currency, one.observed_at) in seen:
            raise Unreadable(f"{site}: {one.currency} is there twice")
        seen.add((one.currency, one.observed_at))
    return readings


def collect_rates(
    database: Database, http: Http, sources: Iterable[RateSource], now: datetime | None = None
) -> tuple[int, list[Failure]]:
    """Keep what the sources say: how many readings were new, and what failed.

    A source that fails leaves its older readings, and every other source, untouched.
    """
    readings, failures = ask_rates(http, sources, now)
    slugs = dict.fromkeys(reading.source for reading in readings)
    with database.writing() as session:
        take_turn(session)
        new = sum(
            rates.add_readings(session, slug, [one for one in readings if one.source == slug])
            for slug in slugs
        )
    return new, failures
