"""Loading the averages of the survey that ship with the project. Again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from app.collect.survey import file_hash, refusal
from app.db import surveys
from app.db.averages import keep_averages
from app.db.engine import Database, take_turn
from app.domain.history import Average
from scrapers.contract import RefusedRow, Unreadable
from scrapers.prices import rpw_averages

SOURCE = "rpw_averages"


def load_averages(database: Database, path: Path, now: datetime) -> list[str]:
    """Load the file, which takes the place of what an older one said; a sentence about each row
    that was refused. The file that was loaded last is skipped.

    Whole or not at all: raises Unreadable if nothing of it can be used.
    """
    sha256 = file_hash(path)
    refused: list[RefusedRow] = []
    with database.writing() as session:
        take_turn(session)
        if surveys.is_loaded(session, sha256):
            if surveys.is_newest(session, sha256):
                return []
            surveys.forget_file(session, sha256)
        averages = list(_usable(path, refused))
        if not averages:
            raise Unreadable(f"{path.name}: no row could be used")
        file = surveys.add_file(session, sha256, SOURCE, path.name, now)
        file.rows, file.refused = len(averages), len(refused)
        surveys.add_refusals(session, file.id, map(refusal, refused))
        keep_averages(session, averages)
    return [f"{one.sheet} row {one.row}, column {one.column!r}: {one.reason}" for one in refused]


def _usable(path: Path, refused: list[RefusedRow]) -> Iterator[Average]:
    for row in rpw_averages.read(path):
        if isinstance(row, RefusedRow):
            refused.append(row)
        else:
            yield row
