"""A provider's file of prices: CSV as spreadsheets write it, read strictly and without guessing.

Nothing is unpacked, and nothing is read beyond its limit: a file that cannot be one of ours is
refused by its first bytes, a long one at its first row too many.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.submitted import (
    LONGEST_CELL,
    MOST_LINES,
    NAMES,
    NUMBERS,
    OPTIONAL,
    Fault,
    Line,
    Wrong,
    line_of,
    twice,
)

MOST_BYTES = 2_000_000
MOST_FAULTS = 200
"""That are told at once."""

SEPARATORS = ",;\t"
NOT_TEXT = (
    *(b"PK", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ"),
    *(b"%PDF", b"\xd0\xcf\x11\xe0"),
)
"""How packed files, workbooks, documents begin."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
COMMA = re.compile(r"[0-9]+,[0-9]+", re.ASCII)
LIKE_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+", re.ASCII)


class BadFile(StrEnum):
    """Why a file is refused as a whole."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_CSV = "not_csv"
    ENCODING = "encoding"
    TOO_MANY_ROWS = "too_many_rows"
    BROKEN = "broken"
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_UNKNOWN = "columns_unknown"
    COLUMNS_TWICE = "columns_twice"
    MIXED_DECIMALS = "mixed_decimals"
    UNCLEAR_DECIMALS = "unclear_decimals"


class RefusedFile(ValueError):
    """`why` says what is wrong with the file, `seen` where or what."""

    def __init__(self, why: BadFile, seen: str = "") -> None:
        super().__init__(f"{why}: {seen}" if seen else why)
        self.why, self.seen = why, seen[:LONGEST_CELL]


@dataclass(frozen=True, slots=True)
class Parsed:
    """lines: the good ones, in the order of the file; faults: at most MOST_FAULTS of the others."""

    lines: list[Line]
    faults: list[Fault]
    rows: int


def template() -> str:
    """A file to begin with: the names of the columns, and one line as an example."""
    example = ["NL", "EUR", "MA", "MAD", "bank_account_transfer", "internet+mobile_app", "cash", ""]
    example += ["200.00", "3.10", "10.93", "2152.12", "next_day", "high", ""]
    return "".join(",".join(row) + "\r\n" for row in (NAMES, example))


def parse(data: bytes, provider: str) -> Parsed:
    """Raises RefusedFile. What is wrong with single rows is in `Parsed.faults`."""
    rows = list(_rows(_decoded(data)))
    if not rows:
        raise RefusedFile(BadFile.EMPTY)
    columns = _columns(rows[0])
    found: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(columns):
            faults.append(Fault(number, "", Wrong.CELLS, f"{len(row)}/{len(columns)}"))
            continue
        found.append((number, dict(zip(columns, row, strict=True))))
    if not found and not faults:
        raise RefusedFile(BadFile.EMPTY)
    _with_points(found)
    lines: dict[int, Line] = {}
    for number, given in found:
        read = line_of(number, given, provider)
        if isinstance(read, Line):
            lines[number] = read
        else:
            faults += read
    faults += twice(lines)
    faults.sort(key=lambda one: one.row)
    return Parsed(list(lines.values()), faults[:MOST_FAULTS], len(found))


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise RefusedFile(BadFile.EMPTY)
    if len(data) > MOST_BYTES:
        raise RefusedFile(BadFile.TOO_LARGE)
    if data.startswith(NOT_TEXT):
        raise RefusedFile(BadFile.NOT_CSV)
    mark, encoding = next((one for one in MARKS if data.startswith(one[0])), (b"", "utf-8"))
    if not mark and b"\0" in data:
        raise RefusedFile(BadFile.NOT_CSV)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedFile(BadFile.ENCODING) from error
    if "\0" in text:
        raise RefusedFile(BadFile.NOT_CSV)
    return text


def _rows(text: str) -> Iterator[list[str]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    if first.lower().startswith("sep="):  # a spreadsheet's own way to say it
        separator, text = first[4:5], text.lstrip("\r\n").partition("\n")[2]
        if separator not in SEPARATORS:
            raise RefusedFile(BadFile.BROKEN, "sep=")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader):
            if number > MOST_LINES:
                raise RefusedFile(BadFile.TOO_MANY_ROWS, str(MOST_LINES))
            yield row
    except csv.Error as error:
        raise RefusedFile(BadFile.BROKEN, str(reader.line_num)) from error


def _columns(header: list[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise RefusedFile(BadFile.COLUMNS_UNKNOWN, ", ".join(unknown) or ",")
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise RefusedFile(BadFile.COLUMNS_TWICE, ", ".join(again))
    missing = [name for name in NAMES if name not in names and name not in OPTIONAL]
    if missing:
        raise RefusedFile(BadFile.COLUMNS_MISSING, ", ".join(missing))
    return names


def _with_points(rows: list[tuple[int, dict[str, str]]]) -> None:
    """Numbers with a decimal comma get a point, if the file leaves no doubt that it is one: no
    number has a point, and at least one comma cannot stand between thousands."""
    cells = [(number, name, row[name].strip()) for number, row in rows for name in NUMBERS]
    commas = [(number, name, text) for number, name, text in cells if COMMA.fullmatch(text)]
    if not commas:
        return
    where = f"{commas[0][0]}, {commas[0][1]}: {commas[0][2]}"
    if any("." in text for _number, _name, text in cells):
        raise RefusedFile(BadFile.MIXED_DECIMALS, where)
    if all(LIKE_THOUSANDS.fullmatch(text) for _number, _name, text in commas):
        raise RefusedFile(BadFile.UNCLEAR_DECIMALS, where)
    for _number, row in rows:
        for name in NUMBERS:
            if COMMA.fullmatch(row[name].strip()):
                row[name] = row[name].strip().replace(",", ".")
