"""How often readers went on from a price to its firm.

A count a service and a day and nothing else: no visitor, no address, no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Date, ForeignKey, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.services import ServiceRow


class ClickRow(Base):
    __tablename__ = "click"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    clicks: Mapped[int]


def add_clicks(session: Session, day: date, clicks: Mapping[int, int]) -> None:
    """Add to the day's counts, by number of the service; what is no service is not counted."""
    known = session.scalars(select(ServiceRow.id).where(ServiceRow.id.in_(clicks)))
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    for service_id in sorted(known):
        statement = insert(ClickRow).values(
            service_id=service_id, day=day, clicks=clicks[service_id]
        )
        more = ClickRow.clicks + statement.excluded.clicks
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["service_id", "day"], set_={"clicks": more}
            )
        )


def clicks_since(session: Session, day: date) -> dict[int, int]:
    """By number of the service."""
    rows = session.execute(
        select(ClickRow.service_id, func.sum(ClickRow.clicks))
        .where(ClickRow.day >= day)
        .group_by(ClickRow.service_id)
    )
    return {service_id: int(count) for service_id, count in rows}
