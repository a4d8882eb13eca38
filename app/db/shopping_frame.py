"""Which services could be shopped now, with what speaks for each, and what stood on our pages of
one at a given moment."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.db.corridors import CorridorRow
from app.db.held import HeldRow
from app.db.price_rows import BoardRow, QuoteRow
from app.db.providers import ProviderRow
from app.db.reach import reach_from
from app.db.services import ServiceRow
from app.db.visits import visits_since
from app.domain.corridor import Corridor
from app.domain.money import Money
from app.domain.provider import ProviderStatus
from app.domain.quote import Age, Observed, Origin
from app.domain.reach import ReachState
from app.domain.shopping import Shown
from app.domain.shopping_sample import Candidate, Risk, price_points
from app.domain.told import GONE_AFTER

LOOKED_AT_FOR = timedelta(days=90)
"""How far back visits count."""

TENS = 10
"""Visits are rounded down to these: what a sample was drawn from is published, and no small count
of people is."""


@dataclass(frozen=True, slots=True)
class Before:
    """What shopping found so far, by number of the service: shopped ever; wrong, not kept when it
    was shopped last; without, not to be drawn again now."""

    shopped: frozenset[int] = frozenset()
    wrong: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()


def candidates(
    session: Session, send_country: str, now: datetime, before: Before
) -> list[Candidate]:
    """Every service that a reader can find a price of at `now` (aware UTC), at about one of the two
    amounts; by number."""
    held = set(session.scalars(select(HeldRow.service_id).where(HeldRow.over_at.is_(None))))
    visits = visits_since(session, (now - LOOKED_AT_FOR).date())
    rows: dict[int, list[_Line]] = {}
    for one in _offered(session, send_country, now):
        if one.service_id not in before.without:
            rows.setdefault(one.service_id, []).append(one)
    made = []
    for number, lines in sorted(rows.items()):
        low, high = price_points(line.rung for line in lines)
        if low is not None or high is not None:
            risks = {risk for line in lines for risk in line.risks}
            risks |= _known_risks(number, before, held)
            seen = visits.get(lines[0].corridor, 0) // TENS * TENS
            made.append(Candidate(number, low, high, frozenset(risks), seen))
    return made


def _known_risks(number: int, before: Before, held: set[int]) -> set[Risk]:
    return {
        *([] if number in before.shopped else [Risk.NEVER_SHOPPED]),
        *([Risk.WAS_WRONG] if number in before.wrong else []),
        *([Risk.HELD] if number in held else []),
    }


def _offered(session: Session, send_country: str, now: datetime) -> list[_Line]:
    """What the lists show: no country that is closed, and nothing that others tell of a firm
    that tells it itself, as app.domain.told has it."""
    closed = {
        code
        for code, place in reach_from(session, send_country).items()
        if place.state is ReachState.CLOSED
    }
    found = _board(session, send_country, now)
    direct = {(one.provider, one.corridor) for one in found if one.own and not one.dated}
    return [
        one
        for one in found
        if one.corridor.receive_country not in closed
        and (one.own or (one.provider, one.corridor) not in direct)
    ]


class _Line:
    """One price of the board, as far as drawing goes by it."""

    def __init__(self, row: BoardRow, provider: str, corridor: Corridor, now: datetime) -> None:
        self.service_id, self.rung = row.service_id, row.rung
        self.provider, self.corridor = provider, corridor
        self.own = not row.via
        fresh_for = timedelta(minutes=row.fresh_minutes)
        age = Observed(row.observed_at, row.precision).age(row.origin, now, fresh_for)
        self.dated = age is Age.DATED
        self.risks = {
            *([Risk.DATED] if self.dated else []),
            *([Risk.PROMOTION] if row.promotion_rate is not None else []),
            *([Risk.DERIVED] if row.derived else []),
        }


def _board(session: Session, send_country: str, now: datetime) -> list[_Line]:
    rows = session.execute(
        select(BoardRow, ProviderRow.slug, CorridorRow)
        .join(ServiceRow, ServiceRow.id == BoardRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .where(
            CorridorRow.send_country == send_country,
            ProviderRow.status == ProviderStatus.ACTIVE,
            _no_memory(now),
        )
    )
    return [_Line(row, slug, corridor.corridor(), now) for row, slug, corridor in rows]


def _no_memory(now: datetime) -> ColumnElement[bool]:
    """Whether a row of the board is no mere memory, as app.domain.told has it."""
    return or_(BoardRow.origin != Origin.LIVE, BoardRow.observed_at >= now - GONE_AFTER)


def shown_at(
    session: Session, service_id: int, corridor: Corridor, rung: Decimal, moment: datetime
) -> Shown | None:
    """What stood on our pages of a service, at one amount and moment (aware UTC); None if nothing
    did. To the last digit if it has been the newest since; else as it was when its stretch of
    history began, at most 5 basis points away."""
    row: BoardRow | QuoteRow | None
    row = session.get(BoardRow, (service_id, rung), populate_existing=True)
    if row is None or row.observed_at > moment:
        row = session.scalars(
            select(QuoteRow)
            .where(
                QuoteRow.service_id == service_id,
                QuoteRow.rung == rung,
                QuoteRow.observed_at <= moment,
                or_(QuoteRow.ended_at.is_(None), QuoteRow.ended_at > moment),
            )
            .order_by(QuoteRow.observed_at.desc(), QuoteRow.id.desc())
            .limit(1)
        ).first()
    if row is None or _is_memory(row, moment):
        return None
    return Shown(
        price_id=row.quote_id if isinstance(row, BoardRow) else row.id,
        paid=Money(row.paid, corridor.send_currency),
        fee=Money(row.fee, corridor.send_currency),
        received=Money(row.received, corridor.receive_currency),
        rate=row.rate,
        source=row.source,
        origin=row.origin,
        at=_read_at(row, moment),
        via=row.via,
    )


def _is_memory(row: BoardRow | QuoteRow, moment: datetime) -> bool:
    return row.origin is Origin.LIVE and moment - _read_at(row, moment) > GONE_AFTER


def _read_at(row: BoardRow | QuoteRow, moment: datetime) -> datetime:
    """When it had last been read by then."""
    return row.observed_at if isinstance(row, BoardRow) else min(row.last_seen, moment)


def written(candidates: Iterable[Candidate]) -> str:
    """As JSON, to be kept with a sample: what it was drawn from."""
    return json.dumps(
        [
            [one.service_id, _text(one.low), _text(one.high), sorted(one.risks), one.visits]
            for one in candidates
        ]
    )


def read(frame: str) -> list[Candidate]:
    return [
        Candidate(number, _number(low), _number(high), frozenset(map(Risk, risks)), visits)
        for number, low, high, risks, visits in json.loads(frame)
    ]


def _text(rung: Decimal | None) -> str | None:
    return None if rung is None else f"{rung.normalize():f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
