"""A database with the two firms of tests/db/made.py, their staff, operators and mid rates."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.db import rates
from app.db.accounts import add_account
from app.db.engine import Database
from app.db.reach import keep_reach
from app.domain.midrate import MidReading
from app.domain.reach import Reach
from tests.db.made import NOON, stock
from tests.review.people import EVERYBODY

MADS = [("fawazahmed0", "10.9"), ("ecb_history", "10.9")]


@pytest.fixture
def stocked(database: Database) -> Database:
    stock(database)
    with database.writing() as session:
        keep_reach(session, [Reach("MA", ("MAD",)), Reach("SR", ("SRD",))])
        for one in EVERYBODY:
            made = add_account(session, one, NOON)
            assert made.id == one.id
        for source, rate in MADS:
            rates.add_readings(
                session, source, [MidReading(source, source, "MAD", Decimal(rate), NOON)]
            )
    return database
