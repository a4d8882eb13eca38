"""A mid-rate source's run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.collect.rate_run import run_rates
from app.db import rates, sources
from app.db.engine import Database
from app.db.runs import RunFacts, slot_of
from app.domain.midrate import MidReading
from scrapers.contract import Budget, Http, Unreachable
from tests.collect.teller import SLOT
from tests.conftest import NOW
from tests.schedule.cast import Hands, RateStandIn, cast, prepare


@dataclass
class Feed(RateStandIn):
    error: Exception | None = None

    def fetch(self, http: Http) -> list[MidReading]:
        if self.error:
            raise self.error
        return super().fetch(http)


def run(database: Database, feed: Feed, clock: Hands) -> RunFacts | None:
    facts = run_rates(cast(database, (), clock=clock), feed, slot_of(clock(), SLOT))
    clock.move(SLOT)
    return facts


def test_readings_are_kept_and_told(database: Database) -> None:
    prepare(database, "mids")
    clock = Hands()
    facts = run(database, Feed(clock=clock), clock)
    assert facts
    assert (facts.rows, facts.requests, facts.trouble) == (1, 1, "")
    with database.reading() as session:
        assert [one.currency for one in rates.latest_readings(session)] == ["MAD"]
        assert sources.last_success(session, "mids") == NOW


def test_it_is_asked_again_after_its_interval(database: Database) -> None:
    prepare(database, "mids")
    clock = Hands()
    feed = Feed(clock=clock, BUDGET=Budget(10, 0, timedelta(hours=1)))
    found = [run(database, feed, clock) is not None for _ in range(9)]
    assert found == [True, False, False, False] * 2 + [True]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [(Unreachable("no answer"), "connection"), (ZeroDivisionError("ours"), "broken")],
)
def test_a_failure_leaves_older_readings_and_ends_the_run(
    database: Database, error: Exception, trouble: str
) -> None:
    prepare(database, "mids")
    clock = Hands()
    run(database, Feed(clock=clock), clock)
    facts = run(database, Feed(clock=clock, error=error), clock)
    assert facts
    assert facts.trouble == trouble
    with database.reading() as session:
        assert len(rates.latest_readings(session)) == 1
        assert sources.all_sources(session)[0].trouble == trouble
    mended = run(database, Feed(clock=clock), clock)
    assert mended
    assert mended.trouble == ""


def test_who_asks_to_be_left_alone_is(database: Database) -> None:
    prepare(database, "mids")
    clock = Hands()
    with database.writing() as session:
        sources.note_trouble(session, "mids", "limited", "", NOW, NOW + timedelta(minutes=20))
    found = [run(database, Feed(clock=clock), clock) is not None for _ in range(3)]
    assert found == [False, False, True]
