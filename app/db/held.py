"""Held quotes: what a gate refused to publish, with what it saw and the evidence; and what an
operator decided about it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, delete, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, batched, word
from app.domain.money import EXACT

LOOK_BACK = timedelta(days=7)
"""How far the gates remember. They decide within a day; a source may have been away for some."""

SAME_LEVEL = Decimal("0.005")
"""Half a percent: a reading this near to one that an operator refused is refused with it."""


class HeldDecision(StrEnum):
    """What an operator decided about a held reading."""

    RELEASED = "released"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Held:
    """rung, paid, fee and received in the corridor's currencies; findings are (gate, words);
    `whole` is all of the price, as app.db.price_text writes it, so that it can be released."""

    service_id: int
    rung: Decimal
    source: str
    paid: Decimal
    fee: Decimal
    received: Decimal
    rate: Decimal
    mid_rate: Decimal
    stated_at: datetime | None
    evidence: str
    findings: tuple[tuple[str, str], ...]
    whole: str = ""


class HeldRow(Base):
    """One reading that was held, `times` from `first_at` to `last_at` (aware UTC), with the same
    mid rate, so that its first and its last are of one level.

    `over_at` is set when it, or a later reading of the same service and rung, was published. One
    that was refused stays open until then, so that the same reading is not asked about again; the
    gates no longer count it as having been told before.
    """

    __tablename__ = "held_quote"
    __table_args__ = (Index("ix_held_quote_service_id_rung", "service_id", "rung"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    rung: Mapped[Decimal]
    source: Mapped[str] = mapped_column(String(40))
    paid: Mapped[Decimal]
    fee: Mapped[Decimal]
    received: Mapped[Decimal]
    rate: Mapped[Decimal]
    mid_rate: Mapped[Decimal]
    stated_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(ForeignKey("evidence.sha256"))
    findings: Mapped[str] = mapped_column(Text)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
    over_at: Mapped[datetime | None]
    whole: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    decision: Mapped[HeldDecision | None] = mapped_column(word(HeldDecision))
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))

    @property
    def level(self) -> Decimal:
        return EXACT.divide(self.rate, self.mid_rate)


Rung = tuple[int, Decimal]
"""Number of a service, and an amount that it is quoted at."""

Holds = dict[Rung, list[HeldRow]]


def hold(session: Session, found: Iterable[Held], at: datetime) -> None:
    """Keep what one source had held; the same reading again only counts once more."""
    readings = list(found)
    sources, services = ({getattr(one, n) for one in readings} for n in ("source", "service_id"))
    known: Holds = {}
    for source in sources:
        known |= open_holds(session, source, services, at - LOOK_BACK)
    new: list[HeldRow] = []
    for one in readings:
        rows = known.setdefault((one.service_id, one.rung), [])
        findings = json.dumps(one.findings)
        row = _same(rows, one, at)
        if row is not None:
            row.last_at, row.times, row.evidence = at, row.times + 1, one.evidence
            row.stated_at, row.findings, row.whole = one.stated_at, findings, one.whole
            continue
        facts = {name: getattr(one, name) for name in Held.__slots__ if name != "findings"}
        row = HeldRow(**facts, findings=findings, first_at=at, last_at=at, times=1, over_at=None)
        _refuse_again(rows, row)
        new.append(row)
        rows.append(row)
    session.flush()
    if new:
        names = [column.name for column in HeldRow.__table__.columns if column.name != "id"]
        values = [{name: getattr(row, name) for name in names} for row in new]
        session.execute(insert(HeldRow), values)


def _same(rows: list[HeldRow], one: Held, at: datetime) -> HeldRow | None:
    """The row of this very reading, if it was there the last time too."""
    last = max((row.last_at for row in rows if row.last_at < at), default=at)
    reading = (one.fee, one.rate, one.mid_rate)
    alike = (row for row in rows if (row.fee, row.rate, row.mid_rate) == reading)
    return next((row for row in alike if row.last_at >= last), None)


def _refuse_again(rows: list[HeldRow], row: HeldRow) -> None:
    """What an operator refused is still refused when it comes again, at another mid rate."""
    row.words = ""
    refused = rows[-1] if rows and rows[-1].decision is HeldDecision.REFUSED else None
    if refused is None or refused.fee != row.fee:
        return
    if abs(EXACT.divide(row.level, refused.level) - 1) <= SAME_LEVEL:
        for name in ("decision", "decided_by", "decided_at", "words"):
            setattr(row, name, getattr(refused, name))


def let_go(session: Session, source: str, prices: Collection[Rung], at: datetime) -> None:
    """What was held of these services and rungs before is over: they have a price again."""
    services = {service for service, _rung in prices}
    rows = session.execute(
        select(HeldRow.id, HeldRow.service_id, HeldRow.rung).where(
            HeldRow.source == source, HeldRow.over_at.is_(None), HeldRow.service_id.in_(services)
        )
    )
    over = [number for number, service, rung in rows if (service, rung) in prices]
    for some in batched(over):
        session.execute(update(HeldRow).where(HeldRow.id.in_(some)).values(over_at=at))


def open_holds(session: Session, source: str, services: set[int], since: datetime) -> Holds:
    """Readings of a source that are still held and were seen since then, of these services, oldest
    first."""
    found: Holds = {}
    rows = session.scalars(
        select(HeldRow)
        .where(
            HeldRow.source == source,
            HeldRow.over_at.is_(None),
            HeldRow.service_id.in_(services),
            HeldRow.last_at >= since,
        )
        .order_by(HeldRow.first_at, HeldRow.id)
    )
    for row in rows:
        found.setdefault((row.service_id, row.rung), []).append(row)
    return found


def count_open(session: Session) -> dict[str, int]:
    """How many services of each source are held now, at one rung or more."""
    rows = session.execute(
        select(HeldRow.source, func.count(func.distinct(HeldRow.service_id)))
        .where(HeldRow.over_at.is_(None))
        .group_by(HeldRow.source)
    )
    return {row[0]: row[1] for row in rows}


def find_held(session: Session, held_id: int) -> HeldRow | None:
    return session.get(HeldRow, held_id, populate_existing=True)


def newest_open(session: Session, row: HeldRow) -> HeldRow | None:
    """The last open reading of the same service, rung and source."""
    return session.scalar(
        select(HeldRow)
        .where(
            HeldRow.source == row.source,
            HeldRow.service_id == row.service_id,
            HeldRow.rung == row.rung,
            HeldRow.over_at.is_(None),
        )
        .order_by(HeldRow.last_at.desc(), HeldRow.id.desc())
        .limit(1)
    )


def decide(
    session: Session, held_id: int, decision: HeldDecision, by: int, words: str, at: datetime
) -> bool:
    """Whether this decision was the one that counts: of two at one time, one is."""
    said = (
        update(HeldRow)
        .where(HeldRow.id == held_id, HeldRow.over_at.is_(None), HeldRow.decision.is_(None))
        .values(decision=decision, decided_by=by, decided_at=at, words=words)
    )
    return session.execute(said.returning(HeldRow.id)).first() is not None


def drop_before(session: Session, moment: datetime) -> int:
    """Forget readings that were last seen before then: what is still held has newer ones."""
    gone = session.scalars(delete(HeldRow).where(HeldRow.last_at < moment).returning(HeldRow.id))
    return len(gone.all())
