"""Countries that an operator asked to close, and what a second one said: closing takes every price
of a country off readers' pages at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.provider_changes import ChangeState
from app.db.reach import LONGEST_NOTE
from app.domain.reach import Reach, ReachState, Why


class ClosingRow(Base):
    """What a country is to be closed with; version: of the country, when it was asked."""

    __tablename__ = "closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    receive_country: Mapped[str] = mapped_column(String(2), index=True)
    version: Mapped[int]
    reason: Mapped[Why] = mapped_column(word(Why))
    source: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    state: Mapped[ChangeState] = mapped_column(word(ChangeState))
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    def reach(self, currencies: tuple[str, ...]) -> Reach:
        return Reach(
            self.receive_country,
            currencies,
            ReachState.CLOSED,
            self.reason,
            self.source,
            self.checked_on,
        )


def add_closing(
    session: Session, said: Reach, note: str, version: int, by: int, now: datetime
) -> int:
    row = ClosingRow(
        receive_country=said.country,
        version=version,
        reason=said.reason,
        source=said.source,
        checked_on=said.checked_on,
        note=note,
        state=ChangeState.WAITING,
        asked_by=by,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def find_closing(session: Session, number: int) -> ClosingRow | None:
    return session.get(ClosingRow, number, populate_existing=True)


def waiting_closings(session: Session, receive_country: str | None = None) -> list[ClosingRow]:
    """That nobody decided yet, oldest first."""
    wanted = select(ClosingRow).where(ClosingRow.state == ChangeState.WAITING)
    if receive_country is not None:
        wanted = wanted.where(ClosingRow.receive_country == receive_country)
    return list(session.scalars(wanted.order_by(ClosingRow.id)))


def decide_closing(
    session: Session, number: int, state: ChangeState, by: int, now: datetime
) -> bool:
    """Whether this was the decision that counts: the first one."""
    row = ClosingRow
    decided = (
        update(row)
        .where(row.id == number, row.state == ChangeState.WAITING)
        .values(state=state, decided_by=by, decided_at=now)
    )
    return session.execute(decided.returning(row.id)).first() is not None
