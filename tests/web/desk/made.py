"""A desk with something on it: sources that do well or badly, runs, replies, and held readings."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.db import held, runs, sources
from app.db.evidence import Evidence, add_evidence
from app.db.held import Held, HeldRow
from app.db.price_rows import BoardRow
from app.db.runs import CycleRow, RunFacts
from app.db.sources import SourceFacts
from tests.work import Workplace

QUARTER = timedelta(minutes=15)
NAUGHTY = b'{"rate": 10.90000000000000000001, "x": "<script>alert(1)</script>\\u202e"}'


def facts(slug: str, **other: object) -> SourceFacts:
    made: dict[str, object] = {
        "slug": slug,
        "kind": "price",
        "site": f"https://{slug}.example",
        "provider": "",
        "stance": "green",
        "reason": "nothing forbids it",
        "checked_on": date(2026, 11, 20),
        "per_hour": 60,
        "interval_minutes": 15,
        "is_on": True,
    }
    return SourceFacts(**made | other)  # type: ignore[arg-type]


def stock_sources(work: Workplace, *more: SourceFacts) -> None:
    """well: as it should be; broken: unreadable for two hours; doubtful: amber and off; outside:
    beyond the settings; rpw: the survey."""
    with work.database.writing() as session:
        known = [
            facts("well"),
            facts("broken"),
            facts("doubtful", stance="amber", is_on=False),
            facts("outside", is_on=False, may_be_on=False),
            facts("rpw", kind="survey", per_hour=0, interval_minutes=0),
        ]
        sources.register(session, [*known, *more])
        sources.note_run(session, "well", "", "", work.now)
        sources.note_success(session, "broken", work.now - timedelta(hours=3))
        for hours in (2, 1):
            at = work.now - timedelta(hours=hours)
            sources.note_trouble(session, "broken", "schema", "no field named rate", at, None)
        proof(session, "broken", NAUGHTY, work.now - timedelta(hours=1), "no field named rate")
    run(work, "well", work.now - timedelta(minutes=5), rows=8, requests=12)
    run(work, "broken", work.now - timedelta(hours=1), trouble="schema", said="no field")
    run(work, "broken", work.now - timedelta(days=1), rows=8)
    beat(work, work.now)


def proof(session: object, source: str, body: bytes, at: datetime, failed: str = "") -> str:
    made = Evidence(
        source,
        "GET https://site.example/quote?to=MA",
        "application/json",
        body,
        at,
        "GET https://site.example/quote?to=MA\naccept: application/json",
        200,
        "content-type: application/json",
        failed,
    )
    add_evidence(session, [made])  # type: ignore[arg-type]
    return made.sha256


def run(work: Workplace, source: str, at: datetime, **done: object) -> None:
    with work.database.writing() as session:
        number = runs.claim(session, source, at, "here", at)
        assert number is not None
        runs.finish(session, number, RunFacts(asked=8, **done), at)  # type: ignore[arg-type]


def beat(work: Workplace, at: datetime) -> None:
    """A cycle that was over then."""
    with work.database.writing() as session:
        row = CycleRow(
            slot=runs.slot_of(at, QUARTER), started_at=at, ended_at=at, runs=2, troubled=1, hung=""
        )
        runs.add_cycle(session, row)


def hold(work: Workplace, source: str = "broken", count: int = 1, gate: str = "reference") -> None:
    """Readings like those that the survey has on the board, at far less money: held."""
    with work.database.writing() as session:
        sha256 = proof(session, source, json.dumps({"held": source}).encode(), work.now)
        rows = session.scalars(select(BoardRow).order_by(BoardRow.service_id).limit(count)).all()
        held.hold(
            session,
            [
                Held(
                    service_id=row.service_id,
                    rung=row.rung,
                    source=source,
                    paid=row.paid,
                    fee=row.fee,
                    received=(row.received * Decimal("0.8")).quantize(Decimal("0.01")),
                    rate=row.rate * Decimal("0.8"),
                    mid_rate=row.mid_rate,
                    stated_at=None,
                    evidence=sha256,
                    findings=((gate, "the rate is 20 % below the mid rate"),),
                )
                for row in rows
            ],
            work.now - timedelta(hours=1),
        )


def held_numbers(work: Workplace) -> list[int]:
    with work.database.reading() as session:
        return list(session.scalars(select(HeldRow.id).order_by(HeldRow.id)))
