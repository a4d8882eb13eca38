"""From what sources say of delivery to the World Bank's bands of speed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.service import Speed

SENDER_ZONE = ZoneInfo("Europe/Amsterdam")

BY_DAYS = {0: Speed.SAME_DAY, 1: Speed.NEXT_DAY, 2: Speed.TWO_DAYS}
LAST_OF_BAND = 5
"""Days: from 3 to 5 is one band, more is another."""


def speed_between(asked_at: datetime, there_at: datetime) -> Speed:
    """Between two aware times; days change at midnight where the sender is."""
    if there_at - asked_at < timedelta(hours=1):
        return Speed.LESS_THAN_ONE_HOUR
    there, asked = there_at.astimezone(SENDER_ZONE), asked_at.astimezone(SENDER_ZONE)
    return speed_in_days((there.date() - asked.date()).days)


def speed_in_days(days: int) -> Speed:
    """0 is today."""
    if days <= max(BY_DAYS):
        return BY_DAYS[max(days, 0)]
    return Speed.THREE_TO_FIVE_DAYS if days <= LAST_OF_BAND else Speed.SIX_DAYS_OR_MORE
