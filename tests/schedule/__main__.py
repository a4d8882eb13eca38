"""`python -m tests.schedule --slots 10000 --kills 50`: one run per slot, on both databases."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from app.db import migrate
from app.db.engine import Database
from tests.conftest import new_database
from tests.postgres import running_postgres
from tests.schedule.play import Tally, play


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as name, running_postgres() as postgres:
        file = Path(name) / "huiswaarts.db"
        for kind, url in (("SQLite", f"sqlite:///{file}"), ("PostgreSQL", new_database(postgres))):
            folder = Path(name) / kind
            folder.mkdir()
            database = Database(url)
            migrate.upgrade(database)
            database.engine.dispose()
            found = play(url, folder, chosen.slots, chosen.kills, chosen.seed)
            good = good and as_it_should(found)
            sys.stdout.write("\n".join([kind, *(f"  {line}" for line in found.lines()), ""]))
            sys.stdout.flush()
    return 0 if good else 1


def as_it_should(found: Tally) -> bool:
    nothing_wrong = found.missed == found.twice == found.unasked == 0
    return nothing_wrong and found.heartbeats == found.slots and max(found.takeovers) < 60


if __name__ == "__main__":
    sys.exit(main())
