"""What differs between two texts, by paragraph: for people who compare them, not for programs."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that stand together."""

    change: Change
    text: str


CONTEXT = 2
"""Lines that stay at each side of what differs."""


def changes(before: str, after: str) -> list[Piece]:
    """In the order in which they stand; what was replaced as gone, then new."""
    old, new = before.splitlines(), after.splitlines()
    found = []
    for _what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[a:b] == new[c:d]:
            found.append(Piece(Change.SAME, "\n".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(Change.GONE, "\n".join(old[a:b])))
        if d > c:
            found.append(Piece(Change.NEW, "\n".join(new[c:d])))
    return found


def near_changes(before: str, after: str) -> list[Piece]:
    """As `changes`, of long texts: what is the same is shortened to the lines near a change."""
    pieces = changes(before, after)
    last = len(pieces) - 1
    return [
        _shortened(one, is_first=place == 0, is_last=place == last)
        for place, one in enumerate(pieces)
    ]


def _shortened(one: Piece, *, is_first: bool, is_last: bool) -> Piece:
    if one.change is not Change.SAME:
        return one
    lines = [line for line in one.text.splitlines() if line]
    begin, end = (0 if is_first else CONTEXT), (0 if is_last else CONTEXT)
    if len(lines) <= begin + end + 1:
        return one
    kept = [*lines[:begin], "\N{HORIZONTAL ELLIPSIS}", *lines[len(lines) - end :]]
    return Piece(Change.SAME, "\n".join(kept))
