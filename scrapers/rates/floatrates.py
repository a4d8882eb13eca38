"""FloatRates: mid rates of some 150 currencies, once a day. See docs/sources/floatrates.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.domain.midrate import MidReading
from app.domain.money import EXACT
from scrapers.contract import Budget, Http, Stance, Terms, Trouble, Unreadable
from scrapers.fields import Field, fields
from scrapers.strict import an_object, in_use, mail_time, rate

SLUG = "floatrates"
SITE = "https://www.floatrates.com/"
AUTHORITY = "floatrates"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "a feed for anybody to use; no terms were found")
BUDGET = Budget(per_hour=1, gap=60, interval=timedelta(hours=3))

URL = "https://www.floatrates.com/daily/eur.json"
ROUNDING = Decimal("0.001")


def fetch(http: Http) -> list[MidReading]:
    """Every rate of the day, in currencies in use today. Raises SourceError."""
    answer = fields(http.get(URL))
    codes = an_object(answer.value, URL)
    readings = [_reading(key.upper(), answer[key]) for key in codes if in_use(key.upper())]
    if not readings:
        raise Unreadable(f"{URL}: no currency in use today is in it")
    return readings


def _reading(code: str, entry: Field) -> MidReading:
    entry["code"].echoes(code)
    per_euro = rate(entry["rate"].number(), entry["rate"].path)
    there_and_back = EXACT.multiply(per_euro, entry["inverseRate"].number())
    if abs(there_and_back - 1) > ROUNDING:
        message = f"{entry.path}: rate x inverseRate is {there_and_back:.4f}, not 1"
        raise Unreadable(message, Trouble.CONTRADICTION)
    observed_at = mail_time(entry["date"].value, entry["date"].path)
    return MidReading(SLUG, AUTHORITY, code, per_euro, observed_at)
