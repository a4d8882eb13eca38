"""Asking the mid-rate sources."""

from __future__ import annotations

from collections.abc import Iterable

from app.db import rates
from app.db.engine import Database
from app.domain.midrate import MidReading
from scrapers.contract import Http, RateSource, SourceError


def ask_rates(http: Http, sources: Iterable[RateSource]) -> tuple[list[MidReading], list[str]]:
    """Every reading that could be had, and a sentence for each source that failed."""
    readings: list[MidReading] = []
    failures: list[str] = []
    for source in sources:
        try:
            readings += source.read(http.get(source.URL))
        except SourceError as error:
            failures.append(f"{source.SLUG}: {type(error).__name__}: {error}")
    return readings, failures


def collect_rates(
    database: Database, http: Http, sources: Iterable[RateSource]
) -> tuple[int, list[str]]:
    """Keep what the sources say: how many readings were new, and what failed.

    A source that fails leaves its older readings, and every other source, untouched.
    """
    readings, failures = ask_rates(http, sources)
    slugs = dict.fromkeys(reading.source for reading in readings)
    with database.writing() as session:
        new = sum(
            rates.add_readings(session, slug, [one for one in readings if one.source == slug])
            for slug in slugs
        )
    return new, failures
