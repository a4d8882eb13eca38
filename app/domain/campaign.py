"""Campaigns: a short address on a flyer, on the radio or on a banner, and what it brought.

A code is read from paper and said aloud. So two codes that look or sound alike are one code: a
hyphen more or less, an o for a nought, an l for a one make no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.domain.reach import SEND_CURRENCY

CURRENCY = SEND_CURRENCY
"""What costs and amounts are in."""

CODE = re.compile(r"[a-z0-9-]{2,30}", re.ASCII)

ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", " ": "", "_": "", ".": ""})

CONSONANTS, VOWELS = "bdfgkmrst", "aeu"
"""Of codes that are made: letters that look like no figure, and syllables that are said as they
are written in all of our languages."""

SYLLABLES = 3

LOWEST_COUNT = 10
"""No count below it is shown: it could be of one family."""

LONGEST_NAME, LONGEST_NOTES = 100, 2000
HIGHEST_COST = Decimal(10_000_000)


class CampaignKind(StrEnum):
    FLYER = "flyer"
    RADIO = "radio"
    BANNER = "banner"
    EVENT = "event"
    NEWSLETTER = "newsletter"
    OTHER = "other"


class Phase(StrEnum):
    """A campaign that has not begun leads to its page already, so that a print can be tried, and
    counts nothing; one that is over leads home."""

    BEFORE = "before"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A short address, and where it leads.

    language  of the page it leads to
    country   whose list it leads to; "" for the home page
    currency  paid out there, where it is not the main one; else ""
    amount    that the list answers, in euros; None for the home page
    ends      the last day; None for a campaign without an end
    ended_at  when somebody ended it, aware UTC; None if nobody did
    cost      in euros
    """

    code: str
    name: str
    kind: CampaignKind
    language: str
    starts: date
    ends: date | None = None
    country: str = ""
    currency: str = ""
    amount: Decimal | None = None
    cost: Decimal = Decimal(0)
    notes: str = ""
    ended_at: datetime | None = None
    id: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise ValueError(f"not a code: {self.code!r}")
        if bool(self.country) != (self.amount is not None):
            raise ValueError("a list needs its country and its amount, the home page neither")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("a campaign cannot end before it begins")

    def phase(self, now: datetime) -> Phase:
        """`now` is aware UTC."""
        day = now.date()
        if self.ended_at is not None or (self.ends is not None and day > self.ends):
            return Phase.OVER
        return Phase.BEFORE if day < self.starts else Phase.RUNNING


def heard(code: str) -> str:
    """A code as it is heard or read from afar: what looks or sounds alike is the same."""
    return code.strip().lower().translate(ALIKE)


def is_code(text: str) -> bool:
    """Whether it can be a code, and without its hyphens too."""
    return all(CODE.fullmatch(one) for one in (text, text.replace("-", "")))


def made_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A new code of syllables, like "bakuse". `choose` picks one of many by chance."""
    return "".join(choose(CONSONANTS) + choose(VOWELS) for _syllable in range(SYLLABLES))


def cost_per_visit(cost: Decimal, visits: int) -> Decimal | None:
    """In cents; None below the lowest count, for it would say what that count is."""
    if visits < LOWEST_COUNT:
        return None
    return (cost / visits).quantize(Decimal("0.01"), ROUND_HALF_UP)
