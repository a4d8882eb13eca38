"""Averages of the World Bank's survey: what sending about 200 US dollars cost, on average.

Source   data/rpw/rpw_corridor_averages_2011_1Q_2025_3Q.csv, which ships with the project; where it
         comes from and where it ends stands in data/README.md
Units    percent, by the World Bank's convention: fee / sent x 100 + margin
Quirks   "basis" says whether the World Bank published an average, or we worked it out from the
         survey's rows; the number of services is blank for the older ones
         the Netherlands Antilles (ANT) ended in 2010, and no code of today means them
Licence  The World Bank, Remittance Prices Worldwide, CC BY 4.0: it must be named
Checked  2026-11-21
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from itertools import chain
from pathlib import Path

from app.domain.countries import ALPHA2, PAYOUT_CURRENCY
from app.domain.history import Average, Basis
from app.domain.survey import quarter_start
from scrapers.contract import RefusedRow
from scrapers.prices.cells import NotReadable, number
from scrapers.prices.table import Columns, Misread, TableRow, tables

FILE = "rpw/rpw_corridor_averages_2011_1Q_2025_3Q.csv"
"""Under data/."""

PERCENT = "cc1 average total cost %"
SERVICES = "transparent services"
COLUMNS = Columns(
    needed=("period", "source_code", "destination_code", PERCENT, SERVICES, "basis"), others={}
)
BASES = {
    "World Bank DataBank": Basis.PUBLISHED,
    "computed from RPW rows": Basis.COMPUTED,
}
ENDED = {"ANT"}
"""Codes of countries that are no more. Their rows are passed over: nobody can send there."""

FURTHEST = Decimal(200)
"""Percent, either way: the dearest corridor ever was 118, the one that gained most 11."""

MOST_SERVICES = 10_000


def read(path: Path) -> Iterator[Average | RefusedRow]:
    """Each row, streamed, refused ones too. A second row for the same average is refused. Raises
    Unreadable."""
    seen: set[tuple[str, str, str, Basis]] = set()
    with closing(tables(path, COLUMNS)) as found:
        for row in chain.from_iterable(found):
            if ENDED & {row.text("source_code"), row.text("destination_code")}:
                continue
            try:
                yield _average(row, seen)
            except Misread as error:
                yield RefusedRow(row.sheet, row.number, error.column, error.reason)


def _average(row: TableRow, seen: set[tuple[str, str, str, Basis]]) -> Average:
    row.check()
    average = Average(
        send_country=row.needed("source_code", _country),
        receive_country=row.needed("destination_code", _country),
        period=row.needed("period", _period),
        basis=row.needed("basis", _basis),
        percent=row.needed(PERCENT, _percent),
        services=row.read(SERVICES, _services),
    )
    key = (average.send_country, average.receive_country, average.period, average.basis)
    if key in seen:
        raise Misread("period", "this average stands in the file twice")
    seen.add(key)
    return average


def _country(code: str) -> str:
    country = ALPHA2.get(code.upper(), "")
    if country not in PAYOUT_CURRENCY:
        raise NotReadable(f"unknown country {code[:40]!r}")
    return country


def _period(text: str) -> str:
    quarter_start(text)
    return text


def _basis(text: str) -> Basis:
    if text not in BASES:
        raise NotReadable(f"{text[:40]!r} is none of {', '.join(map(repr, BASES))}")
    return BASES[text]


def _percent(text: str) -> Decimal:
    value = number(text)
    if abs(value) > FURTHEST:
        raise NotReadable(f"{text} percent is too far from zero to be true")
    return value


def _services(text: str) -> int | None:
    if not text:
        return None
    value = number(text)
    if value != value.to_integral_value() or not 0 < value <= MOST_SERVICES:
        raise NotReadable(f"{text} is no number of services")
    return int(value)
