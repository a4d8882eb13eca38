"""Narodowy Bank Polski: mid rates of some 150 currencies in zloty. See docs/sources/nbp.md.

One euro in a currency is the mid rate of the euro over the mid rate of the currency, both of
the same day. A mid rate has four to eight places after the point, which leaves two digits for
a cheap currency: such a reading is marked CHECK_ONLY.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from app.domain.midrate import CHECK_ONLY, MidReading
from app.domain.money import EXACT
from scrapers.contract import Budget, Http, Stance, Terms, Unreadable
from scrapers.fields import Field, fields
from scrapers.strict import day_at, in_use, rate

SLUG = "nbp"
SITE = "https://nbp.pl/en/statistic-and-financial-reporting/rates/"
AUTHORITY = "nbp"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "a public interface of the central bank, no key")
BUDGET = Budget(per_hour=6, gap=5, interval=timedelta(hours=1))

URL = "https://api.nbp.pl/api/exchangerates/tables/A/?format=json"
WEEKLY = "https://api.nbp.pl/api/exchangerates/tables/B/?format=json"
ON_A_DAY = "https://api.nbp.pl/api/exchangerates/tables/A/{}/?format=json"

FINE = Decimal("0.001")
"""Half a unit of the last digit may be so much of the rate: margins of providers begin at
several times that."""

DIGITS = 12


def fetch(http: Http) -> list[MidReading]:
    """Table A, of every working day, and table B, of every Wednesday. Raises SourceError."""
    daily, weekly = _table(http, URL, "A"), _table(http, WEEKLY, "B")
    day = weekly["effectiveDate"].text()
    same_day = daily
    if day != daily["effectiveDate"].text():
        same_day = _table(http, ON_A_DAY.format(day), "A")
        same_day["effectiveDate"].echoes(day)
    euro = _euro(daily)
    zloty = MidReading(SLUG, AUTHORITY, "PLN", euro, _observed_at(daily))
    return [zloty, *_crosses(daily, euro), *_crosses(weekly, _euro(same_day))]


def _table(http: Http, url: str, name: str) -> Field:
    tables = list(fields(http.get(url)).each())
    if len(tables) != 1:
        raise Unreadable(f"{url}: {len(tables)} tables, where one was asked for")
    tables[0]["table"].echoes(name)
    _observed_at(tables[0])
    return tables[0]


def _observed_at(table: Field) -> datetime:
    """Its first minute: the table says the day only."""
    day = table["effectiveDate"]
    return day_at(day.value, 0, day.path)


def _euro(table: Field) -> Decimal:
    """Zloty per euro."""
    found = [row["mid"] for row in table["rates"].each() if row["code"].text() == "EUR"]
    if len(found) != 1:
        raise Unreadable(f"{table.path}.rates: {len(found)} rates of the euro")
    return rate(found[0].number(), found[0].path)


def _crosses(table: Field, euro: Decimal) -> list[MidReading]:
    readings = [
        _cross(row["code"].text(), row["mid"], euro, _observed_at(table))
        for row in table["rates"].each()
        if in_use(row["code"].text())
    ]
    if not readings:
        raise Unreadable(f"{table.path}.rates: no currency in use today")
    return readings


def _cross(code: str, mid: Field, euro: Decimal, observed_at: datetime) -> MidReading:
    zloty = mid.number()
    if zloty <= 0:
        raise Unreadable(f"{mid.path}: {zloty} is no rate")
    exact = EXACT.divide(euro, zloty)
    cross = rate(round(exact, DIGITS - 1 - exact.adjusted()), mid.path)
    half = Decimal(5).scaleb(int(zloty.as_tuple().exponent) - 1)
    authority = AUTHORITY if half <= EXACT.multiply(zloty, FINE) else CHECK_ONLY
    return MidReading(SLUG, authority, code, cross, observed_at)
