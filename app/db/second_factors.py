"""Second factors beside codes of time: passkeys, and recovery codes for when all else is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base

LONGEST_CREDENTIAL = 1400
"""Signs of the name of a passkey in base64 (WebAuthn allows 1,023 bytes)."""

LONGEST_PASSKEY_NAME = 60


class RecoveryCodeRow(Base):
    """A keyed hash of a code that may be used once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class PasskeyRow(Base):
    """credential is its name in base64url; sign_count is what it last said of its own uses, which
    never goes down unless it was copied."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential: Mapped[str] = mapped_column(String(LONGEST_CREDENTIAL), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_PASSKEY_NAME))
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    account_id: int
    credential: str
    public_key: bytes
    sign_count: int
    name: str
    added_at: datetime
    used_at: datetime | None


def renew_codes(session: Session, account_id: int, hashes: Iterable[str]) -> None:
    """New recovery codes; the old ones are worth nothing from now on."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
    session.add_all(
        RecoveryCodeRow(account_id=account_id, code_hash=one, used_at=None) for one in hashes
    )
    session.flush()


def use_code(session: Session, account_id: int, code_hash: str, now: datetime) -> bool:
    """Whether this recovery code may be used: once."""
    done = session.execute(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.account_id == account_id,
            RecoveryCodeRow.code_hash == code_hash,
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCodeRow.id)
    )
    return done.first() is not None


def codes_left(session: Session, account_id: int) -> int:
    unused = RecoveryCodeRow.account_id == account_id, RecoveryCodeRow.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCodeRow).where(*unused)) or 0


def add_passkey(session: Session, passkey: Passkey) -> None:
    """A new one; `id` is given out here."""
    facts = {name: getattr(passkey, name) for name in Passkey.__slots__ if name != "id"}
    session.add(PasskeyRow(**facts))
    session.flush()


def passkeys(session: Session, account_id: int) -> list[Passkey]:
    rows = session.scalars(
        select(PasskeyRow).where(PasskeyRow.account_id == account_id).order_by(PasskeyRow.id)
    )
    return [_passkey(row) for row in rows]


def find_passkey(session: Session, account_id: int, credential: str) -> Passkey | None:
    row = session.scalar(
        select(PasskeyRow).where(
            PasskeyRow.account_id == account_id, PasskeyRow.credential == credential
        )
    )
    return _passkey(row) if row else None


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(**{name: getattr(row, name) for name in Passkey.__slots__})


def note_use(session: Session, number: int, sign_count: int, now: datetime) -> None:
    row = session.get_one(PasskeyRow, number)
    row.sign_count, row.used_at = sign_count, now
    session.flush()


def drop_passkey(session: Session, account_id: int, number: int) -> bool:
    done = session.execute(
        delete(PasskeyRow)
        .where(PasskeyRow.account_id == account_id, PasskeyRow.id == number)
        .returning(PasskeyRow.id)
    )
    return done.first() is not None


def drop_all(session: Session, account_id: int) -> None:
    """Every passkey and recovery code of an account."""
    session.execute(delete(PasskeyRow).where(PasskeyRow.account_id == account_id))
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
