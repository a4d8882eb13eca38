"""Central Money Exchange, Paramaribo: what a euro costs in Surinamese dollars over the counter.
See docs/sources/cme_suriname.md.

A cash rate, and the only one of Suriname that a machine may read. The middle of what the
house buys and sells at takes part in the median like any other source: the feeds follow the
central bank's average of banks and exchange houses, of which this is one. It never counts for
more than one voice, and a mid rate that rests on it says so.
"""

from __future__ import annotations

from datetime import date, timedelta, timezone
from decimal import Decimal

from app.domain.midrate import MidReading
from app.domain.money import EXACT
from scrapers.contract import Budget, Http, Stance, Terms, Trouble, Unreadable
from scrapers.fields import Field, fields
from scrapers.strict import rate, time_like

SLUG = "cme_suriname"
SITE = "https://www.cme.sr/"
AUTHORITY = "cme_suriname"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "shown to anybody without a key; robots not read")
BUDGET = Budget(per_hour=2, gap=30, interval=timedelta(hours=1))

URL = "https://www.cme.sr/Home/GetTodaysExchangeRates/?BusinessDate=2016-07-25"
"""The date is the one that the site's own page sends; the answer is always of today."""

PARAMARIBO = timezone(timedelta(hours=-3))
"""Suriname has no summer time."""

TIME = "%d-%b-%Y %I:%M %p"
WIDEST = Decimal("0.05")
"""Between buying and selling, as a share of the middle; more leaves no rate to speak of."""


def fetch(http: Http) -> list[MidReading]:
    """The middle of today's buying and selling rates. Raises SourceError."""
    days = list(fields(http.post(URL)).each())
    if len(days) != 1:
        raise Unreadable(f"{URL}: {len(days)} days, where today was asked for")
    return [_reading(days[0])]


def _reading(day: Field) -> MidReading:
    buys, sells = _price(day, "BuyEuroExchangeRate"), _price(day, "SaleEuroExchangeRate")
    middle = EXACT.divide(EXACT.add(buys, sells), Decimal(2))
    if not 0 < sells - buys <= middle * WIDEST:
        message = f"{day.path}: a house does not buy at {buys} and sell at {sells}"
        raise Unreadable(message, Trouble.CONTRADICTION)
    said = f"{day['BusinessDate'].text()} {day['UpdatedTime'].text()}"
    observed_at = time_like(said, TIME, PARAMARIBO, day.path)
    return MidReading(SLUG, AUTHORITY, "SRD", middle, observed_at)


def _price(day: Field, name: str) -> Decimal:
    """Surinamese dollars for one euro."""
    return rate(day[name].number(), day[name].path)
