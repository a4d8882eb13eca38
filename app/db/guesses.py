"""Wrong passwords and codes, counted so that nobody can guess on for ever.

What is counted is counted under a keyed hash of what was typed, whether an account of that name
exists or not, so that nothing here and nothing that is answered tells who has one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base

WINDOW = timedelta(minutes=15)
IN_WINDOW = 10
"""Guesses that are looked at within a quarter of an hour."""

IN_ALL = 100
"""Guesses in a row, without one that was right in between, after which a new browser must come
with a link from a mail (NIST SP 800-63B: at most 100)."""

FORGOTTEN_AFTER = timedelta(days=30)


class GuessRow(Base):
    """A guess that was wrong, at an aware UTC time; `who` is a keyed hash."""

    __tablename__ = "wrong_guess"
    __table_args__ = (Index("ix_wrong_guess_who", "who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


def may_guess(
    session: Session, who: str, now: datetime, most: int = IN_WINDOW, within: timedelta = WINDOW
) -> bool:
    """Whether another guess is looked at: at most so many within that time."""
    counted = select(func.count()).select_from(GuessRow).where(GuessRow.who == who)
    recent = session.scalar(counted.where(GuessRow.at > now - within)) or 0
    return recent < most and (session.scalar(counted) or 0) < IN_ALL


def note_wrong(session: Session, who: str, now: datetime) -> None:
    session.execute(delete(GuessRow).where(GuessRow.at < now - FORGOTTEN_AFTER))
    session.add(GuessRow(who=who, at=now))
    session.flush()


def forgive(session: Session, who: str) -> None:
    """A right one: what was wrong before counts no more."""
    session.execute(delete(GuessRow).where(GuessRow.who == who))
