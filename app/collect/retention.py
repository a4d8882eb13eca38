"""Retention: raw replies are kept thirty days, those behind a price that was shown for ever; how
readers who report something can be reached, ninety days at most; the words of mails,
thirty; what was counted of a day, twenty-five months, and after that in the sum of its year."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.db import counting, evidence, findings, held, mails, reports, shown, traffic
from app.db.engine import Database, take_turn
from app.db.held import HeldRow
from app.db.price_rows import BoardRow, QuoteRow
from app.domain.report import EMAIL_KEPT
from app.domain.traffic import kept_since

KEEP_FOR = timedelta(days=30)


def forget_old(database: Database, now: datetime) -> tuple[int, int]:
    """How many held readings and how many replies were forgotten."""
    before = now - KEEP_FOR
    with database.writing() as session:
        take_turn(session)
        findings.drop_before(session, before)
        reports.forget_emails(session, now - EMAIL_KEPT)
        mails.forget_texts(session, now)
        _forget_counts(session, now)
        readings = held.drop_before(session, before)
        replies = evidence.drop_unneeded(
            session, before, (QuoteRow.evidence, BoardRow.evidence, HeldRow.evidence)
        )
    return readings, replies


def _forget_counts(session: Session, now: datetime) -> None:
    since = kept_since(now.date())
    traffic.forget_days(session, since)
    shown.forget_shown(session, since)
    counting.forget_alive(session, datetime.combine(since, time(), UTC))
