"""Sources: what an operator sees of each, and since when one is in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String, Text, false, select, text, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
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
    is_on     whether it is asked as long as no operator says otherwise
    may_be_on whether this copy's settings let it be asked at all
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
    may_be_on: bool = True


class Turned(StrEnum):
    """What an operator said of a source; LEFT where nobody said anything."""

    LEFT = ""
    ON = "on"
    OFF = "off"


ASKABLE = ("green", "amber")
"""Stances of which a source may be asked. Whatever else a stance says, it is never turned on."""


class SourceRow(Base):
    """last_try, last_success, trouble_since and blocked_until are aware UTC; `trouble` is ""
    while all is well, and `trouble_since` then None.

    `is_on` is what counts: made of what the settings allow, what the module and the settings say
    by themselves (`on_by_default`), and what an operator said last (`turned`, see switches.py).
    `version` counts what operators said and noted.
    """

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
    may_be_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    on_by_default: Mapped[bool] = mapped_column(default=False, server_default=false())
    turned: Mapped[Turned] = mapped_column(
        word(Turned), default=Turned.LEFT, server_default=text("''")
    )
    turned_at: Mapped[datetime | None]
    turned_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    turned_why: Mapped[str] = mapped_column(
        String(LONGEST_WORDS), default="", server_default=text("''")
    )
    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    version: Mapped[int] = mapped_column(default=0, server_default="0")

    def decided(self) -> bool:
        """Whether it is asked, from what everybody says of it."""
        if not self.may_be_on or self.stance not in ASKABLE:
            return False
        return self.on_by_default if self.turned == Turned.LEFT else self.turned == Turned.ON


def register(session: Session, sources: Iterable[SourceFacts]) -> None:
    """Keep what the modules say now; a source that is gone is off, its history stays. What an
    operator said of it stays said."""
    known = {row.slug: row for row in session.scalars(select(SourceRow))}
    for facts in sources:
        row = known.pop(facts.slug, None)
        if row is None:
            row = SourceRow(slug=facts.slug, trouble="", said="", trouble_runs=0)
            row.turned = Turned.LEFT
            session.add(row)
        for name in SourceFacts.__slots__:
            kept = "on_by_default" if name == "is_on" else name
            if getattr(row, kept) != getattr(facts, name):
                setattr(row, kept, getattr(facts, name))
        row.is_on = row.decided()
    for row in known.values():
        row.is_on = row.may_be_on = False
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


def those_on(session: Session) -> frozenset[str]:
    """The slugs of the sources that are asked."""
    return frozenset(session.scalars(select(SourceRow.slug).where(SourceRow.is_on)))


def find_source(session: Session, slug: str) -> SourceRow | None:
    return session.get(SourceRow, slug)


def all_sources(session: Session) -> list[SourceRow]:
    """By kind and slug."""
    return list(session.scalars(select(SourceRow).order_by(SourceRow.kind, SourceRow.slug)))
