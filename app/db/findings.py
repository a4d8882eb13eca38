"""Findings: what a gate saw in a price that is shown all the same, for an operator to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.sources import LONGEST_WORDS
from app.domain.foreign import tidy


@dataclass(frozen=True, slots=True)
class Flag:
    source: str
    service_id: int
    rung: Decimal
    gate: str
    says: str


class FindingRow(Base):
    """From `first_at` to `last_at` (aware UTC) a gate said this of each reading."""

    __tablename__ = "finding"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    rung: Mapped[Decimal] = mapped_column(primary_key=True)
    gate: Mapped[str] = mapped_column(String(20), primary_key=True)
    says: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


def note_findings(session: Session, found: Iterable[Flag], at: datetime) -> None:
    flags = list(found)
    services = {flag.service_id for flag in flags}
    rows = session.scalars(select(FindingRow).where(FindingRow.service_id.in_(services)))
    known = {(row.source, row.service_id, row.rung, row.gate): row for row in rows}
    for flag in flags:
        key = (flag.source, flag.service_id, flag.rung, flag.gate)
        row = known.get(key)
        if row is None:
            names = ("source", "service_id", "rung", "gate")
            row = known[key] = FindingRow(**dict(zip(names, key, strict=True)), first_at=at)
            session.add(row)
        row.says, row.last_at = tidy(flag.says, LONGEST_WORDS), at
    session.flush()


def drop_before(session: Session, moment: datetime) -> None:
    """Forget what was last said before then."""
    session.execute(delete(FindingRow).where(FindingRow.last_at < moment))
