"""Who is signed in: sessions live here and not in a cookie, so that they can be ended.

A browser holds a token; of it we keep a hash, so that what is stored lets nobody in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.domain.account import HALF_LIVES, IDLE_LIVES, SESSION_LIVES

LONGEST_LABEL = 80


class Stage(StrEnum):
    """HALF: the password was right, the second factor is still to come."""

    HALF = "half"
    FULL = "full"


class SessionRow(Base):
    """began_at and seen_at are aware UTC; label is what the browser calls itself, for its holder
    to know it by."""

    __tablename__ = "work_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    stage: Mapped[Stage] = mapped_column(word(Stage))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))


class DeviceRow(Base):
    """A browser in which somebody signed in before: others who guess cannot keep its holder out."""

    __tablename__ = "known_device"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Open:
    """A session that holds. key is the hash of its token."""

    key: str
    account_id: int
    stage: Stage
    began_at: datetime
    seen_at: datetime
    label: str


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session, token: str, account_id: int, stage: Stage, label: str, now: datetime
) -> None:
    """A new session, and what is over is swept away."""
    session.execute(
        delete(SessionRow).where(
            (SessionRow.began_at < now - SESSION_LIVES) | (SessionRow.seen_at < now - IDLE_LIVES)
        )
    )
    session.add(
        SessionRow(
            token_hash=hash_of(token),
            account_id=account_id,
            stage=stage,
            began_at=now,
            seen_at=now,
            label=label[:LONGEST_LABEL],
        )
    )
    session.flush()


def find(session: Session, token: str, now: datetime) -> Open | None:
    """The session of this token, if it holds: neither ended, nor idle for too long, nor too old."""
    row = session.get(SessionRow, hash_of(token), populate_existing=True)
    if row is None or not now - SESSION_LIVES < row.began_at <= now:
        return None
    lives = HALF_LIVES if row.stage is Stage.HALF else IDLE_LIVES
    since = row.began_at if row.stage is Stage.HALF else row.seen_at
    return _open(row) if now - since < lives else None


def _open(row: SessionRow) -> Open:
    return Open(row.token_hash, row.account_id, row.stage, row.began_at, row.seen_at, row.label)


def seen(session: Session, key: str, now: datetime) -> None:
    session.execute(update(SessionRow).where(SessionRow.token_hash == key).values(seen_at=now))


def open_sessions(session: Session, account_id: int, now: datetime) -> list[Open]:
    """Of an account, the one seen last first."""
    rows = session.scalars(
        select(SessionRow)
        .where(
            SessionRow.account_id == account_id,
            SessionRow.stage == Stage.FULL,
            SessionRow.seen_at > now - IDLE_LIVES,
            SessionRow.began_at > now - SESSION_LIVES,
        )
        .order_by(SessionRow.seen_at.desc())
    )
    return [_open(row) for row in rows]


def end(session: Session, key: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.token_hash == key))


def end_all(session: Session, account_id: int, but: str = "", *, devices: bool = False) -> None:
    """All of an account's sessions but one; with `devices` no browser is known any more either."""
    session.execute(
        delete(SessionRow).where(SessionRow.account_id == account_id, SessionRow.token_hash != but)
    )
    if devices:
        session.execute(delete(DeviceRow).where(DeviceRow.account_id == account_id))


def know_device(session: Session, token: str, account_id: int, now: datetime) -> None:
    session.add(DeviceRow(token_hash=hash_of(token), account_id=account_id, seen_at=now))
    session.flush()


def is_known_device(session: Session, token: str, account_id: int) -> bool:
    row = session.get(DeviceRow, hash_of(token)) if token else None
    return row is not None and row.account_id == account_id
