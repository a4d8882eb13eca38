"""Holders in a register whose name is like a provider's: perhaps its licence. A person says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Select, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.licences import LONGEST_HOLDER
from app.db.providers import ProviderRow
from app.domain.foreign import tidy
from app.domain.licence import LicenceEntry, ListedLicence

LONGEST_CODE = 80


class MatchState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class LicenceMatchRow(Base):
    """name: ours, that was found in the register; holder: the register's own; countries: where it
    may remit money, with spaces; seen_at: when the register said so last."""

    __tablename__ = "licence_match"
    __table_args__ = (
        UniqueConstraint("provider_id", "register", "code", name="uq_licence_match_of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    register: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(LONGEST_CODE))
    name: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(LONGEST_HOLDER))
    country: Mapped[str] = mapped_column(String(2))
    countries: Mapped[str] = mapped_column(String(LONGEST_HOLDER))
    authorised_on: Mapped[date | None] = mapped_column(Date)
    seen_at: Mapped[datetime]
    state: Mapped[MatchState] = mapped_column(word(MatchState))
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(String(2000))


def propose(
    session: Session,
    provider_id: int,
    found: Iterable[tuple[str, LicenceEntry]],
    now: datetime,
) -> int:
    """Keep what was found under a name of a provider; how many are new. What a person decided
    stays, and comes up no second time."""
    rows = session.scalars(
        select(LicenceMatchRow).where(LicenceMatchRow.provider_id == provider_id)
    )
    known = {(row.register, row.code): row for row in rows}
    added = 0
    for name, entry in found:
        row = known.get((entry.register, entry.code))
        if row is None:
            row = LicenceMatchRow(
                provider_id=provider_id,
                register=entry.register,
                code=entry.code,
                state=MatchState.PROPOSED,
                words="",
            )
            known[entry.register, entry.code] = row
            session.add(row)
            added += 1
        row.name, row.seen_at = name, now
        row.holder, row.country = tidy(entry.names[0], LONGEST_HOLDER), tidy(entry.country, 2)
        row.countries = " ".join(entry.remits_in)[:LONGEST_HOLDER]
        row.authorised_on = entry.authorised_on
    session.flush()
    return added


def find_match(session: Session, number: int) -> tuple[LicenceMatchRow, str] | None:
    """With the slug of its provider."""
    found = session.execute(_matches().where(LicenceMatchRow.id == number)).first()
    return (found[0], found[1]) if found else None


def matches(session: Session, state: MatchState | None = None) -> list[tuple[LicenceMatchRow, str]]:
    """With the slug of each one's provider, by that and the holder."""
    asked = _matches().order_by(ProviderRow.slug, LicenceMatchRow.holder, LicenceMatchRow.id)
    if state is not None:
        asked = asked.where(LicenceMatchRow.state == state)
    return [(row, slug) for row, slug in session.execute(asked)]


def _matches() -> Select[LicenceMatchRow, str]:
    return select(LicenceMatchRow, ProviderRow.slug).join(
        ProviderRow, ProviderRow.id == LicenceMatchRow.provider_id
    )


def confirmed(session: Session) -> list[ListedLicence]:
    """Where licences are to be found, as people have confirmed at the desk."""
    return [
        ListedLicence(slug, row.code, row.holder)
        for row, slug in matches(session, MatchState.CONFIRMED)
    ]


def decide_match(
    session: Session,
    number: int,
    before: MatchState,
    state: MatchState,
    by: int,
    words: str,
    now: datetime,
) -> bool:
    """False if it is no longer what it was `before`: somebody else was first."""
    row = LicenceMatchRow
    decided = (
        update(row)
        .where(row.id == number, row.state == before)
        .values(state=state, decided_by=by, decided_at=now, words=words)
    )
    return session.execute(decided.returning(row.id)).first() is not None
