"""Cells for a spreadsheet: what others wrote must not become a formula there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

FORMULA = re.compile(r"[\s\x00\ufeff\"']*[=+\-@|%\t\r\n\x00]")
"""How a text begins that some spreadsheet program would work out instead of showing, also after a
quote, white space or a mark of byte order (OWASP: CSV injection)."""


def cell(value: object) -> str:
    """A value as its text. A number stays a number, also a negative one; any other text that could
    be a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, date):  # a datetime is one too
        seconds = {"timespec": "seconds"} if isinstance(value, datetime) else {}
        return value.isoformat(**seconds).replace("+00:00", "Z")
    text = str(value)
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """By RFC 4180: commas, CR LF, quotes where they are needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(str(one)) for one in head])
    writer.writerows([cell(one) for one in row] for row in rows)
    return out.getvalue()
