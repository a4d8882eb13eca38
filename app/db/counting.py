"""Whether counting ran: the minutes in which it did, and what is known of those in which not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, Date, ForeignKey, String, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word

HOUR = timedelta(hours=1)
LONGEST_NOTE = 500
"""Signs."""


class NoteKind(StrEnum):
    """What is noted of a day: REASON is written by an operator, the others note themselves. KEY:
    the key of the day was lost or not shared, so some devices count twice. WRITE: counts could not
    be written for a while, and were kept. LATE: some came when the day was closed already."""

    REASON = "reason"
    KEY = "key"
    WRITE = "write"
    LATE = "late"


class AliveRow(Base):
    """An hour and a bit for each of its minutes in which a process counted."""

    __tablename__ = "traffic_alive"

    hour: Mapped[datetime] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(BigInteger)


class NoteRow(Base):
    """account_id: who wrote it; None if it noted itself"""

    __tablename__ = "traffic_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    kind: Mapped[NoteKind] = mapped_column(word(NoteKind))
    words: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


@dataclass(frozen=True, slots=True)
class Note:
    day: date
    kind: NoteKind
    words: str
    at: datetime


def note_alive(session: Session, minutes: Iterable[datetime]) -> None:
    """Counting ran in these whole minutes, aware UTC."""
    hours: dict[datetime, int] = {}
    for minute in minutes:
        hour = minute.replace(minute=0)
        hours[hour] = hours.get(hour, 0) | 1 << minute.minute
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    for hour, bits in sorted(hours.items()):
        statement = insert(AliveRow).values({"hour": hour, "minutes": bits})
        more = AliveRow.minutes.op("|")(statement.excluded["minutes"])
        session.execute(
            statement.on_conflict_do_update(index_elements=["hour"], set_={"minutes": more})
        )


def alive_hours(session: Session, since: datetime, until: datetime) -> dict[datetime, int]:
    """By hour, the bits of its minutes."""
    row = AliveRow
    wanted = (row.hour > since - HOUR, row.hour < until)
    found = session.execute(select(row.hour, row.minutes).where(*wanted))
    return {one.hour: one.minutes for one in found}


def counting_since(session: Session) -> datetime | None:
    """The first minute in which counting ran; None before that."""
    row = session.scalars(select(AliveRow).order_by(AliveRow.hour).limit(1)).first()
    if row is None:
        return None
    first = (row.minutes & -row.minutes).bit_length() - 1  # the lowest bit that is set
    return row.hour + timedelta(minutes=max(first, 0))


def add_note(
    session: Session,
    day: date,
    kind: NoteKind,
    words: str,
    now: datetime,
    account_id: int | None = None,
) -> None:
    """What notes itself does so once a day."""
    row = NoteRow
    if kind is not NoteKind.REASON:
        there = select(row.id).where(row.day == day, row.kind == kind)
        if session.scalar(there) is not None:
            return
    session.add(row(day=day, kind=kind, words=words[:LONGEST_NOTE], at=now, account_id=account_id))
    session.flush()


def notes(session: Session, since: date, until: date) -> Sequence[Note]:
    """Of the days from and to, in their order."""
    row = NoteRow
    found = session.scalars(
        select(row).where(row.day.between(since, until)).order_by(row.day, row.id)
    )
    return [Note(one.day, one.kind, one.words, one.at) for one in found]


def forget_alive(session: Session, before: datetime) -> None:
    session.execute(delete(AliveRow).where(AliveRow.hour < before))
