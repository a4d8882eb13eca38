"""A database with mid rates, and the shipped data in a folder that a test may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.db.engine import Database
from tests.collect.made import add_rates, small_data

RATES = {
    "DOP": "70.1",
    "GBP": "0.87",
    "GHS": "12.3",
    "IDR": "19000",
    "INR": "97.5",
    "MAD": "10.9",
    "NGN": "1700",
    "SRD": "43.1",
    "TRY": "55.8",
    "USD": "1.13",
}


@pytest.fixture
def rated(database: Database) -> Database:
    add_rates(database, RATES)
    return database


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return small_data(folder)
