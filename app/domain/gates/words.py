"""How findings write numbers and times, for an operator to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.midrate import MidRate
from app.domain.money import EXACT

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plain(rate: Decimal) -> str:
    return f"{rate.normalize(EXACT):f}"


def percent(share: Decimal) -> str:
    """Without its sign, to two places: -0.145 is "14.5 %"."""
    return f"{plain(abs(share * 100).quantize(Decimal('0.01')))} %"


def hours(span: timedelta) -> str:
    return f"{span // timedelta(hours=1)} hours"


def moment(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{day(utc)} {utc.year} {utc:%H:%M} UTC"


def day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]}"


def mid_in_words(mid: MidRate) -> str:
    when = f", {day(mid.observed_at)}" if mid.observed_at else ""
    return f"the mid rate {plain(mid.rate)} ({', '.join(mid.sources)}{when})"
