"""Asking the mid-rate sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.db import rates
from app.db.engine import Database, take_turn
from app.domain.midrate import MidReading
from scrapers.contract import Http, RateSource, SourceError, Unreadable


def ask_rates(http: Http, sources: Iterable[RateSource]) -> tuple[list[MidReading], list[str]]:
    """Every reading that could be had, and a sentence for each source that failed."""
    readings: list[MidReading] = []
    failures: list[str] = []
    for source in sources:
        try:
            readings += _once_each(source.URL, source.read(http.get(source.URL)))
        except SourceError as error:
            failures.append(f"{source.SLUG}: {type(error).__name__}: {error}")
    return readings, failures


def _once_each(url: str, readings: list[MidReading]) -> list[MidReading]:
    """Of two rates of one currency at one time, nobody can say which counts."""
    seen: set[tuple[str, datetime]] = set()
    for one in readings:
        if (one.currency, one.observed_at) in seen:
            raise Unreadable(f"{url}: {one.currency} is there twice")
        seen.add((one.currency, one.observed_at))
    return readings


def collect_rates(
    database: Database, http: Http, sources: Iterable[RateSource]
) -> tuple[int, list[str]]:
    """Keep what the sources say: how many readings were new, and what failed.

    A source that fails leaves its older readings, and every other source, untouched.
    """
    readings, failures = ask_rates(http, sources)
    slugs = dict.fromkeys(reading.source for reading in readings)
    with database.writing() as session:
        take_turn(session)
        new = sum(
            rates.add_readings(session, slug, [one for one in readings if one.source == slug])
            for slug in slugs
        )
    return new, failures
