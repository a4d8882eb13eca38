"""A row that cannot be read costs no good price its place, and a good file mends a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.collect.seed import Seeded, seed
from app.db.engine import Database
from scrapers.prices import rpw
from tests.collect.made import MOROCCO, SHIPPED, Row, changed, on_board, write
from tests.conftest import NOW
from tests.tables import dump


def run(database: Database, data: Path, path: Path) -> Seeded:
    return seed(database, data, [(rpw, path)], NOW)


def services(database: Database) -> int:
    return len({price.service_id for price in on_board(database, "NL", "MA")})


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "good.csv", MOROCCO)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cc1_lcu_fee": "abc"},
        {"speed_actual": "some day"},
        {"source_code": "XXX"},
        {"period": "2025-Q3"},
    ],
)
def test_a_refused_row_leaves_the_older_price_on_the_board(
    database: Database, data: Path, good: Path, tmp_path: Path, wrong: Row
) -> None:
    run(database, data, good)
    bad = write(tmp_path / "bad.csv", [changed(MOROCCO[0], **wrong), *MOROCCO[1:]])
    done = run(database, data, bad)
    assert len(done.surveys[0].refused) == 1
    assert services(database) == 25
    assert any("no older price was taken off" in finding for finding in done.findings)


def test_a_service_that_a_whole_round_no_longer_has_leaves_the_board(
    database: Database, data: Path, good: Path, tmp_path: Path
) -> None:
    run(database, data, good)
    run(database, data, write(tmp_path / "less.csv", MOROCCO[1:]))
    assert services(database) == 24


def test_a_refused_row_of_another_round_is_no_reason_to_keep_anything(
    database: Database, data: Path, good: Path, tmp_path: Path
) -> None:
    run(database, data, good)
    older = changed(SHIPPED[0], period="2024_3Q", cc1_lcu_fee="abc")
    elsewhere = changed(SHIPPED[0], source_code="BEL", cc1_lcu_fee="abc")
    run(database, data, write(tmp_path / "less.csv", [older, elsewhere, *MOROCCO[1:]]))
    assert services(database) == 24


def test_a_good_file_is_loaded_anew_after_a_bad_one(
    database: Database, data: Path, good: Path, tmp_path: Path
) -> None:
    run(database, data, good)
    before = dump(database)["board"]
    bad = write(tmp_path / "bad.csv", [changed(MOROCCO[0], cc1_lcu_fee="abc"), *MOROCCO[1:]])
    run(database, data, bad)
    again = run(database, data, good)
    assert (again.surveys[0].rows, again.surveys[0].skipped) == (25, False)
    assert dump(database)["board"] == before
    whole = dump(database)
    assert run(database, data, good).surveys[0].skipped
    assert dump(database) == whole
