"""Adverts: what was asked for, who decided, and when adverts as a whole were on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.accounts import AccountRow
from app.db.base import Base, word
from app.db.licences import LicenceRow
from app.db.providers import ProviderAliasRow, ProviderRow
from app.domain.account import Account
from app.domain.advert import (
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Advert,
    AdvertState,
    Interested,
    Refusal,
    Sector,
    Switched,
    host_of,
    is_on,
    refused_by,
    todays,
)
from app.domain.foreign import tidy


class AdvertRow(Base):
    """languages: codes with spaces between them."""

    __tablename__ = "advert"

    id: Mapped[int] = mapped_column(primary_key=True)
    advertiser: Mapped[str] = mapped_column(String(LONGEST_NAME))
    sector: Mapped[Sector] = mapped_column(word(Sector))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    link: Mapped[str] = mapped_column(String(LONGEST_LINK))
    languages: Mapped[str] = mapped_column(String(60))
    starts: Mapped[date] = mapped_column(Date)
    ends: Mapped[date] = mapped_column(Date)
    paid: Mapped[Decimal]
    state: Mapped[AdvertState] = mapped_column(word(AdvertState))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    version: Mapped[int]

    def advert(self) -> Advert:
        kept = {name: getattr(self, name) for name in KEPT}
        return Advert(number=self.id, languages=tuple(self.languages.split()), **kept)


class AdvertSwitchRow(Base):
    """Each time that adverts were turned on or off; the newest row says how it is."""

    __tablename__ = "advert_switch"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


KEPT = (
    *("advertiser", "sector", "title", "text", "link", "starts", "ends", "paid", "version"),
    *("state", "reason", "made_by", "decided_by", "approved_at", "stopped_at"),
)
"""What is copied as it is."""

WRITTEN = {"advertiser": LONGEST_NAME, "title": LONGEST_TITLE, "text": LONGEST_TEXT}
ASKED = ("sector", "link", "starts", "ends", "paid")


class KeptOut(Exception):
    """The sector rule refuses this advert."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule.value)
        self.refusal = refusal


class SamePerson(Exception):
    """Whoever made an advert does not approve it."""


class Outdated(Exception):
    """Somebody changed or decided it meanwhile."""


def interested(session: Session) -> Interested:
    """Everyone whom the rule keeps out, as known now: firms of any state, by each name they go by,
    holders of licences, and firms' sites."""
    rows = session.execute(select(ProviderRow.slug, ProviderRow.name, ProviderRow.website)).all()
    firms = {said: name for slug, name, _site in rows for said in (name, slug.replace("-", " "))}
    sites = {host_of(site or ""): name for _slug, name, site in rows}
    sites.pop("", None)
    named = select(ProviderAliasRow.name.label("alias"), ProviderRow.name.label("firm")).join(
        ProviderRow, ProviderRow.id == ProviderAliasRow.provider_id
    )
    firms |= {row.alias: row.firm for row in session.execute(named)}
    holders = {holder: holder for holder in session.scalars(select(LicenceRow.holder)) if holder}
    return Interested(firms, holders, sites)


def add_advert(session: Session, advert: Advert, by: Account, now: datetime) -> Advert:
    """Keep a new one, waiting for a second person. Raises KeptOut."""
    _let_in(session, advert)
    row = AdvertRow(
        **_columns(advert),
        state=AdvertState.WAITING,
        reason="",
        made_by=by.id,
        made_at=now,
        decided_by=None,
        approved_at=None,
        stopped_at=None,
        version=1,
    )
    session.add(row)
    session.flush()
    return row.advert()


def change_advert(session: Session, advert: Advert, by: Account) -> Advert:
    """Write one anew that waits. Whoever changes it has made it, and does not approve it. Raises
    KeptOut, Outdated."""
    _let_in(session, advert)
    return _decided(session, advert, (AdvertState.WAITING,), made_by=by.id, **_columns(advert))


def _columns(advert: Advert) -> dict[str, object]:
    kept = {name: tidy(getattr(advert, name), longest) for name, longest in WRITTEN.items()}
    asked = {name: getattr(advert, name) for name in ASKED}
    return {**kept, **asked, "languages": " ".join(advert.languages)}


def _let_in(session: Session, advert: Advert) -> None:
    refusal = refused_by(advert, interested(session))
    if refusal is not None:
        raise KeptOut(refusal)


def approve(session: Session, advert: Advert, by: Account, now: datetime) -> Advert:
    """Let a waiting one run, if the rule still lets it and its maker is another person. Raises
    KeptOut, SamePerson, Outdated."""
    if advert.made_by == by.id:
        raise SamePerson
    _let_in(session, advert)
    return _decided(
        session,
        advert,
        (AdvertState.WAITING,),
        state=AdvertState.APPROVED,
        decided_by=by.id,
        approved_at=now,
    )


def reject(session: Session, advert: Advert, reason: str, by: Account) -> Advert:
    """Raises Outdated."""
    return _decided(
        session,
        advert,
        (AdvertState.WAITING,),
        state=AdvertState.REJECTED,
        reason=tidy(reason, LONGEST_REASON),
        decided_by=by.id,
    )


def stop(session: Session, advert: Advert, reason: str, by: Account, now: datetime) -> Advert:
    """Take one off the pages; it stays in the list of what ran. Raises Outdated."""
    return _decided(
        session,
        advert,
        (AdvertState.APPROVED,),
        state=AdvertState.STOPPED,
        reason=tidy(reason, LONGEST_REASON),
        decided_by=by.id,
        stopped_at=now,
    )


def _decided(
    session: Session, advert: Advert, states: tuple[AdvertState, ...], **values: object
) -> Advert:
    done = session.execute(
        update(AdvertRow)
        .where(
            AdvertRow.id == advert.number,
            AdvertRow.version == advert.version,
            AdvertRow.state.in_(states),
        )
        .values(version=advert.version + 1, **values)
        .returning(AdvertRow.id)
    )
    if done.first() is None:
        raise Outdated
    return session.get_one(AdvertRow, advert.number, populate_existing=True).advert()


def find_advert(session: Session, number: int) -> Advert | None:
    row = session.get(AdvertRow, number, populate_existing=True)
    return row.advert() if row else None


def all_adverts(session: Session) -> list[Advert]:
    """Newest first."""
    rows = session.scalars(select(AdvertRow).order_by(AdvertRow.id.desc()))
    return [row.advert() for row in rows]


def switches(session: Session) -> list[Switched]:
    """Oldest first."""
    rows = session.execute(
        select(AdvertSwitchRow, AccountRow.name)
        .outerjoin(AccountRow, AccountRow.id == AdvertSwitchRow.by_id)
        .order_by(AdvertSwitchRow.id)
    )
    return [Switched(row.is_on, row.at, row.reason, name or "") for row, name in rows]


def switch(session: Session, on: bool, reason: str, by: Account, now: datetime) -> bool:
    """Turn adverts on or off; False if they are so already."""
    if is_on(switches(session)) == on:
        return False
    said = tidy(reason, LONGEST_REASON)
    session.add(AdvertSwitchRow(is_on=on, at=now, reason=said, by_id=by.id))
    session.flush()
    return True


def now_on(session: Session) -> bool:
    """Whether adverts are on: the one question of a page that might have one."""
    newest = select(AdvertSwitchRow.is_on).order_by(AdvertSwitchRow.id.desc()).limit(1)
    return bool(session.scalar(newest))


def on_page(session: Session, language: str, day: date) -> Advert | None:
    """What stands on the pages of a language on a day, if adverts are on. The rule is asked again:
    a firm may have become one that sends money since."""
    if not now_on(session):
        return None
    due = select(AdvertRow).where(
        AdvertRow.state == AdvertState.APPROVED, AdvertRow.starts <= day, AdvertRow.ends >= day
    )
    known = [row.advert() for row in session.scalars(due)]
    kept_out = interested(session) if known else Interested({}, {}, {})
    return todays((one for one in known if refused_by(one, kept_out) is None), language, day)
