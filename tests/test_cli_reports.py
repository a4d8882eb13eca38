"""`flask reports`: what is open, and saying in public what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.db import reports
from app.db.engine import Database
from app.domain.report import About, ReportState
from tests.db.test_reports import MADE, found, keep
from tests.test_cli import Run, ok, runs, said, site_of

__all__ = ["site_of"]


@pytest.fixture
def run(site_of: Callable[..., Flask]) -> Run:
    return runs(site_of())


def test_nothing_is_open(run: Run) -> None:
    assert ok(run("reports")) == "0 open reports.\n"


def test_open_reports_are_listed_with_what_an_operator_needs(database: Database, run: Run) -> None:
    keep(database)
    out = ok(run("reports"))
    assert out.splitlines() == [
        "1  2026-11-20 12:00 UTC  site  received  (nl)",
        "  page: /nl/send/nl/ma?pay=200",
        "  seen: MAD 2,100 at the counter",
        "  mail: reader@example.org",
        "  | The page",
        "  | says two things.",
        "1 open reports.",
    ]


def test_what_a_reader_wrote_cannot_look_like_a_line_of_ours(database: Database, run: Run) -> None:
    keep(database, replace(MADE, message="Hello\n9  2026-11-20 12:00 UTC  site  received"))
    lines = [line for line in ok(run("reports")).splitlines() if line[:1].isdigit()]
    assert len(lines) == 2  # the report's own line, and the sum


def test_an_answer_is_public_and_closes_the_report(database: Database, run: Run) -> None:
    number = keep(database)
    words = "We had an old fee. It is right now."
    assert ok(run("reports", "answer", str(number), "--state", "corrected", words)) == (
        "Report 1: corrected.\n"
    )
    kept = found(database)
    assert kept is not None
    assert (kept.state, kept.outcome, kept.email) == (ReportState.CORRECTED, words, "")
    assert ok(run("reports")) == "0 open reports.\n"
    closed = ok(run("reports", "--closed"))
    assert f"  > {words}" in closed
    assert "mail:" not in closed


def test_looking_into_it_needs_no_words(database: Database, run: Run) -> None:
    keep(database)
    ok(run("reports", "answer", "1", "--state", "looked_into"))
    with database.reading() as session:
        assert [one.state for one in reports.reports(session)] == [ReportState.LOOKED_INTO]


def test_as_json(database: Database, run: Run) -> None:
    keep(database, replace(MADE, about=About.PRICE))
    (one,) = json.loads(ok(run("reports", "--json")))
    assert one["at"] == "2026-11-20T12:00:00Z"
    assert (one["about"], one["state"], one["closed_at"]) == ("price", "received", None)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("answer", "7", "--state", "corrected", "Done."), 1, "no open report 7"),
        (("answer", "1", "--state", "corrected"), 1, "closing a report needs words"),
        (("answer", "1", "--state", "unchanged", "  "), 1, "closing a report needs words"),
        (("answer", "1", "--state", "corrected", "a\x1b[2J"), 1, "without control signs"),
        (("answer", "1", "--state", "corrected", "x" * 2001), 1, "at most 2000 signs"),
        (("answer", "1", "--state", "received", "Done."), 2, "Invalid value for '--state'"),
        (("answer", "1", "Done."), 2, "Missing option '--state'"),
        (("answer", "one", "--state", "corrected", "Done."), 2, "not a valid integer"),
    ],
)
def test_an_answer_that_is_none_changes_nothing(
    database: Database, run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    keep(database)
    assert says in said(run("reports", *words), code)
    kept = found(database)
    assert kept is not None
    assert kept.state is ReportState.RECEIVED


def test_a_report_is_answered_once(database: Database, run: Run) -> None:
    keep(database)
    ok(run("reports", "answer", "1", "--state", "corrected", "Done."))
    again = said(run("reports", "answer", "1", "--state", "unchanged", "Not done."))
    assert "no open report 1" in again


def test_a_database_without_tables_says_what_to_do(bare: Flask) -> None:
    assert "flask db upgrade" in said(runs(bare)("reports"))
