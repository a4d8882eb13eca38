"""The survey's own rows, round by round: what indicators are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, delete, func, insert, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, Words, batched, word
from app.db.providers import ProviderRow
from app.domain.indicators import SurveyCost
from app.domain.money import Money
from app.domain.provider import ProviderKind
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed
from app.domain.survey import Surveyed, SurveyRow, Tier


class SurveyFileRow(Base):
    """A file that was loaded whole, known by its hash."""

    __tablename__ = "survey_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    loaded_at: Mapped[datetime]
    rows: Mapped[int]
    refused: Mapped[int]


class SurveyRefusalRow(Base):
    """A row of a file that could not be used, and why; of which round it was, "" if unknown."""

    __tablename__ = "survey_refusal"

    file_id: Mapped[int] = mapped_column(ForeignKey("survey_file.id"), primary_key=True)
    sheet: Mapped[str] = mapped_column(String(100), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    column: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(300))
    send_country: Mapped[str] = mapped_column(String(2))
    period: Mapped[str] = mapped_column(String(7))


class SurveyServiceRow(Base):
    """One service in one round. `raw_sha256` is of the row as the file has it; the text itself is
    kept as evidence for the rows that became prices."""

    __tablename__ = "survey_service"
    __table_args__ = (
        Index("ix_survey_service_send_country_period", "send_country", "period"),
        Index("ix_survey_service_file_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("survey_file.id"))
    row: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(7))
    send_country: Mapped[str] = mapped_column(String(2))
    receive_country: Mapped[str] = mapped_column(String(2))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    firm_types: Mapped[tuple[ProviderKind, ...]] = mapped_column(Words(ProviderKind))
    payment_instruments: Mapped[tuple[PaymentInstrument, ...]] = mapped_column(
        Words(PaymentInstrument)
    )
    access_points: Mapped[tuple[AccessPoint, ...]] = mapped_column(Words(AccessPoint))
    pickup_methods: Mapped[tuple[PickupMethod, ...]] = mapped_column(Words(PickupMethod))
    speed: Mapped[Speed | None] = mapped_column(word(Speed))
    coverage: Mapped[Coverage | None] = mapped_column(word(Coverage))
    transparent: Mapped[bool]
    surveyed_on: Mapped[date | None] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3))
    sent_200: Mapped[Decimal | None]
    fee_200: Mapped[Decimal | None]
    margin_200: Mapped[Decimal | None]
    sent_500: Mapped[Decimal | None]
    fee_500: Mapped[Decimal | None]
    margin_500: Mapped[Decimal | None]
    raw_sha256: Mapped[str] = mapped_column(String(64))

    def survey_row(self, firm: str) -> SurveyRow:
        return SurveyRow(
            row=self.row,
            period=self.period,
            send_country=self.send_country,
            receive_country=self.receive_country,
            firm=firm,
            firm_types=self.firm_types,
            payment_instruments=self.payment_instruments,
            access_points=self.access_points,
            pickup_methods=self.pickup_methods,
            speed=self.speed,
            coverage=self.coverage,
            transparent=self.transparent,
            surveyed_on=self.surveyed_on,
            tiers=self._tiers(),
            raw={},
        )

    def _tiers(self) -> dict[int, Tier]:
        columns = {
            200: (self.sent_200, self.fee_200, self.margin_200),
            500: (self.sent_500, self.fee_500, self.margin_500),
        }
        return {
            point: Tier(Money(sent, self.currency), Money(fee, self.currency), margin)
            for point, (sent, fee, margin) in columns.items()
            if sent is not None and fee is not None and margin is not None
        }


def is_loaded(session: Session, sha256: str) -> bool:
    return _file_id(session, sha256) is not None


def is_newest(session: Session, sha256: str) -> bool:
    """Whether a loaded file is the last that was loaded of its source."""
    newest = select(SurveyFileRow.source, func.max(SurveyFileRow.id).label("id"))
    last = newest.group_by(SurveyFileRow.source).subquery()
    found = select(SurveyFileRow.id).join(last, last.c.id == SurveyFileRow.id)
    return session.scalar(found.where(SurveyFileRow.sha256 == sha256)) is not None


def forget_file(session: Session, sha256: str) -> None:
    """Forget that a file was loaded, and what it said, so that it can be loaded again."""
    file_id = _file_id(session, sha256)
    for kind in (SurveyServiceRow, SurveyRefusalRow):
        session.execute(delete(kind).where(kind.file_id == file_id))
    session.execute(delete(SurveyFileRow).where(SurveyFileRow.id == file_id))


def _file_id(session: Session, sha256: str) -> int | None:
    return session.scalar(select(SurveyFileRow.id).where(SurveyFileRow.sha256 == sha256))


@dataclass(frozen=True, slots=True)
class Refusal:
    sheet: str
    row: int
    column: str
    reason: str
    send_country: str
    period: str


def add_file(session: Session, sha256: str, source: str, name: str, at: datetime) -> SurveyFileRow:
    row = SurveyFileRow(
        sha256=sha256, source=source, name=name[:300], loaded_at=at, rows=0, refused=0
    )
    session.add(row)
    session.flush()
    return row


def add_rows(session: Session, file_id: int, rows: list[tuple[SurveyRow, int, str]]) -> None:
    """Rows of a file, each with the id of its provider and the hash of its raw text."""
    session.execute(insert(SurveyServiceRow), [_columns(file_id, *row) for row in rows])


def add_refusals(session: Session, file_id: int, refusals: Iterable[Refusal]) -> None:
    for some in batched(refusals):
        session.execute(
            insert(SurveyRefusalRow),
            [
                {
                    "file_id": file_id,
                    "sheet": one.sheet[:100],
                    "row": one.row,
                    "column": one.column[:100],
                    "reason": one.reason[:300],
                    "send_country": one.send_country,
                    "period": one.period,
                }
                for one in some
            ],
        )


Round = tuple[str, str]
"""A sending country and a period: what a newer file replaces as a whole."""


def count_rounds(session: Session, *, file_id: int, others: bool) -> dict[Round, int]:
    """Rows per round: of this file, or of all other files."""
    of_file = SurveyServiceRow.file_id == file_id
    rows = session.execute(
        select(SurveyServiceRow.send_country, SurveyServiceRow.period, func.count())
        .where(~of_file if others else of_file)
        .group_by(SurveyServiceRow.send_country, SurveyServiceRow.period)
    )
    return {(country, period): count for country, period, count in rows}


def drop_older(session: Session, file_id: int, rounds: Iterable[Round]) -> None:
    """Forget what older files said about these rounds."""
    for country, period in rounds:
        session.execute(
            delete(SurveyServiceRow).where(
                SurveyServiceRow.send_country == country,
                SurveyServiceRow.period == period,
                SurveyServiceRow.file_id != file_id,
            )
        )


def has_refusals(session: Session, send_country: str, period: str) -> bool:
    """Whether a row of this round, or one of an unknown round, was refused."""
    files = select(SurveyServiceRow.file_id).where(
        SurveyServiceRow.send_country == send_country, SurveyServiceRow.period == period
    )
    refused = select(SurveyRefusalRow.row).where(
        SurveyRefusalRow.file_id.in_(files),
        SurveyRefusalRow.send_country.in_((send_country, "")),
        SurveyRefusalRow.period.in_((period, "")),
    )
    return session.scalar(refused.limit(1)) is not None


def newest_round(session: Session, send_country: str) -> str | None:
    return session.scalar(
        select(func.max(SurveyServiceRow.period)).where(
            SurveyServiceRow.send_country == send_country
        )
    )


def send_countries(session: Session) -> list[str]:
    found = session.scalars(select(SurveyServiceRow.send_country).distinct())
    return sorted(found)


def round_places(session: Session, send_country: str, period: str) -> list[tuple[str, str]]:
    """Receiving country and sending currency of each corridor of a round, sorted."""
    rows = session.execute(
        select(SurveyServiceRow.receive_country, SurveyServiceRow.currency)
        .where(SurveyServiceRow.send_country == send_country, SurveyServiceRow.period == period)
        .distinct()
    )
    return sorted((country, currency) for country, currency in rows)


def round_rows(
    session: Session, send_country: str, period: str, receive_country: str | None = None
) -> Iterator[Surveyed]:
    """The rows of one round, or of one receiving country in it, streamed in the file's order."""
    wanted = (
        true() if receive_country is None else SurveyServiceRow.receive_country == receive_country
    )
    rows = session.execute(
        select(SurveyServiceRow, ProviderRow.name, ProviderRow.slug)
        .join(ProviderRow, ProviderRow.id == SurveyServiceRow.provider_id)
        .where(
            SurveyServiceRow.send_country == send_country,
            SurveyServiceRow.period == period,
            wanted,
        )
        .order_by(SurveyServiceRow.id)
        .execution_options(yield_per=500)
    )
    for row, name, slug in rows:
        yield Surveyed(row.survey_row(name), slug, row.raw_sha256)


def survey_costs(session: Session, send_country: str, period: str) -> list[SurveyCost]:
    """What the indicators of a round are counted from."""
    return [
        SurveyCost(
            receive_country=one.row.receive_country,
            provider=one.provider,
            firm_types=one.row.firm_types,
            payment_instruments=one.row.payment_instruments,
            pickup_methods=one.row.pickup_methods,
            transparent=one.row.transparent,
            total_percent={point: tier.total_percent for point, tier in one.row.tiers.items()},
        )
        for one in round_rows(session, send_country, period)
    ]


def _columns(file_id: int, row: SurveyRow, provider_id: int, raw_sha256: str) -> dict[str, object]:
    tiers = {
        f"{column}_{point}": value
        for point in (200, 500)
        for column, value in _tier_columns(row.tiers.get(point)).items()
    }
    return {
        "file_id": file_id,
        "row": row.row[:40],
        "period": row.period,
        "send_country": row.send_country,
        "receive_country": row.receive_country,
        "provider_id": provider_id,
        "firm_types": row.firm_types,
        "payment_instruments": row.payment_instruments,
        "access_points": row.access_points,
        "pickup_methods": row.pickup_methods,
        "speed": row.speed,
        "coverage": row.coverage,
        "transparent": row.transparent,
        "surveyed_on": row.surveyed_on,
        "currency": row.currency,
        "raw_sha256": raw_sha256,
        **tiers,
    }


def _tier_columns(tier: Tier | None) -> dict[str, Decimal | None]:
    if tier is None:
        return {"sent": None, "fee": None, "margin": None}
    return {"sent": tier.sent.amount, "fee": tier.fee.amount, "margin": tier.margin}
