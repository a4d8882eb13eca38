"""What is to be seen from outside at one moment: board, history, and the operator's view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import prices, runs
from app.db.evidence import Evidence, find_evidence
from app.db.held import HeldRow
from app.db.price_rows import QuoteRow
from app.db.providers import all_providers
from app.db.runs import CycleRow, SourceRunRow
from app.db.sources import SourceRow
from app.domain.comparison import Question, compare
from app.domain.money import Money
from app.domain.quote import Age, Price
from app.domain.ranking import Priority
from tests.faults.stage import AMOUNTS, Stage, corridors

Key = tuple[int, Decimal]
"""A service's number, and a rung."""

Figures = tuple[Decimal, Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Told:
    """The operator's view of a source."""

    trouble: str
    since: datetime | None
    said: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """board: each source's prices; history: figures of each stretch, and whether it ended;
    shown: each source's prices as a page has them, with their age; held: gates that hold
    something now, by source."""

    at: datetime
    board: Mapping[str, Mapping[Key, Price]]
    history: Mapping[int, tuple[Decimal, Decimal, datetime, bool]]
    shown: Mapping[str, list[tuple[Price, Age]]]
    told: Mapping[str, Told]
    held: Mapping[str, str]


def figures(price: Price) -> Figures:
    quote = price.quote
    return quote.paid.amount, quote.fee.amount, quote.received.amount, quote.rate


def look(it: Stage) -> Seen:
    """Now, by our own clock."""
    now = it.clock.now()
    with it.database.reading() as session:
        board: dict[str, dict[Key, Price]] = {one.SLUG: {} for one in it.sources}
        for corridor in corridors():
            for price in prices.newest(session, corridor):
                board.setdefault(price.source, {})[price.service_id, price.rung] = price
        history = {
            row.id: (row.rate, row.fee, row.observed_at, row.ended_at is not None)
            for row in session.scalars(select(QuoteRow))
        }
        told = {
            row.slug: Told(row.trouble, row.trouble_since, row.said, row.blocked_until)
            for row in session.scalars(select(SourceRow))
        }
        held = {
            row.source: row.findings
            for row in session.scalars(select(HeldRow).where(HeldRow.over_at.is_(None)))
        }
        return Seen(now, board, history, _shown(session, now), told, held)


def _shown(session: Session, now: datetime) -> dict[str, list[tuple[Price, Age]]]:
    """As the page of each corridor compares them, at each of the amounts."""
    providers = all_providers(session)
    found: dict[str, list[tuple[Price, Age]]] = {}
    for corridor in corridors():
        ladders = prices.board(session, corridor)
        for amount in AMOUNTS:
            question = Question(corridor, Money(amount, corridor.send_currency))
            for one in compare(question, ladders, providers, Priority.CHEAP, now).results:
                for rung in one.answer.rungs:
                    found.setdefault(rung.source, []).append((rung, one.age))
    return found


def run_of(it: Stage, source: str, slot: datetime) -> SourceRunRow | None:
    with it.database.reading() as session:
        wanted = select(SourceRunRow).where(
            SourceRunRow.source == source, SourceRunRow.slot == slot
        )
        return session.scalar(wanted)


def heartbeats(it: Stage) -> dict[datetime, CycleRow]:
    with it.database.reading() as session:
        return {row.slot: row for row in session.scalars(select(CycleRow))}


def last_heartbeat(it: Stage) -> datetime | None:
    with it.database.reading() as session:
        return runs.last_cycle(session)


def evidence_of(it: Stage, sha256: str) -> Evidence | None:
    with it.database.reading() as session:
        return find_evidence(session, sha256)
