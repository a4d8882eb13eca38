"""Averages of the survey: what sending cost on a corridor in a round, on average."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, batched, word
from app.domain.history import Average, Basis


class AverageRow(Base):
    """Where a round has both a published and a computed average, both are kept: they differ."""

    __tablename__ = "average"

    send_country: Mapped[str] = mapped_column(String(2), primary_key=True)
    receive_country: Mapped[str] = mapped_column(String(2), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    basis: Mapped[Basis] = mapped_column(word(Basis), primary_key=True)
    percent: Mapped[Decimal]
    services: Mapped[int | None]


def keep_averages(session: Session, averages: Iterable[Average]) -> None:
    """These take the place of all that are there."""
    session.execute(delete(AverageRow))
    for some in batched(averages):
        session.execute(
            insert(AverageRow),
            [{name: getattr(one, name) for name in Average.__slots__} for one in some],
        )


def averages_of(session: Session, send_country: str, receive_country: str) -> list[Average]:
    """Of one corridor, oldest first; of a round with two, the published one first."""
    rows = session.scalars(
        select(AverageRow).where(
            AverageRow.send_country == send_country,
            AverageRow.receive_country == receive_country,
        )
    )
    order = list(Basis)
    found = [Average(**{name: getattr(row, name) for name in Average.__slots__}) for row in rows]
    return sorted(found, key=lambda one: (one.period, order.index(one.basis)))
