"""The sample: drawn by risk and reach, the same again from its seed, no service twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.shopping_sample import (
    HIGH,
    LOW,
    POINTS,
    VISIT_WEIGHT,
    Candidate,
    Risk,
    draw,
    is_over,
    price_points,
    quarter_of,
)

PLAIN = Candidate(1, LOW, HIGH, frozenset(), 0)
RUNGS = st.sampled_from([(LOW, HIGH), (LOW, None), (None, HIGH)])
LINES = st.lists(
    st.builds(
        lambda number, rungs, risks, visits: Candidate(number, rungs[0], rungs[1], risks, visits),
        st.integers(1, 10_000),
        RUNGS,
        st.frozensets(st.sampled_from(Risk)),
        st.integers(0, 100_000),
    ),
    unique_by=lambda one: one.service_id,
    max_size=60,
)
SEEDS = st.text(max_size=64)


def line(*risks: frozenset[Risk], visits: tuple[int, ...] = ()) -> list[Candidate]:
    return [
        replace(PLAIN, service_id=place, risks=risk, visits=visits[place] if visits else 0)
        for place, risk in enumerate(risks)
    ]


@given(LINES, SEEDS, st.integers(1, 80))
def test_each_service_is_drawn_once_and_at_an_amount_that_it_has(
    candidates: list[Candidate], seed: str, size: int
) -> None:
    drawn = draw(candidates, seed, size)
    known = {one.service_id: one for one in candidates}
    assert len(drawn) == min(size, len(candidates))
    assert len({one.service_id for one in drawn}) == len(drawn)
    assert [one.place for one in drawn] == list(range(1, len(drawn) + 1))
    for one in drawn:
        candidate = known[one.service_id]
        assert one.rung in (candidate.low, candidate.high)
        assert one.risks == candidate.risks


@given(LINES, SEEDS, st.integers(1, 80), st.randoms())
def test_the_same_seed_draws_the_same_whatever_order_they_are_told_in(
    candidates: list[Candidate], seed: str, size: int, random: st.DataObject
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(shuffled, seed, size) == draw(candidates, seed, size)


@given(LINES, SEEDS, st.integers(1, 40))
def test_a_larger_sample_begins_with_the_smaller_one(
    candidates: list[Candidate], seed: str, size: int
) -> None:
    assert draw(candidates, seed, size + 7)[:size] == draw(candidates, seed, size)


@given(st.integers(1, 60), SEEDS)
def test_both_amounts_are_drawn_alike(size: int, seed: str) -> None:
    drawn = draw([replace(PLAIN, service_id=number) for number in range(80)], seed, size)
    count = Counter(one.rung for one in drawn)
    assert 0 <= count[LOW] - count[HIGH] <= 1


def test_a_draw_that_anyone_can_repeat_by_hand() -> None:
    """Weights 1, 4 and 10; sha256("seed 1") and so on, worked out apart from our code."""
    candidates = line(
        frozenset(),
        frozenset({Risk.NEVER_SHOPPED}),
        frozenset({Risk.WAS_WRONG, Risk.NEVER_SHOPPED}),
    )
    assert [one.weight(0) for one in candidates] == [1, 4, 10]
    assert [one.service_id for one in draw(candidates, "seed")] == by_hand("seed")


def by_hand(seed: str) -> list[int]:
    import hashlib  # noqa: PLC0415

    left = [0] + [1] * 4 + [2] * 10
    found = []
    for place in (1, 2, 3):
        mark = int(hashlib.sha256(f"{seed} {place}".encode()).hexdigest(), 16) % len(left)
        found.append(left[mark])
        left = [one for one in left if one != found[-1]]
    return found


@pytest.mark.parametrize("risk", Risk)
def test_a_risk_is_drawn_as_often_as_its_points_say(risk: Risk) -> None:
    candidates = line(frozenset(), frozenset({risk}))
    first = Counter(draw(candidates, str(seed), 1)[0].service_id for seed in range(2000))
    share = Decimal(first[1]) / 2000
    expected = Decimal(1 + POINTS[risk]) / (2 + POINTS[risk])
    assert abs(share - expected) < Decimal("0.04")


def test_what_is_looked_at_is_drawn_more_often_and_the_rest_still_is() -> None:
    candidates = line(frozenset(), frozenset(), visits=(0, 10))
    assert candidates[1].weight(10) == (1 + VISIT_WEIGHT) * candidates[0].weight(10)
    first = Counter(draw(candidates, str(seed), 1)[0].service_id for seed in range(2000))
    assert 0 < first[0] < 200


def test_a_service_stands_in_the_line_once() -> None:
    with pytest.raises(ValueError, match="once"):
        draw([PLAIN, PLAIN], "seed")


def test_a_service_without_a_price_is_no_candidate() -> None:
    with pytest.raises(ValueError, match="without a price"):
        Candidate(1, None, None, frozenset(), 0)
    with pytest.raises(ValueError, match="fewer than none"):
        Candidate(1, LOW, None, frozenset(), -1)


@pytest.mark.parametrize(
    ("rungs", "low", "high"),
    [
        ("40 100 140 200 345 500 1000 2000", "200", "500"),
        ("140 345", "140", "345"),
        ("100 300", "100", "300"),
        ("40 99 701", None, None),
        ("150 250", "150", None),
        ("2000 500", None, "500"),
        ("", None, None),
    ],
)
def test_the_amounts_are_those_nearest_to_200_and_500(
    rungs: str, low: str | None, high: str | None
) -> None:
    found = price_points(map(Decimal, rungs.split()))
    assert found == (low and Decimal(low), high and Decimal(high))


def test_quarters_begin_at_midnight_utc() -> None:
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    assert quarter_of(new_year) == "2026_1Q"
    assert quarter_of(datetime(2025, 12, 31, 23, 59, tzinfo=UTC)) == "2025_4Q"
    assert [quarter_of(new_year.replace(month=month))[-2:] for month in (3, 4, 6, 7, 9, 10)] == [
        *("1Q", "2Q", "2Q", "3Q", "3Q", "4Q"),
    ]
    assert is_over("2025_4Q", new_year)
    assert not is_over("2026_1Q", new_year)
