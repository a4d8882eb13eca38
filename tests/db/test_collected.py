"""What is kept about asking: questions, held readings, findings, sources, visits, replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.db import asked, findings, held, reach, sources, visits
from app.db.asked import Asked, Outcome
from app.db.corridors import add_corridor
from app.db.engine import Database
from app.db.evidence import Evidence, add_evidence, find_evidence
from app.db.findings import Flag
from app.db.held import Held
from app.db.sources import SourceFacts
from app.domain.reach import Reach, ReachState, Why
from tests.db.made import NL_MA, NL_SR, NOON, PROOF, on_board, price, save

RUNG = Decimal(200)
HOUR = timedelta(hours=1)
QUESTION = Asked("one", NL_MA, RUNG, NOON, Outcome.ANSWERED, "", NOON, 4, "ab", 2, Decimal("10.9"))


def note(database: Database, *found: Asked) -> list[Asked]:
    with database.writing() as session:
        ids = {one.corridor: add_corridor(session, one.corridor).id for one in found}
        asked.note_asked(session, ids, found)
    with database.reading() as session:
        return sorted(asked.asked_of(session, "one"), key=lambda one: one.rung)


def test_a_question_comes_back_as_it_was_noted(database: Database) -> None:
    other = replace(QUESTION, rung=Decimal(500), source="two", corridor=NL_SR)
    assert note(database, QUESTION, other) == [QUESTION]
    with database.reading() as session:
        assert asked.asked_on(session, NL_SR) == [other]


@pytest.mark.parametrize(
    ("outcome", "rows"),
    [(Outcome.HELD, 4), (Outcome.FAILED, 4), (Outcome.UNREADABLE, 4), (Outcome.NOT_OFFERED, 0)],
)
def test_without_a_price_it_keeps_when_it_last_had_one(
    database: Database, outcome: Outcome, rows: int
) -> None:
    note(database, QUESTION)
    later = replace(QUESTION, asked_at=NOON + HOUR, outcome=outcome, answered_at=None, rows=9)
    (found,) = note(database, later)
    assert (found.asked_at, found.answered_at, found.rows) == (NOON + HOUR, NOON, rows)


def facts(slug: str, **other: object) -> SourceFacts:
    made = SourceFacts(
        slug, "price", "https://a.example", "", "green", "", NOON.date(), 9, 15, is_on=True
    )
    return replace(made, **other)  # type: ignore[arg-type]


def test_a_source_that_is_gone_is_off_and_keeps_its_history(database: Database) -> None:
    with database.writing() as session:
        sources.register(session, [facts("one"), facts("two")])
        sources.note_success(session, "one", NOON)
    with database.writing() as session:
        sources.register(session, [facts("two", per_hour=7)])
    with database.reading() as session:
        one, two = sources.all_sources(session)
        assert (one.is_on, one.last_success, two.is_on, two.per_hour) == (False, NOON, True, 7)


@pytest.mark.parametrize(
    ("minutes", "alone"), [(-1, False), (0, False), (1, True), (120, True), (13 * 60 + 1, False)]
)
def test_a_source_is_left_alone_until_its_time(
    database: Database, minutes: int, alone: bool
) -> None:
    until = NOON + timedelta(minutes=minutes)
    with database.writing() as session:
        sources.register(session, [facts("one"), facts("two")])
        sources.note_run(session, "one", "blocked", "go away", NOON, until)
    with database.reading() as session:
        assert sources.left_alone(session, NOON) == ({"one": until} if alone else {})


def test_visits_add_up_by_day(database: Database) -> None:
    today = NOON.date()
    with database.writing() as session:
        add_corridor(session, NL_MA)
        visits.add_visits(session, today, {NL_MA: 2, NL_SR: 5})
        visits.add_visits(session, today, {NL_MA: 3})
        visits.add_visits(session, today - timedelta(days=1), {NL_MA: 10})
    with database.reading() as session:
        assert visits.visits_since(session, today) == {NL_MA: 5}
        assert visits.visits_since(session, today - timedelta(days=1)) == {NL_MA: 15}
        assert visits.visits_since(session, today + timedelta(days=1)) == {}


def test_reach_is_what_the_list_says_now(database: Database) -> None:
    closed = Reach(
        "SR", ("SRD",), ReachState.CLOSED, next(iter(Why)), "https://a.example", date(2026, 1, 1)
    )
    with database.writing() as session:
        reach.keep_reach(session, [Reach("MA", ("MAD", "EUR"), ReachState.OPEN), closed])
    with database.reading() as session:
        assert reach.reach_from(session, "NL")["SR"] == closed
        assert [one.receive_currency for one in reach.open_corridors(session)] == ["MAD", "EUR"]
    with database.writing() as session:
        reach.keep_reach(session, [Reach("MA", ("MAD",), ReachState.OPEN)])
    with database.reading() as session:
        assert list(reach.reach_from(session, "NL")) == ["MA"]
        assert reach.open_corridors(session) == [NL_MA]


def reading(service: int, fee: str = "3.10", source: str = "wise") -> Held:
    amounts = (Decimal("203.10"), Decimal(fee), Decimal(2160), Decimal("10.8"), Decimal("10.9"))
    said = (("peers", "a \x00 word"),)
    return Held(service, RUNG, source, *amounts, None, PROOF.sha256, said)


def test_letting_go_is_of_one_source_and_one_amount(stocked: Database) -> None:
    save(stocked, price())
    (shown,) = on_board(stocked)
    number = shown.service_id
    other = replace(reading(number), rung=Decimal(500))
    with stocked.writing() as session:
        held.hold(session, [reading(number), other], NOON)
        held.hold(session, [reading(number, source="two")], NOON)
        held.let_go(session, "wise", {(number, RUNG)}, NOON)
    with stocked.reading() as session:
        assert list(held.open_holds(session, "wise", {number}, NOON)) == [(number, Decimal(500))]
        assert held.count_open(session) == {"two": 1, "wise": 1}
        assert held.open_holds(session, "wise", {number}, NOON + HOUR) == {}
        assert held.open_holds(session, "wise", {number + 1}, NOON) == {}


def test_a_finding_grows_and_is_forgotten(stocked: Database) -> None:
    save(stocked, price())
    flag = Flag("wise", on_board(stocked)[0].service_id, RUNG, "peers", "far \x00" + "x" * 900)
    with stocked.writing() as session:
        findings.note_findings(session, [flag, flag], NOON)
        findings.note_findings(session, [flag], NOON + HOUR)
    with stocked.reading() as session:
        (row,) = session.query(findings.FindingRow).all()
        assert (row.first_at, row.last_at, len(row.says)) == (NOON, NOON + HOUR, 500)
    with stocked.writing() as session:
        findings.drop_before(session, NOON + HOUR)
        assert session.query(findings.FindingRow).count() == 1
        findings.drop_before(session, NOON + 2 * HOUR)
        assert session.query(findings.FindingRow).count() == 0


@pytest.mark.parametrize("size", [0, 400, 401, 100_000])
def test_a_reply_comes_back_byte_for_byte(database: Database, size: int) -> None:
    piece = Evidence(
        "one", "GET /", "text/html", b"\x00\xff" * size, NOON, "GET /", 503, "a: b\nc: d", "gone"
    )
    with database.writing() as session:
        add_evidence(session, [piece, piece])
        add_evidence(session, [replace(piece, title="again")])
    with database.reading() as session:
        assert find_evidence(session, piece.sha256) == piece


def test_whatever_stands_in_a_reply_can_be_kept(database: Database) -> None:
    hostile = "\x00\ud800\u202e" + "x" * 100_000
    piece = Evidence(
        "one", hostile, hostile, b"{}", NOON, f"GET /\n{hostile}", 200, hostile, hostile
    )
    with database.writing() as session:
        add_evidence(session, [piece])
    with database.reading() as session:
        found = find_evidence(session, piece.sha256)
    assert found
    assert found.request.startswith("GET /\nxxx")
    assert (len(found.title), len(found.media_type), len(found.failed)) == (300, 80, 500)
