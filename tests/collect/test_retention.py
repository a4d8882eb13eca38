"""Retention: what is behind a price that was shown is kept for ever, the rest for thirty days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.collect.retention import forget_old
from app.db.engine import Database
from app.db.evidence import EvidenceRow
from tests.collect.made import MOROCCO, load_rows
from tests.collect.teller import SLOT, play
from tests.conftest import NOW

MONTH = timedelta(days=30)


def bodies(database: Database) -> set[str]:
    with database.reading() as session:
        found = session.scalars(select(EvidenceRow.title))
        return {title.rpartition("/")[2] for title in found}


def test_replies_behind_a_price_or_a_held_reading_stay(database: Database) -> None:
    it = play(database)
    it.run(body="first")
    it.run(body="seen between")
    it.run(body="shown")
    it.run(body="held", margin="0.2000")
    assert forget_old(database, it.clock()) == (0, 0)
    assert forget_old(database, NOW + MONTH) == (0, 0)
    assert forget_old(database, NOW + MONTH + 3 * SLOT) == (0, 1)
    assert bodies(database) == {"first", "shown", "held"}
    assert forget_old(database, NOW + MONTH + 4 * SLOT) == (1, 1)
    assert bodies(database) == {"first", "shown"}
    assert forget_old(database, NOW + MONTH * 20) == (0, 0)


def test_what_is_still_held_keeps_its_newest_reading(database: Database) -> None:
    it = play(database)
    it.run()
    for number in range(3):
        it.run(margin=f"0.{200 + number}")
    forget_old(database, NOW + MONTH + 3 * SLOT)
    assert [row.first_at for row in it.held()] == [NOW + 3 * SLOT]


def test_an_old_survey_does_not_stand_in_the_way(database: Database, tmp_path: object) -> None:
    from pathlib import Path  # noqa: PLC0415

    load_rows(database, Path(str(tmp_path)) / "old.csv", MOROCCO[:3])
    forget_old(database, NOW + MONTH * 5)
