"""What each source was last asked, and what came of it: for the ledger of what we cover, and to
know what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.corridors import CorridorRow, is_corridor
from app.db.sources import LONGEST_WORDS
from app.domain.corridor import Corridor
from app.domain.foreign import tidy


class Outcome(StrEnum):
    """What came of a question. UNREADABLE: an answer came and does not say what it should."""

    ANSWERED = "answered"
    HELD = "held"
    NOT_OFFERED = "not_offered"
    UNREADABLE = "unreadable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One source's last answer to one question.

    answered_at  when it last gave a price; None if it never did
    rows         how many prices it gave then; 0 once it says that it does not offer this
    body, same   hash of its last reply, and how many times in a row it was that very reply
    same_mid     the mid rate when that reply was new
    stated_at    the time that the reply itself states, if any
    """

    source: str
    corridor: Corridor
    rung: Decimal
    asked_at: datetime
    outcome: Outcome
    why: str = ""
    answered_at: datetime | None = None
    rows: int = 0
    body: str = ""
    same: int = 0
    same_mid: Decimal | None = None
    stated_at: datetime | None = None


class AskedRow(Base):
    __tablename__ = "asked"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    corridor_id: Mapped[int] = mapped_column(ForeignKey("corridor.id"), primary_key=True)
    rung: Mapped[Decimal] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(word(Outcome))
    why: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    answered_at: Mapped[datetime | None]
    rows: Mapped[int]
    body: Mapped[str] = mapped_column(String(64))
    same: Mapped[int]
    same_mid: Mapped[Decimal | None]
    stated_at: Mapped[datetime | None]

    def asked(self, corridor: Corridor) -> Asked:
        kept = {name: getattr(self, name) for name in KEPT}
        return Asked(self.source, corridor, self.rung, **kept)


KEPT: tuple[str, ...] = (
    *("asked_at", "outcome", "why", "answered_at", "rows"),
    *("body", "same", "same_mid", "stated_at"),
)
"""What is copied as it is."""


def asked_of(session: Session, source: str) -> list[Asked]:
    """Everything that one source was ever asked."""
    rows = session.execute(
        select(AskedRow, CorridorRow)
        .join(CorridorRow, CorridorRow.id == AskedRow.corridor_id)
        .where(AskedRow.source == source)
    )
    return [row.asked(corridor.corridor()) for row, corridor in rows]


def asked_on(session: Session, corridor: Corridor) -> list[Asked]:
    """What every source was asked about one corridor."""
    rows = session.scalars(
        select(AskedRow)
        .join(CorridorRow, CorridorRow.id == AskedRow.corridor_id)
        .where(*is_corridor(corridor))
    )
    return [row.asked(corridor) for row in rows]


def note_asked(session: Session, corridor_ids: dict[Corridor, int], found: Iterable[Asked]) -> None:
    """Keep the newest answer to each question; one without a price keeps when it last had one, and
    how many that were, unless the source says that there are none."""
    notes = list(found)
    known = _known(session, {one.source for one in notes})
    for one in notes:
        key = (one.source, corridor_ids[one.corridor], one.rung)
        row = known.get(key)
        if row is None:
            row = known[key] = AskedRow(source=key[0], corridor_id=key[1], rung=key[2])
            session.add(row)
        elif one.outcome is not Outcome.ANSWERED:
            gone = one.outcome is Outcome.NOT_OFFERED
            one = replace(  # noqa: PLW2901
                one, answered_at=row.answered_at, rows=0 if gone else row.rows
            )
        for name in KEPT:
            setattr(row, name, getattr(one, name))
        row.why = tidy(one.why, LONGEST_WORDS)
    session.flush()


def _known(session: Session, sources: set[str]) -> dict[tuple[str, int, Decimal], AskedRow]:
    rows = session.scalars(select(AskedRow).where(AskedRow.source.in_(sources)))
    return {(row.source, row.corridor_id, row.rung): row for row in rows}
