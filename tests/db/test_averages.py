"""Averages of the survey, kept and found again."""

from __future__ import annotations

from decimal import Decimal

from app.db.averages import averages_of, keep_averages
from app.db.engine import Database
from app.domain.history import Average, Basis

OLD = Average("NL", "MA", "2020_3Q", Basis.PUBLISHED, Decimal("6.8362"), 15)
BOTH = Average("NL", "MA", "2020_3Q", Basis.COMPUTED, Decimal("6.5"), None)
FIRST = Average("NL", "MA", "2011_1Q", Basis.COMPUTED, Decimal("-1.25"), 2)
ELSEWHERE = Average("BE", "MA", "2011_1Q", Basis.PUBLISHED, Decimal(7))


def test_averages_of_a_corridor_come_back_oldest_first(database: Database) -> None:
    with database.writing() as session:
        keep_averages(session, [BOTH, ELSEWHERE, OLD, FIRST])
    with database.reading() as session:
        assert averages_of(session, "NL", "MA") == [FIRST, OLD, BOTH]
        assert averages_of(session, "NL", "SR") == []


def test_new_averages_take_the_place_of_all(database: Database) -> None:
    for some in ([OLD, ELSEWHERE], [FIRST]):
        with database.writing() as session:
            keep_averages(session, some)
    with database.reading() as session:
        assert averages_of(session, "NL", "MA") == [FIRST]
        assert averages_of(session, "BE", "MA") == []
