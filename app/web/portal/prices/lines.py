"""Lines of prices as a form sends them, and as they are carried from one page to the next."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from flask import Response
from werkzeug.datastructures import MultiDict

from app.domain.corridor import Corridor
from app.domain.ladder import Ladder
from app.domain.price_csv import Parsed
from app.domain.published import amount as plain
from app.domain.published import number
from app.domain.quote import Price
from app.domain.submitted import (
    MOST_LINES,
    NAMES,
    NUMBERS,
    Fault,
    Line,
    identity_of,
    line_of,
    twice,
)

AMOUNTS = ("100", "200", "500", "1000", "2000")
"""What a new service is asked for first."""

MOST_TYPED = 100
"""Lines that one form shows; who has more sends a file."""

Given = dict[str, str]


def given_rows(form: MultiDict[str, str]) -> list[Given]:
    """What a form says, row by row. A name that stands there once holds for every row; no name but
    NAMES is read, and a row without a number is left out."""
    columns = {name: form.getlist(name) for name in NAMES}
    count = min(max(len(columns[name]) for name in NUMBERS), MOST_LINES)
    rows = [{name: _cell(columns[name], row, count) for name in NAMES} for row in range(count)]
    return [row for row in rows if any(row[name].strip() for name in ("fee", "rate", "received"))]


def _cell(column: list[str], row: int, count: int) -> str:
    if len(column) == 1 and count > 1:
        return column[0]
    return column[row] if row < len(column) else ""


def typed(rows: Iterable[Given], provider: str) -> Parsed:
    """Rows count from 1."""
    lines: dict[int, Line] = {}
    faults: list[Fault] = []
    given = list(rows)
    for place, row in enumerate(given, 1):
        read = line_of(place, row, provider)
        if isinstance(read, Line):
            lines[place] = read
        else:
            faults += read
    return Parsed(list(lines.values()), faults + twice(lines), len(given))


def as_file(rows: Iterable[Given]) -> str:
    """As a file that is read back as the same lines."""
    made = io.StringIO()
    writer = csv.DictWriter(made, NAMES, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def as_given(lines: Iterable[Line]) -> list[Given]:
    return [line.named() for line in lines]


def given_of(price: Price) -> Given:
    """What is shown now, as a line: to change and propose."""
    quote, service = price.quote, price.quote.service
    return identity_of(service) | {
        "paid": plain(quote.paid),
        "fee": plain(quote.fee),
        "rate": number(quote.rate),
        "received": plain(quote.received),
        "speed": service.speed or "",
        "coverage": service.coverage or "",
    }


def shown_to(boards: Mapping[Corridor, list[Ladder]]) -> list[Price]:
    """Every price of a firm, by corridor, service and amount."""
    found = [price for some in boards.values() for ladder in some for price in ladder.prices]
    return sorted(
        found, key=lambda one: (one.quote.service.corridor, one.service_id, one.quote.paid.amount)
    )


def mark_of(price: Price) -> str:
    """Of exactly this price: of another one, or of other amounts, it is another."""
    quote = price.quote
    return f"{price.id}:{plain(quote.paid)}:{plain(quote.fee)}:{plain(quote.received)}"


def download(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
