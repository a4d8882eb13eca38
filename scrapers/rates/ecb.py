"""European Central Bank: today's euro foreign exchange reference rates. See docs/sources/ecb.md.

`ecb_history` reads the same rates of all days from the file that ships with the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element

from app.domain.midrate import MidReading
from scrapers.contract import Budget, Http, Reply, Stance, Terms, Unreadable
from scrapers.fallback import first_of
from scrapers.rates.ecb_history import PUBLISHED_HOUR
from scrapers.strict import day_at, in_use, rate, xml_root

SLUG = "ecb"
SITE = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates"
AUTHORITY = "ecb"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "free reuse, naming the European Central Bank")
BUDGET = Budget(per_hour=4, gap=5, interval=timedelta(hours=1))

URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
NINETY_DAYS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"
CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


def fetch(http: Http) -> list[MidReading]:
    """The newest day's rates; those of 90 days if only that file can be had. Raises
    SourceError."""
    return read(first_of(http, URL, NINETY_DAYS))


def read(reply: Reply) -> list[MidReading]:
    """Every rate of every day in the reply, in its order. Raises Unreadable."""
    cube = xml_root(reply).find(CUBE)
    days = cube.findall(CUBE) if cube is not None else []
    readings = [one for day in days for one in _day(reply.url, day)]
    if not readings:
        raise Unreadable(f"{reply.url}: no Cube with the rates of a day in it")
    seen: set[tuple[datetime, str]] = set()
    for one in readings:
        if (one.observed_at, one.currency) in seen:
            raise Unreadable(f"{reply.url}: {one.currency} is there twice on {one.observed_at:%F}")
        seen.add((one.observed_at, one.currency))
    return readings


def _day(url: str, day: Element) -> Iterator[MidReading]:
    said = day.get("time")
    observed_at = day_at(said, PUBLISHED_HOUR, f"{url}, Cube time")
    rates = day.findall(CUBE)
    if not rates:
        raise Unreadable(f"{url}, {said}: a day without rates")
    for cube in rates:
        code = cube.get("currency", "")
        if len(code) != len("USD"):
            raise Unreadable(f"{url}, {said}: {code[:40]!r} is no currency")
        if in_use(code):
            found = rate(cube.get("rate"), f"{url}, {said}, {code}")
            yield MidReading(SLUG, AUTHORITY, code, found, observed_at)
