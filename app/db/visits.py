"""How often each corridor is looked at: what is looked at most is asked anew first.

A count a day and nothing else: no visitor, no address, no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Date, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.corridors import CorridorRow
from app.db.counts import add_count
from app.domain.corridor import Corridor


class CorridorVisitRow(Base):
    __tablename__ = "corridor_visit"

    corridor_id: Mapped[int] = mapped_column(ForeignKey("corridor.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    visits: Mapped[int]


def add_visits(session: Session, day: date, visits: Mapping[Corridor, int]) -> None:
    """Add to the day's counts; what is no corridor of ours is not counted."""
    ids = {row.corridor(): row.id for row in session.scalars(select(CorridorRow))}
    row = CorridorVisitRow
    for corridor in sorted(set(visits) & set(ids)):
        number, count = ids[corridor], visits[corridor]
        add_count(session, row, row.corridor_id, day, row.visits, number, count)


def visits_since(session: Session, day: date) -> dict[Corridor, int]:
    rows = session.execute(
        select(CorridorRow, func.sum(CorridorVisitRow.visits))
        .join(CorridorVisitRow, CorridorVisitRow.corridor_id == CorridorRow.id)
        .where(CorridorVisitRow.day >= day)
        .group_by(CorridorRow.id)
    )
    return {row.corridor(): int(count) for row, count in rows}
