"""`make bench`: prints each measurement with its limit."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.collect.cycle import collect, survey_files
from app.db import migrate
from app.db.engine import Database
from bench import loading, pages
from config import ROOT


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'seeded.db'}"
        database = Database(url)
        migrate.upgrade(database)
        collect(database, ROOT / "data", survey_files(ROOT / "data", None), datetime.now(UTC))
        database.engine.dispose()
        _show("The corridor page against a bare Flask page of the same bytes", pages.measure(url))
        _show("Loading the survey against bare inserts of its rows", loading.measure(folder))


def _show(title: str, figures: dict[str, float | str] | dict[str, float]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:34} {value}")


if __name__ == "__main__":
    main()
