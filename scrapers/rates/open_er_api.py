"""ExchangeRate-API's open endpoint: mid rates of some 160 currencies. See
docs/sources/open_er_api.md.

Every page that shows a rate which rests on it must link to https://www.exchangerate-api.com:
that is the condition for using it.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.midrate import MidReading
from scrapers.contract import Budget, Http, Reply, Stance, Terms, Unreadable
from scrapers.strict import an_object, in_use, json_object, rate, unix_time

SLUG = "open_er_api"
SITE = "https://www.exchangerate-api.com"
AUTHORITY = "open_er_api"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "open to all without a key, with a link to it")
BUDGET = Budget(per_hour=1, gap=60, interval=timedelta(hours=3))

URL = "https://open.er-api.com/v6/latest/EUR"
ERRORS = (404,)
"""Statuses that may come with an answer in JSON that says what was wrong."""


def fetch(http: Http) -> list[MidReading]:
    """Every rate of the day, as of its own time. Raises SourceError."""
    return read(http.get(URL, also=ERRORS))


def read(reply: Reply) -> list[MidReading]:
    """Every rate in the reply, in currencies in use today. Raises Unreadable."""
    answer = json_object(reply)
    if answer.get("result") != "success":
        said = str(answer.get("error-type"))[:40]
        raise Unreadable(f"{reply.url}: it answers with an error of its own: {said}")
    rates = an_object(answer.get("rates"), f"{reply.url}, rates")
    if (answer.get("base_code"), rates.get("EUR")) != ("EUR", 1):
        raise Unreadable(f"{reply.url}: not the rates of one euro")
    observed_at = unix_time(
        answer.get("time_last_update_unix"), f"{reply.url}, time_last_update_unix"
    )
    readings = [
        MidReading(SLUG, AUTHORITY, code, rate(found, f"{reply.url}, {code}"), observed_at)
        for code, found in rates.items()
        if in_use(code)
    ]
    if not readings:
        raise Unreadable(f"{reply.url}: no currency in use today is in it")
    return readings
