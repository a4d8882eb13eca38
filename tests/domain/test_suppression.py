"""Nothing under ten is shown, and nothing that is shown gives away what is not."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.suppression import LEAST, Hidden, rounded, shown, table, total

COUNTS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 300), max_size=12)


@given(st.integers(0, 10**7))
def test_a_count_alone_is_shown_from_ten_and_nothing_is_shown_as_nothing(count: int) -> None:
    assert shown(count) == (count if count == 0 or count >= 10 else None)


@given(st.lists(st.integers(0, 40), max_size=40))
def test_a_total_is_the_sum_of_what_is_shown(counts: list[int]) -> None:
    found = total(counts)
    told = [count for count in map(shown, counts) if count is not None]
    assert found.count == sum(told)
    assert found.left_out == len(counts) - len(told)
    assert found.count == 0 or found.count >= LEAST


@given(COUNTS)
def test_a_table_shows_tens_of_ten_or_more(counts: dict[str, int]) -> None:
    for cell in table(counts):
        assert (cell.count is None) == (cell.hidden is not None)
        if cell.count is not None:
            assert cell.count >= 10
            assert cell.count % 10 == 0
            assert abs(cell.count - counts[cell.name]) <= 5
            assert counts[cell.name] >= 10


@given(COUNTS)
def test_each_name_that_counts_stands_once_and_only_small_ones_are_said_to_be(
    counts: dict[str, int],
) -> None:
    cells = table(counts)
    assert sorted(cell.name for cell in cells) == sorted(n for n, count in counts.items() if count)
    for cell in cells:
        assert (cell.hidden is Hidden.UNDER) == (counts[cell.name] < 10)


@given(COUNTS)
def test_what_is_hidden_cannot_be_taken_off_the_whole(counts: dict[str, int]) -> None:
    """Who knows the exact whole, and how numbers are rounded, still cannot tell a small one."""
    cells = table(counts)
    hidden = [counts[cell.name] for cell in cells if cell.hidden]
    if hidden and len(hidden) < len(cells):
        assert len(hidden) >= 2
        assert sum(hidden) >= LEAST
    for cell in cells:
        if cell.hidden is Hidden.UNDER and len(hidden) < len(cells):
            assert len(possible(counts, cell.name)) > 1, (counts, cells)


def possible(counts: dict[str, int], name: str) -> set[int]:
    """What a count under ten can be for who knows the exact whole and this table."""
    cells = table(counts)
    whole = sum(counts.values())
    told = [cell.count for cell in cells if cell.count is not None]
    others = [cell for cell in cells if cell.hidden and cell.name != name]
    most_shown, least_shown = sum(one + 4 for one in told), sum(max(one - 5, 10) for one in told)
    least = sum(1 if one.hidden is Hidden.UNDER else 10 for one in others)
    unbounded = any(one.hidden is Hidden.BESIDE for one in others)
    most = 10**9 if unbounded else 9 * len(others)
    return {
        value
        for value in range(1, 10)
        if whole - most_shown - most <= value <= whole - least_shown - least
    }


def test_two_numbers_of_a_table_never_differ_by_one_to_nine() -> None:
    cells = table({str(count): count for count in range(1, 200)})
    told = [cell.count for cell in cells if cell.count is not None]
    assert all(abs(a - b) not in range(1, 10) for a, b in combinations(told, 2))


def test_the_largest_stand_first_and_the_hidden_by_name() -> None:
    cells = table({"b": 9, "a": 3, "c": 200, "d": 95})
    assert [(one.name, one.count) for one in cells] == [
        *[("c", 200), ("d", 100)],
        *[("a", None), ("b", None)],
    ]


def test_one_small_number_hides_the_next_one_with_it() -> None:
    cells = {cell.name: cell for cell in table({"nl": 500, "en": 40, "so": 3})}
    assert cells["nl"].count == 500
    assert cells["en"].hidden is Hidden.BESIDE
    assert cells["so"].hidden is Hidden.UNDER


def test_rounding_never_falls_under_ten() -> None:
    assert [rounded(count) for count in (10, 14, 15, 24, 25)] == [10, 10, 20, 20, 30]
