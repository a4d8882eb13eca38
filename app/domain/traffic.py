"""How many the site served: what is counted, over which days, and what may be said of a year.

Nobody is followed, so the devices of a day and those of the next cannot be compared, and the days
do not add up to visitors. What can be said of a year is a range, and this is where it is made.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

GOAL = (50_000, 100_000)
"""Devices a year that the site is meant to serve, from and to."""

DEVICES_ERROR = 2
"""Percent that the devices of a day may be off by: the sketch's own error is 0.8 % for the most
part, the tests allow 2 %. Devices that share an address and an agent, or change address, come on
top of that."""

NOTICED = timedelta(minutes=5)
"""How long counting must have stood still to be told."""

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WHOLE_HOUR = (1 << 60) - 1
ENOUGH_DAYS = 28
"""Days of counting before anything is said of where a year is heading."""

DAYS_OF_WEEK = 7
KEPT_MONTHS = 25


class Subject(StrEnum):
    """What a count is of. One at a time: no two of them are ever counted together, but the firm
    and the place of a click, which say where on a page it was."""

    TOTAL = "total"
    PAGE = "page"
    CORRIDOR = "corridor"
    LANGUAGE = "language"
    ORIGIN = "origin"
    REFERRER = "referrer"
    CAMPAIGN = "campaign"
    CLICK = "click"


class Whole(StrEnum):
    """The totals of a day. An answer is a new list on a page that is open already; months and years
    are devices whose first visit of the month or the year it was."""

    VIEWS = "views"
    VISITS = "visits"
    ANSWERS = "answers"
    CLICKS = "clicks"
    DEVICES = "devices"
    MONTHS = "months"
    YEARS = "years"
    NAMED_ROBOTS = "named_robots"
    ROBOTS = "robots"


class Span(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class BadPeriod(ValueError):
    """What somebody wrote is no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in it, in UTC."""

    span: Span
    first: date
    last: date

    @classmethod
    def of(cls, span: Span, day: date) -> Period:
        """The one that this day is in."""
        if span is Span.DAY:
            return cls(span, day, day)
        if span is Span.WEEK:
            first = day - timedelta(days=day.weekday())
            return cls(span, first, first + timedelta(days=DAYS_OF_WEEK - 1))
        if span is Span.MONTH:
            end = monthrange(day.year, day.month)[1]
            return cls(span, day.replace(day=1), day.replace(day=end))
        return cls(span, date(day.year, 1, 1), date(day.year, 12, 31))

    @classmethod
    def read(cls, span: str, day: str) -> Period:
        """As an address writes it: the name of a span and any day in it. Raises BadPeriod."""
        try:
            return cls.of(Span(span), date.fromisoformat(day))
        except (ValueError, OverflowError) as error:
            raise BadPeriod(f"{span!r} {day!r} is no period") from error

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        return Period.of(self.span, self.first - timedelta(days=1))

    @property
    def after(self) -> Period:
        return Period.of(self.span, self.last + timedelta(days=1))

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(self.days))


@dataclass(frozen=True, slots=True)
class YearOfDevices:
    """lower: the devices of the largest month, for each of them came in that year; point: devices
    whose first visit of the year was counted, which counts one again that lost its mark; upper: all
    months added up, as if nobody ever came back in another month."""

    lower: int
    point: int
    upper: int

    def __str__(self) -> str:
        return f"{self.lower}-{self.upper}"


def year_of_devices(months: Collection[int], first_of_year: int) -> YearOfDevices:
    """From what may be shown of each month and of the year. A mark that was lost on its way to us
    must not put the point outside of its own range."""
    lower, upper = max(months, default=0), sum(months)
    return YearOfDevices(lower, min(max(first_of_year, lower), max(upper, lower)), upper)


def heading(counted: YearOfDevices, days: int, year: int) -> tuple[int, int] | None:
    """Where a year is heading that was counted on this many days: at least what is there, at most
    as much each day as until now. That is too much if anything, for the longer a year is, the more
    of those who come have been before. None if it is too early to say."""
    if days < ENOUGH_DAYS:
        return None
    return counted.point, max(counted.point, counted.point * days_of(year) // days)


def days_of(year: int) -> int:
    return 366 if isleap(year) else 365


@dataclass(frozen=True, slots=True)
class Dark:
    """A time in which nothing was counted, aware UTC: the site or its counting did not run."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start) / MINUTE)


def dark_times(alive: Mapping[datetime, int], since: datetime, until: datetime) -> list[Dark]:
    """alive: hour, aware UTC -> a bit for each of its minutes in which counting ran. Both ends are
    whole minutes, UTC."""
    found: list[Dark] = []
    start: datetime | None = None
    at = since
    while at < until:
        hour = at.replace(minute=0)
        bits, end = alive.get(hour, 0), min(hour + HOUR, until)
        if bits in (0, WHOLE_HOUR):  # all of it is alike: no need to look at each minute
            start, at = _step(found, start, at, is_alive=bool(bits)), end
            continue
        while at < end:
            start = _step(found, start, at, is_alive=bool(bits >> at.minute & 1))
            at += MINUTE
    if start is not None:
        found.append(Dark(start, until))
    return [one for one in found if one.end - one.start >= NOTICED]


def _step(
    found: list[Dark], start: datetime | None, at: datetime, *, is_alive: bool
) -> datetime | None:
    """Where the darkness began that lasts beyond `at`, if it does."""
    if not is_alive:
        return start or at
    if start is not None:
        found.append(Dark(start, at))
    return None


def kept_since(day: date) -> date:
    """The first day of which more than the sum of its year is kept: twenty-five months back, and
    then from the first of a month."""
    months = day.year * 12 + day.month - 1 - KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)
