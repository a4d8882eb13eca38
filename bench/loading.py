"""Loading the survey's workbook against bare SQLAlchemy Core inserts of the same rows.

The limit reads nothing and checks nothing: rows that are ready in memory, inserted in batches of
the same size into a database of the same settings. Ours reads, checks and hashes each row too.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from app.collect.providers import load_providers
from app.collect.survey import load_survey
from app.db import migrate
from app.db.base import batched
from app.db.engine import Database
from app.db.models import Base
from bench.survey_workbook import peak_megabytes, write_workbook
from config import ROOT
from scrapers.prices import rpw

ROWS = 250_000


def measure(folder: Path) -> dict[str, float | str]:
    """Rows per second of both, their ratio, and the peak memory of a process that only loads."""
    workbook = folder / "survey.xlsx"
    write_workbook(workbook, rows=ROWS)
    report = _in_a_process_of_its_own(workbook, folder / "ours.db")
    rows, seconds, second, megabytes = report
    bare = _bare_inserts(folder / "ours.db", folder / "bare.db")
    return {
        "rows": rows,
        "ours, rows/s": round(rows / seconds),
        "bare inserts, rows/s": round(rows / bare),
        "ratio": round(bare / seconds, 3),
        "peak memory, MB": megabytes,
        "second load of the same file, s": round(second, 2),
    }


def load(workbook: Path, file: Path) -> None:
    """Run in a process of its own: prints rows, seconds, seconds again, peak megabytes."""
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    with database.writing() as session:
        load_providers(session, ROOT / "data" / "providers.toml")
    start = time.perf_counter()
    loaded = load_survey(database, rpw, workbook, datetime.now(UTC))
    middle = time.perf_counter()
    again = load_survey(database, rpw, workbook, datetime.now(UTC))
    end = time.perf_counter()
    if not again.skipped:
        raise RuntimeError("the same file was loaded twice")
    peak = peak_megabytes()
    print(loaded.rows, middle - start, end - middle, peak)


def _in_a_process_of_its_own(workbook: Path, file: Path) -> tuple[int, float, float, int]:
    command = [sys.executable, "-m", "bench.loading", str(workbook), str(file)]
    output = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    rows, seconds, second, megabytes = output.split()
    return int(rows), float(seconds), float(second), int(megabytes)


def _bare_inserts(filled: Path, empty: Path) -> float:
    """Seconds to insert the same rows with nothing else to do."""
    tables = [Base.metadata.tables[name] for name in ("provider", "survey_file", "survey_service")]
    source = Database(f"sqlite:///{filled}")
    with source.engine.connect() as connection:
        contents = [
            [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables
        ]
    target = Database(f"sqlite:///{empty}")
    migrate.upgrade(target)
    start = time.perf_counter()
    with target.writing() as session:
        for table, rows in zip(tables, contents, strict=True):
            for batch in batched(rows):
                session.connection().execute(insert(table), batch)
    return time.perf_counter() - start


if __name__ == "__main__":
    load(Path(sys.argv[1]), Path(sys.argv[2]))
