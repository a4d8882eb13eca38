"""Keys with which a provider's own program sends its prices, and the answers it was given.

A key is shown once, when it is made: of it we keep a hash, so that what is stored opens nothing. It
has 256 random bits, so a fast hash is enough. Not app.db.reports: a report is opened by a link, a
key is named, counted and taken back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.providers import ProviderRow
from app.domain.provider import ProviderStatus

BEGINS = "hw_"
SHOWN = len(BEGINS) + 8
"""How many of its signs a key is known by afterwards."""

LONGEST_KEY_NAME = 60
MOST_KEYS = 20
"""That a provider may have at one time."""

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down at most that a key is in use."""

ANSWERS_KEPT = timedelta(hours=48)
LONGEST_ONCE = 255
"""Signs of an Idempotency-Key."""


class ApiKeyRow(Base):
    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_KEY_NAME))
    prefix: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ApiAnswerRow(Base):
    """What was answered to one Idempotency-Key of one provider, so that the same question asked
    again is the same act."""

    __tablename__ = "api_answer"
    __table_args__ = (Index("ix_api_answer_at", "at"),)

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    once: Mapped[str] = mapped_column(String(LONGEST_ONCE), primary_key=True)
    question: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key after it was shown."""

    id: int
    name: str
    prefix: str
    made_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """question: sha256 of the body that was answered."""

    question: str
    status: int
    body: str


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_key(session: Session, provider: str, name: str, by: int, now: datetime) -> tuple[int, str]:
    """A new key of a provider: its number, and the key itself, which is not kept."""
    token = BEGINS + secrets.token_urlsafe(32)
    row = ApiKeyRow(
        provider_id=_provider_id(session, provider),
        name=name,
        prefix=token[:SHOWN],
        token_hash=_hash(token),
        made_by=by,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id, token


def find_key(session: Session, token: str, now: datetime) -> str | None:
    """Slug of the provider that a key belongs to; None if there is no such key, if it was taken
    back, or if the firm is no longer active. The core asks this for a request to a view marked
    `api_key`, in a transaction that may write: it is noted that the key was used."""
    if not token.startswith(BEGINS):
        return None
    found = session.execute(
        select(ApiKeyRow, ProviderRow.slug)
        .join(ProviderRow, ProviderRow.id == ApiKeyRow.provider_id)
        .where(
            ApiKeyRow.token_hash == _hash(token),
            ApiKeyRow.revoked_at.is_(None),
            ProviderRow.status == ProviderStatus.ACTIVE,
        )
    ).first()
    if found is None:
        return None
    row, slug = found
    if row.last_used_at is None or now - row.last_used_at >= SEEN_EVERY:
        row.last_used_at = now
        session.flush()
    return str(slug)


def keys_of(session: Session, provider: str) -> list[ApiKey]:
    """Newest first, with those that were taken back."""
    rows = session.scalars(
        select(ApiKeyRow)
        .where(ApiKeyRow.provider_id == _provider_id(session, provider))
        .order_by(ApiKeyRow.id.desc())
    )
    names = ApiKey.__slots__
    return [ApiKey(**{name: getattr(row, name) for name in names}) for row in rows]


def revoke(session: Session, provider: str, number: int, by: int, now: datetime) -> bool:
    """Take a key of this provider back; whether there was such a key in use."""
    said = (
        update(ApiKeyRow)
        .where(
            ApiKeyRow.id == number,
            ApiKeyRow.provider_id == _provider_id(session, provider),
            ApiKeyRow.revoked_at.is_(None),
        )
        .values(revoked_at=now, revoked_by=by)
    )
    return session.execute(said.returning(ApiKeyRow.id)).first() is not None


def answered(session: Session, provider: str, once: str) -> Answered | None:
    """What was answered to this Idempotency-Key before."""
    row = session.get(ApiAnswerRow, (_provider_id(session, provider), once))
    return Answered(row.question, row.status, row.body) if row else None


def keep_answer(
    session: Session, provider: str, once: str, answer: Answered, now: datetime
) -> None:
    """Keep it for two days, and forget what is older."""
    session.execute(delete(ApiAnswerRow).where(ApiAnswerRow.at < now - ANSWERS_KEPT))
    session.add(
        ApiAnswerRow(
            provider_id=_provider_id(session, provider),
            once=once,
            question=answer.question,
            status=answer.status,
            body=answer.body,
            at=now,
        )
    )
    session.flush()


def _provider_id(session: Session, slug: str) -> int:
    return session.scalars(select(ProviderRow.id).where(ProviderRow.slug == slug)).one()
