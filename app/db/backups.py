"""Backups: when a copy of the database was made, or could not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import BigInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.sources import LONGEST_WORDS
from app.domain.foreign import tidy

KEPT = 14
"""Copies that stay; older ones are deleted when a new one is whole."""

NIGHT = time(2, 0)
"""UTC: from then on a copy of this day is wanted."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy, or a try at one.

    at      aware UTC
    file    its name, "" if there is none
    bytes   of the file, packed; sha256 of the same
    said    why it failed, "" if it did not
    """

    at: datetime
    file: str = ""
    bytes: int = 0
    sha256: str = ""
    said: str = ""

    @property
    def ok(self) -> bool:
        return not self.said


class BackupRow(Base):
    __tablename__ = "backup"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(80))
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    ok: Mapped[bool]
    said: Mapped[str] = mapped_column(String(LONGEST_WORDS))


def note_backup(session: Session, backup: Backup) -> None:
    names = ("at", "file", "bytes", "sha256", "ok")
    facts = {name: getattr(backup, name) for name in names}
    session.add(BackupRow(said=tidy(backup.said, LONGEST_WORDS), **facts))
    session.flush()


def last_backups(session: Session, most: int = KEPT) -> list[Backup]:
    """The newest first, those that failed too."""
    rows = session.scalars(select(BackupRow).order_by(BackupRow.id.desc()).limit(most))
    return [Backup(row.at, row.file, row.bytes, row.sha256, row.said) for row in rows]


def wants_backup(session: Session, now: datetime) -> bool:
    """Whether this night's copy is still to be made: one that failed is tried again."""
    wanted = select(BackupRow.at).where(BackupRow.ok, BackupRow.at <= now)
    last = session.scalar(wanted.order_by(BackupRow.at.desc()).limit(1))
    if last is None:
        return True
    tonight = datetime.combine(now.date(), NIGHT, now.tzinfo)
    return last < tonight <= now
