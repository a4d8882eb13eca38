"""Watching: what a desk asks of all sources at once, or of one of them; a few questions each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, distinct, false, func, or_, select
from sqlalchemy.orm import Session

from app.db.corridors import CorridorRow
from app.db.evidence import EvidenceRow
from app.db.price_rows import BoardRow
from app.db.runs import HOUR, SourceRunRow
from app.db.services import ServiceRow
from app.db.sources import SourceRow
from app.domain.corridor import Corridor
from app.domain.health import Health, Seen, health
from app.domain.quote import Origin

PROOFS = 40
"""How many of a source's newest replies are listed."""


@dataclass(frozen=True, slots=True)
class OnBoard:
    """What a source has on the board: its newest and its oldest price (aware UTC), on how many
    corridors, how many prices."""

    newest: datetime
    oldest: datetime
    corridors: int
    prices: int


@dataclass(frozen=True, slots=True)
class OnCorridor:
    corridor: Corridor
    newest: datetime
    oldest: datetime
    prices: int


@dataclass(frozen=True, slots=True)
class RunDay:
    """One day (UTC) of a source: its runs, those that ended in trouble, what they asked and how
    many questions were answered, prices read and held."""

    day: date
    runs: int
    troubled: int
    asked: int
    answered: int
    rows: int
    held: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A reply that is kept, without its body."""

    sha256: str
    title: str
    read_at: datetime
    status: int | None
    failed: str


def health_of(row: SourceRow, now: datetime) -> Health:
    """A survey comes as a file, so that its silence says nothing: it is well, or off."""
    seen = Seen(
        is_on=row.is_on,
        interval=timedelta(minutes=row.interval_minutes),
        last_try=row.last_try,
        last_success=now if row.kind == "survey" else row.last_success,
        trouble=row.trouble,
        trouble_since=row.trouble_since,
        on_since=row.turned_at if row.turned == "on" else None,
    )
    return health(seen, now)


def on_board(session: Session) -> dict[str, OnBoard]:
    """By source."""
    rows = session.execute(
        select(
            BoardRow.source,
            func.max(BoardRow.observed_at),
            func.min(BoardRow.observed_at),
            func.count(distinct(ServiceRow.corridor_id)),
            func.count(),
        )
        .join(ServiceRow, ServiceRow.id == BoardRow.service_id)
        .group_by(BoardRow.source)
    )
    return {row[0]: OnBoard(row[1], row[2], row[3], row[4]) for row in rows}


def used(session: Session, slugs: Collection[str], now: datetime) -> dict[str, int]:
    """Requests in the last hour, by source, as runs.requests_since counts them. No run that ended
    since then began an hour before: so the index of slots finds them among years of runs."""
    ended = func.coalesce(SourceRunRow.ended_at, SourceRunRow.started_at)
    rows = session.execute(
        select(SourceRunRow.source, func.sum(SourceRunRow.requests))
        .where(SourceRunRow.source.in_(slugs), SourceRunRow.slot >= now - 2 * HOUR)
        .where(ended.between(now - HOUR, now + HOUR))
        .group_by(SourceRunRow.source)
    )
    return {row[0]: row[1] or 0 for row in rows}


def last_runs(session: Session, source: str, most: int = 100) -> list[SourceRunRow]:
    """The newest first."""
    wanted = select(SourceRunRow).where(SourceRunRow.source == source)
    return list(session.scalars(wanted.order_by(SourceRunRow.slot.desc()).limit(most)))


def run_days(session: Session, source: str, since: datetime) -> list[RunDay]:
    """Of the days since then on which it was asked, the oldest first."""
    rows = session.execute(
        select(
            SourceRunRow.slot,
            case((SourceRunRow.trouble == "", 0), else_=1),
            SourceRunRow.asked,
            SourceRunRow.answered,
            SourceRunRow.rows,
            SourceRunRow.held,
        ).where(SourceRunRow.source == source, SourceRunRow.slot >= since)
    )
    days: dict[date, list[int]] = {}
    for slot, *counts in rows:
        sums = days.setdefault(slot.date(), [0] * 6)
        for place, count in enumerate((1, *counts)):
            sums[place] += count
    return [RunDay(day, *sums) for day, sums in sorted(days.items())]


def corridors_of(session: Session, source: str) -> list[OnCorridor]:
    """Those that a source has a price of on the board, the oldest first."""
    newest = func.max(BoardRow.observed_at)
    rows = session.execute(
        select(CorridorRow, newest, func.min(BoardRow.observed_at), func.count())
        .join(ServiceRow, ServiceRow.corridor_id == CorridorRow.id)
        .join(BoardRow, BoardRow.service_id == ServiceRow.id)
        .where(BoardRow.source == source)
        .group_by(CorridorRow.id)
        .order_by(newest, CorridorRow.id)
    )
    return [OnCorridor(row[0].corridor(), *row[1:]) for row in rows]


def proofs(session: Session, source: str, most: int = PROOFS) -> list[Proof]:
    """A source's newest replies, those that could not be read before others of the same time."""
    failed = case((EvidenceRow.failed == "", 1), else_=0)
    rows = session.execute(
        select(
            EvidenceRow.sha256,
            EvidenceRow.title,
            EvidenceRow.read_at,
            EvidenceRow.status,
            EvidenceRow.failed,
        )
        .where(EvidenceRow.source == source)
        .order_by(EvidenceRow.read_at.desc(), failed)
        .limit(most)
    )
    return [Proof(*row) for row in rows]


def fresh_prices(session: Session, now: datetime) -> tuple[int, int]:
    """How many prices on the board are fresh now, and how many there are."""
    rows = session.execute(
        select(BoardRow.origin, BoardRow.fresh_minutes, func.count()).group_by(
            BoardRow.origin, BoardRow.fresh_minutes
        )
    ).all()
    fresh = [
        and_(
            BoardRow.origin == origin,
            BoardRow.fresh_minutes == minutes,
            BoardRow.observed_at >= now - timedelta(minutes=minutes),
        )
        for origin, minutes, _count in rows
        if origin in (Origin.LIVE, Origin.SUBMITTED)
    ]
    counted = select(func.count()).select_from(BoardRow).where(or_(false(), *fresh))
    whole = sum(count for _origin, _minutes, count in rows)
    return (session.scalar(counted) or 0) if fresh else 0, whole
