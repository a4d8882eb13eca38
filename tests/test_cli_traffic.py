"""`flask traffic`: a year in words, and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.db.counting import note_alive
from app.db.engine import Database
from app.db.traffic import add_counts
from app.domain.traffic import Subject, Whole
from tests.test_cli import Run, ok, runs, site_of

__all__ = ["site_of"]

SPRING = datetime(2025, 4, 3, 12, tzinfo=UTC)


@pytest.fixture
def run(site_of: Callable[..., Flask]) -> Run:
    return runs(site_of())


def count(database: Database, month: int, **counts: int) -> None:
    parts = {(Subject.TOTAL, Whole(name).value): number for name, number in counts.items()}
    with database.writing() as session:
        note_alive(session, [SPRING.replace(month=month)])
        add_counts(session, SPRING.date().replace(month=month), parts, lambda _session: ())


def test_a_year_is_told_as_a_range_with_how_it_was_made(database: Database, run: Run) -> None:
    count(database, 4, months=900, years=900, visits=2000, views=5000, devices=1500)
    count(database, 5, months=1100, years=600, visits=2500, views=6000, devices=1700, robots=11_000)
    count(database, 6, months=3, years=2, visits=4)
    out = ok(run("traffic", "--year", "2025"))
    assert "2025: 1500 devices, between 1100 and 2000; goal 50000 to 100000." in out
    assert "4500 visits; 3200 visitor-days." in out
    assert "No data: 2025-04-03 12:01 to 2025-05-03 12:00 UTC." in out
    found = json.loads(ok(run("traffic", "--year", "2025", "--json")))
    assert found["devices"]["point"] == 1500
    assert found["devices_by_month"] == {"2025-04": 900, "2025-05": 1100}
    assert found["months_left_out"] == 1
    assert found["days_left_out"]["visits"] == 1
    assert found["robots_taken_off_percent"] == 50
    assert found["days_counted"] == 3
    assert found["heading"] is None
    assert found["visitor_days"]["is"].endswith("not visitors")
    assert len(found["without_data"]) == 3


def test_a_year_without_anything_is_told_as_that(run: Run) -> None:
    assert "2025: 0 devices, between 0 and 0" in ok(run("traffic", "--year", "2025"))
    assert run("traffic", "--year", "x").exit_code == 2
