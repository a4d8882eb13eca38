"""How old a price is, in words: "12 minutes ago", "5 hours ago", or its day.

Rounded up, so that no price looks younger than it is. A page may be kept for a minute
(app/web/pages.py), and so may these words.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from babel.dates import format_timedelta
from flask import Flask

from app.domain.ladder import Answer
from app.domain.quote import Age, Precision, Price
from app.web import clock, locale
from app.web.locale import day, observed

HOURS_FROM = 2
"""From how many hours on hours are counted, and no more minutes."""


def setup(app: Flask) -> None:
    app.jinja_env.filters.update(
        ago=ago, when=when, answer_when=answer_when, moment=moment, span=span
    )
    app.jinja_env.globals.update(made_at=made_at)


def ago(at: datetime) -> str:
    """ "12 minutes ago"; the day if it is longer than a day ago. A time to come is now."""
    passed = clock.now() - at
    if passed > timedelta(days=1):
        return day(at)
    minutes = max(1, ceil(passed / timedelta(minutes=1)))
    whole = minutes if minutes < HOURS_FROM * 60 else ceil(minutes / 60) * 60
    return format_timedelta(
        timedelta(minutes=-whole),
        granularity="minute",
        threshold=HOURS_FROM,
        add_direction=True,
        locale=locale.locale(),
    )


def when(price: Price) -> str:
    """How long ago a price was true; its day or quarter if it is dated."""
    if price.age(clock.now()) is Age.DATED:
        return observed(price.observed)
    return ago(price.observed.at)


def answer_when(answer: Answer) -> str:
    """Of its oldest part: an estimate is no fresher than either of the prices around it."""
    return when(min(answer.rungs, key=lambda rung: rung.observed.at))


def moment(price: Price) -> str:
    """The exact time, "20 November 2026, 12:05 UTC", as far as it is known."""
    if price.observed.precision is not Precision.INSTANT:
        return observed(price.observed)
    return locale.moment(price.observed.at)


def made_at() -> str:
    """When this page was made, as `moment` writes it."""
    return locale.moment(clock.now())


def span(minutes: int) -> str:
    """A length of time: "15 minutes", "7 days"."""
    length = timedelta(minutes=minutes)
    return format_timedelta(length, granularity="minute", locale=locale.locale())
