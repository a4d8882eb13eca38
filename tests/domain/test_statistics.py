"""What a firm is told of how it was seen tells of no reader."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics import (
    Line,
    Seen,
    Told,
    split,
    sums,
    totals,
    weeks_told,
)
from app.domain.suppression import LEAST, Hidden
from tests.small_numbers import MONDAY, judge, visits

BEFORE = MONDAY - timedelta(weeks=1)


def seen(name: str, shown: int, clicks: int = 0, places: int = 0, week: date = MONDAY) -> Seen:
    return Seen(week, name, shown, places or shown, clicks)


def test_only_weeks_that_are_over_are_told() -> None:
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)
    assert weeks_told(sunday) == (date(2026, 8, 17), date(2026, 11, 9))
    assert weeks_told(monday) == (date(2026, 8, 24), date(2026, 11, 16))


def test_numbers_are_rounded_and_small_ones_hidden() -> None:
    lines = split([seen("MA", 34, 14, places=70), seen("SR", 5, 1), seen("PH", 6, 2)])
    assert [(one.name, one.shown.count, one.clicks.count, one.place) for one in lines] == [
        ("MA", 30, None, Decimal("2.1")),
        ("PH", None, None, None),
        ("SR", None, None, None),
    ]
    (total,) = totals([seen("MA", 34, 14, places=70), seen("SR", 5, 1)])
    assert (total.shown.count, total.clicks.count, total.place) == (40, 20, Decimal("1.9"))


def test_one_small_number_hides_the_next_larger_one() -> None:
    lines = {one.name: one.shown for one in split([seen("MA", 34), seen("SR", 12), seen("PH", 6)])}
    assert lines == {
        "MA": Told(30),
        "SR": Told(None, Hidden.BESIDE),
        "PH": Told(None, Hidden.UNDER),
    }


def test_nothing_is_nothing_and_few_are_under_ten() -> None:
    (line,) = totals([seen("MA", 9, 0)])
    assert (line.shown, line.clicks, line.place) == (Told(None, Hidden.UNDER), Told(0), None)
    assert (totals([]), split([]), sums([])) == ([], [], [])


def test_a_sum_holds_what_was_told_and_nothing_else() -> None:
    lines = split(
        [seen("MA", 34), seen("MA", 9, week=BEFORE), seen("SR", 50, week=BEFORE), seen("PH", 40)]
    )
    assert [(one.name, one.shown, one.left_out) for one in sums(lines)] == [
        ("PH", 40, 0),
        ("MA", 30, 1),
        ("SR", None, 1),
    ]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 2), st.sampled_from("ABCDE"), st.sampled_from("xyz")),
        st.tuples(st.integers(1, 40), st.integers(0, 12)),
        max_size=25,
    )
)
def test_no_two_numbers_leave_fewer_than_ten(
    drawn: dict[tuple[int, str, str], tuple[int, int]],
) -> None:
    truth = {
        (MONDAY + timedelta(weeks=week), where, tongue): Seen(
            MONDAY + timedelta(weeks=week), "", shown, shown, min(shown, clicks)
        )
        for (week, where, tongue), (shown, clicks) in drawn.items()
    }
    for what in ("shown", "clicks"):
        found = judge(truth, what)
        assert found.leaks == []
        assert found.smallest >= LEAST


@pytest.mark.parametrize("what", ["shown", "clicks"])
def test_all_pairs_of_many_visits(what: str) -> None:
    found = judge(visits(20_000), what)
    assert found.leaks == []
    assert found.smallest >= LEAST
    assert found.pairs > 1000


def naive(parts: list[Seen]) -> list[Line]:
    """Hides what is small, and nothing beside it."""
    found: dict[tuple[date, str], Seen] = {}
    for one in parts:
        was = found.get((one.week, one.name), Seen(one.week, one.name, 0, 0, 0))
        shown, clicks = was.shown + one.shown, was.clicks + one.clicks
        found[one.week, one.name] = Seen(one.week, one.name, shown, 0, clicks)

    def told(count: int) -> Told:
        return Told(count) if count == 0 or count >= LEAST else Told(None, Hidden.UNDER)

    return [
        Line(one.week, one.name, told(one.shown), told(one.clicks), None) for one in found.values()
    ]


def test_the_test_finds_what_hiding_small_numbers_alone_gives_away() -> None:
    truth = {
        (MONDAY, "A", "x"): Seen(MONDAY, "", 30, 30, 0),
        (MONDAY, "B", "x"): Seen(MONDAY, "", 3, 3, 0),
    }
    assert judge(truth, "shown", naive).leaks
    assert not judge(truth, "shown").leaks
