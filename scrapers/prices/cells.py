"""Cells of a table as text, and text as exact values.

Whatever a file holds - numbers, dates, text that looks like either - becomes text first, so
that a workbook and a CSV of it read alike. No float survives this module.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

NUMBER = re.compile(
    r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?", re.ASCII
)
LONGEST = 40
LARGEST = Decimal(10) ** 12
"""Digits, and an amount, that nothing sent home comes near in any currency."""

DAY_TEXT = re.compile(r"(\d{1,2})/([a-z]{3})/(\d{4})", re.ASCII | re.IGNORECASE)
DAY_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ][\d:.]+)?", re.ASCII)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
"""Spelt out, because strptime reads the months of whatever language the machine is set to."""


class NotReadable(ValueError):
    """Text that is not what its column holds. `str()` says what it should be."""


def as_text(cell: object) -> str:
    """A cell as the file shows it: 140, not 140.0; days in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return _float_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


@lru_cache(maxsize=100_000)
def _float_text(value: float) -> str:
    """To 12 significant digits and 12 places: the rest is noise of binary arithmetic.

    Excel keeps 2.12 as 2.1199999999999997 and a zero that was computed as 5.5E-17.
    """
    if not math.isfinite(value):
        return repr(value)
    if value.is_integer():
        return str(int(value))
    exact = Decimal(repr(value))
    rounded = round(exact, min(11 - exact.adjusted(), 12))
    return format(rounded.normalize(), "f") if rounded else "0"


@lru_cache(maxsize=100_000)
def number(text: str) -> Decimal:
    """An exact number, commas between thousands allowed. Raises NotReadable."""
    if len(text) > LONGEST or not NUMBER.fullmatch(text):
        raise NotReadable(f"{text[:40]!r} is not a number")
    value = Decimal(text.replace(",", ""))
    if abs(value) >= LARGEST:
        raise NotReadable(f"{text!r} is too large to be true")
    return value


def day(text: str) -> date:
    """The day in "20/Aug/2025" or "2025-08-20"; a time after it is let go. Raises NotReadable."""
    written = DAY_TEXT.fullmatch(text)
    if written and written[2].lower() in MONTHS:
        month = MONTHS.index(written[2].lower()) + 1
        text = f"{written[3]}-{month:02}-{int(written[1]):02}"
    iso = DAY_ISO.fullmatch(text)
    try:
        return date.fromisoformat(iso[1] if iso else "")
    except ValueError:
        raise NotReadable(f"{text[:40]!r} is not a day like 20/Aug/2025 or 2025-08-20") from None
