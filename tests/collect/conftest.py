"""Databases with mid rates, and folders that a test may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.db.engine import Database
from app.db.reach import keep_reach
from tests.collect.made import add_rates, small_data
from tests.collect.price_lists import REACH
from tests.db.made import stock

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


@pytest.fixture
def known(rated: Database) -> Database:
    """With the firms alpha and beta too, and two countries that money can be sent to."""
    stock(rated)
    with rated.writing() as session:
        keep_reach(session, REACH)
    return rated


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """For price lists."""
    made = tmp_path / "lists"
    made.mkdir()
    return made
