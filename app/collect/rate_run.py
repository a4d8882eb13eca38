"""One mid-rate source's run."""

from __future__ import annotations

from datetime import datetime

from app.collect.collector import Collector
from app.collect.lost import lost
from app.collect.proof import as_evidence
from app.collect.rates import collect_rates
from app.db import evidence, runs, sources
from app.db.runs import RunFacts
from scrapers.contract import RateSource
from scrapers.http import Asking


def run_rates(collector: Collector, source: RateSource, slot: datetime) -> RunFacts | None:
    """What the run did, `rows` being the new readings; None if it is not due yet, the source is to
    be left alone, or somebody else has the slot."""
    now = collector.clock()
    with collector.database.writing() as session:
        alone = source.SLUG in sources.left_alone(session, now)
        if alone or not runs.is_due(session, source.SLUG, source.BUDGET.interval, now):
            return None
        run_id = runs.claim(session, source.SLUG, slot, collector.who, now)
    if run_id is None:
        return None
    http = collector.client.asking(source.SLUG, source.BUDGET)
    try:
        return _keep(collector, source, run_id, http)
    except Exception as error:  # noqa: BLE001  a run that cannot be kept must not be silent
        return lost(collector, source.SLUG, run_id, http.requests, error)


def _keep(collector: Collector, source: RateSource, run_id: int, http: Asking) -> RunFacts:
    new, failures = collect_rates(collector.database, http, [source], collector.clock())
    with collector.database.writing() as session:
        now = collector.clock()
        evidence.add_evidence(session, as_evidence(source.SLUG, http.exchanges))
        error = failures[0].error if failures else None
        facts = RunFacts(
            asked=1,
            answered=int(error is None),
            failed=int(error is not None),
            rows=new,
            requests=http.requests,
            trouble=error.trouble.value if error else "",
            said=str(error or ""),
        )
        runs.finish(session, run_id, facts, now)
        sources.note_run(session, source.SLUG, facts.trouble, facts.said, now, http.waiting)
    return facts
