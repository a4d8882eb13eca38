"""Prices: the history of every material change, and the board of the newest ones.

The board holds the exact newest quote of each service and rung; pages read nothing else. The
history gains a row only when something changed that a sender would notice: the fee, the margin
by more than 5 basis points, the speed, or whether the service is offered at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from app.db.base import Base, UtcDateTime, Words, batched, word
from app.db.corridors import CorridorRow, add_corridor, is_corridor
from app.db.engine import take_turn
from app.db.providers import ProviderRow
from app.db.services import ServiceRow, add_services
from app.domain.corridor import Corridor
from app.domain.ladder import Ladder
from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.quote import Derived, Observed, Origin, Precision, Price, Promotion, Quote
from app.domain.service import Coverage, Service, Speed

MATERIAL_MARGIN = Decimal("0.0005")
"""5 basis points of the mid rate: a smaller move is noise, not a change of price."""


class PriceColumns:
    """What the board and the history both keep of a price."""

    rung: Mapped[Decimal]
    paid: Mapped[Decimal]
    fee: Mapped[Decimal]
    received: Mapped[Decimal]
    rate: Mapped[Decimal]
    slack: Mapped[Decimal]
    derived: Mapped[tuple[Derived, ...]] = mapped_column(Words(Derived))
    promotion_rate: Mapped[Decimal | None]
    promotion_fee: Mapped[Decimal | None]
    promotion_received: Mapped[Decimal | None]
    promotion_terms: Mapped[str | None] = mapped_column(String(500))
    speed: Mapped[Speed | None] = mapped_column(word(Speed))
    coverage: Mapped[Coverage | None] = mapped_column(word(Coverage))
    source: Mapped[str] = mapped_column(String(40))
    origin: Mapped[Origin] = mapped_column(word(Origin))
    observed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    precision: Mapped[Precision] = mapped_column(word(Precision))
    mid_rate: Mapped[Decimal]
    mid_sources: Mapped[str] = mapped_column(String(200))
    mid_observed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    @declared_attr
    def evidence(self) -> Mapped[str]:
        return mapped_column(ForeignKey("evidence.sha256"))


class QuoteRow(PriceColumns, Base):
    """One stretch of history: from `observed_at` to `last_seen` nothing material changed.

    `ended_at` is set when the service was found to be no longer offered.
    """

    __tablename__ = "quote"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    last_seen: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BoardRow(PriceColumns, Base):
    """The newest price of a service at one rung, and the stretch of history it belongs to."""

    __tablename__ = "board"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    rung: Mapped[Decimal] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), index=True)


def board(session: Session, corridor: Corridor) -> list[Ladder]:
    """Every service with a price on the corridor, in no order. One query."""
    return _ladders(session, *is_corridor(corridor))


def ladder(session: Session, service_id: int) -> Ladder:
    """Of a service that is on the board."""
    (found,) = _ladders(session, BoardRow.service_id == service_id)
    return found


def _ladders(session: Session, *which: ColumnElement[bool]) -> list[Ladder]:
    found: dict[int, list[Price]] = {}
    rows = session.execute(
        _with_service(BoardRow, CorridorRow, QuoteRow.last_seen, owner=BoardRow)
        .join(QuoteRow, QuoteRow.id == BoardRow.quote_id)
        .where(*which)
    )
    for row, corridor, last_seen, service, slug in rows:
        known = service.service(slug, corridor.corridor())
        found.setdefault(row.service_id, []).append(_price(row, row.quote_id, last_seen, known))
    return [Ladder(rungs) for rungs in found.values()]


def find_price(session: Session, quote_id: int) -> tuple[Price, bool] | None:
    """A price by its number, and whether it is still on the board.

    A price on the board comes with its newest figures; an old one as it was when it began.
    """
    on_board = session.execute(
        _with_service(BoardRow, CorridorRow, QuoteRow.last_seen, owner=BoardRow)
        .join(QuoteRow, QuoteRow.id == BoardRow.quote_id)
        .where(BoardRow.quote_id == quote_id)
    ).first()
    found = (
        on_board
        or session.execute(
            _with_service(QuoteRow, CorridorRow, QuoteRow.last_seen, owner=QuoteRow).where(
                QuoteRow.id == quote_id
            )
        ).first()
    )
    if found is None:
        return None
    row, corridor, last_seen, service, slug = found
    known = service.service(slug, corridor.corridor())
    return _price(row, quote_id, last_seen, known), on_board is not None


def save(session: Session, corridor: Corridor, prices: Iterable[Price]) -> bool:
    """Put prices of one corridor on the board and in the history; whether anything changed.

    Prices equal to those on the board change nothing at all. A change raises the version of
    the corridor's board once.
    """
    take_turn(session)
    changed = _save_batches(session, corridor, prices)
    if changed:
        _new_version(session, corridor)
    return changed


def save_whole(
    session: Session, corridor: Corridor, source: str, prices: Iterable[Price], at: datetime
) -> bool:
    """As `save`, for all that a source offers on a corridor: what it had and no longer offers
    leaves the board, and its history ends at `at`.

    Only for a complete and good answer of the source: a failed run never removes a price.
    """
    take_turn(session)
    offered: set[Rung] = set()

    def noted() -> Iterator[Price]:
        for price in prices:
            offered.add(_rung(price))
            yield price

    changed = _save_batches(session, corridor, noted())
    changed = _withdraw(session, corridor, source, offered, at) > 0 or changed
    if changed:
        _new_version(session, corridor)
    return changed


Rung = tuple[tuple[object, ...], Decimal]
"""A service's identity, and an amount that it is quoted at."""


def _rung(price: Price) -> Rung:
    return price.quote.service.identity, price.rung


def _save_batches(session: Session, corridor: Corridor, prices: Iterable[Price]) -> bool:
    changed = False
    for some in batched(prices):
        newest = {_rung(price): price for price in some}
        changed = _save(session, corridor, list(newest.values())) or changed
    return changed


def _save(session: Session, corridor: Corridor, prices: list[Price]) -> bool:
    numbers = add_services(session, corridor, [price.quote.service for price in prices])
    on_board = _board_rows(session, set(numbers.values()))
    begun: list[tuple[QuoteRow, BoardRow]] = []
    changed = False
    for price in prices:
        number = numbers[price.quote.service]
        columns = _columns(price)
        held = on_board.get((number, price.rung))
        if held is not None and all(getattr(held, name) == columns[name] for name in columns):
            continue
        changed = True
        stretch = session.get_one(QuoteRow, held.quote_id) if held else None
        if stretch is not None and not _material(stretch, price):
            stretch.last_seen = max(stretch.last_seen, price.observed.at)
        else:
            stretch = QuoteRow(
                service_id=number, last_seen=price.observed.at, ended_at=None, **columns
            )
            begun.append((stretch, held or BoardRow(service_id=number, **columns)))
        if held is not None:
            for name, value in columns.items():
                setattr(held, name, value)
    _begin(session, begun)
    return changed


def _begin(session: Session, begun: list[tuple[QuoteRow, BoardRow]]) -> None:
    """Write new stretches of history, and the board's rows that belong to them."""
    session.add_all(stretch for stretch, _row in begun)
    session.flush()
    for stretch, row in begun:
        row.quote_id = stretch.id
    session.add_all(row for _stretch, row in begun)
    session.flush()


def _withdraw(
    session: Session, corridor: Corridor, source: str, offered: set[Rung], at: datetime
) -> int:
    rows = session.execute(
        _with_service(BoardRow.quote_id, BoardRow.rung, owner=BoardRow).where(
            *is_corridor(corridor), BoardRow.source == source
        ),
        execution_options={"yield_per": 500},
    )
    gone = {
        quote_id: service.id
        for quote_id, rung, service, slug in rows
        if (service.service(slug, corridor).identity, rung) not in offered
    }
    for some in batched(gone):
        session.execute(update(QuoteRow).where(QuoteRow.id.in_(some)).values(ended_at=at))
        session.execute(delete(BoardRow).where(BoardRow.quote_id.in_(some)))
    return len(set(gone.values()))


def _material(stretch: QuoteRow, price: Price) -> bool:
    """Against the stretch's beginning, so that small moves in one direction add up."""
    before = (stretch.mid_rate - stretch.rate) / stretch.mid_rate
    after = (price.mid.rate - price.quote.rate) / price.mid.rate
    return (
        stretch.fee != price.quote.fee.amount
        or abs(after - before) > MATERIAL_MARGIN
        or stretch.speed != price.quote.service.speed
    )


def _new_version(session: Session, corridor: Corridor) -> None:
    row = add_corridor(session, corridor)
    row.board_version = CorridorRow.board_version + 1
    session.flush()


def _board_rows(session: Session, services: set[int]) -> dict[tuple[int, Decimal], BoardRow]:
    rows = session.scalars(select(BoardRow).where(BoardRow.service_id.in_(services)))
    return {(row.service_id, row.rung): row for row in rows}


def _with_service(*what: Any, owner: type[QuoteRow] | type[BoardRow]) -> Select[Any]:
    """Select `what` of the owner's rows and, after it, each one's service and provider's slug."""
    return (
        select(*what, ServiceRow, ProviderRow.slug)
        .join(ServiceRow, ServiceRow.id == owner.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
    )


def _columns(price: Price) -> dict[str, Any]:
    quote, promotion = price.quote, price.quote.promotion
    return {
        "rung": price.rung,
        "paid": quote.paid.amount,
        "fee": quote.fee.amount,
        "received": quote.received.amount,
        "rate": quote.rate,
        "slack": quote.slack,
        "derived": tuple(one for one in Derived if one in quote.derived),
        "promotion_rate": promotion.rate if promotion else None,
        "promotion_fee": promotion.fee.amount if promotion else None,
        "promotion_received": promotion.received.amount if promotion else None,
        "promotion_terms": promotion.terms if promotion else None,
        "speed": quote.service.speed,
        "coverage": quote.service.coverage,
        "source": price.source,
        "origin": price.origin,
        "observed_at": price.observed.at,
        "precision": price.observed.precision,
        "mid_rate": price.mid.rate,
        "mid_sources": ",".join(price.mid.sources),
        "mid_observed_at": price.mid.observed_at,
        "evidence": price.evidence,
    }


def _price(row: QuoteRow | BoardRow, quote_id: int, last_seen: datetime, known: Service) -> Price:
    """The domain's price. Reading a row makes the quote anew, so a broken one cannot be shown."""
    corridor = known.corridor
    service = replace(known, speed=row.speed, coverage=row.coverage)
    return Price(
        quote=Quote(
            service=service,
            paid=Money(row.paid, corridor.send_currency),
            fee=Money(row.fee, corridor.send_currency),
            received=Money(row.received, corridor.receive_currency),
            rate=row.rate,
            derived=frozenset(row.derived),
            slack=row.slack,
            promotion=_promotion(row, corridor),
        ),
        source=row.source,
        origin=row.origin,
        observed=Observed(row.observed_at, row.precision),
        mid=MidRate(row.mid_rate, tuple(row.mid_sources.split(",")), row.mid_observed_at),
        evidence=row.evidence,
        rung=row.rung,
        id=quote_id,
        service_id=row.service_id,
        last_seen=last_seen,
    )


def _promotion(row: PriceColumns, corridor: Corridor) -> Promotion | None:
    rate, fee, received = row.promotion_rate, row.promotion_fee, row.promotion_received
    if rate is None or fee is None or received is None:
        return None
    return Promotion(
        rate=rate,
        fee=Money(fee, corridor.send_currency),
        received=Money(received, corridor.receive_currency),
        terms=row.promotion_terms or "",
    )
