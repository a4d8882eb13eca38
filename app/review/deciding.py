"""What every decision has in common: who decides, and what stands in the way."""

from __future__ import annotations

from typing import Protocol

from app.domain.foreign import tidy

LONGEST_WORDS = 2000
"""Signs of why something was decided."""


class Person(Protocol):
    """Whoever decides: an account."""

    @property
    def id(self) -> int: ...


class Undecidable(Exception):
    """Nothing was decided or changed. `str()` says why, in words for the one who tried."""


class SamePerson(Undecidable):
    """It takes a second person, and this is the first one."""


def tidy_words(words: str) -> str:
    """As they are kept."""
    return tidy(words, LONGEST_WORDS).strip()


def reason(words: str) -> str:
    """Why, as it is kept. Raises Undecidable if nothing was written."""
    kept = tidy_words(words)
    if not kept:
        raise Undecidable("Say why, in a few words: others will read it later.")
    return kept
