"""Tables in a file: the sheets of a workbook, or a CSV, with columns found by their names.

Knows nothing of the survey. Names count whatever their case and spacing; a column without a
name is left out, and so is a row without anything in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
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


def tables(path: Path, columns: Columns) -> Iterator[Iterator[TableRow]]:
    """The rows of each sheet that has every needed column, streamed.

    Other sheets are skipped, unless they have most of the columns: those were meant to be read.
    Raises Unreadable, naming file, sheet and missing columns.
    """
    nearest, fewest, found = "it is empty", len(columns.needed), False
    for sheet, padded, rows in _sheets(path):
        top = list(islice(rows, HEADER_WITHIN))
        if not top:
            continue
        headers = [_header(cells, columns) for _, cells in top]
        lacks = [[name for name in columns.needed if name not in one.found] for one in headers]
        place = min(range(len(top)), key=lambda at: len(lacks[at]))
        missing = lacks[place]
        if not missing:
            found = True
            yield _rows(sheet, headers[place], chain(top[place + 1 :], rows), padded=padded)
            continue
        reason = f"{sheet} has no column {', '.join(repr(name) for name in missing)}"
        if 2 * len(missing) < len(columns.needed):
            raise Unreadable(f"{path.name}: {reason}. Restore it under that name.")
        if len(missing) <= fewest:
            nearest, fewest = reason, len(missing)
    if not found:
        raise Unreadable(f"{path.name} does not hold the table: {nearest}. Choose another file.")


def _header(cells: list[str], columns: Columns) -> Header:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = columns.known_as(cell)
        if name and name not in found:
            found[name] = place
    return Header(tuple(" ".join(cell.split()) for cell in cells), found)


def _rows(
    sheet: str, header: Header, rows: Iterator[CellRow], *, padded: bool
) -> Iterator[TableRow]:
    width = len(header.names)
    for number, cells in rows:
        if any(cells) and any(map(str.strip, cells)):
            fitting = (cells + [""] * (width - len(cells)))[:width] if padded else cells
            yield TableRow(sheet, number, header, fitting)


def _sheets(path: Path) -> Iterator[tuple[str, bool, Iterator[CellRow]]]:
    """Name and rows of each sheet; whether its rows may end before their last column."""
    if not path.is_file():
        problem = "is a folder" if path.is_dir() else "is not there"
        raise Unreadable(f"{path.name} {problem}. Choose an .xlsx or .csv file.")
    if workbook.is_workbook(path):
        for name, rows in workbook.sheets(path):
            yield name, True, rows
    elif path.suffix.lower() in NO_TEXT:
        reason = "It may be an old .xls, have a password or be cut short: save it again as .xlsx"
        raise Unreadable(f"{path.name} is not an Excel workbook (.xlsx). {reason}.")
    else:
        yield path.name, False, _csv(path)


def _csv(path: Path) -> Iterator[CellRow]:
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
