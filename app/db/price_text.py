"""A price as one piece of text, whole: for what is not a price of ours yet."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.db.price_rows import QuoteRow, columns_of, price_of
from app.domain.quote import Derived, Origin, Precision, Price
from app.domain.service import Coverage, Service, Speed

EXACT = (
    *("rung", "paid", "fee", "received", "rate", "slack", "mid_rate"),
    *("promotion_rate", "promotion_fee", "promotion_received"),
)
TIMES = ("observed_at", "mid_observed_at")


def price_text(price: Price) -> str:
    """JSON, its numbers as texts: exact on any database."""
    return json.dumps({name: _plain(value) for name, value in columns_of(price).items()})


def price_from(text: str, service_id: int, known: Service) -> Price:
    """The price that `price_text` wrote, of this service. It has no number in our history."""
    columns: dict[str, Any] = json.loads(text)
    for name in EXACT:
        columns[name] = None if columns[name] is None else Decimal(columns[name])
    for name in TIMES:
        columns[name] = None if columns[name] is None else datetime.fromisoformat(columns[name])
    columns["derived"] = tuple(Derived(one) for one in columns["derived"])
    columns["origin"] = Origin(columns["origin"])
    columns["precision"] = Precision(columns["precision"])
    columns["speed"] = Speed(columns["speed"]) if columns["speed"] else None
    columns["coverage"] = Coverage(columns["coverage"]) if columns["coverage"] else None
    row = QuoteRow(service_id=service_id, **columns)
    found = price_of(row, 0, row.observed_at, known)
    return Price(
        quote=found.quote,
        source=found.source,
        origin=found.origin,
        observed=found.observed,
        mid=found.mid,
        evidence=found.evidence,
        rung=found.rung,
        service_id=service_id,
        via=found.via,
        fresh_for=found.fresh_for,
    )


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value
