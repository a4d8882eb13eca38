"""`python -m tests.faults.victim URL LAB_URL SECONDS`: a cycle in a process that may be killed."""

from __future__ import annotations

import sys
from datetime import timedelta

from app.collect.collector import Collector
from app.collect.cycle import SLOT, run_cycle
from app.db.engine import Database
from app.db.runs import slot_of
from scrapers.http import Client
from tests.faults.stage import AGENT, MID_RATES, Clock, sources


def main(url: str, lab_url: str, passed: str) -> None:
    clock = Clock()
    clock.move(timedelta(seconds=float(passed)))
    database, client = Database(url), Client(AGENT, lab_url, clock=clock.now)
    collector = Collector(
        database, client, sources(), MID_RATES, (), patient=False, clock=clock.now
    )
    run_cycle(collector, slot_of(clock.now(), SLOT))
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
