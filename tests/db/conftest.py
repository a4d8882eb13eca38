"""A database that knows the firms and the evidence of made-up prices."""

from __future__ import annotations

import pytest

from app.db.engine import Database
from tests.db.made import stock


@pytest.fixture
def stocked(database: Database) -> Database:
    stock(database)
    return database
