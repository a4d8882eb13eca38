"""Retention: raw replies are kept thirty days, those behind a price that was shown for ever; how
readers who report something can be reached, ninety days at most; the words of mails, thirty."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import evidence, findings, held, mails, reports
from app.db.engine import Database, take_turn
from app.db.held import HeldRow
from app.db.price_rows import BoardRow, QuoteRow
from app.domain.report import EMAIL_KEPT

KEEP_FOR = timedelta(days=30)


def forget_old(database: Database, now: datetime) -> tuple[int, int]:
    """How many held readings and how many replies were forgotten."""
    before = now - KEEP_FOR
    with database.writing() as session:
        take_turn(session)
        findings.drop_before(session, before)
        reports.forget_emails(session, now - EMAIL_KEPT)
        mails.forget_texts(session, now)
        readings = held.drop_before(session, before)
        replies = evidence.drop_unneeded(
            session, before, (QuoteRow.evidence, BoardRow.evidence, HeldRow.evidence)
        )
    return readings, replies
