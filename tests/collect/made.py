"""Survey files and rate feeds made up for tests, from the shipped ones."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

from app.collect.publish import Published, publish_rounds
from app.collect.survey import Loaded, load_survey
from app.db import prices, rates, surveys
from app.db.corridors import CorridorRow
from app.db.engine import Database
from app.db.surveys import SurveyServiceRow
from app.domain.midrate import MidReading
from app.domain.quote import Price
from config import ROOT
from scrapers.prices import rpw, rpw_averages
from tests.conftest import NOW

Row = dict[str, str]
SHIPPED_FILE = ROOT / "data/rpw/rpw_nl_2025_3Q.csv"
with SHIPPED_FILE.open(encoding="utf-8", newline="") as _file:
    SHIPPED: list[Row] = list(csv.DictReader(_file))
"""The shipped survey, row by row."""

MOROCCO = [row for row in SHIPPED if row["destination_code"] == "MAR"]
"""25 rows."""


def changed(row: Row, **values: str) -> Row:
    """`cc1_lcu_fee` is the column "cc1 lcu fee"; `destination_code` stays as it is."""
    names = {name.replace(" ", "_").replace("%", "percent"): name for name in row}
    return row | {names[name]: value for name, value in values.items()}


def repriced(row: Row, fee: str, margin: str) -> Row:
    """The row with another price of its lower amount, its total cost worked out again."""
    total = Decimal(fee) / Decimal(row["cc1 lcu amount"]) * 100 + Decimal(margin)
    cents = str(round(total, 2))
    return changed(row, cc1_lcu_fee=fee, cc1_fx_margin=margin, cc1_total_cost_percent=cents)


def write(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, SHIPPED[0])
        table.writeheader()
        table.writerows(rows)
    return path


def load(database: Database, path: Path) -> Loaded:
    return load_survey(database, rpw, path, NOW)


def load_rows(database: Database, path: Path, rows: Iterable[Row]) -> Loaded:
    return load(database, write(path, rows))


def publish(database: Database, only: str | None = None) -> Published:
    with database.writing() as session:
        return publish_rounds(session, surveys.send_countries(session), NOW, only)


def add_rates(database: Database, found: Mapping[str, str], days: int = 0) -> None:
    """Readings of one source, `days` from now."""
    at = NOW + timedelta(days=days)
    readings = [MidReading("feed", "feed", code, Decimal(rate), at) for code, rate in found.items()]
    with database.writing() as session:
        rates.add_readings(session, "feed", readings)


def on_board(database: Database, send: str = "NL", receive: str = "") -> list[Price]:
    """Every price on the board from a country, to one country if it is given."""
    with database.reading() as session:
        return [
            rung
            for corridor in [row.corridor() for row in session.scalars(select(CorridorRow))]
            if corridor.send_country == send and receive in ("", corridor.receive_country)
            for ladder in prices.board(session, corridor)
            for rung in ladder.rungs
        ]


def kept_rows(database: Database) -> dict[str, int]:
    """How many rows of the survey are kept, by round."""
    with database.reading() as session:
        found = session.execute(
            select(SurveyServiceRow.period, func.count()).group_by(SurveyServiceRow.period)
        )
        return {row[0]: row[1] for row in found}


def small_data(folder: Path) -> Path:
    """The shipped data with three days of the European Central Bank's rates instead of 724, and of
    the survey's averages those from the Netherlands."""
    lists = [path.name for path in (ROOT / "data").glob("*.toml")]
    for name in (*lists, "fx/fawazahmed0_eur_2026-09-29.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "data" / name, folder / name)
    (folder / "rpw").mkdir()
    shutil.copy(SHIPPED_FILE, folder / "rpw")
    name = "fx/ecb_eurofxref_2024-01-02_2026-10-30.csv"
    lines = (ROOT / "data" / name).read_text(encoding="utf-8").splitlines()
    (folder / name).write_text("\n".join(lines[:4]) + "\n", encoding="utf-8")
    lines = (ROOT / "data" / rpw_averages.FILE).read_text(encoding="utf-8").splitlines()
    dutch = [line for line in lines if line.startswith("period,") or ",NLD," in line]
    (folder / rpw_averages.FILE).write_text("\n".join(dutch) + "\n", encoding="utf-8")
    return folder
