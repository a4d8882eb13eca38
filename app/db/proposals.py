"""Proposals of providers, every version of each, and what was decided.

A change says which version it starts from: of two at one time one counts, and the other is told.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.providers import ProviderRow
from app.domain.proposal import OPEN, Kind, Proposal, State, sha256_of


class ProposalRow(Base):
    """As it stands now. first_* is the first of two approvals of this very version."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_state_made_at", "state", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    payload: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[State] = mapped_column(word(State))
    version: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    first_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    first_at: Mapped[datetime | None]
    first_words: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text)


class ProposalVersionRow(Base):
    """What each version said, and who wrote it: nothing that was proposed is lost."""

    __tablename__ = "proposal_version"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    payload: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


COPIED = (
    *("id", "kind", "payload", "sha256", "state", "version", "made_by", "made_at"),
    *("first_by", "first_at", "first_words", "decided_by", "decided_at", "words"),
)


def _proposal(row: ProposalRow, slug: str) -> Proposal:
    return Proposal(provider=slug, **{name: getattr(row, name) for name in COPIED})


def add_proposal(
    session: Session,
    provider: str,
    kind: Kind,
    payload: str,
    by: int | None,
    words: str,
    at: datetime,
) -> int:
    """Keep a new one; its number. `by` is None for a program with the provider's key."""
    provider_id = session.scalars(select(ProviderRow.id).where(ProviderRow.slug == provider)).one()
    row = ProposalRow(
        provider_id=provider_id,
        kind=kind,
        payload=payload,
        sha256=sha256_of(payload),
        state=State.PROPOSED,
        version=1,
        made_by=by,
        made_at=at,
        first_words="",
        words=words,
    )
    session.add(row)
    session.flush()
    _keep_version(session, row.id, 1, payload, by, at)
    return row.id


def _keep_version(
    session: Session, number: int, version: int, payload: str, by: int | None, at: datetime
) -> None:
    session.add(
        ProposalVersionRow(
            proposal_id=number,
            version=version,
            payload=payload,
            sha256=sha256_of(payload),
            made_by=by,
            made_at=at,
        )
    )
    session.flush()


def find_proposal(session: Session, number: int, provider: str | None = None) -> Proposal | None:
    """By number; with a provider, only if it is theirs."""
    wanted: list[ColumnElement[bool]] = [ProposalRow.id == number]
    if provider is not None:
        wanted.append(ProviderRow.slug == provider)
    found = session.execute(
        _joined().where(*wanted).execution_options(populate_existing=True)
    ).first()
    return _proposal(found[0], found[1]) if found else None


def waiting_same(session: Session, provider: str, kind: Kind, sha256: str) -> Proposal | None:
    """One of this firm that says the very same, and waits for an operator."""
    wanted = (
        ProviderRow.slug == provider,
        ProposalRow.kind == kind,
        ProposalRow.sha256 == sha256,
        ProposalRow.state == State.PROPOSED,
    )
    found = session.execute(_joined().where(*wanted).order_by(ProposalRow.id)).first()
    return _proposal(found[0], found[1]) if found else None


def proposals_of(session: Session, provider: str, most: int = 500) -> list[Proposal]:
    """Of one provider, newest first."""
    rows = session.execute(
        _joined().where(ProviderRow.slug == provider).order_by(ProposalRow.id.desc()).limit(most)
    )
    return [_proposal(row, slug) for row, slug in rows]


def open_proposals(
    session: Session, states: Collection[State] = (State.PROPOSED,)
) -> list[Proposal]:
    """Of every provider, those in these states, oldest first."""
    rows = session.execute(
        _joined().where(ProposalRow.state.in_(states)).order_by(ProposalRow.made_at, ProposalRow.id)
    )
    return [_proposal(row, slug) for row, slug in rows]


def decided_proposals(session: Session, most: int = 200) -> list[Proposal]:
    """Those that are over, the last decided first."""
    rows = session.execute(
        _joined()
        .where(ProposalRow.state.not_in(OPEN))
        .order_by(ProposalRow.decided_at.desc(), ProposalRow.id.desc())
        .limit(most)
    )
    return [_proposal(row, slug) for row, slug in rows]


def count_waiting(session: Session) -> int:
    """How many wait for an operator."""
    asked = select(func.count()).where(ProposalRow.state == State.PROPOSED)
    return session.scalar(asked) or 0


def _joined() -> Any:
    return select(ProposalRow, ProviderRow.slug).join(
        ProviderRow, ProviderRow.id == ProposalRow.provider_id
    )


def makers_of(session: Session, number: int) -> set[int]:
    """Everybody who wrote any version of it."""
    rows = session.scalars(
        select(ProposalVersionRow.made_by).where(ProposalVersionRow.proposal_id == number)
    )
    return {one for one in rows if one is not None}


def versions_of(session: Session, number: int) -> list[ProposalVersionRow]:
    """Oldest first."""
    return list(
        session.scalars(
            select(ProposalVersionRow)
            .where(ProposalVersionRow.proposal_id == number)
            .order_by(ProposalVersionRow.version)
        )
    )


def change(session: Session, known: Proposal, **values: object) -> bool:
    """Whether the proposal was still as `known` and has these values now. Its version goes up."""
    said = (
        update(ProposalRow)
        .where(
            ProposalRow.id == known.id,
            ProposalRow.version == known.version,
            ProposalRow.state == known.state,
            ProposalRow.sha256 == known.sha256,
            ProposalRow.first_by.is_(None)
            if known.first_by is None
            else ProposalRow.first_by == known.first_by,
        )
        .values(version=known.version + 1, **values)
    )
    return session.execute(said.returning(ProposalRow.id)).first() is not None


def rewrite(
    session: Session, known: Proposal, payload: str, by: int | None, words: str, at: datetime
) -> bool:
    """Propose it again with another payload: whether it was still as `known`. What was approved
    of it before, once, no longer counts."""
    done = change(
        session,
        known,
        payload=payload,
        sha256=sha256_of(payload),
        state=State.PROPOSED,
        made_by=by,
        made_at=at,
        words=words,
        first_by=None,
        first_at=None,
        first_words="",
        decided_by=None,
        decided_at=None,
    )
    if done:
        _keep_version(session, known.id, known.version + 1, payload, by, at)
    return done
