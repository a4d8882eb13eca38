"""A round of collecting now, on a person's word, beside the scheduler's cycles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.collect.collector import Collector
from app.collect.cycle import FOR_QUESTIONS
from app.collect.licence_run import run_licences
from app.collect.publish import republish
from app.collect.rate_run import run_rates
from app.collect.run import run_prices
from app.db.runs import RunFacts


def collect_now(
    collector: Collector, now: datetime, corridor: str | None, say: Callable[[str], None]
) -> list[str]:
    """Ask every source that the collector has, one after the other; `corridor` is the slug of the
    only one to ask about, due or not. The failures, in a sentence each."""
    failures: list[str] = []

    def told(slug: str, facts: RunFacts | None) -> None:
        if facts is None:
            say(f"{slug}: nothing is due, its budget is used up, or it is to be left alone.")
            return
        say(
            f"{slug}: {facts.answered} of {facts.asked} questions answered, {facts.rows} prices or "
            f"rates, {facts.held} held, {facts.requests} requests."
        )
        if facts.trouble:
            failures.append(f"{slug}: {facts.trouble}: {facts.said}")

    for rates in collector.rates:
        told(rates.SLUG, run_rates(collector, rates, now))
    if collector.rates:
        republish(collector.database, now)
    for licences in collector.licences:
        told(licences.SLUG, run_licences(collector, licences, collector.listed, now))
    for prices in collector.prices:
        until = collector.clock() + FOR_QUESTIONS
        told(prices.SLUG, run_prices(collector, prices, now, until, corridor))
    return failures
