"""Reports: what readers say is wrong, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_MESSAGE = 2_000
"""Signs of what a reader writes, and of what is answered."""

LONGEST_SEEN = 200
LONGEST_PAGE = 300
LONGEST_EMAIL = 254
"""As RFC 5321 allows, with its brackets left out."""

EMAIL_KEPT = timedelta(days=90)
"""How long an address of mail is kept at most; it is forgotten at once when a report is closed."""


class About(StrEnum):
    """What a reader writes about. FIRM is never kept: we cannot help with that, and say who can."""

    PRICE = "price"
    SITE = "site"
    FIRM = "firm"


class ReportState(StrEnum):
    """How far a report is. CORRECTED and UNCHANGED close it."""

    RECEIVED = "received"
    LOOKED_INTO = "looked_into"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


CLOSED = (ReportState.CORRECTED, ReportState.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader reported.

    number    counts from 1; 0 until it is kept
    language  in which it was written, a code like "nl"
    price_id  number of the price it is about; None if it is about no single one
    page      path and question of the page it is about, "" if none was named
    seen      what the reader saw elsewhere, in their own words, or ""
    email     "" if none was given, and once it is forgotten
    at, closed_at
              aware UTC; closed_at is None while the report is open
    outcome   what was answered, for everyone to read; "" until then
    """

    about: About
    language: str
    message: str
    at: datetime
    price_id: int | None = None
    page: str = ""
    seen: str = ""
    email: str = ""
    number: int = 0
    state: ReportState = ReportState.RECEIVED
    outcome: str = ""
    closed_at: datetime | None = None
