"""A survey workbook as large as the World Bank's: made up, but with each of its traps.

Two data sheets and a Legend, laid out like the published file. The XML is written here rather
than with XlsxWriter: the rows repeat some hundred patterns, each of which is rendered once, so
that 250,000 rows of 48 columns take seconds instead of minutes. The same every time.

Measure the reader on it: python -m bench.survey_workbook [rows]
"""

from __future__ import annotations

import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from scrapers.contract import RefusedRow
from scrapers.prices import rpw

Cell = str | int | Decimal | date | None
Row = Sequence[Cell]

ROW = "\0"
"""A cell that becomes the number of its row: an id that is never twice the same."""

EXCEL_EPOCH = date(1899, 12, 30)
OFFICE = "application/vnd.openxmlformats"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CLASSES = ("region", "income", "lending", "G8G20")
PRICE = ("lcu amount", "denomination amount", "lcu code", "lcu fee", "lcu fx rate", "fx margin")
TIERS = [f"{tier} {name}" for tier in ("cc1", "cc2") for name in (*PRICE, "total cost %")]
PLACES = [
    f"{end}_{name}" for end in ("source", "destination") for name in ("code", "name", *CLASSES)
]
NEWER = [
    *("id", "period", *PLACES, "firm", "firm_type", "payment instrument", "access point"),
    *("speed actual", *TIERS, "inter lcu bank fx", "transparent", "Standard Note", "note2"),
    *("receiving network coverage", "pickup location", "pickup method", "date", "corridor"),
    *("",) * 6,
]
OLDER = [
    *("id", "period", "date", "corridor", *PLACES, "firm", "firm_type", "product"),
    *("Sending Location", "speed  actual", *TIERS, "inter lcu bank fx", "transparent"),
    *("note1", "note2", "coverage", "pick-up method"),
    *("",) * 7,
]

GOOD: dict[str, Cell] = {
    "id": ROW,
    "period": "2025_3Q",
    "source_code": "NLD",
    "source_name": "Netherlands",
    "source_region": "..",
    "source_income": "High income",
    "destination_code": "MAR",
    "destination_name": "Morocco",
    "destination_region": "Middle East, North Africa, Afghanistan & Pakistan",
    "firm": "Western Union",
    "firm_type": "Money Transfer Operator",
    "payment instrument": "Bank account transfer",
    "access point": "Internet",
    "speed actual": "Less than one hour",
    "cc1 lcu amount": 140,
    "cc1 denomination amount": 200,
    "cc1 lcu code": "EUR",
    "cc1 lcu fee": Decimal("2.9"),
    "cc1 lcu fx rate": Decimal("10.4213"),
    "cc1 fx margin": Decimal("2.12"),
    "cc1 total cost %": Decimal("4.19"),
    "cc2 lcu amount": 345,
    "cc2 denomination amount": 500,
    "cc2 lcu code": "EUR",
    "cc2 lcu fee": Decimal("2.9"),
    "cc2 lcu fx rate": Decimal("10.4213"),
    "cc2 fx margin": Decimal("2.12"),
    "cc2 total cost %": Decimal("2.96"),
    "inter lcu bank fx": Decimal("10.647"),
    "transparent": "Yes",
    "receiving network coverage": "High",
    "pickup location": "Agent",
    "pickup method": "Cash",
    "date": date(2025, 8, 20),
    "corridor": "NLDMAR",
}
"""A row without a fault, by the names of today's sheet."""

TRAPS: list[dict[str, Cell]] = [
    {"transparent": "yes", "date": "20/Aug/2025"},
    {"transparent": "no", "cc1 fx margin": 0, "cc1 total cost %": Decimal("2.07")},
    {"cc1 lcu fx rate": 1, "cc2 lcu fx rate": 1, "inter lcu bank fx": 1},
    {"id": "7", "cc1 lcu amount": "140.00", "cc1 lcu fee": "2.9", "cc1 fx margin": "2.12"},
    {"cc1 lcu amount": "1,400.0", "cc1 lcu fee": "29.00"},
    {"date": None, "receiving network coverage": None, "speed actual": "N/A"},
    {"payment instrument": "Credit Card", "speed actual": "less than one hour"},
    {"payment instrument": "Cash, Debit card", "access point": "Agent,Call Center,Internet"},
    {"destination_code": "KSV", "destination_name": "Kosovo", "corridor": "NLDXKX"},
    {"destination_code": "XKX", "destination_name": "Kosovo", "corridor": "NLDXKX"},
    {"firm": "TapTap  Send "},
    {"firm": "Taptap Send", "Standard Note": "Account required for detailed price info"},
    {"cc1 fx margin": Decimal("-3.5"), "cc1 total cost %": Decimal("-1.43")},
    {"cc2 lcu fee": None, "cc2 fx margin": None, "cc2 total cost %": None},
    {"cc1 fx margin": Decimal("2.1199999999999997"), "cc1 total cost %": None},
    {"pickup method": "Own/partner Bank account", "receiving network coverage": "low"},
    {"source_code": "GBR", "cc1 lcu code": "GBP", "cc2 lcu code": "GBP", "corridor": "GBRMAR"},
]
"""What makes a row odd and leaves it true."""

FAULTS: list[dict[str, Cell]] = [
    {"cc1 total cost %": Decimal("9.99")},
    {"cc1 lcu code": "CFA"},
    {"destination_code": "ANT"},
    {"speed actual": "1-3 days"},
    {"cc1 lcu amount": None, "cc2 lcu amount": 0},
    {"cc2 fx margin": "#REF!"},
]
"""What makes a row one to refuse."""

OLD_NAMES = {
    "Sending Location": "access point",
    "speed  actual": "speed actual",
    "coverage": "receiving network coverage",
    "pick-up method": "pickup method",
}
OLD_WORDS: dict[str, Cell] = {
    "period": "2014_4Q",
    "date": "05/Nov/2014",
    "product": "Online service",
    "access point": "at Branch,On-line",
    "receiving network coverage": "Nationwide",
    "transparent": "yes",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: Iterable[Row]


def patterns(columns: Sequence[str]) -> list[list[Cell]]:
    """Rows under these columns: traps among plain ones, and one fault in fifty."""
    old = "product" in columns
    found = []
    for turn in range(300):
        odd: dict[str, Cell] = {"firm": f"Firm {turn}", "note2": f"A note of some length: {turn}"}
        if turn % 50 == 0:
            odd = FAULTS[turn // 50]
        elif turn % 3:
            odd = TRAPS[turn % len(TRAPS)]
        cells = GOOD | (OLD_WORDS if old else {}) | odd
        if old:
            cells["date"] = OLD_WORDS["date"]
            cells["access point"] = OLD_WORDS["access point"]
        found.append([cells.get(OLD_NAMES.get(n, n)) if n else "NLD2025" for n in columns])
    return found


def write_workbook(path: Path, rows: int = 250_000) -> None:
    """A Legend and two sheets of data with `rows` rows in all, a fifth of them in the older."""
    older = rows * 46 // 250
    legend = [["Field", "Definition"], ["period", "survey round"], ["cc(X) lcu fee", "fee"]]
    data = [
        Sheet(name, (columns, *islice(cycle(patterns(columns)), count)))
        for name, columns, count in (
            ("Dataset (up to Q1 2016)", OLDER, older),
            ("Dataset (from Q2 2016)", NEWER, rows - older),
        )
    ]
    write_sheets(path, [Sheet("Legend", legend), *data])


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """An .xlsx with these sheets; strings shared and dates in Excel's way."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _frame([sheet.name for sheet in sheets]).items():
            archive.writestr(name, content)
        for number, sheet in enumerate(sheets, 1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as file:
                _write_rows(file.write, sheet.rows, strings)
        shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')


def _write_rows(
    write: Callable[[bytes], int], rows: Iterable[Row], strings: dict[str, int]
) -> None:
    write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
    rendered: dict[int, str] = {}
    held: list[Row] = []
    for number, row in enumerate(rows, 1):
        if id(row) not in rendered:
            rendered[id(row)] = _rendered(row, strings)
            held.append(row)  # or its id could come to mean another row
        write(rendered[id(row)].replace(ROW, str(number)).encode())
    write(b"</sheetData></worksheet>")


def _rendered(row: Row, strings: dict[str, int]) -> str:
    cells = (_cell(_column(place), cell, strings) for place, cell in enumerate(row))
    return f'<row r="{ROW}">{"".join(cells)}</row>'


def _cell(column: str, cell: Cell, strings: dict[str, int]) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, date):
        return f'<c r="{column}{ROW}" s="1"><v>{(cell - EXCEL_EPOCH).days}</v></c>'
    if isinstance(cell, str) and cell.startswith("#"):
        return f'<c r="{column}{ROW}" t="e"><v>{cell}</v></c>'
    if isinstance(cell, str) and cell != ROW:
        place = strings.setdefault(cell, len(strings))
        return f'<c r="{column}{ROW}" t="s"><v>{place}</v></c>'
    return f'<c r="{column}{ROW}"><v>{cell}</v></c>'


def _column(place: int) -> str:
    """A, B, ... Z, AA, ... as spreadsheets count columns."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def _frame(names: Sequence[str]) -> dict[str, str]:
    """The parts of an .xlsx that are neither rows nor strings."""
    numbered = list(enumerate(names, 1))
    sheets = "".join(
        f'<sheet name="{escape(n)}" sheetId="{i}" r:id="rId{i}"/>' for i, n in numbered
    )
    targets = [("worksheet", f"worksheets/sheet{i}.xml") for i, _ in numbered]
    targets += [("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    xml = "application/xml"
    main = f"{OFFICE}-officedocument.spreadsheetml.sheet.main+xml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{OFFICE}-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{xml}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{related}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }


def peak_megabytes() -> int:
    """Of this program. What getrusage says begins with the peak of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def measure(path: Path) -> str:
    """Rows read and refused, seconds, and peak memory of this process in megabytes."""
    begun, read, refused = time.monotonic(), 0, 0
    for row in rpw.read(path):
        read += 1
        refused += isinstance(row, RefusedRow)
    peak = peak_megabytes()
    return f"{read} {refused} {time.monotonic() - begun:.0f} {peak}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        print(measure(Path(sys.argv[2])))
    else:
        with TemporaryDirectory() as folder:
            made = Path(folder) / "survey.xlsx"
            write_workbook(made, int(sys.argv[1]) if sys.argv[1:] else 250_000)
            print(made.stat().st_size, measure(made))
