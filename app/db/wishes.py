"""Wishes: an operator wants a source asked now, and does not have to wait for its next turn.

A page only writes the wish down; whoever leads the scheduling takes it up within some seconds, by
the same rules as any other run. A source has one wish at a time, its newest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, String, Update, and_, or_, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word

LOST_AFTER = timedelta(minutes=20)
"""Nothing takes longer: whoever took it up has ended in the midst of it."""


class WishState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class WishWhy(StrEnum):
    """Why a wish waits, or how it ended."""

    FRESH = ""
    BUDGET = "budget"
    LEFT_ALONE = "left_alone"
    UNDER_WAY = "under_way"
    RAN = "ran"
    NOTHING_DUE = "nothing_due"
    OFF = "off"
    LOST = "lost"


class WishRow(Base):
    """Times are aware UTC. not_before: when it can be taken up; None for at once. claimed_at is
    also the slot of its run; next_at when there is something to ask again, where nothing was."""

    __tablename__ = "source_wish"

    source: Mapped[str] = mapped_column(ForeignKey("source.slug"), primary_key=True)
    state: Mapped[WishState] = mapped_column(word(WishState))
    why: Mapped[WishWhy] = mapped_column(word(WishWhy))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Claimed:
    source: str
    at: datetime


def _lost(now: datetime) -> ColumnElement[bool]:
    return and_(WishRow.state == WishState.RUNNING, WishRow.claimed_at < now - LOST_AFTER)


def _of(claimed: Claimed) -> Update:
    """Of this very claim: what was lost meanwhile is no longer ours to end."""
    return update(WishRow).where(
        WishRow.source == claimed.source,
        WishRow.state == WishState.RUNNING,
        WishRow.claimed_at == claimed.at,
    )


def wish(session: Session, source: str, by: int, now: datetime) -> bool:
    """Whether it is a new wish: not while an earlier one waits or runs."""
    values = {
        "state": WishState.WAITING,
        "why": WishWhy.FRESH,
        "asked_by": by,
        "asked_at": now,
        "not_before": None,
        "claimed_by": "",
        "claimed_at": None,
        "ended_at": None,
        "next_at": None,
    }
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = (PostgresqlInsert if postgresql else SqliteInsert)(WishRow)
    over = or_(WishRow.state == WishState.DONE, _lost(now))
    done = session.execute(
        insert.values(source=source, **values)
        .on_conflict_do_update(index_elements=["source"], set_=values, where=over)
        .returning(WishRow.source)
    )
    return done.first() is not None


def claim(session: Session, who: str, now: datetime) -> list[Claimed]:
    """Take up every wish that can be: each is somebody's once, however many look."""
    ready = or_(WishRow.not_before.is_(None), WishRow.not_before <= now)
    found = session.scalars(
        update(WishRow)
        .where(WishRow.state == WishState.WAITING, ready)
        .values(state=WishState.RUNNING, claimed_by=who, claimed_at=now)
        .returning(WishRow.source)
    )
    return [Claimed(source, now) for source in sorted(found)]


def any_ready(session: Session, now: datetime) -> bool:
    """Whether it is worth taking the lock for writing."""
    ready = and_(
        WishRow.state == WishState.WAITING,
        or_(WishRow.not_before.is_(None), WishRow.not_before <= now),
    )
    found = select(WishRow.source).where(or_(ready, _lost(now))).limit(1)
    return session.scalar(found) is not None


def put_off(session: Session, claimed: Claimed, why: WishWhy, until: datetime) -> None:
    """It waits on."""
    session.execute(
        _of(claimed).values(
            state=WishState.WAITING, why=why, not_before=until, claimed_by="", claimed_at=None
        )
    )


def end(
    session: Session,
    claimed: Claimed,
    why: WishWhy,
    now: datetime,
    next_at: datetime | None = None,
) -> None:
    session.execute(
        _of(claimed).values(state=WishState.DONE, why=why, ended_at=now, next_at=next_at)
    )


def end_lost(session: Session, now: datetime) -> None:
    """Of those that were taken up by a process that has ended since."""
    session.execute(
        update(WishRow)
        .where(_lost(now))
        .values(state=WishState.DONE, why=WishWhy.LOST, ended_at=now)
    )


def wish_of(session: Session, source: str) -> WishRow | None:
    return session.get(WishRow, source)


def all_wishes(session: Session) -> dict[str, WishRow]:
    """By source."""
    return {row.source: row for row in session.scalars(select(WishRow))}
