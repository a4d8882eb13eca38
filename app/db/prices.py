"""Prices: the history of every material change, and the board of the newest ones.

The board holds the exact newest quote of each service and rung; pages read nothing else. The
history gains a row only when something changed that a sender would notice: the fee, the margin
by more than 5 basis points, the speed, or whether the service is offered at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from app.db.base import batched
from app.db.corridors import CorridorRow, add_corridor, is_corridor
from app.db.engine import take_turn
from app.db.price_rows import BoardRow, QuoteRow, columns_of, price_of
from app.db.providers import ProviderRow
from app.db.services import ServiceRow, add_services
from app.domain.corridor import Corridor
from app.domain.ladder import Ladder
from app.domain.precedence import prevails
from app.domain.quote import Origin, Price, margin_percent

MATERIAL_MARGIN = Decimal("0.0005")
"""5 basis points of the mid rate: a smaller move is noise, not a change of price."""


def board(session: Session, corridor: Corridor) -> list[Ladder]:
    """Every service with a price on the corridor, in no order. One query."""
    return _ladders(session, *is_corridor(corridor))


def boards_of(
    session: Session, provider: str, send_country: str | None = None
) -> dict[Corridor, list[Ladder]]:
    """Every service of one provider with a price, from one country or from any, by corridor, in no
    order. One query."""
    found: dict[Corridor, list[Ladder]] = {}
    which = [ProviderRow.slug == provider]
    if send_country is not None:
        which.append(CorridorRow.send_country == send_country)
    for one in _ladders(session, *which):
        found.setdefault(one.service.corridor, []).append(one)
    return found


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
        found.setdefault(row.service_id, []).append(price_of(row, row.quote_id, last_seen, known))
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
    return price_of(row, quote_id, last_seen, known), on_board is not None


def find_recorded(session: Session, quote_id: int) -> Price | None:
    """A price as it was when its stretch of history began, whatever stands on the board now."""
    asked = _with_service(QuoteRow, CorridorRow, QuoteRow.last_seen, owner=QuoteRow)
    found = session.execute(asked.where(QuoteRow.id == quote_id)).first()
    if found is None:
        return None
    row, corridor, last_seen, service, slug = found
    return price_of(row, quote_id, last_seen, service.service(slug, corridor.corridor()))


def find_standing(session: Session, service_id: int, rung: Decimal) -> Price | None:
    """What stands on the board for a service at one rung."""
    on_rung = BoardRow.service_id == service_id, BoardRow.rung == rung
    number = session.scalar(select(BoardRow.quote_id).where(*on_rung))
    found = find_price(session, number) if number is not None else None
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Named:
    """What a source has just given good answers about.

    services  amount -> numbers of the services that it named at that amount
    before    what it last had there before then, and has not named, is no longer offered
    """

    source: str
    services: dict[Decimal, set[int]]
    before: datetime


def save(
    session: Session,
    corridor: Corridor,
    prices: Iterable[Price],
    now: datetime,
    named: Named | None = None,
) -> bool:
    """Put prices of one corridor on the board and in the history; whether anything changed. What
    is no longer offered by what the source `named` leaves the board; its history ends now.

    Prices equal to those on the board change nothing at all, nor does one that does not prevail
    over what stands there (app.domain.precedence). A change raises the version of the corridor's
    board once.
    """
    take_turn(session)
    changed = _save_batches(session, corridor, prices, now)
    if named is not None:
        changed = _withdraw_unnamed(session, corridor, named, now) > 0 or changed
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

    changed = _save_batches(session, corridor, noted(), at)
    changed = _withdraw(session, corridor, source, offered, at) > 0 or changed
    if changed:
        _new_version(session, corridor)
    return changed


Rung = tuple[tuple[object, ...], Decimal]
"""A service's identity, and an amount that it is quoted at."""


def _rung(price: Price) -> Rung:
    return price.quote.service.identity, price.rung


def _save_batches(
    session: Session, corridor: Corridor, prices: Iterable[Price], now: datetime
) -> bool:
    changed = False
    for some in batched(prices):
        newest = {_rung(price): price for price in some}
        changed = _save(session, corridor, list(newest.values()), now) or changed
    return changed


def _save(session: Session, corridor: Corridor, prices: list[Price], now: datetime) -> bool:
    numbers = add_services(session, corridor, [price.quote.service for price in prices])
    on_board = _board_rows(session, set(numbers.values()))
    stretches = _stretches(session, {row.quote_id for row in on_board.values()})
    begun: list[tuple[QuoteRow, BoardRow]] = []
    changed = False
    for price in prices:
        number = numbers[price.quote.service]
        columns = columns_of(price)
        held = on_board.get((number, price.rung))
        if held is not None and (_equal(held, columns) or not _prevails(price, held, now)):
            continue
        changed = True
        stretch = stretches[held.quote_id] if held else None
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


def _equal(held: BoardRow, columns: dict[str, Any]) -> bool:
    return all(getattr(held, name) == columns[name] for name in columns)


def _prevails(price: Price, held: BoardRow, now: datetime) -> bool:
    return prevails(
        price, price_of(held, held.quote_id, held.observed_at, price.quote.service), now
    )


def _begin(session: Session, begun: list[tuple[QuoteRow, BoardRow]]) -> None:
    """Write new stretches of history, and the board's rows that belong to them."""
    session.add_all(stretch for stretch, _row in begun)
    session.flush()
    for stretch, row in begun:
        row.quote_id = stretch.id
    session.add_all(row for _stretch, row in begun)
    session.flush()


def newest(
    session: Session,
    corridor: Corridor,
    rungs: Collection[Decimal] | None = None,
    services: Collection[int] | None = None,
) -> list[Price]:
    """The prices on the board of a corridor, or those at some rungs, or of some services; in no
    order."""
    wanted = [*is_corridor(corridor)]
    if rungs is not None:
        wanted.append(BoardRow.rung.in_(rungs))
    if services is not None:
        wanted.append(BoardRow.service_id.in_(services))
    rows = session.execute(
        _with_service(BoardRow, CorridorRow, QuoteRow.last_seen, owner=BoardRow)
        .join(QuoteRow, QuoteRow.id == BoardRow.quote_id)
        .where(*wanted)
    )
    return [
        price_of(row, row.quote_id, last_seen, service.service(slug, corridor))
        for row, _corridor, last_seen, service, slug in rows
    ]


def margins(
    session: Session, corridor: Corridor, rungs: Collection[Decimal], since: datetime
) -> list[tuple[str, Decimal, Decimal]]:
    """Provider's slug, rung and margin (as Price.margin_percent) of every live price of a corridor
    that was true since then, in no order. Without the rest of a price, for there are many."""
    rows = session.execute(
        select(ProviderRow.slug, BoardRow.rung, BoardRow.rate, BoardRow.mid_rate)
        .join(ServiceRow, ServiceRow.id == BoardRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(
            *is_corridor(corridor),
            BoardRow.rung.in_(rungs),
            BoardRow.origin == Origin.LIVE,
            BoardRow.observed_at >= since,
        )
    )
    return [(slug, rung, margin_percent(rate, mid)) for slug, rung, rate, mid in rows]


def _withdraw_unnamed(session: Session, corridor: Corridor, named: Named, at: datetime) -> int:
    rows = session.execute(
        _with_service(BoardRow.quote_id, BoardRow.rung, owner=BoardRow).where(
            *is_corridor(corridor),
            BoardRow.source == named.source,
            BoardRow.observed_at < named.before,
        )
    )
    gone = [
        quote_id
        for quote_id, rung, service, _slug in rows
        if rung in named.services and service.id not in named.services[rung]
    ]
    _end(session, gone, at)
    return len(gone)


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
    _end(session, gone, at)
    return len(set(gone.values()))


def _end(session: Session, stretches: Iterable[int], at: datetime) -> None:
    for some in batched(stretches):
        session.execute(update(QuoteRow).where(QuoteRow.id.in_(some)).values(ended_at=at))
        session.execute(delete(BoardRow).where(BoardRow.quote_id.in_(some)))


def _material(stretch: QuoteRow, price: Price) -> bool:
    """Against the stretch's beginning, so that small moves in one direction add up."""
    before = (stretch.mid_rate - stretch.rate) / stretch.mid_rate
    after = (price.mid.rate - price.quote.rate) / price.mid.rate
    return (
        stretch.fee != price.quote.fee.amount
        or stretch.source != price.source
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


def _stretches(session: Session, numbers: set[int]) -> dict[int, QuoteRow]:
    found: dict[int, QuoteRow] = {}
    for some in batched(numbers):
        rows = session.scalars(select(QuoteRow).where(QuoteRow.id.in_(some)))
        found |= {row.id: row for row in rows}
    return found


def _with_service(*what: Any, owner: type[QuoteRow] | type[BoardRow]) -> Select[Any]:
    """Select `what` of the owner's rows and, after it, each one's service and provider's slug."""
    return (
        select(*what, ServiceRow, ProviderRow.slug)
        .join(ServiceRow, ServiceRow.id == owner.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
    )
