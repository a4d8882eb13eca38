"""Releases of several held quotes at once: asked by one operator, confirmed by another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base


class HeldBatchRow(Base):
    """`held` are numbers of held quotes, as JSON; `confirmed_by` is None while it waits."""

    __tablename__ = "held_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    held: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(json.loads(self.held))


def add_batch(session: Session, ids: Iterable[int], by: int, words: str, at: datetime) -> int:
    row = HeldBatchRow(held=json.dumps(list(ids)), asked_by=by, asked_at=at, words=words)
    session.add(row)
    session.flush()
    return row.id


def find_batch(session: Session, batch: int) -> HeldBatchRow | None:
    return session.get(HeldBatchRow, batch, populate_existing=True)


def waiting_batches(session: Session) -> list[HeldBatchRow]:
    """Those that nobody confirmed yet, oldest first."""
    wanted = HeldBatchRow.confirmed_by.is_(None)
    return list(session.scalars(select(HeldBatchRow).where(wanted).order_by(HeldBatchRow.id)))


def confirm_batch(session: Session, batch: int, by: int, at: datetime) -> bool:
    """Whether this was the confirmation that counts. Never by the one who asked."""
    said = (
        update(HeldBatchRow)
        .where(
            HeldBatchRow.id == batch,
            HeldBatchRow.confirmed_by.is_(None),
            HeldBatchRow.asked_by != by,
        )
        .values(confirmed_by=by, confirmed_at=at)
    )
    return session.execute(said.returning(HeldBatchRow.id)).first() is not None
