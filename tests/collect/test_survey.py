"""Loading a survey file: every row kept or reported, whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from sqlalchemy import select

from app.db.engine import Database
from app.db.evidence import EvidenceRow, find_evidence
from app.db.surveys import SurveyFileRow, SurveyRefusalRow, round_rows
from tests.collect.made import (
    MOROCCO,
    SHIPPED,
    SHIPPED_FILE,
    changed,
    kept_rows,
    load,
    load_rows,
    on_board,
    publish,
    repriced,
)
from tests.tables import changed as changed_tables
from tests.tables import dump

BAD = [
    changed(SHIPPED[0], cc1_lcu_fee="-1"),
    changed(SHIPPED[1], destination_code="ANT"),
    changed(SHIPPED[2], cc2_total_cost_percent="99"),
    changed(SHIPPED[3], speed_actual="when it rains"),
]


def test_the_shipped_file_has_no_row_to_refuse(rated: Database) -> None:
    loaded = load(rated, SHIPPED_FILE)
    assert (loaded.rows, loaded.refused, loaded.skipped) == (175, [], False)
    assert kept_rows(rated) == {"2025_3Q": 175}
    with rated.reading() as session:
        file = session.scalars(select(SurveyFileRow)).one()
        digest = hashlib.sha256(SHIPPED_FILE.read_bytes()).hexdigest()
        assert (file.rows, file.refused, file.sha256) == (175, 0, digest)


def test_350_quotes_stand_on_the_board(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    published = publish(rated)
    assert (published.quotes, published.changed, published.findings) == (350, 8, [])
    assert len(on_board(rated)) == 350


def test_what_is_kept_is_what_the_file_says(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    with rated.reading() as session:
        rows = [one.row for one in round_rows(session, "NL", "2025_3Q")]
    assert [row.row for row in rows] == [row["id"] for row in SHIPPED]
    for row, said in zip(rows, SHIPPED, strict=True):
        for name, point in (("cc1", 200), ("cc2", 500)):
            tier = row.tiers[point]
            found = [str(tier.sent.amount), str(tier.fee.amount), str(tier.margin)]
            assert found == [said[f"{name} lcu {what}"] for what in ("amount", "fee")] + [
                said[f"{name} fx margin"]
            ]
        assert (str(row.surveyed_on) if row.surveyed_on else "") == said["date"]


def test_the_same_file_again_changes_nothing(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before = dump(rated)
    again = load(rated, SHIPPED_FILE)
    published = publish(rated)
    assert (again.skipped, published.quotes, published.changed) == (True, 350, 0)
    assert dump(rated) == before


def test_a_file_is_known_by_its_content_and_not_its_name(rated: Database, tmp_path: Path) -> None:
    load(rated, SHIPPED_FILE)
    before = dump(rated)
    assert load(rated, Path(shutil.copy(SHIPPED_FILE, tmp_path / "other.csv"))).skipped
    assert dump(rated) == before


def test_each_refused_row_is_reported(rated: Database, tmp_path: Path) -> None:
    loaded = load_rows(rated, tmp_path / "bad.csv", [*BAD, *SHIPPED[4:10]])
    assert loaded.rows == 6
    found = [(row.sheet, row.row, row.column) for row in loaded.refused]
    assert found == [
        ("bad.csv", 2, "cc1 lcu fee"),
        ("bad.csv", 3, "destination_code"),
        ("bad.csv", 4, "cc2 total cost %"),
        ("bad.csv", 5, "speed actual"),
    ]
    assert all(row.reason for row in loaded.refused)


def test_what_was_refused_is_kept_with_its_reason(rated: Database, tmp_path: Path) -> None:
    loaded = load_rows(rated, tmp_path / "bad.csv", [*BAD, *SHIPPED[4:10]])
    with rated.reading() as session:
        kept = session.scalars(select(SurveyRefusalRow).order_by(SurveyRefusalRow.row)).all()
        assert [(one.row, one.column, one.reason) for one in kept] == [
            (row.row, row.column, row.reason) for row in loaded.refused
        ]
        assert session.scalars(select(SurveyFileRow)).one().refused == 4


def test_a_corrected_file_takes_the_place_of_the_round(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "first.csv", MOROCCO)
    publish(rated)
    corrected = [repriced(MOROCCO[0], "9.99", "4.20"), *MOROCCO[1:20]]
    loaded = load_rows(rated, tmp_path / "second.csv", corrected)
    publish(rated)
    assert (loaded.rows, kept_rows(rated)) == (20, {"2025_3Q": 20})
    assert len(on_board(rated)) == 40
    assert "9.99" in {str(one.quote.fee.amount) for one in on_board(rated)}


def test_the_file_before_the_corrected_one_stays_replaced(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "first.csv", MOROCCO)
    load_rows(rated, tmp_path / "second.csv", MOROCCO[:20])
    before = dump(rated)
    assert load(rated, tmp_path / "first.csv").skipped
    assert dump(rated) == before


def test_an_older_round_is_kept_beside_the_newest(rated: Database, tmp_path: Path) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before = dump(rated)
    older = [changed(row, period="2025_1Q", date="2025-02-20") for row in MOROCCO[:3]]
    load_rows(rated, tmp_path / "older.csv", older)
    published = publish(rated)
    assert kept_rows(rated) == {"2025_1Q": 3, "2025_3Q": 175}
    assert published.changed == 0
    tables = changed_tables(before, dump(rated))
    assert tables == {"survey_file", "survey_service", "evidence"}


def test_a_newer_round_takes_the_board(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "older.csv", MOROCCO)
    publish(rated)
    newer = [changed(row, period="2025_4Q", date="2025-11-20") for row in MOROCCO[:20]]
    load_rows(rated, tmp_path / "newer.csv", newer)
    publish(rated)
    assert kept_rows(rated) == {"2025_3Q": 25, "2025_4Q": 20}
    assert {str(one.observed) for one in on_board(rated)} == {"2025-11-20"}
    assert len(on_board(rated)) == 40


def test_rounds_of_one_file_may_stand_in_any_order(rated: Database, tmp_path: Path) -> None:
    older = [changed(row, period="2024_4Q", date="2024-11-20") for row in MOROCCO[:5]]
    load_rows(rated, tmp_path / "mixed.csv", [*older[:2], *MOROCCO, *older[2:]])
    assert publish(rated).quotes == 50
    with rated.reading() as session:
        assert len(session.scalars(select(EvidenceRow)).all()) == 25


def test_every_price_on_the_board_has_its_row_as_evidence(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    lines = SHIPPED_FILE.read_text(encoding="utf-8").splitlines()
    with rated.reading() as session:
        for one in on_board(rated):
            found = find_evidence(session, one.evidence)
            assert found
            assert found.sha256 == one.evidence
            header, row = found.body.decode().splitlines()
            assert header == lines[0]
            assert row in lines[1:]
            assert SHIPPED_FILE.name in found.title
