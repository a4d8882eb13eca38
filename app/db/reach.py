"""Reach: where money can be sent to, whether or not we know a price; and whom we do not ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Date, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.corridors import add_corridor
from app.domain.corridor import Corridor
from app.domain.reach import SEND_COUNTRY, NotAsked, Reach, ReachState, Why, WhyNotAsked


class ReachRow(Base):
    """currencies: those that are paid out, the main one first, with spaces between them."""

    __tablename__ = "reach"

    send_country: Mapped[str] = mapped_column(String(2), primary_key=True)
    receive_country: Mapped[str] = mapped_column(String(2), primary_key=True)
    currencies: Mapped[str] = mapped_column(String(80))
    state: Mapped[ReachState] = mapped_column(word(ReachState))
    reason: Mapped[Why | None] = mapped_column(word(Why))
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date | None] = mapped_column(Date)

    def reach(self) -> Reach:
        currencies = tuple(self.currencies.split())
        return Reach(
            self.receive_country, currencies, self.state, self.reason, self.source, self.checked_on
        )


class NotAskedRow(Base):
    __tablename__ = "not_asked"

    provider: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[WhyNotAsked] = mapped_column(word(WhyNotAsked))
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date] = mapped_column(Date)


def keep_reach(session: Session, listed: Iterable[Reach]) -> None:
    """What the list says now, in the place of what it said; prices and corridors stay."""
    session.execute(delete(ReachRow))
    for one in listed:
        session.add(
            ReachRow(
                send_country=SEND_COUNTRY,
                receive_country=one.country,
                currencies=" ".join(one.currencies),
                state=one.state,
                reason=one.reason,
                source=one.source,
                checked_on=one.checked_on,
            )
        )
        for corridor in one.corridors:
            add_corridor(session, corridor)
    session.flush()


def keep_not_asked(session: Session, listed: Iterable[NotAsked]) -> None:
    session.execute(delete(NotAskedRow))
    for one in listed:
        session.add(
            NotAskedRow(
                provider=one.provider,
                name=one.name,
                reason=one.reason,
                source=one.source,
                checked_on=one.checked_on,
            )
        )
    session.flush()


def reach_from(session: Session, send_country: str) -> dict[str, Reach]:
    """By the receiving country."""
    rows = session.scalars(
        select(ReachRow)
        .where(ReachRow.send_country == send_country)
        .order_by(ReachRow.receive_country)
    )
    return {row.receive_country: row.reach() for row in rows}


def open_corridors(session: Session) -> list[Corridor]:
    """Every corridor that sources are asked about."""
    rows = session.scalars(
        select(ReachRow)
        .where(ReachRow.state != ReachState.CLOSED)
        .order_by(ReachRow.receive_country)
    )
    return [corridor for row in rows for corridor in row.reach().corridors]


def not_asked(session: Session) -> list[NotAsked]:
    rows = session.scalars(select(NotAskedRow).order_by(NotAskedRow.name))
    return [
        NotAsked(row.provider, row.name, row.reason, row.source, row.checked_on) for row in rows
    ]
