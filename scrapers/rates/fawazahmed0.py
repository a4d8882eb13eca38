"""fawazahmed0/exchange-api: mid rates of one euro in some 340 currencies, coins and metals.

Source   one JSON file a day: {"date": "2026-09-29", "eur": {"usd": 1.136, ...}}, at two
         addresses of the same publisher
Units    units of the currency per 1 EUR; codes in lower case
Quirks   it does not say where its rates come from, so it vouches for itself only. Coins,
         metals and currencies no longer in use are left out. It says the day and no time:
         the rates count as of its first minute, so that they never look younger than they are
Licence  CC0, public domain
Checked  2026-11-20
"""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.midrate import MidReading
from scrapers.contract import Budget, Http, Reply, Stance, Terms, Unreadable
from scrapers.fallback import first_of
from scrapers.strict import an_object, day_at, in_use, json_object, rate

SLUG = "fawazahmed0"
SITE = "https://github.com/fawazahmed0/exchange-api"
AUTHORITY = "fawazahmed0"
TERMS = Terms(Stance.GREEN, date(2026, 11, 20), "CC0: no rights reserved, no key, no rate limit")
BUDGET = Budget(per_hour=4, gap=5, interval=timedelta(hours=3))

URL = "https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@latest/v1/currencies/eur.json"
OTHER_URL = "https://latest.currency-api.pages.dev/v1/currencies/eur.json"


def fetch(http: Http) -> list[MidReading]:
    """Every rate of the newest day, from whichever address answers. Raises SourceError."""
    return read(first_of(http, URL, OTHER_URL))


def read(reply: Reply) -> list[MidReading]:
    """Every rate in the reply, in currencies in use today. Raises Unreadable."""
    answer = json_object(reply)
    observed_at = day_at(answer.get("date"), 0, f"{reply.url}, date")
    readings = [
        MidReading(SLUG, AUTHORITY, code.upper(), rate(found, f"{reply.url}, {code}"), observed_at)
        for code, found in an_object(answer.get("eur"), f"{reply.url}, eur").items()
        if in_use(code.upper())
    ]
    if not readings:
        raise Unreadable(f"{reply.url}: no currency in use today is in it")
    return readings
