"""Reports as a firm sees them, and its reply: one to each, read by us before readers see it.

A firm sees that a price of its own was reported, and the words that an operator wrote for it. What
the reader wrote, and how to reach them, is never part of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.accounts import AccountRow
from app.db.base import Base, word
from app.db.price_rows import QuoteRow
from app.db.providers import ProviderRow
from app.db.reports import ReportRow
from app.db.services import ServiceRow
from app.domain.foreign import tidy
from app.domain.reply import LONGEST_REPLY, Reply, ReplyState
from app.domain.report import LONGEST_MESSAGE, ReportState


class ReplyRow(Base):
    """read_by is who let it go or refused it."""

    __tablename__ = "report_reply"

    report_id: Mapped[int] = mapped_column(ForeignKey(ReportRow.id), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(ProviderRow.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey(AccountRow.id))
    state: Mapped[ReplyState] = mapped_column(word(ReplyState))
    why: Mapped[str] = mapped_column(Text)
    read_by: Mapped[int | None] = mapped_column(ForeignKey(AccountRow.id))
    read_at: Mapped[datetime | None]
    version: Mapped[int]


class ToldRow(Base):
    """What a firm is told of a report, in the words of an operator."""

    __tablename__ = "report_told"

    report_id: Mapped[int] = mapped_column(ForeignKey(ReportRow.id), primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(ProviderRow.id), index=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Case:
    """A report as its firm sees it. There is no place in it for whatever a reader wrote."""

    number: int
    price_id: int
    at: datetime
    state: ReportState
    outcome: str
    closed_at: datetime | None
    told: str
    reply: Reply | None


def firm_of(session: Session, number: int) -> tuple[str, str] | None:
    """Slug and name of the firm whose price a report is about; None if it is about none."""
    asked = (
        select(ProviderRow.slug, ProviderRow.name)
        .select_from(ReportRow)
        .join(QuoteRow, QuoteRow.id == ReportRow.price_id)
        .join(ServiceRow, ServiceRow.id == QuoteRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .where(ReportRow.id == number)
    )
    found = session.execute(asked).first()
    return (found.slug, found.name) if found else None


def cases(session: Session, provider: str, *which: ColumnElement[bool]) -> list[Case]:
    """The reports about a firm's prices, newest first."""
    asked = (
        select(ReportRow, ToldRow.words)
        .join(QuoteRow, QuoteRow.id == ReportRow.price_id)
        .join(ServiceRow, ServiceRow.id == QuoteRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .outerjoin(ToldRow, ToldRow.report_id == ReportRow.id)
        .where(ProviderRow.slug == provider, *which)
        .order_by(ReportRow.id.desc())
    )
    rows = session.execute(asked).all()
    said = replies(session, [row.id for row, _told in rows])
    return [
        Case(
            number=row.id,
            price_id=row.price_id or 0,
            at=row.at,
            state=row.state,
            outcome=row.outcome,
            closed_at=row.closed_at,
            told=told or "",
            reply=said.get(row.id),
        )
        for row, told in rows
    ]


def find_case(session: Session, provider: str, number: int) -> Case | None:
    """Only if it is about a price of that firm."""
    found = cases(session, provider, ReportRow.id == number)
    return found[0] if found else None


def told(session: Session, number: int) -> str:
    """What the firm is told of a report; "" for nothing."""
    return session.scalar(select(ToldRow.words).where(ToldRow.report_id == number)) or ""


def tell(session: Session, number: int, words: str, now: datetime) -> bool:
    """Say to the firm what a report is about; False if it is about no firm's price."""
    _alone(session, number)
    firm = firm_of(session, number)
    if firm is None:
        return False
    row = session.get(ToldRow, number, populate_existing=True)
    if row is None:
        slug = ProviderRow.slug == firm[0]
        provider_id = session.scalars(select(ProviderRow.id).where(slug)).one()
        row = ToldRow(report_id=number, provider_id=provider_id)
        session.add(row)
    row.words, row.at = tidy(words, LONGEST_MESSAGE), now
    session.flush()
    return True


def write(
    session: Session, number: int, provider: str, version: int, text: str, by: int, now: datetime
) -> bool:
    """A firm's reply, first (`version` 0) or anew; to be read by an operator. False if it is public
    already or somebody else changed it meanwhile."""
    _alone(session, number)
    said = tidy(text, LONGEST_REPLY)
    provider_id = session.scalars(select(ProviderRow.id).where(ProviderRow.slug == provider)).one()
    row = session.get(ReplyRow, number, populate_existing=True)
    if (row.version if row else 0) != version or (row and row.state is ReplyState.PUBLIC):
        return False
    if row is None:
        row = ReplyRow(report_id=number, provider_id=provider_id, read_by=None, read_at=None)
        session.add(row)
    row.text, row.at, row.written_by, row.version = said, now, by, version + 1
    row.state, row.why = ReplyState.WAITING, ""
    session.flush()
    return True


def _alone(session: Session, number: int) -> None:
    """Whoever else writes about this report waits until this transaction ends."""
    session.execute(select(ReportRow.id).where(ReportRow.id == number).with_for_update())


def judge(session: Session, number: int, version: int, why: str, by: int, now: datetime) -> bool:
    """Let readers see a reply, or with `why` do not; False if it is not the version that was read
    any more. One that is public can be taken back."""
    state = ReplyState.REFUSED if why else ReplyState.PUBLIC
    done = session.execute(
        update(ReplyRow)
        .where(ReplyRow.report_id == number, ReplyRow.version == version)
        .values(state=state, why=tidy(why, LONGEST_REPLY), read_by=by, read_at=now)
        .returning(ReplyRow.report_id)
    )
    return done.first() is not None


def replies(
    session: Session, numbers: Iterable[int], state: ReplyState | None = None
) -> dict[int, Reply]:
    """To these reports, by their number; in that state only, if one is named."""
    wanted = [ReplyRow.report_id.in_(list(numbers))]
    return {one.report: one for one in _replies(session, state, *wanted)}


def waiting_replies(session: Session) -> list[Reply]:
    """Those that an operator must read, oldest first."""
    return _replies(session, ReplyState.WAITING)


def _replies(
    session: Session, state: ReplyState | None, *which: ColumnElement[bool]
) -> list[Reply]:
    asked = (
        select(ReplyRow, ProviderRow.slug, ProviderRow.name)
        .join(ProviderRow, ProviderRow.id == ReplyRow.provider_id)
        .where(*which)
        .order_by(ReplyRow.at, ReplyRow.report_id)
        .execution_options(populate_existing=True)
    )
    if state is not None:
        asked = asked.where(ReplyRow.state == state)
    return [
        Reply(row.report_id, slug, name, row.text, row.at, row.state, row.why, row.version)
        for row, slug, name in session.execute(asked)
    ]
