"""What the tests of sources share: the shipped data, and survey files with chosen rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bench.survey_workbook import GOOD, NEWER, ROW, Cell
from scrapers.prices.cells import as_text

Survey = Callable[..., Path]


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """Writes a CSV of good rows, each changed as asked."""

    def write(*changes: Mapping[str, Cell], columns: list[str] = NEWER) -> Path:
        path = tmp_path / "survey.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(columns)
            for number, change in enumerate(changes, 2):
                row = {**GOOD, "id": str(number), **change}
                cells = ["" if row.get(name) is None else row[name] for name in columns]
                table.writerow([as_text(number if cell == ROW else cell) for cell in cells])
        return path

    return write
