"""`python -m tests.traffic`: how far counting is off, and whether small numbers stay hidden."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from app.db import migrate
from app.db.engine import Database
from app.domain.traffic import DEVICES_ERROR
from tests.traffic import replay, small

VISITORS = 100_000
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good = _error(_database(folder / "replay.db"), folder)
        return int(not (_small(_database(folder / "small.db")) and good))


def _database(file: Path) -> Database:
    made = Database(f"sqlite:///{file}")
    migrate.upgrade(made)
    return made


def _error(database: Database, memory: Path) -> bool:
    events, truth = replay.world(VISITORS)
    start = time.perf_counter()
    replay.replay(database, memory, events, MIDNIGHT)
    seconds = time.perf_counter() - start
    found = replay.errors(replay.counted(database, MIDNIGHT), truth)
    database.engine.dispose()
    print(f"{VISITORS} visitors of a day, {len(events)} requests, {replay.PROCESSES} processes")
    for name, (count, true, error) in found.items():
        print(f"  {name:26} counted {count:7}  true {true:7}  off by {error:+.2f} %")
    print(f"  {'not to be counted':26} {truth.unwilling} people, none of them is in it")
    print(f"  {'limit for devices':26} {DEVICES_ERROR} %;  {seconds:.0f} seconds")
    return all(abs(error) <= DEVICES_ERROR for _count, _true, error in found.values())


def _small(database: Database) -> bool:
    counts = small.fill(database)
    with database.reading() as session:
        tables = small.published(session)
    database.engine.dispose()
    found = small.attack(tables)
    print(f"{small.VISITS} visits of a year, {counts} counts, {len(tables)} tables")
    print(f"  {'numbers shown':26} {found.numbers}, the smallest is {found.smallest}")
    print(f"  {'parts that are hidden':26} {found.hidden}")
    print(f"  {'differences of 1 to 9':26} {found.telling}")
    print(f"  {'of which one value fits':26} {found.pinned}; at least {found.narrowest} fit")
    return found.smallest >= 10 and not found.telling and not found.pinned


if __name__ == "__main__":
    sys.exit(main())
