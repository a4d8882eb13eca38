"""Remittance Prices Worldwide: the World Bank's quarterly survey of what sending money costs.

Source   the workbook in the World Bank's data catalogue, data set 0037898 (or a CSV of it)
Units    amounts and fees in the sender's currency, the fee on top of the amount; margin and
         total in percent: total = fee / amount x 100 + margin, within a hundredth
Quirks   what a service pays out in is not recorded, and its rates are in whatever currency
         that is, with 1 for unknown: they are kept as evidence and never read
         "transparent" is yes, Yes or no; where it is no, a margin of 0 means unknown
         the sheet up to 2016_1Q has other columns: no payment instrument, and older names for
         access point, coverage and pick-up; a sheet without "transparent" knew no other kind
         a blank, "..", "N/A" and "Not available" all say that nothing was recorded
         a row at USD 500 without fee and total was not priced there; negative totals are real
         Kosovo is KSV or XKX; days are text until 2024 and Excel dates later
Licence  The World Bank, Remittance Prices Worldwide, CC BY 4.0: it must be named
Checked  2026-11-20
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path

from app.domain.countries import ALPHA2, PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.labels import (
    ACCESS_POINTS,
    FIRM_TYPES,
    PAYMENT_INSTRUMENTS,
    PICKUP_METHODS,
    coverage,
    several,
    speed,
    transparent,
)
from app.domain.money import Money
from app.domain.quote import Origin
from app.domain.survey import PRICE_POINTS, SurveyRow, Tier, percent, quarter_start
from scrapers.contract import RefusedRow, Stance, Terms
from scrapers.prices.cells import NotReadable, day, number
from scrapers.prices.table import Columns, Misread, TableRow, tables

SLUG = "rpw"
SITE = "https://remittanceprices.worldbank.org"
ORIGIN = Origin.SURVEY
TERMS = Terms(
    Stance.GREEN,
    date(2026, 11, 20),
    "CC BY 4.0: free to use and share, naming the World Bank, Remittance Prices Worldwide",
)

PRICE = ("lcu amount", "lcu code", "lcu fee", "fx margin", "total cost %")
COLUMNS = Columns(
    needed=(
        *("id", "period", "source_code", "destination_code", "firm", "firm_type"),
        *(f"{tier} {name}" for tier in ("cc1", "cc2") for name in PRICE),
        *("speed actual", "pickup method", "date"),
    ),
    others={
        "pick-up method": "pickup method",
        "payment instrument": "payment instrument",
        "access point": "access point",
        "sending location": "access point",
        "receiving network coverage": "receiving network coverage",
        "coverage": "receiving network coverage",
        "transparent": "transparent",
    },
)
TOLERANCE = Decimal("0.0105")
"""Percentage points between the file's own total and ours: it rounds to hundredths."""

EARLIEST = date(2008, 1, 1)
"""The survey began in September of that year."""

LOWEST_MARGIN, HIGHEST_MARGIN = -50, 100
"""Percent, both excluded: beyond them nothing would arrive, or half as much again."""


def read(path: Path) -> Iterator[SurveyRow | RefusedRow]:
    """Each row of each data sheet, streamed, refused ones too. Raises Unreadable."""
    with closing(tables(path, COLUMNS)) as found:
        for row in chain.from_iterable(found):
            try:
                yield _survey_row(row)
            except Misread as error:
                yield RefusedRow(row.sheet, row.number, error.column, error.reason, *_round(row))


def _round(row: TableRow) -> tuple[str, str]:
    """Sending country and period of a row that was refused, each "" where it cannot be read."""
    return _or_blank(row, "source_code", _country), _or_blank(row, "period", _period)


def _or_blank(row: TableRow, column: str, reader: Callable[[str], str]) -> str:
    try:
        row.check()
        return row.needed(column, reader)
    except Misread:
        return ""


def _survey_row(row: TableRow) -> SurveyRow:
    row.check()
    period = row.needed("period", _period)
    return SurveyRow(
        row=row.needed("id", str),
        period=period,
        send_country=row.needed("source_code", _country),
        receive_country=row.needed("destination_code", _country),
        firm=row.needed("firm", str),
        firm_types=row.read("firm_type", _firm_types),
        payment_instruments=row.read("payment instrument", _payment_instruments),
        access_points=row.read("access point", _access_points),
        pickup_methods=row.read("pickup method", _pickup_methods),
        speed=row.read("speed actual", speed),
        coverage=row.read("receiving network coverage", coverage),
        transparent=not row.has("transparent") or row.needed("transparent", transparent),
        surveyed_on=row.read("date", partial(_surveyed_on, period)),
        tiers=_tiers(row),
        raw=row.raw,
    )


def _tiers(row: TableRow) -> dict[int, Tier]:
    lower, upper = PRICE_POINTS
    tiers = {lower: _tier(row, "cc1")}
    if row.text("cc2 lcu fee") or row.text("cc2 total cost %"):
        tiers[upper] = _tier(row, "cc2")
        _same_kind(tiers[lower].sent, tiers[upper].sent)
    return tiers


def _same_kind(first: Money, second: Money) -> None:
    """Two amounts of one service are in one currency, and are two."""
    if first.currency != second.currency:
        raise Misread("cc2 lcu code", f"{second.currency} is not {first.currency}, as for cc1")
    if first == second:
        raise Misread("cc2 lcu amount", f"{second.amount} is the same amount as for cc1")


def _tier(row: TableRow, name: str) -> Tier:
    currency = row.needed(f"{name} lcu code", _currency)
    tier = Tier(
        sent=Money(row.needed(f"{name} lcu amount", _above_zero), currency),
        fee=Money(row.needed(f"{name} lcu fee", _not_below_zero), currency),
        margin=row.needed(f"{name} fx margin", _margin),
    )
    if row.text(f"{name} total cost %"):
        row.read(f"{name} total cost %", partial(_same_total, tier.total_percent))
    return tier


def _same_total(ours: Decimal, text: str) -> None:
    if abs(number(text) - ours) > TOLERANCE:
        raise NotReadable(f"{text} is not fee / amount x 100 + margin, which is {percent(ours)}")


def _above_zero(text: str) -> Decimal:
    if number(text) <= 0:
        raise NotReadable(f"{text} is not above zero")
    return number(text)


def _not_below_zero(text: str) -> Decimal:
    if number(text) < 0:
        raise NotReadable(f"{text} is below zero")
    return number(text)


def _margin(text: str) -> Decimal:
    if not LOWEST_MARGIN < number(text) < HIGHEST_MARGIN:
        raise NotReadable(f"{text} is not between {LOWEST_MARGIN} and {HIGHEST_MARGIN} percent")
    return number(text)


def _currency(code: str) -> str:
    if code.upper() not in MINOR_DIGITS:
        raise NotReadable(f"unknown currency {code[:40]!r}")
    return code.upper()


def _country(code: str) -> str:
    country = ALPHA2.get(code.upper(), "")
    if country not in PAYOUT_CURRENCY:
        raise NotReadable(f"unknown country {code[:40]!r}")
    return country


@lru_cache(maxsize=1000)
def _period(text: str) -> str:
    quarter_start(text)
    return text


def _surveyed_on(period: str, text: str) -> date | None:
    if not text:
        return None
    on, start = day(text), quarter_start(period).date()
    quarter_end = (start + timedelta(days=100)).replace(day=1) - timedelta(days=1)
    if not EARLIEST <= on <= quarter_end.replace(year=quarter_end.year + 1):
        raise NotReadable(f"{text} is before the survey began or a year after {period}")
    return on


_firm_types = lru_cache(maxsize=1000)(partial(several, known=FIRM_TYPES))
_access_points = lru_cache(maxsize=1000)(partial(several, known=ACCESS_POINTS))
_payment_instruments = lru_cache(maxsize=1000)(partial(several, known=PAYMENT_INSTRUMENTS))
_pickup_methods = lru_cache(maxsize=1000)(partial(several, known=PICKUP_METHODS))
