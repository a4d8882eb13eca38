"""Keeping what a run brought: stamp it, gate it, publish what is good, hold the rest.

All of it in the caller's transaction: a run is kept whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.collect.ask import Answered, unoffered
from app.collect.gating import Gatekeeper
from app.collect.plan import Plan, Question
from app.collect.stamp import Stamped, Stamper
from app.db import asked, findings, held, prices, runs
from app.db.asked import Asked, Outcome
from app.db.corridors import add_corridor
from app.db.price_text import price_text
from app.domain.corridor import Corridor
from app.domain.gates import Finding, completeness
from app.domain.quote import Price
from scrapers.contract import PriceSource, Trouble, Unreadable

GONE_AFTER = timedelta(hours=24)
"""A service that is missing from every good answer for this long is no longer offered."""


@dataclass(slots=True)
class Kept:
    """rows: prices read; usual: how many such questions gave before; published and held: what
    became of them. `trouble` is "" if nothing is the matter with the run as a whole."""

    rows: int = 0
    usual: int = 0
    published: int = 0
    held: int = 0
    trouble: str = ""
    said: str = ""


def keep(
    session: Session, source: PriceSource, plan: Plan, answers: list[Answered], now: datetime
) -> Kept:
    kept = Kept(
        rows=sum(len(one.offers) for one in answers),
        usual=_usual(plan, answers),
    )
    stamper = Stamper(session, source, now)
    stamped = [one for answered in answers for one in stamper.stamp(answered)]
    whole = _whole(session, source, kept)
    gatekeeper = Gatekeeper(session, source, plan.before, now)
    passed: dict[Corridor, list[Price]] = defaultdict(list)
    refused: dict[Question, str] = dict(stamper.refused)
    flags: list[findings.Flag] = []
    holds: list[held.Held] = []
    for one, found in gatekeeper.judge(stamped):
        holding = [finding for finding in [*whole, *found] if finding.holds]
        flags += _flags(one, found)
        if holding:
            holds.append(_held(one, holding))
            refused.setdefault(one.question, holding[0].says)
        else:
            passed[one.question[0]].append(one.price)
    kept.held, kept.published = len(holds), sum(map(len, passed.values()))
    findings.note_findings(session, flags, now)
    held.hold(session, holds, now)
    again = {(one.service_id, one.rung) for some in passed.values() for one in some}
    held.let_go(session, source.SLUG, again, now)
    named = {} if whole else _named(source, answers, stamped, now)
    for corridor in sorted({*passed, *named}):
        prices.save(session, corridor, passed.get(corridor, []), now, named.get(corridor))
    if whole:
        kept.trouble, kept.said = Trouble.INCOMPLETE.value, whole[0].says
        refused |= {one.question: whole[0].says for one in answers if unoffered(one)}
    _note(session, source, plan, answers, refused, stamper.bodies)
    if kept.held and not kept.published and not kept.trouble:
        kept.trouble, kept.said = Trouble.HELD.value, next(iter(refused.values()), "")
    return kept


def _whole(session: Session, source: PriceSource, kept: Kept) -> list[Finding]:
    """What is the matter with the run as a whole. Runs differ in their questions, so earlier ones
    count by their share of what was usual then, and one that gave more as whole; a source that
    keeps giving less is believed once most of them say so."""
    if not kept.usual:
        return []
    shares = [min(rows / usual, 1) for rows, usual in runs.recent_shares(session, source.SLUG)]
    usual = [round(kept.usual * share) for share in reversed(shares)] or [kept.usual]
    found = completeness(kept.rows, usual)
    return [found] if found else []


def _flags(one: Stamped, found: Iterable[Finding]) -> list[findings.Flag]:
    price = one.price
    return [
        findings.Flag(price.source, price.service_id, price.rung, finding.gate.value, finding.says)
        for finding in found
        if not finding.holds
    ]


def _usual(plan: Plan, answers: Iterable[Answered]) -> int:
    """How many prices these questions gave when they last gave any. Those without an answer
    because of some trouble are not counted on either side."""
    questions = [one.question for one in answers if one.offers or unoffered(one)]
    return sum(plan.before[one].rows for one in questions if one in plan.before)


def _held(one: Stamped, findings: list[Finding]) -> held.Held:
    quote = one.price.quote
    return held.Held(
        service_id=one.price.service_id,
        rung=one.price.rung,
        source=one.price.source,
        paid=quote.paid.amount,
        fee=quote.fee.amount,
        received=quote.received.amount,
        rate=quote.rate,
        mid_rate=one.price.mid.rate,
        stated_at=one.stated_at,
        evidence=one.price.evidence,
        findings=tuple((finding.gate.value, finding.says) for finding in findings),
        whole=price_text(one.price),
    )


def _named(
    source: PriceSource, answers: Iterable[Answered], stamped: Iterable[Stamped], now: datetime
) -> dict[Corridor, prices.Named]:
    """What the good answers named: what they have not had for a day leaves the board. That the
    source offers nothing is a good answer too."""
    services: dict[Question, set[int]] = {one.question: set() for one in answers if unoffered(one)}
    for one in stamped:
        services.setdefault(one.question, set()).add(one.price.service_id)
    found: dict[Corridor, prices.Named] = {}
    for (corridor, rung), numbers in services.items():
        named = prices.Named(source.SLUG, {}, now - GONE_AFTER)
        found.setdefault(corridor, named).services[rung] = numbers
    return found


def _note(
    session: Session,
    source: PriceSource,
    plan: Plan,
    answers: list[Answered],
    refused: dict[Question, str],
    bodies: dict[Question, tuple[str, Decimal | None, datetime | None]],
) -> None:
    corridors = {one.question[0] for one in answers}
    ids = {corridor: add_corridor(session, corridor).id for corridor in sorted(corridors)}
    notes = []
    for one in answers:
        why = refused.get(one.question) or str(one.error or "")
        note = Asked(
            source=source.SLUG,
            corridor=one.question[0],
            rung=one.question[1],
            asked_at=one.at,
            outcome=_outcome(one, refused=one.question in refused),
            why=why,
            answered_at=one.at if one.offers else None,
            rows=len(one.offers),
        )
        notes.append(_with_body(note, plan.before.get(one.question), bodies.get(one.question)))
    asked.note_asked(session, ids, notes)


def _outcome(one: Answered, *, refused: bool) -> Outcome:
    """`refused`: what it says is not believed, be it prices or that there are none. The latter is
    then asked again as soon as any other question."""
    if unoffered(one) and not refused:
        return Outcome.NOT_OFFERED
    if isinstance(one.error, Unreadable):
        return Outcome.UNREADABLE
    if one.error is not None and not unoffered(one):
        return Outcome.FAILED
    return Outcome.HELD if refused else Outcome.ANSWERED


def _with_body(
    note: Asked, before: Asked | None, body: tuple[str, Decimal | None, datetime | None] | None
) -> Asked:
    """How often in a row it was this very reply, so that a frozen one is noticed."""
    if body is None:
        if before is None:
            return note
        return replace(
            note,
            body=before.body,
            same=before.same,
            same_mid=before.same_mid,
            stated_at=before.stated_at,
        )
    sha256, mid, stated_at = body
    again = before is not None and (before.body, before.stated_at) == (sha256, stated_at)
    return replace(
        note,
        body=sha256,
        same=before.same + 1 if before and again else 1,
        same_mid=before.same_mid if before and again and before.same_mid else mid,
        stated_at=stated_at,
    )
