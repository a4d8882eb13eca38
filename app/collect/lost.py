"""A run that our own code or database broke: it ends all the same, and says so."""

from __future__ import annotations

import logging

from app.collect.collector import Collector
from app.db import runs, sources
from app.db.runs import RunFacts
from app.domain.foreign import tidy

log = logging.getLogger(__name__)

BROKEN = "broken"


def lost(collector: Collector, slug: str, run_id: int, requests: int, error: Exception) -> RunFacts:
    """What is left of a run of which nothing could be kept. Raises only if the database cannot be
    used at all."""
    log.error("%s: nothing of its run could be kept", slug, exc_info=error)
    said = tidy(f"{type(error).__name__}: {error}", sources.LONGEST_WORDS)
    facts = RunFacts(requests=requests, trouble=BROKEN, said=said)
    with collector.database.writing() as session:
        now = collector.clock()
        runs.finish(session, run_id, facts, now)
        sources.note_trouble(session, slug, BROKEN, said, now, None)
    return facts
