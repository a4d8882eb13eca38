"""A database with the two firms of tests/db/made.py and the currencies that they send."""

from __future__ import annotations

import pytest

from app.db.engine import Database
from tests.db.made import stock


@pytest.fixture
def stocked(database: Database) -> Database:
    stock(database)
    return database
