"""What may be told of how many the site served: counts go through suppression here, once for the
desk, its downloads and the commands alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.db import counting, sketches, traffic
from app.db.counting import Note
from app.domain import suppression
from app.domain.suppression import Total
from app.domain.traffic import (
    Dark,
    Period,
    Span,
    Whole,
    YearOfDevices,
    dark_times,
    heading,
    year_of_devices,
)

STILL_COUNTED = timedelta(minutes=5)
"""How far behind now counting is known to have run: what came last is judged and written first."""

TOLD = (Whole.VISITS, Whole.VIEWS, Whole.DEVICES, Whole.ANSWERS, Whole.CLICKS)


@dataclass(frozen=True, slots=True)
class Day:
    """One day, or one month of a year. None where a count is under ten; dark: minutes in which
    nothing was counted; is_dark: that is all of it."""

    first: date
    counts: dict[Whole, int | None]
    dark: int
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a period: the days or months in it, the sums of what is shown of them, and robots in
    percent of all that was asked for, None if that is nothing. since: when counting began; None if
    it never did."""

    period: Period
    days: list[Day]
    totals: dict[Whole, Total]
    robots: Total
    robots_percent: int | None
    dark: list[Dark]
    notes: Sequence[Note]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Year:
    """months: devices of each month that may be told; left_out: months with fewer than ten;
    first: devices whose first visit of the year fell into a month, None where under ten; days: on
    which was counted."""

    year: int
    devices: YearOfDevices
    months: dict[int, int]
    first: dict[int, int | None]
    left_out: int
    visits: Total
    visitor_days: Total
    days: int
    heading: tuple[int, int] | None


def figures(session: Session, period: Period, now: datetime) -> Figures:
    counts = {whole: _counts(session, period, whole, now) for whole in TOLD}
    gone = {whole: traffic.forgotten_total(session, period, whole) for whole in TOLD}
    since = counting.counting_since(session)
    dark = _dark(session, period, since, now)
    robots = [
        count
        for whole in (Whole.NAMED_ROBOTS, Whole.ROBOTS)
        for count in (
            *traffic.totals(session, period, whole).values(),
            traffic.forgotten_total(session, period, whole),
        )
    ]
    totals = {whole: suppression.total([*counts[whole].values(), gone[whole]]) for whole in TOLD}
    removed = suppression.total(robots)
    kept = sum(totals[whole].count for whole in (Whole.VIEWS, Whole.ANSWERS, Whole.CLICKS))
    asked = removed.count + kept
    return Figures(
        period=period,
        days=_days(period, counts, dark, since, now),
        totals=totals,
        robots=removed,
        robots_percent=round(removed.count * 100 / asked) if asked else None,
        dark=dark,
        notes=counting.notes(session, period.first, period.last),
        since=since,
    )


def year(session: Session, number: int, now: datetime) -> Year:
    whole_year = Period.of(Span.YEAR, date(number, 1, 1))
    months = _by_month(session, whole_year, Whole.MONTHS)
    firsts = _by_month(session, whole_year, Whole.YEARS)
    told = {month: count for month, count in months.items() if suppression.shown(count)}
    first = {month: suppression.shown(count) for month, count in firsts.items()}
    devices = year_of_devices(list(told.values()), sum(count or 0 for count in first.values()))
    visits = figures(session, whole_year, now)
    counted = _counted_days(session, whole_year)
    return Year(
        year=number,
        devices=devices,
        months=told,
        first=first,
        left_out=sum(1 for count in months.values() if suppression.shown(count) is None),
        visits=visits.totals[Whole.VISITS],
        visitor_days=visits.totals[Whole.DEVICES],
        days=counted,
        heading=heading(devices, counted, number),
    )


def _counts(session: Session, period: Period, whole: Whole, now: datetime) -> dict[date, int]:
    """By day. The devices of days that are not closed yet are estimated from their sketch."""
    found = traffic.totals(session, period, whole)
    if whole is Whole.DEVICES:
        for day in (now.date() - timedelta(days=1), now.date()):
            if period.first <= day <= period.last and day not in found:
                found[day] = sketches.devices_now(session, day) or 0
    return found


def _days(
    period: Period,
    counts: dict[Whole, dict[date, int]],
    dark: list[Dark],
    since: datetime | None,
    now: datetime,
) -> list[Day]:
    """Of a year the months, each the sum of what is shown of its days; else the days. None from
    before counting began, and none that are still to come."""
    if since is None:
        return []
    parts = [Period.of(Span.DAY, day) for day in period]
    if period.span is Span.YEAR:
        parts = [Period.of(Span.MONTH, date(period.first.year, month, 1)) for month in range(1, 13)]
    return [
        _day(part, counts, dark, Dark(since, now))
        for part in parts
        if since.date() <= part.last and part.first <= now.date()
    ]


def _day(
    part: Period, counts: dict[Whole, dict[date, int]], dark: list[Dark], counted: Dark
) -> Day:
    minutes = sum(_minutes_in(part, one) for one in dark)
    late = STILL_COUNTED / timedelta(minutes=1)
    return Day(
        first=part.first,
        counts={whole: _told(part, counts[whole]) for whole in TOLD},
        dark=minutes,
        is_dark=bool(minutes) and minutes + late >= _minutes_in(part, counted),
    )


def _told(part: Period, counts: dict[date, int]) -> int | None:
    """A month with nothing but days under ten is one itself."""
    total = suppression.total(counts.get(day, 0) for day in part)
    return None if total.left_out and not total.count else total.count


def _dark(session: Session, period: Period, since: datetime | None, now: datetime) -> list[Dark]:
    if since is None:
        return []
    start = max(_midnight(period.first), since)
    end = min(_midnight(period.after.first), (now - STILL_COUNTED).replace(second=0, microsecond=0))
    return dark_times(counting.alive_hours(session, start, end), start, end) if start < end else []


def _minutes_in(part: Period, dark: Dark) -> int:
    start = max(dark.start, _midnight(part.first))
    end = min(dark.end, _midnight(part.after.first))
    return Dark(start, end).minutes if start < end else 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _by_month(session: Session, period: Period, whole: Whole) -> dict[int, int]:
    months = dict(traffic.forgotten_months(session, period.first.year, whole))
    for day, count in traffic.totals(session, period, whole).items():
        months[day.month] = months.get(day.month, 0) + count
    return {month: months[month] for month in sorted(months)}


def _counted_days(session: Session, period: Period) -> int:
    start, end = _midnight(period.first), _midnight(period.after.first)
    return len({hour.date() for hour in counting.alive_hours(session, start, end)})
