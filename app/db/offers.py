"""Special offers of firms: every proposal kept, one version approved by its hash.

What is shown is looked at again when it is read: if it is not what was approved, down to the last
sign, it is not shown.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, String, Text, Update, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.accounts import AccountRow
from app.db.base import Base
from app.db.providers import ProviderRow
from app.domain.offer import Offer, Terms, from_plain
from app.domain.provider import ProviderStatus

log = logging.getLogger(__name__)


ABOUT = "offer"
"""As the log of acts names what is done to one."""


class OfferRow(Base):
    """version: the newest; approved_version with the hash of what was read, and the days that it
    names; who approved it and when."""

    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    version: Mapped[int]
    approved_version: Mapped[int | None]
    approved_hash: Mapped[str] = mapped_column(String(64))
    approved_from: Mapped[date | None] = mapped_column(Date)
    approved_until: Mapped[date | None] = mapped_column(Date)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey(AccountRow.id))
    approved_at: Mapped[datetime | None]
    refused: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]


class OfferVersionRow(Base):
    """Only ever added to. terms is what `Terms.plain` writes."""

    __tablename__ = "offer_version"

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey(AccountRow.id))


class ChangedOffer(Exception):
    """Somebody else changed it since it was opened: `theirs` is what stands now."""

    def __init__(self, theirs: Offer) -> None:
        super().__init__(f"version {theirs.version} of offer {theirs.number} is newer")
        self.theirs = theirs


def propose(session: Session, provider: str, terms: Terms, now: datetime, by: int | None) -> int:
    """Keep a firm's new offer, to be read by one of us; its number."""
    firm = session.scalars(select(ProviderRow.id).where(ProviderRow.slug == provider)).one()
    row = OfferRow(provider_id=firm, version=1, approved_hash="", refused="")
    session.add(row)
    session.flush()
    _keep(session, row.id, 1, terms, now, by)
    return row.id


def change(
    session: Session, number: int, version: int, terms: Terms, now: datetime, by: int | None
) -> None:
    """A firm's offer anew. What was approved stays until this is read. Raises ChangedOffer."""
    done = session.execute(
        update(OfferRow)
        .where(OfferRow.id == number, OfferRow.version == version, OfferRow.withdrawn_at.is_(None))
        .values(version=version + 1, refused="")
        .returning(OfferRow.id)
    )
    if done.first() is None:
        raise ChangedOffer(_there(session, number))
    _keep(session, number, version + 1, terms, now, by)


def _keep(
    session: Session, number: int, version: int, terms: Terms, now: datetime, by: int | None
) -> None:
    session.add(
        OfferVersionRow(
            offer_id=number, number=version, terms=terms.plain(), saved_at=now, saved_by=by
        )
    )
    session.flush()


def approve(session: Session, number: int, seen: str, now: datetime, by: int | None) -> None:
    """Let readers see the newest version. `seen` is the hash of what was read: raises
    ChangedOffer if that is not the newest version any more, or the offer was withdrawn."""
    offer = _there(session, number)
    done = None
    if offer.newest.hash() == seen:
        done = session.execute(
            _open(offer)
            .values(
                approved_version=offer.version,
                approved_hash=seen,
                approved_from=offer.newest.starts,
                approved_until=offer.newest.ends,
                approved_by=by,
                approved_at=now,
                refused="",
            )
            .returning(OfferRow.id)
        ).first()
    if done is None:
        raise ChangedOffer(_there(session, number))


def refuse(session: Session, number: int, seen: str, why: str) -> None:
    """Say why the newest version is not let go. What was approved before stays. As `approve`."""
    offer = _there(session, number)
    done = None
    if offer.newest.hash() == seen:
        said = _open(offer).values(refused=why).returning(OfferRow.id)
        done = session.execute(said).first()
    if done is None:
        raise ChangedOffer(_there(session, number))


def _open(offer: Offer) -> Update:
    """To change it as it was read, unless it changed meanwhile."""
    return update(OfferRow).where(
        OfferRow.id == offer.number,
        OfferRow.version == offer.version,
        OfferRow.withdrawn_at.is_(None),
    )


def withdraw(session: Session, number: int, now: datetime) -> bool:
    """Take it away at once and for good; False if it was."""
    done = session.execute(
        update(OfferRow)
        .where(OfferRow.id == number, OfferRow.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(OfferRow.id)
    )
    return done.first() is not None


def find_offer(session: Session, number: int, provider: str | None = None) -> Offer | None:
    """With `provider` (a slug) only if it is that firm's."""
    mine = () if provider is None else (ProviderRow.slug == provider,)
    found = _offers(session, OfferRow.id == number, *mine)
    return found[0] if found else None


def offers_of(session: Session, provider: str) -> list[Offer]:
    """Every one of a firm, newest first."""
    return _offers(session, ProviderRow.slug == provider)


def all_offers(session: Session) -> list[Offer]:
    """Newest first."""
    return _offers(session)


def waiting(session: Session) -> list[Offer]:
    """Those that one of us must read, oldest first."""
    return [one for one in reversed(_offers(session)) if one.waits]


def live_offers(session: Session, now: datetime, provider: str | None = None) -> list[Offer]:
    """What readers may see now, of firms that are offered at all: the first to end first, then by
    firm. No order that a firm could want to buy."""
    mine = () if provider is None else (ProviderRow.slug == provider,)
    active = ProviderRow.status == ProviderStatus.ACTIVE
    approved = OfferRow.approved_version.is_not(None)
    found = _offers(session, active, approved, *mine)
    today = now.date()
    return sorted(
        (one for one in found if one.is_live(today)),
        key=lambda one: (one.approved.ends if one.approved else today, one.provider, one.number),
    )


def ending(session: Session, now: datetime) -> list[Offer]:
    """Those that end within a week."""
    return [one for one in live_offers(session, now) if one.ends_soon(now.date())]


def _there(session: Session, number: int) -> Offer:
    found = find_offer(session, number)
    if found is None:
        raise LookupError(f"there is no offer {number}")
    return found


def _offers(session: Session, *wanted: ColumnElement[bool]) -> list[Offer]:
    asked = (
        select(OfferRow, ProviderRow.slug)
        .join(ProviderRow, ProviderRow.id == OfferRow.provider_id)
        .where(*wanted)
        .order_by(OfferRow.id.desc())
        .execution_options(populate_existing=True)
    )
    rows = [(row, slug) for row, slug in session.execute(asked)]
    numbers = [row.id for row, _slug in rows]
    kept = {
        (one.offer_id, one.number): one.terms
        for one in session.scalars(
            select(OfferVersionRow).where(OfferVersionRow.offer_id.in_(numbers))
        )
    }
    return [_offer(row, slug, kept) for row, slug in rows]


def _offer(row: OfferRow, provider: str, kept: dict[tuple[int, int], str]) -> Offer:
    approved = None
    if row.approved_version is not None:
        text = kept[row.id, row.approved_version]
        if hashlib.sha256(text.encode()).hexdigest() == row.approved_hash:
            approved = from_plain(text)
        else:
            log.error("offer %s is not what was approved, and is not shown", row.id)
    return Offer(
        number=row.id,
        provider=provider,
        version=row.version,
        newest=from_plain(kept[row.id, row.version]),
        approved=approved,
        approved_at=row.approved_at,
        refused=row.refused,
        withdrawn_at=row.withdrawn_at,
    )
