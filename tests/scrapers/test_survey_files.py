"""Files of the survey: workbooks read like CSVs, in little memory, and broken ones explained."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from app.domain.survey import SurveyRow
from bench.survey_workbook import (
    GOOD,
    NEWER,
    OLD_NAMES,
    OLDER,
    Cell,
    Row,
    Sheet,
    patterns,
    write_sheets,
    write_workbook,
)
from scrapers.contract import RefusedRow, Unreadable
from scrapers.prices import rpw, workbook
from scrapers.prices.cells import as_text

Survey = Callable[..., Path]
MEMORY = 500  # megabytes


def shipped(root: Path) -> tuple[list[str], list[list[str]]]:
    with (root / "data/rpw/rpw_nl_2025_3Q.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def excel_cell(text: str, name: str) -> Cell:
    """As Excel would keep it: numbers as numbers and days as days."""
    if name == "date" and text:
        return date.fromisoformat(text)
    return Decimal(text) if name.endswith(("amount", "fee", "margin", "%")) else text


def read(path: Path) -> list[SurveyRow | RefusedRow]:
    return list(rpw.read(path))


@pytest.mark.parametrize("numbers_as_text", [False, True])
def test_a_workbook_says_what_its_csv_says(
    root: Path, tmp_path: Path, numbers_as_text: bool
) -> None:
    header, rows = shipped(root)
    cells: list[Row] = [
        [
            text if numbers_as_text and name != "date" else excel_cell(text, name)
            for text, name in zip(row, header, strict=True)
        ]
        for row in rows
    ]
    halves = Sheet("one", [header, *cells[:100]]), Sheet("two", [["2025_3Q"], header, *cells[100:]])
    write_sheets(tmp_path / "survey.xlsx", [Sheet("Legend", [["Field", "Meaning"]]), *halves])
    assert read(tmp_path / "survey.xlsx") == read(root / "data/rpw/rpw_nl_2025_3Q.csv")


def test_both_sheets_with_every_trap(tmp_path: Path) -> None:
    sheets = [Sheet("older", [OLDER, *patterns(OLDER)]), Sheet("newer", [NEWER, *patterns(NEWER)])]
    write_sheets(tmp_path / "survey.xlsx", sheets)
    found = read(tmp_path / "survey.xlsx")
    refused = [row for row in found if isinstance(row, RefusedRow)]
    assert len(found) == 600
    assert refused[-1].reason == "'#REF!' is not a number"
    faults = ["cc1 total cost %", "cc1 lcu code", "destination_code"]
    faults += ["speed actual", "cc1 lcu amount", "cc2 fx margin"]
    assert [(row.sheet, row.row, row.column) for row in refused] == [
        (sheet, 2 + 50 * turn, fault)
        for sheet in ("older", "newer")
        for turn, fault in enumerate(faults)
    ]


def test_columns_of_the_older_sheet(tmp_path: Path) -> None:
    names = ["payment instrument", "access point", "receiving network coverage", "transparent"]
    bare = [name for name in reversed(NEWER) if name not in names]
    write_sheets(
        tmp_path / "survey.xlsx", [Sheet("up to 1Q 2016", [bare, [GOOD.get(n) for n in bare]])]
    )
    (row,) = read(tmp_path / "survey.xlsx")
    assert isinstance(row, SurveyRow)
    assert (row.payment_instruments, row.access_points) == ((), ())
    assert (row.coverage, row.transparent) == (None, True)


def test_an_empty_column_before_the_first(tmp_path: Path) -> None:
    write_sheets(tmp_path / "a.xlsx", [Sheet("data", [NEWER, [GOOD.get(n) for n in NEWER]])])
    moved: list[Row] = [[None, *NEWER], [None, *(GOOD.get(n) for n in NEWER)]]
    write_sheets(tmp_path / "b.xlsx", [Sheet("data", moved)])
    assert read(tmp_path / "b.xlsx") == read(tmp_path / "a.xlsx")


def test_older_names_of_columns(tmp_path: Path) -> None:
    cells = [GOOD.get(OLD_NAMES.get(name, name)) for name in OLDER]
    write_sheets(tmp_path / "survey.xlsx", [Sheet("old", [OLDER, cells])])
    (row,) = read(tmp_path / "survey.xlsx")
    assert isinstance(row, SurveyRow)
    assert (row.access_points, row.coverage) == (("internet",), "high")
    assert row.raw["Sending Location"] == "Internet"


def test_a_workbook_of_another_writer(tmp_path: Path) -> None:
    """A title above, an empty column before, empty rows between, and strings in the cells."""
    with xlsxwriter.Workbook(tmp_path / "survey.xlsx", {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "d mmm yyyy"})
        book.add_worksheet("Terms of use")
        sheet = book.add_worksheet("data")
        sheet.write(0, 0, "Remittance Prices Worldwide")
        sheet.write_row(18, 1, [name.upper() for name in NEWER])
        for line in (20, 25):
            for place, name in enumerate(NEWER, 1):
                cell = "7" if name == "id" else GOOD.get(name)
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif cell is not None:
                    sheet.write(line, place, cell)
    first, second = read(tmp_path / "survey.xlsx")
    assert first == second
    assert isinstance(first, SurveyRow)
    assert first.surveyed_on == date(2025, 8, 20)
    assert first.tiers[200].fee.amount == Decimal("2.9")
    assert first.raw["CC1 LCU FEE"] == "2.9"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (2.1199999999999997, "2.12"),
        (1234.5600000000002, "1234.56"),
        (0.1 + 0.2, "0.3"),
        (5.551115123125783e-17, "0"),
        (-0.0, "0"),
        (140.0, "140"),
        (-3.5, "-3.5"),
        (620160001.0, "620160001"),
        (1234567890123.0, "1234567890123"),
        (1e-7, "0.0000001"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (7, "7"),
        (True, "True"),
        ("  kept ", "  kept "),
        (date(2025, 8, 20), "2025-08-20"),
    ],
)
def test_cells_as_text(cell: object, text: str) -> None:
    assert as_text(cell) == text


def test_slices_lose_and_renumber_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(tmp_path / "survey.xlsx", 1000)
    whole = read(tmp_path / "survey.xlsx")
    monkeypatch.setattr(workbook, "SLICE", 10_000)
    assert len(whole) == 1000
    assert read(tmp_path / "survey.xlsx") == whole


def rewritten(source: Path, target: Path, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a workbook with the XML of its sheets changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if "worksheets/" in name else content)
    return target


def test_rows_without_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The format lets a writer leave out where each row and cell stands."""
    full: list[Row] = [["x"] * len(NEWER), NEWER]
    full += [[{**GOOD, "period": "?"}.get(name) or "x" for name in NEWER]] * 40
    write_sheets(tmp_path / "full.xlsx", [Sheet("data", full)])
    pattern = re.compile(rb' r="[A-Z]*\d+"')
    bare = rewritten(
        tmp_path / "full.xlsx", tmp_path / "bare.xlsx", lambda xml: pattern.sub(b"", xml)
    )
    monkeypatch.setattr(workbook, "SLICE", 20_000)
    assert [getattr(row, "row", None) for row in read(bare)] == list(range(3, 43))


def test_sheets_in_a_namespace_with_a_prefix(tmp_path: Path) -> None:
    write_workbook(tmp_path / "plain.xlsx", 50)
    tags = re.compile(rb"<(/?)(\w)")

    def prefixed(xml: bytes) -> bytes:
        return tags.sub(rb"<\1x:\2", xml).replace(b" xmlns=", b" xmlns:x=")

    path = rewritten(tmp_path / "plain.xlsx", tmp_path / "prefixed.xlsx", prefixed)
    assert read(path) == read(tmp_path / "plain.xlsx")


def test_250_000_rows_in_little_memory(root: Path, tmp_path: Path) -> None:
    write_workbook(tmp_path / "survey.xlsx")
    command = [sys.executable, "-m", "bench.survey_workbook", "read", str(tmp_path / "survey.xlsx")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    rows, refused, _, megabytes = map(int, done.stdout.split())
    assert (rows, refused) == (250_000, 5_000)
    assert megabytes < MEMORY


# --- Broken files ------------------------------------------------------------------------------


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def small(folder: Path) -> Path:
    write_workbook(folder / "survey.xlsx", 50)
    return folder / "survey.xlsx"


def truncated(folder: Path) -> Path:
    path = small(folder)
    return written(path, path.read_bytes()[:-3000])


def flipped(folder: Path) -> Path:
    """One byte of the packed rows has changed on the way."""
    path = small(folder)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("xl/worksheets/sheet3.xml").header_offset + 300
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    return written(path, bytes(content))


def changed(old: bytes, new: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = small(folder)
        return rewritten(path, folder / "changed.xlsx", lambda xml: xml.replace(old, new))

    return make


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "photos.xlsx", "w") as archive:
        archive.writestr("photo.txt", "x")
    return folder / "photos.xlsx"


def with_sheets(*sheets: Sheet) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        write_sheets(folder / "survey.xlsx", sheets)
        return folder / "survey.xlsx"

    return make


def as_file(name: str, content: bytes) -> Callable[[Path], Path]:
    return lambda folder: written(folder / name, content)


LACKING = [name for name in NEWER if name not in ("cc1 lcu fee", "date")]
HEADER = ",".join(NEWER).encode()
BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "survey.xlsx", "survey.xlsx cannot be read: No such file"),
    "folder": (lambda folder: folder, "cannot be read: Is a directory"),
    "empty": (as_file("survey.csv", b""), "does not hold the table: it is empty"),
    "empty workbook": (as_file("survey.xlsx", b""), "is not an Excel workbook"),
    "not a zip": (as_file("survey.xlsx", b"hello"), "is not an Excel workbook"),
    "password": (as_file("survey.xlsx", b"\xd0\xcf\x11\xe0" * 99), "may be an old .xls, have a"),
    "another zip": (zipped, "photos.xlsx is a zip file, but not an Excel workbook"),
    "truncated": (truncated, "survey.xlsx: the workbook is damaged"),
    "flipped byte": (flipped, "the workbook is damaged"),
    "sheet without end": (
        changed(b"</sheetData></worksheet>", b""),
        "sheet 'Legend' ends too early",
    ),
    "broken XML": (changed(b'</c></row><row r="9"', b'</row><row r="9"'), "changed.xlsx"),
    "stray row": (changed(b'<row r="9"', b'<row r="1048576"'), "a stray cell in row 1048576"),
    "stray column": (changed(b'r="A9"', b'r="XFD9"'), "a stray cell beyond column ZZ"),
    "no strings": (changed(b' t="s"', b' t="x"'), "changed.xlsx"),
    "only a legend": (
        with_sheets(Sheet("Legend", [["Field", "Meaning"], ["period", "quarter"]])),
        "does not hold the table: sheet 'Legend' has no column 'id', 'source_code'",
    ),
    "sheet without a column": (
        with_sheets(Sheet("old", [OLDER]), Sheet("new", [LACKING])),
        "survey.xlsx: sheet 'new' has no column 'cc1 lcu fee', 'date'. Restore it",
    ),
    "header too low": (
        with_sheets(Sheet("data", [["x"]] * 20 + [list(NEWER)])),
        "does not hold the table: sheet 'data' has no column 'id', 'period'",
    ),
    "two columns for one thing": (
        with_sheets(Sheet("data", [[*NEWER, "Coverage"]])),
        "sheet 'data' has two columns for 'receiving network coverage'",
    ),
    "CSV without a column": (
        as_file("survey.csv", ",".join(LACKING).encode()),
        "survey.csv: it has no column 'cc1 lcu fee', 'date'",
    ),
    "another CSV": (
        as_file("a.csv", b"Date,USD\n1,2\n"),
        "a.csv does not hold the table: it has no column 'id', 'period'",
    ),
    "Latin-1": (
        as_file("survey.csv", HEADER + b"\n1,T\xfcrkiye\n"),
        "survey.csv, line 2 is not in UTF-8. Save it as CSV UTF-8",
    ),
    "UTF-16": (as_file("survey.csv", "id,period".encode("utf-16")), "line 1 is not in UTF-8"),
    "open quote": (as_file("survey.csv", HEADER + b'\n1,"x\n'), "survey.csv, row 2 is no CSV"),
    "endless line": (as_file("survey.csv", b"x" * 2_000_000), "line 1 is endless"),
}


@pytest.mark.parametrize(("make", "says"), BROKEN.values(), ids=BROKEN)
def test_broken(make: Callable[[Path], Path], says: str, tmp_path: Path) -> None:
    path = make(tmp_path)
    with pytest.raises(Unreadable) as error:
        read(path)
    assert says in str(error.value)
    assert path.name in str(error.value)


def test_encrypted_zip(tmp_path: Path) -> None:
    path = small(tmp_path)
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for place in places(bytes(content), signature):
            content[place + offset] |= 1
    with pytest.raises(Unreadable, match="without a password"):
        read(written(path, bytes(content)))


def places(content: bytes, signature: bytes) -> Iterator[int]:
    at = content.find(signature)
    while at >= 0:
        yield at
        at = content.find(signature, at + 1)


def test_a_huge_part_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_PART", 1000)
    with pytest.raises(Unreadable, match=r"xl/sharedStrings\.xml is \d+ bytes, too large"):
        read(small(tmp_path))


def test_byte_order_mark_and_windows_lines(survey: Survey) -> None:
    path = survey({}, {})
    plain = read(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(path) == plain
