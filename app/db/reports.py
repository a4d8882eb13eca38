"""What readers report as wrong, and what came of it.

A report has a link that only its reader knows: of the token in it we keep a hash, so that what is
stored opens no report.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.domain.foreign import tidy
from app.domain.report import (
    CLOSED,
    LONGEST_EMAIL,
    LONGEST_MESSAGE,
    LONGEST_PAGE,
    LONGEST_SEEN,
    About,
    Report,
    ReportState,
)


class ReportRow(Base):
    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    about: Mapped[About] = mapped_column(word(About))
    language: Mapped[str] = mapped_column(String(5))
    price_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"))
    page: Mapped[str] = mapped_column(String(LONGEST_PAGE))
    message: Mapped[str] = mapped_column(Text)
    seen: Mapped[str] = mapped_column(String(LONGEST_SEEN))
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    at: Mapped[datetime]
    state: Mapped[ReportState] = mapped_column(word(ReportState))
    outcome: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None]

    def report(self) -> Report:
        return Report(number=self.id, **{name: getattr(self, name) for name in KEPT})


KEPT = (
    *("about", "language", "price_id", "page", "message", "seen", "email"),
    *("at", "state", "outcome", "closed_at"),
)
"""What is copied as it is."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def add_report(session: Session, report: Report, token: str) -> int:
    """Keep a new report; its number."""
    kept = {name: getattr(report, name) for name in KEPT}
    row = ReportRow(token_hash=hash_of(token), **kept)
    session.add(row)
    session.flush()
    return row.id


def find_report(session: Session, token: str) -> Report | None:
    row = session.scalar(select(ReportRow).where(ReportRow.token_hash == hash_of(token)))
    return row.report() if row else None


def reports(session: Session, *, closed: bool = False) -> list[Report]:
    """Those that are open, oldest first, or those that are closed, newest first."""
    order = (ReportRow.closed_at.desc(), ReportRow.id.desc()) if closed else (ReportRow.id,)
    wanted = ReportRow.closed_at.is_not(None) if closed else ReportRow.closed_at.is_(None)
    return [
        row.report() for row in session.scalars(select(ReportRow).where(wanted).order_by(*order))
    ]


def numbered(session: Session, number: int) -> Report | None:
    """By its number, for operators."""
    row = session.get(ReportRow, number, populate_existing=True)
    return row.report() if row else None


def alone(session: Session, number: int) -> Report | None:
    """By its number; whoever else would answer it waits until this transaction ends."""
    wanted = select(ReportRow).where(ReportRow.id == number).with_for_update()
    row = session.scalar(wanted.execution_options(populate_existing=True))
    return row.report() if row else None


def answer(
    session: Session, number: int, state: ReportState, words: str, now: datetime
) -> Report | None:
    """Say what came of a report that is open; as it is then, or None if there is no such report.

    Closing it forgets how its reader can be reached. Of two answers at one time one is refused.
    """
    said = update(ReportRow).where(ReportRow.id == number, ReportRow.closed_at.is_(None))
    said = said.values(state=state, outcome=tidy(words, LONGEST_MESSAGE))
    if state in CLOSED:
        said = said.values(closed_at=now, email="")
    if session.execute(said.returning(ReportRow.id)).first() is None:
        return None
    return session.get_one(ReportRow, number, populate_existing=True).report()


def forget_emails(session: Session, before: datetime) -> int:
    """Forget how readers of older reports can be reached, answered or not; of how many."""
    done = session.execute(
        update(ReportRow)
        .where(ReportRow.at < before, ReportRow.email != "")
        .values(email="")
        .returning(ReportRow.id)
    )
    return len(done.all())
