"""python -m tests.matrix: the whole matrix, counted."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from app.collect.seed import seed, survey_files
from app.db import migrate
from app.db.engine import Database
from config import ROOT
from tests.conftest import NOW
from tests.matrix.cells import actors, forged, nothing_breaks, who_is_let_in
from tests.matrix.routes import closed_routes
from tests.matrix.tenants import between_firms
from tests.work import workplace


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seeded.db"
        database = Database(f"sqlite:///{file}")
        migrate.upgrade(database)
        seed(database, ROOT / "data", survey_files(ROOT / "data", None), NOW)
        database.engine.dispose()
        leaks = 0
        with workplace(file, Path(folder), NOW) as work:
            print(f"{len(closed_routes(work.app))} routes that are not for everybody")
            everybody = actors(work)
            for check in (who_is_let_in, forged, nothing_breaks):
                found = check(work, everybody)
                leaks += len(found.leaks)
                print(f"{check.__name__}: {found.cells} cells, {len(found.leaks)} leaks")
                print(*found.leaks, sep="\n", end="\n" if found.leaks else "")
            found = between_firms(work)
            leaks += len(found.leaks)
            print(f"between_firms: {found.cells} cells, {len(found.leaks)} leaks")
            print(*found.leaks, sep="\n", end="\n" if found.leaks else "")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
