"""Planning a run: what a source is asked now, within its budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.db import asked, reach, runs, visits
from app.db.asked import Asked, Outcome
from app.db.runs import SLOT, slot_of
from app.domain.corridor import Corridor
from app.domain.need import NOT_OFFERED_FOR, LastAsked, due
from scrapers.contract import PriceSource

HOUR = timedelta(hours=1)
GAVE_NOTHING = (Outcome.FAILED, Outcome.UNREADABLE)
"""What held back a price did give one: asking anew at once would let it confirm itself."""

MOST = 100_000
"""Requests in a run where nobody counts."""

VISITS_COUNT_FOR = timedelta(days=7)
Question = tuple[Corridor, Decimal]


@dataclass(frozen=True, slots=True)
class Plan:
    """questions  what is due, the most needed first
    allowance  how many requests may be sent
    before     what came of each question the last time
    """

    questions: list[Question]
    allowance: int
    before: dict[Question, Asked]


def plan_run(
    session: Session,
    source: PriceSource,
    now: datetime,
    corridor: str | None = None,
    *,
    patient: bool = True,
    again: bool = False,
) -> Plan:
    """`corridor` is the slug of the only one to ask about, due or not, like NL-MA. The budget is
    for others' machines: in the lab nobody has to be `patient`. `again`: what failed the last time
    is due at once, for somebody wants to know whether it still does."""
    before = {(one.corridor, one.rung): one for one in asked.asked_of(session, source.SLUG)}
    corridors = [one for one in reach.open_corridors(session) if corridor in (None, one.slug)]
    questions = [(one, rung) for one in corridors for rung in source.RUNGS]
    slot = slot_of(now, SLOT)
    known = {} if corridor else before
    last = {
        question: _last(one)
        for question, one in known.items()
        if one.asked_at <= now and not (again and one.outcome in GAVE_NOTHING)
    }
    looked_at = visits.visits_since(session, (now - VISITS_COUNT_FOR).date())
    return Plan(
        questions=due(questions, last, looked_at, source.BUDGET.interval, slot),
        allowance=allowance(session, source, now, patient=patient),
        before=before,
    )


def allowance(session: Session, source: PriceSource, now: datetime, *, patient: bool) -> int:
    """How many requests this hour's budget has left."""
    spent = runs.requests_since(session, source.SLUG, now - HOUR)
    return max(source.BUDGET.per_hour - spent, 0) if patient else MOST


def next_due(session: Session, source: PriceSource, now: datetime) -> datetime | None:
    """When the first of a source's questions is due again; None if it was never asked any."""
    found = [
        one.asked_at + (NOT_OFFERED_FOR if _last(one).not_offered else source.BUDGET.interval)
        for one in asked.asked_of(session, source.SLUG)
        if one.asked_at <= now
    ]
    return min(found, default=None)


def _last(one: Asked) -> LastAsked:
    """Counted from slot to slot, or what is asked a minute after a slot began would not be due
    until the second one after it.

    What never gave a price, and now says something that we cannot read, is as good as not
    offered: it is not worth asking at every turn.
    """
    never = one.outcome is Outcome.UNREADABLE and one.answered_at is None
    return LastAsked(slot_of(one.asked_at, SLOT), never or one.outcome is Outcome.NOT_OFFERED)
