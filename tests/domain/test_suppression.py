"""Nothing under ten is shown, and nothing that is shown gives away what is not."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.suppression import LEAST, Hidden, Line, listing, rounded, shown, table, total

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


def listed(counts: dict[str, int]) -> dict[str, int]:
    """What a table names, with its numbers."""
    return {cell.name: cell.count or 0 for cell in listing(counts) if cell.name is not None}


@given(COUNTS)
def test_a_table_shows_tens_of_ten_or_more(counts: dict[str, int]) -> None:
    for cell in listing(counts):
        assert cell.count is None or (cell.count >= 10 and cell.count % 10 == 0)
    for name, count in listed(counts).items():
        assert abs(count - counts[name]) <= 5
        assert counts[name] >= 10


@given(COUNTS)
def test_what_is_not_named_stands_together_at_the_end(counts: dict[str, int]) -> None:
    cells = listing(counts)
    hidden = [count for name, count in counts.items() if count and name not in listed(counts)]
    assert [cell.name for cell in cells].count(None) == bool(hidden)
    if hidden:
        assert cells[-1].name is None
        assert (cells[-1].count is None) == (sum(hidden) < 10)


@given(COUNTS)
def test_what_is_hidden_cannot_be_taken_off_the_whole(counts: dict[str, int]) -> None:
    """Who knows the exact whole, and how numbers are rounded, still cannot tell a small one."""
    named = listed(counts)
    hidden = {name: count for name, count in counts.items() if count and name not in named}
    if hidden and named:
        assert len(hidden) >= 2
        assert sum(hidden.values()) >= LEAST
        whole = sum(counts.values())
        most = whole - sum(max(count - 5, 10) for count in named.values())
        least = whole - sum(count + 4 for count in named.values())
        assert most - least >= 4, "a sum of several, and of that no more than a range"


def test_two_numbers_of_a_table_never_differ_by_one_to_nine() -> None:
    told = list(listed({str(count): count for count in range(1, 200)}).values())
    assert all(abs(a - b) not in range(1, 10) for a, b in combinations(told, 2))


def test_the_largest_stand_first() -> None:
    cells = listing({"b": 9, "a": 3, "c": 200, "d": 95})
    assert [(one.name, one.count) for one in cells] == [("c", 200), ("d", 100), (None, 10)]


def test_one_small_number_hides_the_next_one_with_it() -> None:
    assert listing({"nl": 500, "en": 40, "so": 3}) == [Line("nl", 500), Line(None, 40)]
    assert listing({"nl": 3}) == [Line(None, None)]


@given(COUNTS)
def test_a_table_names_what_it_hides_and_says_why(counts: dict[str, int]) -> None:
    cells = table(counts)
    assert sorted(cell.name for cell in cells) == sorted(n for n, count in counts.items() if count)
    for cell in cells:
        assert (cell.hidden is Hidden.UNDER) == (counts[cell.name] < 10)
        assert (cell.count is None) == (cell.hidden is not None)


def test_rounding_never_falls_under_ten() -> None:
    assert [rounded(count) for count in (10, 14, 15, 24, 25)] == [10, 10, 20, 20, 30]
