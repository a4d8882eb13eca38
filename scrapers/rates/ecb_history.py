"""European Central Bank: euro foreign exchange reference rates, day by day.

Source   one CSV of all days since 1999: Date,USD,JPY,... with the newest day first
Units    units of the currency per 1 EUR
Quirks   working days only; N/A where the Bank gave no rate that day; the published file ends
         each line with a comma, hence a last column without a name. Currencies that were
         replaced since (SKK, HRK, ...) are left out
Time     the rates are set at about 14:15 and published at about 16:00 in Frankfurt: 15:00 UTC
         in winter and 14:00 in summer. All are stored as of 15:00 UTC: never before they were
         known, and one hour is less than anybody can tell from a daily rate
Licence  free reuse, if the European Central Bank is named as the source
Checked  2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from app.domain.midrate import MidReading
from scrapers.contract import Budget, Http, Reply, Stance, Terms, Unreadable
from scrapers.strict import day_at, in_use, rate, text

SLUG = "ecb_history"
SITE = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates"
AUTHORITY = "ecb"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "free reuse, naming the European Central Bank")
BUDGET = Budget(per_hour=1, gap=5, interval=timedelta(days=1))

URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.csv"

PUBLISHED_HOUR = 15
NO_RATE = {"N/A", ""}


def fetch(http: Http) -> list[MidReading]:
    return read(http.get(URL))


def read(reply: Reply) -> list[MidReading]:
    """Every rate of every day in the reply, newest day first. Raises Unreadable."""
    header, *rows = [_cells(line) for line in text(reply).splitlines()] or [[]]
    wanted = [(place, code) for place, code in enumerate(header) if in_use(code)]
    if header[:1] != ["Date"] or not wanted:
        raise Unreadable(f"{reply.url}, row 1: no column Date first and currencies after it")
    if len(dict(wanted)) != len({code for _, code in wanted}):
        raise Unreadable(f"{reply.url}, row 1: a currency has two columns")
    readings: list[MidReading] = []
    days: set[datetime] = set()
    for number, row in enumerate(rows, 2):
        where = f"{reply.url}, row {number}"
        observed_at = day_at(row[0], PUBLISHED_HOUR, f"{where}, Date")
        if observed_at in days:
            raise Unreadable(f"{where}: {row[0]} is there twice")
        days.add(observed_at)
        readings += _day(where, observed_at, row, wanted)
    if not readings:
        raise Unreadable(f"{reply.url}: no day with a rate in it")
    return readings


def _day(
    where: str, observed_at: datetime, row: list[str], wanted: list[tuple[int, str]]
) -> Iterator[MidReading]:
    if len(row) <= wanted[-1][0]:
        raise Unreadable(f"{where}: cut short after {len(row)} cells")
    for place, code in wanted:
        if row[place] not in NO_RATE:
            found = rate(row[place], f"{where}, {code}")
            yield MidReading(SLUG, AUTHORITY, code, found, observed_at)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(",")]
