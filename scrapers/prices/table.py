"""Tables in a file: the sheets of a workbook, or a CSV, with columns found by their names.

Knows nothing of the survey. Names count whatever their case and spacing; a column without a
name is left out, and so is a row without anything in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, TypeVar

from scrapers.contract import Unreadable
from scrapers.prices import workbook

Value = TypeVar("Value")
CellRow = tuple[int, list[str]]

HEADER_WITHIN = 20
"""A header stands in the first rows of its sheet, at most below a title."""

LONGEST_LINE = 1024 * 1024
"""Bytes of one line of a CSV; more means that it is none."""

BLANKS = {"", "..", "n/a", "not available"}
"""How the World Bank writes "not recorded", besides an empty cell."""


NO_TEXT = {".xlsx", ".xlsm", ".xls", ".xlsb"}


class Misread(ValueError):
    """A cell does not hold what it should. Its row is refused, and the file is read on."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Columns:
    """What a source wants. `others` holds the names, older ones too, under which a file may
    have a column, and the name that we know it by: what not every file has stands only there.
    """

    needed: tuple[str, ...]
    others: Mapping[str, str]

    def known_as(self, name: str) -> str:
        plain = " ".join(name.casefold().split())
        return plain if plain in self.needed else self.others.get(plain, "")


@dataclass(frozen=True, slots=True)
class Header:
    """names  of every column in the file, "" for a column without one
    found  our name for a column -> its place
    """

    names: tuple[str, ...]
    found: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` counts from 1, as a spreadsheet does."""

    sheet: str
    number: int
    header: Header
    cells: list[str]

    @property
    def raw(self) -> dict[str, str]:
        """The row as the file has it, by the file's own column names."""
        return {
            name: cell for name, cell in zip(self.header.names, self.cells, strict=True) if name
        }

    def has(self, column: str) -> bool:
        return column in self.header.found

    def text(self, column: str) -> str:
        """Without needless spaces; "" where there is no such column or nothing is recorded."""
        place = self.header.found.get(column)
        return "" if place is None else _tidy(self.cells[place])

    def read(self, column: str, reader: Callable[[str], Value]) -> Value:
        """What `reader` makes of the text, blank or not. Its ValueError becomes Misread."""
        try:
            return reader(self.text(column))
        except ValueError as error:
            raise Misread(column, str(error)) from error

    def needed(self, column: str, reader: Callable[[str], Value]) -> Value:
        """As `read`, but a blank is Misread."""
        if not self.text(column):
            raise Misread(column, "is blank")
        return self.read(column, reader)

    def check(self) -> None:
        """Raises Misread for what no single column is to blame for."""
        if "\0" in "".join(self.cells):
            raise Misread("", "holds a NUL character, which is no text")
        if len(self.cells) != len(self.header.names):
            raise Misread("", f"has {len(self.cells)} cells, the header {len(self.header.names)}")


def tables(path: Path, columns: Columns) -> Generator[Iterator[TableRow], None, None]:
    """The rows of each sheet that has every needed column, streamed.

    Other sheets are skipped, unless they have most of the columns: those were meant to be read.
    Raises Unreadable, naming file, sheet and missing columns.
    """
    nearest, fewest, found = "it is empty", len(columns.needed), False
    with closing(_sheets(path)) as sheets:
        for sheet, padded, rows in sheets:
            top = list(islice(rows, HEADER_WITHIN))
            place, header, missing = _best_header(top, columns)
            where = f"sheet {sheet!r}" if padded else "it"
            lacks = f"{where} has no column {', '.join(map(repr, missing))}"
            if not missing:
                _refuse_doubles(f"{path.name}: {where}", header, columns)
                found = True
                yield _rows(sheet, header, chain(top[place + 1 :], rows), padded=padded)
            elif 2 * len(missing) < len(columns.needed):
                raise Unreadable(f"{path.name}: {lacks}. Restore it under that name.")
            elif top and len(missing) <= fewest:
                nearest, fewest = lacks, len(missing)
    if not found:
        raise Unreadable(f"{path.name} does not hold the table: {nearest}. Choose another file.")


def _best_header(top: list[CellRow], columns: Columns) -> tuple[int, Header, list[str]]:
    """The row most like a header: its place, what it names, and the columns it lacks."""
    found: list[tuple[int, Header, list[str]]] = [(0, Header((), {}), list(columns.needed))]
    for place, (_, cells) in enumerate(top):
        header = _header(cells, columns)
        missing = [name for name in columns.needed if name not in header.found]
        found.append((place, header, missing))
    return min(found, key=lambda one: len(one[2]))


def _header(cells: list[str], columns: Columns) -> Header:
    known = {columns.known_as(cell): place for place, cell in enumerate(cells)}
    known.pop("", None)
    return Header(tuple(" ".join(cell.split()) for cell in cells), known)


def _refuse_doubles(where: str, header: Header, columns: Columns) -> None:
    """Of two columns for one thing, nobody can say which counts."""
    known = [columns.known_as(name) for name in header.names]
    for name in header.found:
        if known.count(name) > 1:
            raise Unreadable(f"{where} has two columns for {name!r}. Remove one of them.")


def _rows(
    sheet: str, header: Header, rows: Iterator[CellRow], *, padded: bool
) -> Iterator[TableRow]:
    width = len(header.names)
    for number, cells in rows:
        if any(cells) and any(map(str.strip, cells)):
            fitting = (cells + [""] * (width - len(cells)))[:width] if padded else cells
            yield TableRow(sheet, number, header, fitting)


def _sheets(path: Path) -> Generator[tuple[str, bool, Iterator[CellRow]], None, None]:
    """Name and rows of each sheet; whether its rows may end before their last column."""
    try:
        zipped = workbook.is_workbook(path)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}. Choose an .xlsx or .csv file"
        raise Unreadable(f"{path.name} {reason}.") from error
    if zipped:
        with closing(workbook.sheets(path)) as sheets:
            for name, rows in sheets:
                yield name, True, rows
    elif path.suffix.lower() in NO_TEXT:
        reason = "It may be an old .xls, have a password or be cut short: save it again as .xlsx"
        raise Unreadable(f"{path.name} is not an Excel workbook (.xlsx). {reason}.")
    else:
        with closing(_csv(path)) as records:
            yield path.name, False, records


def _csv(path: Path) -> Generator[CellRow, None, None]:
    """Records of a CSV in UTF-8, with or without byte order mark, counted from 1."""
    number = 0
    with path.open("rb") as file:
        records = csv.reader(_lines(path.name, file), strict=True)
        try:
            for number, cells in enumerate(records, 1):
                yield number, cells
        except csv.Error as error:
            reason = f"row {number + 1} is no CSV ({error}). Save it again with commas and quotes"
            raise Unreadable(f"{path.name}, {reason}.") from error


def _lines(name: str, file: IO[bytes]) -> Iterator[str]:
    """Line by line, so that a wrong byte is found in its own line."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), 1):
        if len(line) == LONGEST_LINE:
            raise Unreadable(f"{name}, line {number} is endless: this is no CSV.")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            reason = "is not in UTF-8. Save it as CSV UTF-8"
            raise Unreadable(f"{name}, line {number} {reason}.") from error


@lru_cache(maxsize=100_000)
def _tidy(cell: str) -> str:
    text = " ".join(cell.split())
    return "" if text.casefold() in BLANKS else text
