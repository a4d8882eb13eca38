"""Readers who are counted, and what was counted of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from werkzeug.test import TestResponse

from app.db import traffic
from app.db.engine import Database
from app.db.visits import visits_since
from app.domain.corridor import Corridor
from app.domain.traffic import Period, Span, Subject, Whole
from app.web.counting.counter import Counter
from tests.db.made import NOON
from tests.web.living import EXACT, Living

MINUTE = timedelta(minutes=1)
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
READER = {
    "User-Agent": AGENT,
    "Accept-Language": "nl",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
}
"""What a browser sends whose reader opens a page."""

DAY = NOON.date()
YEAR = Period.of(Span.YEAR, DAY)


def look(
    site: Living, address: str = f"/nl{EXACT}", who: str = "203.0.113.7", **headers: str
) -> TestResponse:
    """Somebody at this address opens a page; a header is written with underscores."""
    given = READER | {name.replace("_", "-"): value for name, value in headers.items()}
    client = site.app.test_client(use_cookies=False)  # else a Cookie header is dropped
    response = client.get(address, headers=given, environ_base={"REMOTE_ADDR": who})
    assert response.status_code < 500
    response.close()
    return response


def counter_of(site: Living) -> Counter:
    found: Counter = site.app.extensions["counter"]
    return found


def settle(site: Living, after: datetime | None = None) -> None:
    """Two minutes pass: what came is judged and written."""
    now: datetime = (after or site.app.extensions["clock"]()) + 2 * MINUTE
    site.at(now)
    counter_of(site).tick(now)


def whole(database: Database, what: Whole, day: date = DAY) -> int:
    with database.reading() as session:
        return traffic.totals(session, YEAR, what).get(day, 0)


def by_name(database: Database, subject: Subject, period: Period = YEAR) -> dict[str, int]:
    with database.reading() as session:
        return traffic.counts_of(session, period, subject)


def corridors(site: Living, since: date = date(2026, 1, 1)) -> dict[Corridor, int]:
    """As the plan of collecting sees them."""
    with site.database.reading() as session:
        return visits_since(session, since)
