"""A survey file that cannot be trusted changes nothing: the good prices stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.collect import seed
from app.collect.survey import SurveyShrunk
from app.db.engine import Database
from scrapers.contract import Unreadable
from scrapers.prices import rpw
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
    write,
)
from tests.conftest import NOW
from tests.tables import dump

TEXT = SHIPPED_FILE.read_text(encoding="utf-8")
LINES = TEXT.splitlines(keepends=True)


def without_column(path: Path) -> None:
    path.write_text(TEXT.replace("cc1 lcu fee", "cc1 fee"), encoding="utf-8")


def half_a_quote(path: Path) -> None:
    path.write_text("".join(LINES[:150]) + '"NLD-150,2025_3Q\n', encoding="utf-8")


def wrong_bytes(path: Path) -> None:
    path.write_bytes("".join(LINES[:99]).encode() + b"T\xfcrkiye\n" + "".join(LINES[99:]).encode())


def no_good_row(path: Path) -> None:
    write(path, [changed(row, cc1_lcu_code="???") for row in SHIPPED])


BROKEN: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "missing": (lambda _path: None, ("No such file",)),
    "a folder": (Path.mkdir, ("directory",)),
    "empty": (Path.touch, ("empty",)),
    "without a column": (without_column, ("'cc1 lcu fee'",)),
    "cut short": (half_a_quote, ("row 151",)),
    "not UTF-8": (wrong_bytes, ("line 100",)),
    "no good row": (no_good_row, ("175 were refused", "row 2", "'cc1 lcu code'", "???")),
}


@pytest.fixture
def good(rated: Database) -> Database:
    """With the shipped survey on the board."""
    load(rated, SHIPPED_FILE)
    publish(rated)
    return rated


def test_a_broken_file_leaves_every_good_price(good: Database, tmp_path: Path) -> None:
    before = dump(good)
    for name, (make, says) in BROKEN.items():
        path = tmp_path / f"{name}.csv"
        make(path)
        with pytest.raises(Unreadable) as error:
            load(good, path)
        assert dump(good) == before, name
        for words in (path.name, *says):
            assert words in str(error.value)


def test_collecting_goes_on_beside_a_broken_file(good: Database, data: Path) -> None:
    before = len(on_board(good))
    files = [(rpw, data / "gone.csv")]
    done = seed.seed(good, data, files, NOW)
    (failure,) = done.failures
    assert failure.startswith("rpw: Unreadable: ")
    assert "gone.csv" in failure
    assert (done.quotes, len(on_board(good))) == (before, before)


@pytest.mark.parametrize(("left", "trusted"), [(18, True), (17, False), (1, False)])
def test_a_file_that_lost_over_30_percent_of_a_round_is_refused(
    rated: Database, left: int, trusted: bool, tmp_path: Path
) -> None:
    """18 of 25 rows are 72 %."""
    load_rows(rated, tmp_path / "whole.csv", MOROCCO)
    before = dump(rated)
    path = write(tmp_path / "less.csv", MOROCCO[:left])
    if trusted:
        load(rated, path)
        assert kept_rows(rated) == {"2025_3Q": left}
        return
    with pytest.raises(SurveyShrunk, match=rf"less\.csv: NL 2025_3Q has {left} .* 25; nothing"):
        load(rated, path)
    assert dump(rated) == before


def test_exactly_70_percent_of_a_round_is_enough(rated: Database, tmp_path: Path) -> None:
    for had, has in ((10, 7), (30, 21), (70, 49), (130, 91)):
        load_rows(rated, tmp_path / f"{had}.csv", SHIPPED[:had])
        assert load_rows(rated, tmp_path / f"{has}.csv", SHIPPED[:has]).rows == has


def test_refused_rows_do_not_count_as_had(rated: Database, tmp_path: Path) -> None:
    """A file whose rows are all there, but half of them unreadable, has lost half of them."""
    load_rows(rated, tmp_path / "whole.csv", MOROCCO)
    bad = [changed(row, cc1_fx_margin="a lot") for row in MOROCCO[:12]]
    with pytest.raises(SurveyShrunk, match=r"12 were refused, the first at half\.csv row 2"):
        load_rows(rated, tmp_path / "half.csv", [*bad, *MOROCCO[12:]])


def test_one_lost_round_keeps_out_the_whole_file(rated: Database, tmp_path: Path) -> None:
    newer = [changed(row, period="2025_4Q") for row in MOROCCO]
    load_rows(rated, tmp_path / "whole.csv", MOROCCO)
    before = dump(rated)
    with pytest.raises(SurveyShrunk):
        load_rows(rated, tmp_path / "less.csv", [*newer, *MOROCCO[:5]])
    assert dump(rated) == before


def test_a_round_that_a_file_does_not_have_stays(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "one.csv", MOROCCO)
    newer = [changed(row, period="2025_4Q", date="2025-11-20") for row in MOROCCO[:2]]
    load_rows(rated, tmp_path / "two.csv", newer)
    assert kept_rows(rated) == {"2025_3Q": 25, "2025_4Q": 2}


def test_a_file_that_was_refused_may_be_mended(rated: Database, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    load_rows(rated, tmp_path / "whole.csv", MOROCCO)
    with pytest.raises(SurveyShrunk):
        load_rows(rated, path, MOROCCO[:3])
    assert load_rows(rated, path, MOROCCO[:24]).rows == 24
