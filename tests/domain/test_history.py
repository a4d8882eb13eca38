"""What sending cost, day by day and round by round: what counts on which day, and what joins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median as known_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison import Question, compare
from app.domain.history import (
    AMOUNTS,
    Average,
    Basis,
    Day,
    Stretch,
    by_amount,
    by_day,
    firm_rates,
    median,
    steps,
)
from app.domain.ladder import Ladder
from app.domain.provider import ProviderStatus
from app.domain.quote import Age, Cost, Observed, Origin
from app.domain.ranking import Priority
from tests.db.made import SERVICE, price
from tests.domain.strategies import MOROCCO, NOW, dirham, euro, provider

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
CENTS = st.decimals(Decimal(-50), Decimal(50), places=4)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


def cost(percent: str) -> Cost:
    """Of 200 euro, that much of it lost, half of it in a fee."""
    lost = Decimal(200) * Decimal(percent) / 100
    received = dirham(str((200 - lost) * 10))
    return Cost(euro("200"), euro(str(max(lost, Decimal(0)) / 2)), received, Decimal(10))


def stretch(
    service: int, percent: str, first: int, last: int | None = None, **other: object
) -> Stretch:
    made = Stretch(
        service_id=service,
        provider=f"firm-{service}",
        source="wise",
        via="",
        origin=Origin.LIVE,
        since=at(first),
        until=at(last or first),
        cost=cost(percent),
    )
    return replace(made, **other)  # type: ignore[arg-type]


def test_a_price_counts_on_every_day_that_it_was_seen() -> None:
    found = by_day([stretch(1, "2", 3, 5), stretch(2, "1", 5)], FIRST, LAST)
    assert found == [
        Day(date(2026, 11, 3), Decimal(2), None, 1),
        Day(date(2026, 11, 4), Decimal(2), None, 1),
        Day(date(2026, 11, 5), Decimal(1), None, 2),
    ]


def test_a_day_on_which_nothing_was_seen_is_not_there() -> None:
    found = by_day([stretch(1, "2", 3), stretch(1, "2", 6)], FIRST, LAST)
    assert [one.day.day for one in found] == [3, 6]


def test_the_last_price_of_a_day_counts_and_the_way_counts_once() -> None:
    early = stretch(1, "1", 3, since=at(3, 8), until=at(3, 9))
    late = stretch(1, "4", 3, since=at(3, 20), until=at(3, 21))
    (found,) = by_day([late, early], FIRST, LAST)
    assert (found.cheapest, found.ways) == (Decimal(4), 1)


@pytest.mark.parametrize("origin", [Origin.SURVEY, Origin.TARIFF, Origin.SHOPPED])
def test_what_is_not_looked_at_again_is_of_its_own_day(origin: Origin) -> None:
    found = by_day([stretch(1, "2", 3, 9, origin=origin)], FIRST, LAST)
    assert [one.day.day for one in found] == [3]


def test_what_others_tell_is_left_out_where_the_firm_tells_its_own() -> None:
    own = stretch(1, "3", 4, 5)
    told = stretch(2, "1", 3, 4, provider="firm-1", via="wise")
    found = by_day([own, told], FIRST, LAST)
    assert [(one.day.day, one.cheapest) for one in found] == [
        (3, Decimal(1)),
        (4, Decimal(3)),
        (5, Decimal(3)),
    ]


def test_an_old_survey_of_a_firm_hides_nothing_that_is_told_live() -> None:
    survey = stretch(1, "3", 3, origin=Origin.SURVEY)
    (found,) = by_day([survey, stretch(2, "1", 3, provider="firm-1", via="wise")], FIRST, LAST)
    assert found.cheapest == 1


def test_days_outside_the_question_do_not_count() -> None:
    long = stretch(1, "2", 1, since=at(-500), until=at(400))
    found = by_day([long], FIRST, LAST)
    assert (found[0].day, found[-1].day, len(found)) == (FIRST, LAST, 30)


def test_of_fewer_than_three_ways_none_is_the_middle_one() -> None:
    ways = [stretch(number, str(number), 3) for number in (1, 2, 4)]
    assert by_day(ways[:2], FIRST, LAST)[0].median is None
    assert by_day(ways, FIRST, LAST)[0].median == 2


def test_a_day_on_which_a_fifth_of_the_ways_was_lost_sight_of_is_left_out() -> None:
    """A source was silent from the 4th to the 5th, and eight ways cost the same after it."""
    changed = [stretch(1, "1", 2, 3), stretch(1, "2", 6), stretch(2, "1", 2, 3), stretch(2, "2", 6)]
    same = [stretch(number, "9", 2, 6) for number in range(3, 11)]
    found = by_day([*changed, *same], FIRST, LAST)
    assert [one.day.day for one in found] == [2, 3, 6]


@pytest.mark.parametrize("change", [{}, {"ended": True}])
def test_one_way_that_was_away_leaves_no_day_out(change: dict[str, object]) -> None:
    away = [stretch(1, "1", 2, 3, **change), stretch(1, "2", 6)]
    same = [stretch(number, "9", 2, 6) for number in range(2, 7)]
    found = by_day([*away, *same], FIRST, LAST)
    assert [one.day.day for one in found] == [2, 3, 4, 5, 6]


def test_a_way_that_was_not_offered_for_a_time_was_not_lost_sight_of() -> None:
    away = [stretch(1, "1", 2, 3, ended=True), stretch(1, "2", 6)]
    found = by_day([*away, stretch(2, "3", 2, 6)], FIRST, LAST)
    assert [one.day.day for one in found] == [2, 3, 4, 5, 6]


def test_nothing_seen_is_no_day() -> None:
    assert by_day([], FIRST, LAST) == []


@given(st.lists(CENTS, min_size=1, max_size=9))
def test_the_median_is_the_middle_one(values: list[Decimal]) -> None:
    found = median(values)
    assert found == known_median(values)
    assert min(values) <= found <= max(values)
    assert sum(one <= found for one in values) * 2 >= len(values)
    assert sum(one >= found for one in values) * 2 >= len(values)


@given(st.lists(CENTS, min_size=1, max_size=9), CENTS)
def test_the_median_moves_with_all_values(values: list[Decimal], more: Decimal) -> None:
    assert median([one + more for one in values]) == median(values) + more


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="no middle"):
        median([])


@given(
    st.lists(
        st.tuples(st.integers(1, 3), CENTS, st.integers(1, 30), st.integers(0, 9)), max_size=12
    )
)
def test_the_cheapest_is_never_dearer_than_the_middle_one(
    rows: list[tuple[int, Decimal, int, int]],
) -> None:
    made = [stretch(number, str(one), day, day + more) for number, one, day, more in rows]
    found = by_day(made, FIRST, LAST)
    assert [one.day for one in found] == sorted({one.day for one in found})
    for one in found:
        assert 1 <= one.ways <= 3
        assert one.median is None or one.cheapest <= one.median
        assert any(
            a.cost.total_percent == one.cheapest and a.days()[0] <= one.day <= a.days()[1]
            for a in made
        )


def test_a_step_lasts_until_the_next_price_begins() -> None:
    first = stretch(1, "2", 3, since=at(3, 8), until=at(3, 11))
    second = stretch(1, "3", 3, since=at(3, 12), until=at(3, 18))
    one, two = steps([second, first])
    assert (one.since, one.until, one.joined) == (at(3, 8), at(3, 12), False)
    assert (two.since, two.until, two.joined) == (at(3, 12), at(3, 18), True)


@pytest.mark.parametrize("other", [{"ended": True}, {"until": at(3)}])
def test_no_step_leads_over_a_time_without_a_price(other: dict[str, object]) -> None:
    one, two = steps([replace(stretch(1, "2", 3, 5), **other), stretch(1, "3", 6)])  # type: ignore[arg-type]
    assert (one.until, two.joined) == (other.get("until", at(5)), False)


def test_without_a_stretch_there_is_no_step() -> None:
    assert steps([]) == []


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [("2016_4Q", "2017_1Q", 1), ("2017_1Q", "2017_2Q", 1), ("2025_1Q", "2025_3Q", 2)],
)
def test_quarters_are_counted_on_over_new_year(before: str, after: str, apart: int) -> None:
    two = [Average("NL", "MA", one, Basis.PUBLISHED, Decimal(6)) for one in (before, after)]
    assert two[1].quarter - two[0].quarter == apart


def ladder(slug: str, fee: str, *rungs: str, age: timedelta = timedelta(0)) -> Ladder:
    service = replace(SERVICE, provider=slug)
    made = [price(service, fee=fee, rung=rung, at=NOW - age) for rung in rungs]
    return Ladder(made)


FIRMS = {slug: provider(slug) for slug in ("a", "b", "c", "d")}


def test_cost_by_amount_has_the_cheapest_and_the_middle_one() -> None:
    ladders = [
        ladder(slug, fee, "10", "3000") for slug, fee in (("a", "1"), ("b", "2"), ("c", "4"))
    ]
    found = by_amount(MOROCCO, ladders, FIRMS, NOW)
    assert [one.amount.amount for one in found.amounts] == list(AMOUNTS)
    assert found.age is Age.FRESH
    for one in found.amounts:
        assert one.cheapest
        assert one.middle
        assert (one.cheapest.provider.slug, one.middle.provider.slug) == ("a", "b")
        assert not one.cheapest.answer.exact
    small, large = found.amounts[0].cheapest, found.amounts[-1].cheapest
    assert small
    assert large
    assert small.answer.cost.total_percent > large.answer.cost.total_percent


def test_where_no_price_is_known_there_is_none() -> None:
    found = by_amount(MOROCCO, [ladder("a", "1", "100", "300")], FIRMS, NOW)
    known = [one.amount.amount for one in found.amounts if one.cheapest]
    assert known == [Decimal(150), Decimal(200), Decimal(300)]
    assert all(one.middle is None for one in found.amounts)


def test_only_the_freshest_age_of_all_amounts_is_shown() -> None:
    """An old price at 20 euro must not stand in one line with a fresh one at 200."""
    old = ladder("a", "1", "10", "3000", age=timedelta(days=3))
    found = by_amount(MOROCCO, [old, ladder("b", "9", "100", "300")], FIRMS, NOW)
    assert found.age is Age.FRESH
    shown = {one.cheapest.provider.slug for one in found.amounts if one.cheapest}
    assert shown == {"b"}
    assert found.amounts[0].cheapest is None


def test_without_a_ladder_there_is_no_age() -> None:
    found = by_amount(MOROCCO, [], FIRMS, NOW)
    assert found.age is None
    assert all(one.cheapest is None for one in found.amounts)


def test_rates_of_firms_are_sorted_and_of_one_age() -> None:
    def of(slug: str, margin: str, age: timedelta = timedelta(0), variant: int = 1) -> Ladder:
        service = replace(SERVICE, provider=slug, variant=variant)
        made = price(service, margin=margin, fee="1")
        return Ladder([replace(made, observed=Observed(NOW - age))])

    ladders = [
        of("a", "0.03"),
        of("a", "0.05", variant=2),
        of("b", "-0.01"),
        of("c", "0"),
        of("d", "-0.09", timedelta(days=2)),
    ]
    question = Question(MOROCCO, euro("201"))
    ranked = compare(question, ladders, FIRMS, Priority.CHEAP, NOW).results
    found = [(one.provider.slug, one.percent) for one in firm_rates(ranked)]
    assert found == [("b", Decimal(-1)), ("c", Decimal(0)), ("a", Decimal(3))]


def test_a_closed_firm_has_no_rate() -> None:
    closed = {"a": provider("a", status=ProviderStatus.CLOSED)}
    question = Question(MOROCCO, euro("201"))
    ranked = compare(question, [ladder("a", "1", "200")], closed, Priority.CHEAP, NOW).results
    assert firm_rates(ranked) == []
