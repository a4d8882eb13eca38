"""Tables that sort, filter, turn pages and are downloaded, by links and one form: no script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Generic, TypeVar
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask import Response, request
from flask_babel import gettext

from app.domain.spreadsheet import as_csv
from app.web.locale import day, locale, moment

PAGE = 50
"""Rows on a page."""

LONGEST_FILTER = 100
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """value  what it is sorted by and downloaded as: a text, number, time, yes or no, or None
    show   what stands in the cell, if that is something else
    link   where the cell leads; None for nowhere
    """

    key: str
    label: object
    value: Callable[[Row], object]
    show: Callable[[Row], object] | None = None
    link: Callable[[Row], str | None] | None = None
    numeric: bool = False

    def shown(self, row: Row) -> object:
        return self.show(row) if self.show else shown(self.value(row))


class Table(Generic[Row]):
    """`name` begins its parameters in the address, so that a page can have several tables; `sort`
    is the key of the column that it is sorted by at first, with a minus for the largest first."""

    def __init__(
        self, name: str, columns: Sequence[Column[Row]], rows: Sequence[Row], sort: str = ""
    ) -> None:
        self.name = name
        self.columns = columns
        self._all = rows
        self._first = sort

    def _asked(self, part: str) -> str:
        return request.args.get(f"{self.name}-{part}", "")

    @property
    def filter(self) -> str:
        return self._asked("filter")[:LONGEST_FILTER]

    @property
    def sort(self) -> str:
        wanted = self._asked("sort")
        known = {one.key for one in self.columns}
        return wanted if wanted.removeprefix("-") in known else self._first

    @cached_property
    def found(self) -> list[Row]:
        """Every row that the filter lets through, sorted."""
        wanted = self.filter.casefold()
        rows = [row for row in self._all if not wanted or wanted in self._text(row)]
        column = next((one for one in self.columns if one.key == self.sort.removeprefix("-")), None)
        if column is None:
            return rows
        with_value = [row for row in rows if column.value(row) is not None]
        without = [row for row in rows if column.value(row) is None]
        with_value.sort(key=lambda row: _weight(column.value(row)), reverse=self.sort[:1] == "-")
        return with_value + without

    def _text(self, row: Row) -> str:
        cells = (f"{one.value(row)} {one.shown(row)}" for one in self.columns)
        return " ".join(cells).casefold()

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.found) // PAGE))

    @property
    def page(self) -> int:
        text = self._asked("page")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004
        return min(max(1, number), self.pages)

    @property
    def rows(self) -> list[Row]:
        return self.found[(self.page - 1) * PAGE : self.page * PAGE]

    @property
    def count(self) -> int:
        return len(self._all)

    def link(self, **changed: object) -> str:
        """This page with other parameters of this table; what other tables show stays."""
        pairs = {key: text for key, text in request.args.items() if key != f"{self.name}-page"} | {
            f"{self.name}-{part}": str(value) for part, value in changed.items()
        }
        query = urlencode({key: text for key, text in pairs.items() if text})
        return f"{request.path}?{query}" if query else request.path

    def sort_link(self, column: Column[Row]) -> str:
        return self.link(sort=column.key if self.sort == f"-{column.key}" else f"-{column.key}")

    def order(self, column: Column[Row]) -> str:
        """As aria-sort has it; "" if it is not sorted by this column."""
        if self.sort.removeprefix("-") != column.key:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of the filter must carry so that nothing else changes."""
        own = (f"{self.name}-filter", f"{self.name}-page")
        return [(key, text) for key, text in request.args.items() if key not in own]

    @property
    def wants_csv(self) -> bool:
        return self._asked("as") == "csv"

    def csv(self, filename: str) -> Response:
        """Every row that the filter lets through, for a spreadsheet."""
        head = [one.label for one in self.columns]
        rows = ([one.value(row) for one in self.columns] for row in self.found)
        response = Response(as_csv(head, rows), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
        return response


def _weight(value: object) -> tuple[int, object]:
    """Texts are sorted without capitals, and apart from numbers."""
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value


def shown(value: object) -> str:
    """As a cell shows it."""
    if value is None or value == "":
        return "–"  # noqa: RUF001
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | Decimal):
        return str(format_decimal(value, locale=locale()))
    return str(value)
