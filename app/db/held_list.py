"""Held quotes as a list, for whoever decides about them: those that wait, beside what is shown."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.db.corridors import CorridorRow
from app.db.held import HeldDecision, HeldRow
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
    """The newest reading of a service and rung that is held, and that nobody decided about.

    gate, says  the first finding that held it; amounts in the corridor's currencies
    decision    None, or how it was decided, where one asks for those too
    """

    number: int
    source: str
    provider: str
    corridor: Corridor
    rung: Decimal
    gate: str
    says: str
    paid: Decimal
    fee: Decimal
    received: Decimal
    rate: Decimal
    mid_rate: Decimal
    evidence: str
    first_at: datetime
    last_at: datetime
    times: int
    shown: Shown | None


HELD = (
    *(HeldRow.id, HeldRow.service_id, HeldRow.source, HeldRow.rung, HeldRow.findings),
    *(HeldRow.paid, HeldRow.fee, HeldRow.received, HeldRow.rate, HeldRow.mid_rate),
    *(HeldRow.evidence, HeldRow.first_at, HeldRow.last_at, HeldRow.times, HeldRow.decision),
)
"""All but the whole price, which is long and only needed to publish it."""

BOARD = (
    *(BoardRow.source, BoardRow.fee, BoardRow.received, BoardRow.rate, BoardRow.mid_rate),
    *(BoardRow.observed_at, BoardRow.quote_id),
)


def waiting(session: Session) -> list[Waiting]:
    """By source and gate, the oldest first. In one question, however many there are."""
    names = [f"board_{column.key}" for column in BOARD]
    rows = session.execute(
        select(
            *HELD,
            ProviderRow.slug,
            CorridorRow,
            *(column.label(name) for column, name in zip(BOARD, names, strict=True)),
        )
        .join(ServiceRow, ServiceRow.id == HeldRow.service_id)
        .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
        .join(CorridorRow, CorridorRow.id == ServiceRow.corridor_id)
        .outerjoin(
            BoardRow,
            and_(BoardRow.service_id == HeldRow.service_id, BoardRow.rung == HeldRow.rung),
        )
        .where(HeldRow.over_at.is_(None))
        .order_by(HeldRow.last_at, HeldRow.id)
    )
    newest = {(row.source, row.service_id, row.rung): row for row in rows}
    found = []
    for row in newest.values():
        if row.decision is not None:
            continue
        gate, says = next(iter(json.loads(row.findings)), (NO_GATE, ""))
        shown = None
        if row.board_quote_id is not None:
            shown = Shown(*(getattr(row, name) for name in names))
        found.append(
            Waiting(
                row.id, row.source, row.slug, row.CorridorRow.corridor(), row.rung, gate, says,
                row.paid, row.fee, row.received, row.rate, row.mid_rate, row.evidence,
                row.first_at, row.last_at, row.times, shown,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.source, one.gate, one.first_at, one.number))


def count_waiting(session: Session) -> Counter[str]:
    """How many readings of each source wait for a decision."""
    rows = session.execute(
        select(HeldRow.source, HeldRow.service_id, HeldRow.rung, HeldRow.decision)
        .where(HeldRow.over_at.is_(None))
        .order_by(HeldRow.last_at, HeldRow.id)
    )
    newest: dict[tuple[str, int, Decimal], HeldDecision | None] = {
        (source, service, rung): decision for source, service, rung, decision in rows
    }
    return Counter(key[0] for key, decision in newest.items() if decision is None)
