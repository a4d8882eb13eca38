"""`make bench`: prints each measurement with its limit."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from app.collect.seed import seed, survey_files
from app.db import migrate
from app.db.engine import Database
from bench import counting, cycle, loading, pages, paint
from config import ROOT


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'seeded.db'}"
        database = Database(url)
        migrate.upgrade(database)
        seed(database, ROOT / "data", survey_files(ROOT / "data", None), datetime.now(UTC))
        database.engine.dispose()
        _show("The corridor page against a bare Flask page of the same bytes", pages.measure(url))
        _show("What counting costs a page view", counting.measure(url))
        _show("A first visit by a slow phone", paint.measure(url))
        _show("Loading the survey against bare inserts of its rows", loading.measure(folder))
    _show("A cycle of collecting against the same requests by bare httpx", cycle.measure())
    _show("Cycle after cycle", cycle.flat())
    _show("A day of drift in the history", cycle.day_of_drift())


def _show(title: str, figures: dict[str, float | str] | dict[str, float]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:34} {value}")


if __name__ == "__main__":
    main()
