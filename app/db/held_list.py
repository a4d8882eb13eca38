"""Held quotes as a list, for whoever decides about them: those that wait, beside what is shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, defer

from app.db.corridors import CorridorRow
from app.db.held import HeldRow
from app.db.price_rows import BoardRow
from app.db.providers import ProviderRow
from app.db.services import ServiceRow
from app.domain.corridor import Corridor

NO_GATE = "unknown"


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the board for the same service and amount."""

    source: str
    fee: Decimal
    received: Decimal
    rate: Decimal
    mid_rate: Decimal
    observed_at: datetime
    quote_id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The newest reading of a service and rung that is held, and that nobody decided about. gate,
    says: the first finding that held it."""

    number: int
    source: str
    gate: str
    says: str
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """All of one, beside what is shown; amounts in the corridor's currencies."""

    number: int
    provider: str
    corridor: Corridor
    rung: Decimal
    received: Decimal
    mid_rate: Decimal
    first_at: datetime
    last_at: datetime
    times: int
    shown: Shown | None


BOARD = (
    *(BoardRow.source, BoardRow.fee, BoardRow.received, BoardRow.rate, BoardRow.mid_rate),
    *(BoardRow.observed_at, BoardRow.quote_id),
)


def waiting(session: Session) -> list[Waiting]:
    """By source and gate, the oldest first. Of the newest of each thing those that nobody decided
    about: what came before it is no longer anybody's to decide."""
    row = HeldRow
    what = (row.id, row.source, row.service_id, row.rung, row.findings, row.first_at, row.decision)
    rows = session.execute(select(*what).where(row.over_at.is_(None)).order_by(row.last_at, row.id))
    newest = {(one.source, one.service_id, one.rung): one for one in rows}
    found = []
    for one in newest.values():
        if one.decision is None:
            gate, says = next(iter(json.loads(one.findings)), (NO_GATE, ""))
            found.append(Waiting(one.id, one.source, gate, says, one.first_at))
    return sorted(found, key=lambda one: (one.source, one.gate, one.first_at, one.number))


def readings(session: Session, numbers: Collection[int]) -> list[Reading]:
    """In the order of their numbers as they are given; those that are gone left out."""
    names = [f"board_{column.key}" for column in BOARD]
    rows = session.execute(
        select(
            HeldRow,
            ProviderRow.slug,
            CorridorRow,
            *(column.label(name) for column, name in zip(BOARD, names, strict=True)),
        )
        .options(defer(HeldRow.whole))
        .join(ServiceRow, ServiceRow.id == HeldRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .outerjoin(
            BoardRow,
            and_(BoardRow.service_id == HeldRow.service_id, BoardRow.rung == HeldRow.rung),
        )
        .where(HeldRow.id.in_(numbers))
    )
    found = {}
    for row in rows:
        known = row.board_quote_id is not None
        shown = Shown(*(getattr(row, name) for name in names)) if known else None
        one = row.HeldRow
        found[one.id] = Reading(
            one.id, row.slug, row.CorridorRow.corridor(), one.rung, one.received, one.mid_rate,
            one.first_at, one.last_at, one.times, shown,
        )  # fmt: skip
    return [found[number] for number in numbers if number in found]


def count_waiting(session: Session) -> Counter[str]:
    """How many readings of each source wait for a decision."""
    return Counter(one.source for one in waiting(session))
