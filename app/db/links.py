"""Links that are sent by mail and let one person in once: invitations, and new passwords."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.accounts import AccountRow
from app.db.base import Base, word
from app.db.sessions import hash_of
from app.domain.account import AccountState


class LinkKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class LinkRow(Base):
    """Of the token in it we keep a hash. A link is used once, and ends when a newer one is made."""

    __tablename__ = "account_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(word(LinkKind))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def add_link(
    session: Session, token: str, account_id: int, kind: LinkKind, now: datetime, ends_at: datetime
) -> None:
    """A new link; those that were sent to this account before let nobody in any more."""
    end_links(session, account_id, now)
    session.add(
        LinkRow(
            token_hash=hash_of(token),
            account_id=account_id,
            kind=kind,
            made_at=now,
            ends_at=ends_at,
            used_at=None,
        )
    )
    session.flush()


def end_links(session: Session, account_id: int, now: datetime) -> None:
    unused = LinkRow.account_id == account_id, LinkRow.used_at.is_(None)
    session.execute(update(LinkRow).where(*unused).values(used_at=now))


def find_link(session: Session, token: str, now: datetime) -> tuple[int, LinkKind] | None:
    """Account and kind of a link that still lets its reader in."""
    row = session.get(LinkRow, hash_of(token), populate_existing=True)
    if row is None or row.used_at is not None or not row.made_at <= now < row.ends_at:
        return None
    return row.account_id, row.kind


def use_link(session: Session, token: str, now: datetime) -> bool:
    """Whether it may be used: once. Of two who try at the same moment one is refused."""
    done = session.execute(
        update(LinkRow)
        .where(LinkRow.token_hash == hash_of(token), LinkRow.used_at.is_(None))
        .where(LinkRow.ends_at > now)
        .values(used_at=now)
        .returning(LinkRow.account_id)
    )
    return done.first() is not None


def expired_invitations(session: Session, now: datetime) -> list[int]:
    """Accounts whose newest invitation ended unused."""
    return [number for number, _email, _ended_at in ended_invitations(session, now)]


def ended_invitations(session: Session, now: datetime) -> list[tuple[int, str, datetime]]:
    """Number and address of each account whose newest invitation ended unused, and when it did; of
    those that nobody got into, nor was kept out of."""
    newest: dict[int, tuple[LinkRow, str]] = {}
    rows = session.execute(
        select(LinkRow, AccountRow.email)
        .join(AccountRow, AccountRow.id == LinkRow.account_id)
        .where(AccountRow.state == AccountState.INVITED)
        .order_by(LinkRow.made_at)
    )
    for row, email in rows:
        newest[row.account_id] = row, email
    return [
        (number, email, row.ends_at)
        for number, (row, email) in newest.items()
        if row.kind is LinkKind.INVITATION and row.used_at is None and row.ends_at <= now
    ]
