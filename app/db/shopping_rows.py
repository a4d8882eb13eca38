"""Mystery shopping: how samples, their tasks and what people were told are kept.

Nothing that was filled in is ever changed: a correction is one more version, and the newest one
stands. Of a receipt's number only a keyed hash is kept, and each number counts once; no picture of
a receipt is kept at all.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Words, word
from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.quote import Origin
from app.domain.service import AccessPoint, Coverage, PickupMethod, Speed
from app.domain.shopping import LONGEST_REASON, Figures, Heard, Result, Shown
from app.domain.shopping_sample import LONGEST_SEED, Risk


class SampleRow(Base):
    """frame is what it was drawn from, as app.db.shopping_frame writes it."""

    __tablename__ = "shopping_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7), index=True)
    seed: Mapped[str] = mapped_column(String(LONGEST_SEED))
    size: Mapped[int]
    frame: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class TaskRow(Base):
    """shown_*: what stood on our pages when a researcher began, and who that is."""

    __tablename__ = "shopping_task"
    __table_args__ = (
        UniqueConstraint("quarter", "service_id", name="uq_shopping_task_quarter_service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("shopping_sample.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(7))
    place: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    rung: Mapped[Decimal]
    risks: Mapped[tuple[Risk, ...]] = mapped_column(Words(Risk))
    researcher_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    begun_at: Mapped[datetime | None]


class ShownColumns:
    """What stood on our pages; all of it None where nothing did."""

    price_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"))
    shown_paid: Mapped[Decimal | None]
    shown_fee: Mapped[Decimal | None]
    shown_received: Mapped[Decimal | None]
    shown_rate: Mapped[Decimal | None]
    shown_source: Mapped[str | None] = mapped_column(String(40))
    shown_origin: Mapped[Origin | None] = mapped_column(word(Origin))
    shown_read_at: Mapped[datetime | None]
    shown_via: Mapped[str | None] = mapped_column(String(40))


class BegunRow(ShownColumns, Base):
    """Frozen when a researcher begins: before they ask, and so that they do not see it."""

    __tablename__ = "shopping_begun"

    task_id: Mapped[int] = mapped_column(ForeignKey("shopping_task.id"), primary_key=True)


class ResultRow(ShownColumns, Base):
    """One version of what was filled in; by_id is who did."""

    __tablename__ = "shopping_result"
    __table_args__ = (
        UniqueConstraint("task_id", "version", name="uq_shopping_result_task_id_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("shopping_task.id"))
    version: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    heard: Mapped[Heard] = mapped_column(word(Heard))
    asked_at: Mapped[datetime]
    bought: Mapped[bool]
    paid: Mapped[Decimal | None]
    fee: Mapped[Decimal | None]
    received: Mapped[Decimal | None]
    rate: Mapped[Decimal | None]
    receiver_charge: Mapped[Decimal | None]
    speed: Mapped[Speed | None] = mapped_column(word(Speed))
    access_points: Mapped[tuple[AccessPoint, ...]] = mapped_column(Words(AccessPoint))
    pickup_methods: Mapped[tuple[PickupMethod, ...]] = mapped_column(Words(PickupMethod))
    coverage: Mapped[Coverage | None] = mapped_column(word(Coverage))
    note: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    withdrawn: Mapped[bool]


class ReceiptRow(Base):
    """A receipt that was used, and for which task."""

    __tablename__ = "shopping_receipt"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("shopping_task.id"), index=True)


COPIED = (
    *("heard", "asked_at", "bought", "speed", "access_points", "pickup_methods"),
    *("coverage", "note", "reason", "withdrawn"),
)
"""What of a result is kept as it is."""


def result_of(row: ResultRow, corridor: Corridor) -> Result:
    kept = {name: getattr(row, name) for name in COPIED}
    return Result(figures=_figures(row, corridor), shown=shown_of(row, corridor), **kept)


def _figures(row: ResultRow, corridor: Corridor) -> Figures | None:
    if row.paid is None or row.fee is None or row.received is None or row.rate is None:
        return None
    charge = row.receiver_charge
    return Figures(
        paid=Money(row.paid, corridor.send_currency),
        fee=Money(row.fee, corridor.send_currency),
        received=Money(row.received, corridor.receive_currency),
        rate=row.rate,
        receiver_charge=None if charge is None else Money(charge, corridor.receive_currency),
    )


def shown_of(row: ShownColumns, corridor: Corridor) -> Shown | None:
    read_at, origin, source = row.shown_read_at, row.shown_origin, row.shown_source
    paid, fee, received, rate = row.shown_paid, row.shown_fee, row.shown_received, row.shown_rate
    if row.price_id is None or read_at is None or origin is None or source is None:
        return None
    if paid is None or fee is None or received is None or rate is None:
        return None
    return Shown(
        price_id=row.price_id,
        paid=Money(paid, corridor.send_currency),
        fee=Money(fee, corridor.send_currency),
        received=Money(received, corridor.receive_currency),
        rate=rate,
        source=source,
        origin=origin,
        at=read_at,
        via=row.shown_via or "",
    )


def shown_columns(shown: Shown | None) -> dict[str, object]:
    return {
        "price_id": shown.price_id if shown else None,
        "shown_paid": shown.paid.amount if shown else None,
        "shown_fee": shown.fee.amount if shown else None,
        "shown_received": shown.received.amount if shown else None,
        "shown_rate": shown.rate if shown else None,
        "shown_source": shown.source if shown else None,
        "shown_origin": shown.origin if shown else None,
        "shown_read_at": shown.at if shown else None,
        "shown_via": shown.via if shown else None,
    }
