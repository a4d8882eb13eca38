"""The mid rate of a day, for pages and the API alike."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.db import rates
from app.domain.midrate import MidRate, NoMidRate
from app.domain.receipt import FIRST_DAY, mid_rate_of, needed, window


def mid_of_day(session: Session, send: str, receive: str, day: date) -> MidRate | None:
    """The mid rate of `day` (UTC), or of the last working day before it; None if nothing can be
    vouched for."""
    if day < FIRST_DAY:
        return None
    readings = rates.readings_between(session, needed(send, receive), *window(day))
    try:
        return mid_rate_of(send, receive, day, readings)
    except NoMidRate:
        return None
