"""Periods, the range of a year, where it is heading, and times in which nothing was counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.traffic import (
    GOAL,
    NOTICED,
    WHOLE_HOUR,
    BadPeriod,
    Dark,
    Period,
    Span,
    YearOfDevices,
    dark_times,
    heading,
    kept_since,
    year_of_devices,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.sampled_from(Span), DAYS)
def test_a_period_holds_its_day_and_its_neighbours_touch_it(span: Span, day: date) -> None:
    period = Period.of(span, day)
    assert period.first <= day <= period.last
    assert len(list(period)) == period.days
    assert period.before.last + timedelta(days=1) == period.first
    assert period.after.first - timedelta(days=1) == period.last
    assert period.before.after == period
    assert all(Period.of(span, one) == period for one in (period.first, period.last))


def test_a_week_begins_on_monday_and_a_month_ends_where_it_does() -> None:
    assert Period.of(Span.WEEK, date(2026, 11, 29)).first == date(2026, 11, 23)
    assert Period.of(Span.MONTH, date(2028, 2, 5)).last == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("span", "day"),
    [("hour", "2026-11-29"), ("day", "2026-13-01"), ("day", ""), ("", "2026-11-29"), ("day", "x")],
)
def test_what_is_no_period_is_refused(span: str, day: str) -> None:
    with pytest.raises(BadPeriod):
        Period.read(span, day)


@given(st.lists(st.integers(10, 50_000), max_size=12), st.integers(0, 200_000))
def test_the_range_of_a_year_holds_its_point(months: list[int], first: int) -> None:
    found = year_of_devices(months, first)
    assert found.lower == max(months, default=0)
    assert found.lower <= found.point <= max(found.upper, found.lower)
    assert found.upper == sum(months)


@given(
    st.lists(st.sets(st.integers(0, 300), max_size=80), min_size=1, max_size=12),
    st.floats(0, 0.4),
)
def test_the_true_number_of_devices_is_in_the_range(visitors: list[set[int]], lost: float) -> None:
    """Of devices that keep their mark, and of some that lose it each month."""
    keeps = {one for month in visitors for one in month if one % 100 >= lost * 100}
    seen: set[int] = set()
    first = 0
    for month in visitors:
        first += sum(1 for one in month if one not in seen)
        seen |= {one for one in month if one in keeps}
    found = year_of_devices([len(month) for month in visitors], first)
    true = len(set().union(*visitors))
    assert found.lower <= true <= found.upper
    assert found.point >= true or found.point == found.upper
    if not lost:
        assert found.point == true


def test_a_year_heads_somewhere_after_four_weeks() -> None:
    counted = YearOfDevices(3000, 5000, 6000)
    assert heading(counted, 27, 2026) is None
    assert heading(counted, 73, 2026) == (5000, 25_000)
    assert heading(counted, 365, 2026) == (5000, 5000)
    assert heading(counted, 366, 2028) == (5000, 5000)
    assert GOAL == (50_000, 100_000)


def slowly(alive: dict[datetime, int], since: datetime, until: datetime) -> list[Dark]:
    """The same, minute by minute."""
    found: list[Dark] = []
    at = since
    while at < until:
        start = at
        while at < until and not alive.get(at.replace(minute=0), 0) >> at.minute & 1:
            at += MINUTE
        if at - start >= NOTICED:
            found.append(Dark(start, at))
        at += MINUTE
    return found


@given(
    st.dictionaries(
        st.integers(0, 5), st.sampled_from([0, WHOLE_HOUR]) | st.integers(0, WHOLE_HOUR)
    ),
    st.integers(0, 100),
    st.integers(0, 360),
)
def test_dark_times_are_those_of_each_minute(hours: dict[int, int], start: int, end: int) -> None:
    alive = {MIDNIGHT + timedelta(hours=hour): bits for hour, bits in hours.items()}
    since, until = MIDNIGHT + start * MINUTE, MIDNIGHT + end * MINUTE
    assert dark_times(alive, since, until) == slowly(alive, since, until)


def test_a_short_stop_is_not_told_and_a_long_one_is() -> None:
    four = WHOLE_HOUR & ~(0b1111 << 10)
    six = WHOLE_HOUR & ~(0b111111 << 57)
    alive = {MIDNIGHT: four, MIDNIGHT + timedelta(hours=1): six & WHOLE_HOUR}
    until = MIDNIGHT + timedelta(hours=3)
    (found,) = dark_times(alive, MIDNIGHT, until)
    assert (found.start, found.end) == (MIDNIGHT + 117 * MINUTE, until)
    assert found.minutes == 63


@given(DAYS)
def test_days_are_kept_twenty_five_months(day: date) -> None:
    since = kept_since(day)
    assert since.day == 1
    assert (day.year - since.year) * 12 + day.month - since.month == 25
