"""Accounts: staff of providers, and operators. They are disabled and never deleted, for the log of
what was done names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.providers import ProviderRow
from app.domain.account import (
    LONGEST_EMAIL,
    LONGEST_PERSON,
    OPERATORS,
    Account,
    AccountState,
    Role,
)


class AccountRow(Base):
    """password_hash is "" until a password is set; one_time_secret is what codes are made from,
    sealed by whoever stores it, "" without one; one_time_step is the last step of time of which a
    code was used."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_PERSON))
    role: Mapped[Role] = mapped_column(word(Role))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[AccountState] = mapped_column(word(AccountState))
    password_hash: Mapped[str] = mapped_column(String(200))
    one_time_secret: Mapped[str] = mapped_column(Text)
    one_time_step: Mapped[int]
    made_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    version: Mapped[int]


@dataclass(frozen=True, slots=True)
class Known:
    """An account with what is needed to let its holder in."""

    account: Account
    password_hash: str
    one_time_secret: str
    one_time_step: int


def add_account(session: Session, account: Account, now: datetime) -> Account:
    """Keep a new one, invited, without a password; as it is then. Its address may not be taken."""
    row = AccountRow(
        email=account.email,
        name=account.name,
        role=account.role,
        provider_id=_provider_id(session, account.provider),
        language=account.language,
        state=AccountState.INVITED,
        password_hash="",
        one_time_secret="",
        one_time_step=0,
        made_at=now,
        signed_in_at=None,
        version=1,
    )
    session.add(row)
    session.flush()
    return _account(row, account.provider)


def _provider_id(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    return session.scalars(select(ProviderRow.id).where(ProviderRow.slug == slug)).one()


def _account(row: AccountRow, provider: str | None) -> Account:
    return Account(row.id, row.email, row.name, row.role, provider, row.language, row.state)


def _known(session: Session, *wanted: object) -> Known | None:
    found = session.execute(
        select(AccountRow, ProviderRow.slug)
        .outerjoin(ProviderRow, ProviderRow.id == AccountRow.provider_id)
        .where(*wanted)  # type: ignore[arg-type]
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    row, slug = found
    return Known(_account(row, slug), row.password_hash, row.one_time_secret, row.one_time_step)


def find_account(session: Session, number: int) -> Account | None:
    found = _known(session, AccountRow.id == number)
    return found.account if found else None


def known_by_number(session: Session, number: int) -> Known | None:
    return _known(session, AccountRow.id == number)


def known_by_email(session: Session, email: str) -> Known | None:
    return _known(session, AccountRow.email == email)


def all_accounts(session: Session) -> list[tuple[Account, datetime | None]]:
    """With when each signed in last (aware UTC), by role and address."""
    rows = session.execute(
        select(AccountRow, ProviderRow.slug)
        .outerjoin(ProviderRow, ProviderRow.id == AccountRow.provider_id)
        .order_by(AccountRow.role, AccountRow.email)
    )
    return [(_account(row, slug), row.signed_in_at) for row, slug in rows]


def staff_of(session: Session, provider: str) -> list[Account]:
    """Of a firm, by address, disabled ones too."""
    return [one for one, _at in all_accounts(session) if one.provider == provider]


def operators(session: Session, *roles: Role) -> list[Account]:
    """Those who can sign in, with one of these roles or any."""
    wanted = frozenset(roles) or OPERATORS
    return [
        one
        for one, _at in all_accounts(session)
        if one.role in wanted and one.state is AccountState.ACTIVE
    ]


def set_password(session: Session, number: int, password_hash: str) -> None:
    row = session.get_one(AccountRow, number)
    row.password_hash = password_hash
    session.flush()


def set_one_time_secret(session: Session, number: int, sealed: str) -> None:
    """What codes are made from, sealed; "" takes it away."""
    row = session.get_one(AccountRow, number)
    row.one_time_secret, row.one_time_step = sealed, 0
    session.flush()


def use_step(session: Session, number: int, step: int) -> bool:
    """Whether a code of this step of time may be used: each one once, and none before another. Of
    two who try at the same moment one is refused."""
    done = session.execute(
        update(AccountRow)
        .where(AccountRow.id == number, AccountRow.one_time_step < step)
        .values(one_time_step=step)
        .returning(AccountRow.id)
    )
    return done.first() is not None


def note_sign_in(session: Session, number: int, now: datetime) -> None:
    """Its holder is in, so an invitation is accepted."""
    row = session.get_one(AccountRow, number)
    row.signed_in_at = now
    if row.state is AccountState.INVITED:
        row.state = AccountState.ACTIVE
    session.flush()


def set_state(session: Session, number: int, state: AccountState) -> None:
    session.get_one(AccountRow, number).state = state
    session.flush()


def change_account(session: Session, number: int, version: int, **facts: object) -> bool:
    """Name, role or language anew; False if somebody else changed it since `version`."""
    done = session.execute(
        update(AccountRow)
        .where(AccountRow.id == number, AccountRow.version == version)
        .values(**facts, version=version + 1)
        .returning(AccountRow.id)
    )
    return done.first() is not None


def version_of(session: Session, number: int) -> int:
    return session.get_one(AccountRow, number).version
