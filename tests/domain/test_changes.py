"""Two texts compared: what is gone and what is new, and nothing lost between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.changes import Change, Piece, changes, near_changes

TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=8).map("\n".join)


def test_what_differs_is_gone_and_new() -> None:
    assert changes("a\nb\nc", "a\nx\nc") == [
        Piece(Change.SAME, "a"),
        Piece(Change.GONE, "b"),
        Piece(Change.NEW, "x"),
        Piece(Change.SAME, "c"),
    ]
    assert changes("a", "a") == [Piece(Change.SAME, "a")]
    assert changes("", "a") == [Piece(Change.NEW, "a")]
    assert changes("", "") == []


@given(TEXTS, TEXTS)
def test_both_texts_stand_in_it(before: str, after: str) -> None:
    pieces = changes(before, after)
    for text, other in ((before, Change.NEW), (after, Change.GONE)):
        kept = [line for one in pieces if one.change is not other for line in _lines(one.text)]
        assert kept == text.splitlines()


def _lines(text: str) -> list[str]:
    return text.split("\n")


def test_of_a_long_text_only_what_is_near_a_change_is_shown() -> None:
    before = "\n".join(map(str, range(30)))
    assert near_changes(before, before.replace("15", "x")) == [
        Piece(Change.SAME, "\N{HORIZONTAL ELLIPSIS}\n13\n14"),
        Piece(Change.GONE, "15"),
        Piece(Change.NEW, "x"),
        Piece(Change.SAME, "16\n17\n\N{HORIZONTAL ELLIPSIS}"),
    ]
    assert near_changes("a\nb", "a\nc") == changes("a\nb", "a\nc")
    assert near_changes(before, before) == [Piece(Change.SAME, "\N{HORIZONTAL ELLIPSIS}")]
