"""Retention: raw replies are kept thirty days, those behind a price that was shown for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import evidence, findings, held
from app.db.engine import Database, take_turn
from app.db.held import HeldRow
from app.db.price_rows import BoardRow, QuoteRow

KEEP_FOR = timedelta(days=30)


def forget_old(database: Database, now: datetime) -> tuple[int, int]:
    """How many held readings and how many replies were forgotten."""
    before = now - KEEP_FOR
    with database.writing() as session:
        take_turn(session)
        findings.drop_before(session, before)
        readings = held.drop_before(session, before)
        replies = evidence.drop_unneeded(
            session, before, (QuoteRow.evidence, BoardRow.evidence, HeldRow.evidence)
        )
    return readings, replies
