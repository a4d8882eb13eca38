"""The log of what was done at the portal and the desk: only ever added to, each entry sealed with
the hash of the one before it.

The database itself refuses to change or delete an entry (triggers, migration 0006). Who gets round
that breaks the chain, which `broken_at` finds; who cuts off its end is found by the count and the
last hash that are kept apart (`AuditHeadRow`), and printed by `flask audit`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.domain.account import LONGEST_EMAIL, Account

TURN = 727_004
"""Number of the advisory lock of whoever writes to the log in a PostgreSQL database."""

SYSTEM = "huiswaarts"
"""Who did it, where nobody signed in did: a command or the schedule."""


class AuditRow(Base):
    """at is aware UTC; facts is a JSON object."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_about_kind_about_id", "about_kind", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    who: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    act: Mapped[str] = mapped_column(String(60))
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str] = mapped_column(String(100))
    facts: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """One row: how many entries there are, and the hash of the last one."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. about is (kind, name or number): ("source", "wise")."""

    number: int
    at: datetime
    who: str
    act: str
    about: tuple[str, str]
    facts: Mapping[str, object]


def note(
    session: Session,
    by: Account | None,
    act: str,
    about: tuple[str, object],
    facts: Mapping[str, object] | None = None,
    *,
    now: datetime,
) -> None:
    """Add an entry, in the transaction of what it tells of. `by` is None for the system."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))
    head = session.get(AuditHeadRow, 1, populate_existing=True)
    if head is None:
        head = AuditHeadRow(id=1, entries=0, hash="")
        session.add(head)
    row = AuditRow(
        at=now,
        account_id=by.id if by else None,
        who=by.email if by else SYSTEM,
        act=act,
        about_kind=about[0],
        about_id=str(about[1])[:100],
        facts=json.dumps(facts or {}, sort_keys=True, default=str),
        previous=head.hash,
    )
    row.hash = _hash(row)
    session.add(row)
    head.entries, head.hash = head.entries + 1, row.hash
    session.flush()


def _hash(row: AuditRow) -> str:
    """Over all that an entry says and the hash of the one before; JSON leaves nothing to guess
    about where a field ends, and writes line ends as \\n."""
    said = (
        *(row.previous, row.at.isoformat(), row.account_id, row.who, row.act),
        *(row.about_kind, row.about_id, row.facts),
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def broken_at(session: Session) -> str:
    """ "" if every entry is as it was written and none is missing; else what is wrong, in words."""
    before, count = "", 0
    asked = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=500)
    with session.scalars(asked) as rows:
        for row in rows:
            if row.previous != before:
                return f"before entry {row.id} one is missing, or was put in"
            if row.hash != _hash(row):
                return f"entry {row.id} was changed"
            before, count = row.hash, count + 1
    head = session.get(AuditHeadRow, 1)
    kept = (head.entries, head.hash) if head else (0, "")
    if kept != (count, before):
        return f"there were {kept[0]} entries, and {count} are left"
    return ""


def head(session: Session) -> tuple[int, str]:
    """How many entries there are, and the last one's hash: written down elsewhere, they prove
    later that nothing was cut off."""
    row = session.get(AuditHeadRow, 1)
    return (row.entries, row.hash) if row else (0, "")


def history(
    session: Session, about: tuple[str, object] | None = None, most: int = 200
) -> list[Entry]:
    """The newest entries about one thing, or about anything, newest first."""
    asked = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    if about is not None:
        asked = asked.where(AuditRow.about_kind == about[0], AuditRow.about_id == str(about[1]))
    return list(_entries(session, asked))


def _entries(session: Session, asked: object) -> Iterator[Entry]:
    for row in session.scalars(asked):  # type: ignore[call-overload]
        facts = json.loads(row.facts)
        yield Entry(row.id, row.at, row.who, row.act, (row.about_kind, row.about_id), facts)
