"""Sources: what an operator sees of each, and since when one is in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Date, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.domain.foreign import tidy

LONGEST_WORDS = 500
"""Signs of what went wrong; what is beyond them is cut."""

LONGEST_REST = timedelta(hours=13)
"""A host that blocks us is left alone for twelve hours, and for a little more by chance."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a source's module says of itself.

    provider  slug of the provider whose prices it tells; "" for those of others, or for none
    kind      "price", "rate", "licence" or "survey"
    is_on     whether it is asked at all
    """

    slug: str
    kind: str
    site: str
    provider: str
    stance: str
    reason: str
    checked_on: date
    per_hour: int
    interval_minutes: int
    is_on: bool


class SourceRow(Base):
    """last_try, last_success, trouble_since and blocked_until are aware UTC; `trouble` is ""
    while all is well, and `trouble_since` then None."""

    __tablename__ = "source"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    site: Mapped[str] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(80))
    stance: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    checked_on: Mapped[date] = mapped_column(Date)
    per_hour: Mapped[int]
    interval_minutes: Mapped[int]
    is_on: Mapped[bool]
    last_try: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(40), default="")
    trouble_since: Mapped[datetime | None]
    trouble_runs: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    blocked_until: Mapped[datetime | None]


def register(session: Session, sources: Iterable[SourceFacts]) -> None:
    """Keep what the modules say now; a source that is gone is off, its history stays."""
    known = {row.slug: row for row in session.scalars(select(SourceRow))}
    for facts in sources:
        row = known.pop(facts.slug, None)
        if row is None:
            row = SourceRow(slug=facts.slug, trouble="", said="", trouble_runs=0)
            session.add(row)
        for name in SourceFacts.__slots__:
            if getattr(row, name) != getattr(facts, name):
                setattr(row, name, getattr(facts, name))
    for row in known.values():
        row.is_on = False
    session.flush()


def note_success(session: Session, slug: str, at: datetime) -> None:
    row = session.get(SourceRow, slug)
    if row is not None:
        row.last_try = row.last_success = at
        row.blocked_until = None
        session.flush()


def note_well(session: Session, slug: str) -> None:
    """The source's trouble, if it had any, is over."""
    row = session.get(SourceRow, slug)
    if row is not None:
        row.trouble, row.said, row.trouble_since, row.trouble_runs = "", "", None, 0
        session.flush()


def note_trouble(
    session: Session, slug: str, trouble: str, said: str, at: datetime, until: datetime | None
) -> None:
    """`until` is when the source may be asked again; None if at any time. Trouble of one kind
    counts from its first time."""
    row = session.get(SourceRow, slug)
    if row is not None:
        if row.trouble != trouble:
            row.trouble, row.trouble_since, row.trouble_runs = trouble, at, 0
        row.last_try, row.said, row.blocked_until = at, tidy(said, LONGEST_WORDS), until
        row.trouble_runs += 1
        session.flush()


def note_run(
    session: Session,
    slug: str,
    trouble: str,
    said: str,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """A run that went well or did not: `trouble` is "" if it did; `until` as in `note_trouble`."""
    if trouble:
        note_trouble(session, slug, trouble, said, at, until)
    else:
        note_success(session, slug, at)
        note_well(session, slug)


def last_success(session: Session, slug: str) -> datetime | None:
    return session.scalar(select(SourceRow.last_success).where(SourceRow.slug == slug))


def left_alone(session: Session, now: datetime) -> dict[str, datetime]:
    """Sources that are not to be asked yet -> until when. Nobody is left alone for longer than
    LONGEST_REST: a later time was written while our clock was wrong."""
    wanted = SourceRow.blocked_until > now, SourceRow.blocked_until <= now + LONGEST_REST
    rows = session.execute(select(SourceRow.slug, SourceRow.blocked_until).where(*wanted))
    return {slug: until for slug, until in rows if until is not None}


def all_sources(session: Session) -> list[SourceRow]:
    """By kind and slug."""
    return list(session.scalars(select(SourceRow).order_by(SourceRow.kind, SourceRow.slug)))
