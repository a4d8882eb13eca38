"""Corridors, and the version of each one's board."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.domain.corridor import Corridor


class CorridorRow(Base):
    """`board_version` goes up once whenever newer prices of this corridor are published."""

    __tablename__ = "corridor"
    __table_args__ = (
        UniqueConstraint(
            "send_country",
            "send_currency",
            "receive_country",
            "receive_currency",
            name="uq_corridor_between",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    send_country: Mapped[str] = mapped_column(String(2))
    send_currency: Mapped[str] = mapped_column(String(3))
    receive_country: Mapped[str] = mapped_column(String(2))
    receive_currency: Mapped[str] = mapped_column(String(3))
    board_version: Mapped[int] = mapped_column(default=0)

    def corridor(self) -> Corridor:
        return Corridor(
            self.send_country, self.send_currency, self.receive_country, self.receive_currency
        )


def find_corridors(session: Session, send_country: str, receive_country: str) -> list[Corridor]:
    """Every corridor between two countries, one per pair of currencies, oldest first."""
    rows = session.scalars(
        select(CorridorRow)
        .where(
            CorridorRow.send_country == send_country,
            CorridorRow.receive_country == receive_country,
        )
        .order_by(CorridorRow.id)
    )
    return [row.corridor() for row in rows]


def is_corridor(corridor: Corridor) -> tuple[ColumnElement[bool], ...]:
    """The clauses that pick a corridor's row."""
    return (
        CorridorRow.send_country == corridor.send_country,
        CorridorRow.send_currency == corridor.send_currency,
        CorridorRow.receive_country == corridor.receive_country,
        CorridorRow.receive_currency == corridor.receive_currency,
    )


def add_corridor(session: Session, corridor: Corridor) -> CorridorRow:
    """The corridor's row, made if it is not there yet."""
    row = session.scalar(select(CorridorRow).where(*is_corridor(corridor)))
    if row is None:
        row = CorridorRow(
            send_country=corridor.send_country,
            send_currency=corridor.send_currency,
            receive_country=corridor.receive_country,
            receive_currency=corridor.receive_currency,
            board_version=0,
        )
        session.add(row)
        session.flush()
    return row


def renew(session: Session, numbers: Collection[int]) -> None:
    """Pages of these corridors are made anew, though no price of theirs changed."""
    row = CorridorRow
    newer = update(row).where(row.id.in_(numbers)).values(board_version=row.board_version + 1)
    session.execute(newer)


def board_versions(session: Session) -> dict[Corridor, int]:
    """Of every corridor, the version of its board. One query."""
    return {row.corridor(): row.board_version for row in session.scalars(select(CorridorRow))}
