"""How often readers went on from a price to its firm.

A count a service and a day and nothing else: no visitor, no address, no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Date, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.counts import add_count
from app.db.services import ServiceRow


class ClickRow(Base):
    __tablename__ = "click"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    clicks: Mapped[int]


def add_clicks(session: Session, day: date, clicks: Mapping[int, int]) -> None:
    """Add to the day's counts, by number of the service; what is no service is not counted."""
    known = session.scalars(select(ServiceRow.id).where(ServiceRow.id.in_(clicks)))
    for service_id in sorted(known):
        count = clicks[service_id]
        add_count(session, ClickRow, ClickRow.service_id, day, ClickRow.clicks, service_id, count)


def clicks_since(session: Session, day: date) -> dict[int, int]:
    """By number of the service."""
    rows = session.execute(
        select(ClickRow.service_id, func.sum(ClickRow.clicks))
        .where(ClickRow.day >= day)
        .group_by(ClickRow.service_id)
    )
    return {service_id: int(count) for service_id, count in rows}
