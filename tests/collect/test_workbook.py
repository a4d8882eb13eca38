"""The World Bank's full workbook, through the same loading as the shipped extract."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.collect.seed import seed, survey_files
from app.collect.survey import SurveyShrunk
from app.db import surveys
from app.db.engine import Database
from app.db.evidence import find_evidence
from bench.survey_workbook import write_workbook
from scrapers.contract import Unreadable
from tests.collect.made import SHIPPED_FILE, kept_rows, load, on_board, publish
from tests.conftest import NOW
from tests.tables import dump

ROWS = 300
OLDER, NEWER = 55, 245
"""Rows of its two sheets; one in fifty is refused."""


def rounds(database: Database) -> dict[tuple[str, str], int]:
    """How many rows are kept, by sending country and round."""
    with database.reading() as session:
        return surveys.count_rounds(session, file_id=0, others=True)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "rpw.xlsx"
    write_workbook(path, ROWS)
    return path


def test_every_row_is_kept_or_reported(rated: Database, workbook: Path) -> None:
    loaded = load(rated, workbook)
    assert loaded.rows + len(loaded.refused) == ROWS
    assert {row.sheet for row in loaded.refused} == {
        "Dataset (up to Q1 2016)",
        "Dataset (from Q2 2016)",
    }
    old, new = kept_rows(rated)["2014_4Q"], kept_rows(rated)["2025_3Q"]
    assert (old, new) == (OLDER - 2, NEWER - 5)
    assert loaded.rows == old + new


def test_only_the_newest_round_is_shown(rated: Database, workbook: Path) -> None:
    load(rated, workbook)
    publish(rated)
    for country in ("NL", "GB"):
        found = on_board(rated, country)
        assert found
        assert {one.observed.at.year for one in found} == {2025}
    with rated.reading() as session:
        for one in on_board(rated, "GB"):
            assert find_evidence(session, one.evidence)


def test_the_workbook_again_changes_nothing(rated: Database, workbook: Path) -> None:
    load(rated, workbook)
    publish(rated)
    before = dump(rated)
    assert load(rated, workbook).skipped
    assert publish(rated).changed == 0
    assert dump(rated) == before


def test_the_shipped_extract_after_it_takes_its_round_only(rated: Database, workbook: Path) -> None:
    """Whichever file was loaded last speaks for a round: 175 rows are over 70 % of those there."""
    load(rated, workbook)
    publish(rated)
    before, uk = rounds(rated), on_board(rated, "GB")
    load(rated, SHIPPED_FILE)
    assert publish(rated).findings == []
    assert rounds(rated) == before | {("NL", "2025_3Q"): 175}
    assert on_board(rated, "GB") == uk
    assert len(on_board(rated)) == 350
    load(rated, workbook)
    load(rated, SHIPPED_FILE)
    assert publish(rated).changed == 0


def test_an_extract_much_smaller_than_the_workbook_is_refused(
    rated: Database, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "large.xlsx", 400)
    load(rated, tmp_path / "large.xlsx")
    before = dump(rated)
    with pytest.raises(SurveyShrunk):
        load(rated, SHIPPED_FILE)
    assert dump(rated) == before


def test_a_damaged_workbook_changes_nothing(
    rated: Database, workbook: Path, tmp_path: Path
) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before = dump(rated)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(workbook.read_bytes()[:-2000])
    with pytest.raises(Unreadable, match=r"cut\.xlsx"):
        load(rated, cut)
    assert dump(rated) == before


def test_collecting_with_a_workbook_twice_changes_nothing(
    database: Database, data: Path, workbook: Path
) -> None:
    files = survey_files(data, workbook)
    first = seed(database, data, files, NOW)
    assert first.failures == []
    assert [loaded.name for loaded in first.surveys] == [SHIPPED_FILE.name, "rpw.xlsx"]
    before = dump(database)
    again = seed(database, data, files, NOW)
    assert [loaded.skipped for loaded in again.surveys] == [True, True]
    assert (again.changed, again.readings) == (0, 0)
    assert dump(database) == before
