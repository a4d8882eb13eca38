"""What operators ask to be done with a provider: closing, reopening, merging; who agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word


class ProviderAct(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"


class ChangeState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ProviderChange:
    """provider and into are slugs: the first of a merge is gone afterwards, and what was asked
    stays. into is "" but for a merge; since is the day that the reason holds from."""

    id: int
    act: ProviderAct
    provider: str
    into: str
    since: date
    words: str
    state: ChangeState
    asked_by: int
    asked_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    answer: str


class ProviderChangeRow(Base):
    __tablename__ = "provider_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[ProviderAct] = mapped_column(word(ProviderAct))
    provider: Mapped[str] = mapped_column(String(80), index=True)
    into: Mapped[str] = mapped_column(String(80))
    since: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[ChangeState] = mapped_column(word(ChangeState))
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text)

    def change(self) -> ProviderChange:
        return ProviderChange(**{name: getattr(self, name) for name in ProviderChange.__slots__})


def add_change(
    session: Session,
    act: ProviderAct,
    provider: str,
    into: str,
    since: date,
    words: str,
    by: int,
    now: datetime,
) -> int:
    row = ProviderChangeRow(
        act=act,
        provider=provider,
        into=into,
        since=since,
        words=words,
        state=ChangeState.WAITING,
        asked_by=by,
        asked_at=now,
        answer="",
    )
    session.add(row)
    session.flush()
    return row.id


def find_change(session: Session, number: int) -> ProviderChange | None:
    row = session.get(ProviderChangeRow, number, populate_existing=True)
    return row.change() if row else None


def waiting_changes(session: Session, provider: str | None = None) -> list[ProviderChange]:
    """That nobody decided yet, oldest first; of one provider, whichever part of a merge it is."""
    row = ProviderChangeRow
    asked = select(row).where(row.state == ChangeState.WAITING).order_by(row.id)
    if provider is not None:
        asked = asked.where((row.provider == provider) | (row.into == provider))
    return [one.change() for one in session.scalars(asked)]


def decide_change(
    session: Session, number: int, state: ChangeState, by: int, answer: str, now: datetime
) -> bool:
    """Whether this was the decision that counts: the first one."""
    row = ProviderChangeRow
    decided = (
        update(row)
        .where(row.id == number, row.state == ChangeState.WAITING)
        .values(state=state, decided_by=by, decided_at=now, answer=answer)
    )
    return session.execute(decided.returning(row.id)).first() is not None
