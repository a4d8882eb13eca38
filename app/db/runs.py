"""Runs: one source's work in one slot of time, claimed before anything is asked.

A slot is the UTC time at which a quarter of an hour began. Its claim is a row with a unique key,
so that two schedulers never ask one source twice for one slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.sources import LONGEST_WORDS, SourceRow, last_success
from app.domain.foreign import tidy

SLOT = timedelta(minutes=15)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
USUAL_RUNS = 10
"""How many earlier runs say what is usual."""

STILL_AFTER = 2 * SLOT + timedelta(minutes=5)
"""Without a completed cycle the schedule stands still."""

UNDER_WAY_FOR = timedelta(minutes=14)
"""How long a run can take: it has thirteen minutes, and then it hangs."""

CUT_SHORT = "cut_short"
"""The trouble of a run whose process ended before it did. Its slot stays claimed: what was asked
is not asked twice."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run did. Counts of questions: asked = answered + not_offered + failed. Counts of
    prices: rows read, of which `held` were kept back; `usual` is how many rows such questions
    gave before. `trouble` is "" if all went well."""

    asked: int = 0
    answered: int = 0
    not_offered: int = 0
    failed: int = 0
    rows: int = 0
    usual: int = 0
    held: int = 0
    requests: int = 0
    trouble: str = ""
    said: str = ""


class SourceRunRow(Base):
    __tablename__ = "source_run"
    __table_args__ = (UniqueConstraint("source", "slot", name="uq_source_run_slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    slot: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    not_offered: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    usual: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(40), default="")
    said: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")


class CycleRow(Base):
    """All sources' work in one slot. Written when it is over: the scheduler's heartbeat."""

    __tablename__ = "cycle"

    slot: Mapped[datetime] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    runs: Mapped[int]
    troubled: Mapped[int]
    hung: Mapped[str] = mapped_column(String(LONGEST_WORDS))


def slot_of(moment: datetime, length: timedelta) -> datetime:
    """The slot that a moment (aware UTC) lies in."""
    seconds = int(moment.timestamp()) // int(length.total_seconds()) * int(length.total_seconds())
    return datetime.fromtimestamp(seconds, moment.tzinfo)


def is_due(session: Session, source: str, interval: timedelta, now: datetime) -> bool:
    """Whether a source's last success is `interval` ago: counted from slot to slot, or one that
    takes a minute would be asked in every second slot only. A success that lies ahead was noted
    while the clock was wrong, and says nothing."""
    last = last_success(session, source)
    return last is None or last > now or slot_of(now, SLOT) - slot_of(last, SLOT) >= interval


def _insert(session: Session, table: type[Base]) -> PostgresqlInsert | SqliteInsert:
    postgresql = session.get_bind().dialect.name == "postgresql"
    return (PostgresqlInsert if postgresql else SqliteInsert)(table)


def claim(session: Session, source: str, slot: datetime, who: str, now: datetime) -> int | None:
    """The number of the new run, or None if somebody has this source's slot already, or asks the
    source at this moment in another one: two runs at once would each spend what is left of its
    budget."""
    session.execute(select(SourceRow.slug).where(SourceRow.slug == source).with_for_update())
    if under_way(session, source, now) is not None:
        return None
    statement = (
        _insert(session, SourceRunRow)
        .values(source=source, slot=slot, claimed_by=who, started_at=now)
        .on_conflict_do_nothing(index_elements=["source", "slot"])
        .returning(SourceRunRow.id)
    )
    return session.scalar(statement)


def under_way(session: Session, source: str, now: datetime) -> datetime | None:
    """When the run that asks a source at this moment began; None if there is none."""
    return session.scalar(
        select(func.max(SourceRunRow.started_at)).where(
            SourceRunRow.source == source,
            SourceRunRow.ended_at.is_(None),
            SourceRunRow.trouble == "",
            SourceRunRow.started_at.between(now - UNDER_WAY_FOR, now),
        )
    )


def room_at(session: Session, source: str, per_hour: int, now: datetime) -> datetime:
    """When a source may get a request again, as far as its budget goes: `now`, or when enough of
    the last hour's runs are an hour ago."""
    ended = func.coalesce(SourceRunRow.ended_at, SourceRunRow.started_at)
    rows = session.execute(
        select(ended.label("at"), SourceRunRow.requests)
        .where(SourceRunRow.source == source, ended.between(now - HOUR, now + HOUR))
        .order_by(ended)
    ).all()
    left, free = sum(requests for _at, requests in rows), now
    for at, requests in rows:
        if left < per_hour:
            break
        left, free = left - requests, at + HOUR + SECOND
    return free


def finish(session: Session, run_id: int, facts: RunFacts, now: datetime) -> None:
    row = session.get_one(SourceRunRow, run_id)
    for name in RunFacts.__slots__:
        setattr(row, name, getattr(facts, name))
    row.said, row.ended_at = tidy(facts.said, LONGEST_WORDS), now
    session.flush()


def note_lost(session: Session, source: str, slot: datetime, trouble: str, said: str) -> None:
    """Why a run has no end. It keeps its slot; nothing is said of one that did end."""
    session.execute(
        update(SourceRunRow)
        .where(
            SourceRunRow.source == source,
            SourceRunRow.slot == slot,
            SourceRunRow.ended_at.is_(None),
        )
        .values(trouble=trouble, said=tidy(said, LONGEST_WORDS))
    )


def note_cut_short(session: Session, before: datetime) -> list[tuple[str, datetime]]:
    """Source and slot of each run that began before then and has no end, nor a word about why."""
    found = session.execute(
        update(SourceRunRow)
        .where(
            SourceRunRow.started_at < before,
            SourceRunRow.ended_at.is_(None),
            SourceRunRow.trouble == "",
        )
        .values(trouble=CUT_SHORT, said="it began, and has no end: its process was stopped")
        .returning(SourceRunRow.source, SourceRunRow.slot)
    )
    return sorted((source, slot) for source, slot in found)


def recent_shares(session: Session, source: str) -> list[tuple[int, int]]:
    """Rows and usual rows of a source's last runs that answered anything, newest first."""
    rows = session.execute(
        select(SourceRunRow.rows, SourceRunRow.usual)
        .where(
            SourceRunRow.source == source,
            SourceRunRow.ended_at.is_not(None),
            SourceRunRow.usual > 0,
        )
        .order_by(SourceRunRow.slot.desc())
        .limit(USUAL_RUNS)
    )
    return [(rows, usual) for rows, usual in rows]


def requests_since(session: Session, source: str, since: datetime) -> int:
    """How many requests a source got in the runs that ended in the two hours since then: all of
    each, for nobody knows which of them came when. What is further ahead was written while the
    clock was wrong, and would count until it is caught up."""
    wanted = select(func.sum(SourceRunRow.requests)).where(
        SourceRunRow.source == source,
        func.coalesce(SourceRunRow.ended_at, SourceRunRow.started_at).between(
            since, since + 2 * HOUR
        ),
    )
    return session.scalar(wanted) or 0


def add_cycle(session: Session, cycle: CycleRow) -> None:
    """The first to end a slot's cycle says what it was; a second scheduler found nothing to do."""
    names = [column.name for column in CycleRow.__table__.columns]
    values = {name: getattr(cycle, name) for name in names}
    session.execute(_insert(session, CycleRow).values(values).on_conflict_do_nothing())


def has_cycle(session: Session, slot: datetime) -> bool:
    """Whether this slot's work is over and done with."""
    return session.get(CycleRow, slot) is not None


def last_cycle(session: Session, now: datetime | None = None) -> datetime | None:
    """When the last cycle was over; with `now`, of those that a clock ahead of it did not write."""
    wanted = select(func.max(CycleRow.ended_at))
    if now is not None:
        wanted = wanted.where(CycleRow.ended_at <= now + SLOT)
    return session.scalar(wanted)


def stands_since(session: Session, now: datetime) -> datetime | None:
    """Since when the schedule completes no cycle; None while it does. Where it never did, nobody
    knows since when: then it is `now`."""
    last = last_cycle(session, now)
    if last is not None and now - last <= STILL_AFTER:
        return None
    return last or now
