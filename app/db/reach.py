"""Reach: where money can be sent to, whether or not we know a price; and whom we do not ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Date, String, delete, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.corridors import CorridorRow, add_corridor, renew
from app.domain.corridor import Corridor
from app.domain.reach import SEND_COUNTRY, NotAsked, Reach, ReachState, Why, WhyNotAsked

LONGEST_NOTE = 1000


class ReachRow(Base):
    """currencies: those that are paid out, the main one first, with spaces between them.
    decided_at: when an operator last said how things stand there (aware UTC): the file that ships
    says only the currencies after that; None if no operator did. note: for operators."""

    __tablename__ = "reach"

    send_country: Mapped[str] = mapped_column(String(2), primary_key=True)
    receive_country: Mapped[str] = mapped_column(String(2), primary_key=True)
    currencies: Mapped[str] = mapped_column(String(80))
    state: Mapped[ReachState] = mapped_column(word(ReachState))
    reason: Mapped[Why | None] = mapped_column(word(Why))
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="", server_default=text("''"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

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
    """What the list says now, in the place of what it said; prices and corridors stay, and so does
    what operators decided."""
    session.execute(delete(ReachRow).where(ReachRow.decided_at.is_(None)))
    decided = {row.receive_country: row for row in session.scalars(select(ReachRow))}
    for one in listed:
        for corridor in one.corridors:
            add_corridor(session, corridor)
        if one.country in decided:
            decided[one.country].currencies = " ".join(one.currencies)
            continue
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
    session.flush()


def reach_rows(session: Session) -> list[ReachRow]:
    """By the receiving country, as they are now."""
    return list(session.scalars(select(ReachRow).order_by(ReachRow.receive_country)))


def find_reach(session: Session, receive_country: str) -> ReachRow | None:
    return session.get(ReachRow, (SEND_COUNTRY, receive_country), populate_existing=True)


def decide_reach(session: Session, said: Reach, note: str, version: int, now: datetime) -> bool:
    """Keep what an operator says of a country that is there, its currencies apart; False if
    somebody else did since it was of this version. Pages of its corridors are made anew."""
    row = ReachRow
    decided = (
        update(row)
        .where(
            row.send_country == SEND_COUNTRY,
            row.receive_country == said.country,
            row.version == version,
        )
        .values(
            state=said.state,
            reason=said.reason,
            source=said.source,
            checked_on=said.checked_on,
            note=note,
            decided_at=now,
            version=version + 1,
        )
    )
    if session.execute(decided.returning(row.version)).first() is None:
        return False
    between = select(CorridorRow.id).where(
        CorridorRow.send_country == SEND_COUNTRY, CorridorRow.receive_country == said.country
    )
    renew(session, session.scalars(between).all())
    return True


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
