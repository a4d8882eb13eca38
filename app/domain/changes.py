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
