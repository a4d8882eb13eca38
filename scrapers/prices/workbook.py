"""Excel workbooks, row by row, in little memory.

Calamine reads cells well and fast, but a whole sheet at a time: 204,000 rows of 48 columns take
it 680 MB. So a sheet is handed over in slices: its XML is cut between rows, and each slice goes
into a small workbook beside the original's shared strings and styles. What a cell means is
still calamine's to say; only the cutting is ours. Sheets that are not being read are left empty
in that small workbook, so the one with something in it is the one that was cut.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from scrapers.contract import Unreadable
from scrapers.prices.cells import as_text

SLICE = 4 * 1024 * 1024
"""Bytes of XML that calamine gets at once: some 1,300 rows of the survey."""

LONGEST_ROW = 16 * SLICE
LARGEST_PART = 200 * 1024 * 1024
LARGEST_GAP = 20_000
"""Bounds on what a broken file can make us hold in memory: bytes, bytes and empty rows."""

WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
SHARED = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|sharedstrings|styles)\.xml",
    re.IGNORECASE,
)
ROOT = re.compile(rb"<((?:\w+:)?)worksheet\b[^>]*>")
FIRST_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
ROW_END = re.compile(rb"</(?:\w+:)?row>|<(?:\w+:)?row\b[^>]*/>")
DATA_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d+)\"[^>]*(?<!/)>")
FAR_COLUMN = re.compile(rb"\br=\"[A-Z]{3}\d")

ROOT_TAG = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
ANY_ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'

Row = tuple[int, list[str]]


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def sheets(path: Path) -> Generator[tuple[str, Iterator[Row]], None, None]:
    """The name of each sheet, and its rows, counted from 1.

    A sheet's rows must be read before the next sheet is asked for. Raises Unreadable.
    """
    with _explained(path.name), zipfile.ZipFile(path) as archive:
        if not any(WORKSHEET.fullmatch(name) for name in archive.namelist()):
            raise Unreadable(f"{path.name} is a zip file, but not an Excel workbook (.xlsx).")
        shared = _shared_parts(path.name, archive)
        for part in filter(WORKSHEET.fullmatch, archive.namelist()):
            named = _opened({**shared, part: _worksheet(rows=ANY_ROW)})
            if named is None:
                continue
            where = f"{path.name}, sheet {named.name!r}"
            with closing(_slices(where, archive, part, shared)) as slices:
                yield named.name, _rows(where, slices)


def _rows(where: str, slices: Iterator[CalamineSheet]) -> Iterator[Row]:
    passed = 0
    with _explained(where):
        current = next(slices, None)
    while current is not None:
        top, left = current.start or (0, 0)
        # Row numbers are optional in the format. Without them each slice starts at zero.
        before = top if top >= passed else passed + top
        for passed, cells in enumerate(current.to_python(), before + 1):
            yield passed, [""] * left + [c if type(c) is str else as_text(c) for c in cells]
        with _explained(f"{where}, after row {passed}"):
            current = next(slices, None)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turns what zipfile, zlib and calamine say of a broken file into Unreadable."""
    advice = "It may be cut short: download or save it again"
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable(f"{where}: the workbook is damaged ({error}). {advice}.") from error
    except CalamineError as error:
        raise Unreadable(f"{where}: not a readable sheet ({error}). {advice}.") from error
    except RuntimeError as error:
        reason = "the workbook is encrypted or packed in an unusual way"
        raise Unreadable(
            f"{where}: {reason}. Save it again as .xlsx without a password."
        ) from error


def _shared_parts(file: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """What every slice needs beside its rows; each other worksheet is there, but empty."""
    parts = {}
    for info in archive.infolist():
        if SHARED.fullmatch(info.filename):
            if info.file_size > LARGEST_PART:
                raise Unreadable(f"{file}: {info.filename} is {info.file_size} bytes, too large")
            parts[info.filename] = archive.read(info)
        elif WORKSHEET.fullmatch(info.filename):
            parts[info.filename] = _worksheet()
    return parts


def _slices(
    where: str, archive: zipfile.ZipFile, part: str, shared: dict[str, bytes]
) -> Generator[CalamineSheet, None, None]:
    """Each slice of one sheet that holds anything, as calamine sees it."""
    with archive.open(part) as xml:
        for rows in _cut(where, xml):
            sheet = _opened({**shared, part: rows})
            if sheet is not None:
                yield sheet


def _cut(where: str, xml: IO[bytes]) -> Iterator[bytes]:
    """The XML of a worksheet as worksheets of about SLICE bytes, cut between rows."""
    held = xml.read(SLICE)
    root, start = ROOT.search(held), FIRST_ROW.search(held)
    if root is None or start is None:
        return
    held = held[start.start() :]
    while True:
        end = DATA_END.search(held)
        last = deque(ROW_END.finditer(held, 0, end.start() if end else len(held)), maxlen=1)
        if last:
            rows, held = held[: last[0].end()], held[last[0].end() :]
            yield _worksheet(_checked(where, rows), root[0], root[1])
        if end:
            return
        more = xml.read(SLICE)
        if not more or len(held) > LONGEST_ROW:
            raise Unreadable(f"{where} ends too early. Download or save it again.")
        held += more


def _checked(where: str, rows: bytes) -> bytes:
    """Calamine makes room for every cell between the outermost ones, so those must be near."""
    numbers = [int(number) for number in ROW_NUMBER.findall(rows)]
    if numbers and max(numbers) - min(numbers) - len(numbers) > LARGEST_GAP:
        raise Unreadable(f"{where} has a stray cell in row {max(numbers)}, far below the rest.")
    if FAR_COLUMN.search(rows):
        raise Unreadable(f"{where} has a stray cell beyond column ZZ, far from the rest.")
    # Calamine shows an error such as #REF! as blank. It is none: let it stand as text.
    return rows.replace(b' t="e"', b' t="str"')


def _worksheet(rows: bytes = b"", root: bytes = ROOT_TAG, prefix: bytes = b"") -> bytes:
    data = b"<%ssheetData>%s</%ssheetData>" % (prefix, rows, prefix)
    return root + data + b"</%sworksheet>" % prefix


def _opened(parts: dict[str, bytes]) -> CalamineSheet | None:
    """The one sheet with something in it, of a workbook made of these parts."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    packed.seek(0)
    workbook = CalamineWorkbook.from_filelike(packed)
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet
    return None
