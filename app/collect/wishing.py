"""Doing what operators wish: one source asked now, by the rules of every run.

Budget, pauses and what a source asked of us count as ever, and so does its interval for what it
answered; only what failed is asked again at once. What cannot be done yet waits until it can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.collect.collector import Collector
from app.collect.cycle import FOR_QUESTIONS, steady
from app.collect.licence_run import run_licences
from app.collect.plan import HOUR, next_due, plan_run
from app.collect.publish import republish
from app.collect.rate_run import run_rates
from app.collect.run import run_prices
from app.db import runs, sources, wishes
from app.db.runs import SLOT, RunFacts
from app.db.wishes import Claimed, WishWhy
from scrapers.contract import LicenceSource, PriceSource, RateSource

LOOK_AGAIN = timedelta(seconds=15)
"""After which a wish that waits for a run under way looks whether it is over."""

Wished = PriceSource | RateSource | LicenceSource


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a source cannot be asked now, and when that is over; `until` is None if nobody knows."""

    why: WishWhy
    until: datetime | None


def take_up(collector: Collector) -> list[Claimed]:
    """The wishes that are ours to do from now on."""
    now = collector.clock()
    with collector.database.reading() as session:
        if not wishes.any_ready(session, now):
            return []
    with collector.database.writing() as session:
        wishes.end_lost(session, now)
        return wishes.claim(session, collector.who, now)


def fulfil(collector: Collector, wished: Claimed) -> RunFacts | None:
    """Ask the source, and say what came of the wish; None if it was not asked. What is raised is
    a failure of our own; the wish has ended then too."""
    collector = replace(collector, clock=steady(collector.clock))
    try:
        return _fulfil(collector, wished)
    except BaseException:
        _end(collector, wished, WishWhy.LOST)
        raise


def _fulfil(collector: Collector, wished: Claimed) -> RunFacts | None:
    asking = _asking(collector.switched(), wished)
    if asking is None:
        _end(collector, wished, WishWhy.OFF)
        return None
    source, run = asking
    obstacle = _obstacle(collector, source)
    facts = None if obstacle else run()
    if facts is not None:
        _end(collector, wished, WishWhy.RAN)
        return facts
    obstacle = obstacle or _obstacle(collector, source) or Obstacle(WishWhy.NOTHING_DUE, None)
    if obstacle.why is WishWhy.NOTHING_DUE or obstacle.until is None:
        _end(collector, wished, obstacle.why, obstacle.until)
    else:
        with collector.database.writing() as session:
            wishes.put_off(session, wished, obstacle.why, obstacle.until)
    return None


def _end(
    collector: Collector, wished: Claimed, why: WishWhy, next_at: datetime | None = None
) -> None:
    with collector.database.writing() as session:
        wishes.end(session, wished, why, collector.clock(), next_at)


def _asking(on: Collector, wished: Claimed) -> tuple[Wished, Callable[[], RunFacts | None]] | None:
    """The source, and how it is asked; None if it is off. The moment at which the wish was taken
    up is the slot of its run."""
    slug, slot = wished.source, wished.at
    for price in on.prices:
        if slug == price.SLUG:
            until = on.clock() + FOR_QUESTIONS
            return price, partial(run_prices, on, price, slot, until, again=True)
    for rate in on.rates:
        if slug == rate.SLUG:
            return rate, partial(_run_rates, on, rate, slot)
    for register in on.licences:
        if slug == register.SLUG:
            return register, partial(run_licences, on, register, on.listed, slot)
    return None


def _run_rates(collector: Collector, source: RateSource, slot: datetime) -> RunFacts | None:
    facts = run_rates(collector, source, slot)
    if facts is not None and facts.rows:
        republish(collector.database, collector.clock())
    return facts


def _obstacle(collector: Collector, source: Wished) -> Obstacle | None:
    now, slug = collector.clock(), source.SLUG
    with collector.database.reading() as session:
        alone = sources.left_alone(session, now).get(slug)
        if alone is not None:
            return Obstacle(WishWhy.LEFT_ALONE, alone)
        if runs.under_way(session, slug, now) is not None:
            return Obstacle(WishWhy.UNDER_WAY, now + LOOK_AGAIN)
        return _nothing_due(session, collector, source, now) or _spent(
            session, collector, source, now
        )


def _nothing_due(
    session: Session, collector: Collector, source: Wished, now: datetime
) -> Obstacle | None:
    for price in collector.prices:
        if price.SLUG == source.SLUG:
            plan = plan_run(session, price, now, patient=collector.patient, again=True)
            due = next_due(session, price, now)
            return None if plan.questions else Obstacle(WishWhy.NOTHING_DUE, due)
    if runs.is_due(session, source.SLUG, source.BUDGET.interval, now):
        return None
    last = sources.last_success(session, source.SLUG)
    due = None if last is None else runs.slot_of(last, SLOT) + source.BUDGET.interval
    return Obstacle(WishWhy.NOTHING_DUE, due)


def _spent(
    session: Session, collector: Collector, source: Wished, now: datetime
) -> Obstacle | None:
    slug, per_hour = source.SLUG, source.BUDGET.per_hour
    if not collector.patient or runs.requests_since(session, slug, now - HOUR) < per_hour:
        return None
    return Obstacle(WishWhy.BUDGET, runs.room_at(session, slug, per_hour, now))
