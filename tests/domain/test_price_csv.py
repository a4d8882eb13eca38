"""Files of prices: what spreadsheets write is read, and nothing else is."""

from __future__ import annotations

import csv
import gzip
import io
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.price_csv import (
    MOST_BYTES,
    MOST_FAULTS,
    BadFile,
    Parsed,
    RefusedFile,
    parse,
    template,
)
from app.domain.submitted import MOST_LINES, NAMES, Wrong
from tests.domain.test_submitted import GOOD


def rows(*others: dict[str, str], separator: str = ",", ends: str = "\r\n") -> str:
    """A file of good lines but for what these say."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=separator, lineterminator=ends)
    writer.writerow(NAMES)
    for number, other in enumerate(others):
        writer.writerow([(GOOD | {"pay_in": f"way {number}"} | other)[name] for name in NAMES])
    return made.getvalue()


def read(text: str) -> Parsed:
    return parse(text.encode(), "alpha")


def refusal(data: bytes) -> BadFile:
    with pytest.raises(RefusedFile) as caught:
        parse(data, "alpha")
    return caught.value.why


def test_the_template_is_a_good_file() -> None:
    found = read(template())
    assert (len(found.lines), found.faults, found.rows) == (1, [], 1)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_separators_and_line_ends(separator: str, ends: str) -> None:
    found = read(rows({}, {"paid": "500", "received": "5431.12"}, separator=separator, ends=ends))
    assert (len(found.lines), found.faults) == (2, [])


def test_a_spreadsheet_may_say_its_separator() -> None:
    assert len(read("sep=;\r\n" + rows({}, separator=";")).lines) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    found = parse(rows({"pay_in": "Überweisung"}).encode(encoding), "alpha")
    assert [line.service.pay_in for line in found.lines] == ["Überweisung"]


def test_the_order_of_columns_is_free_and_optional_ones_may_be_missing() -> None:
    names = [name for name in reversed(NAMES) if name not in ("pay_in", "speed", "coverage")]
    text = ",".join(names).upper() + "\n" + ",".join(GOOD[name] for name in names) + "\n\n , \n"
    assert (len(read(text).lines), read(text).faults) == (1, [])


def zip_of(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../prices.csv", b"0" * size)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", BadFile.EMPTY),
        (b" \r\n ", BadFile.EMPTY),
        (",".join(NAMES).encode(), BadFile.EMPTY),
        (zip_of(10), BadFile.NOT_CSV),
        (zip_of(50_000_000), BadFile.NOT_CSV),
        (gzip.compress(rows({}).encode()), BadFile.NOT_CSV),
        (b"%PDF-1.7 ...", BadFile.NOT_CSV),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), BadFile.NOT_CSV),
        (b"\x7fELF\x00\x00", BadFile.NOT_CSV),
        (rows({}).encode() + b"\0", BadFile.NOT_CSV),
        (rows({}).encode("utf-16-le"), BadFile.NOT_CSV),
        (rows({"pay_in": "Über"}).encode("latin-1"), BadFile.ENCODING),
        (rows({"pay_in": "Über"}).encode("utf-16")[:-1], BadFile.ENCODING),
        (rows({}).encode() + b" " * MOST_BYTES, BadFile.TOO_LARGE),
        (b'"' + rows({}).encode(), BadFile.BROKEN),
        (rows({}).encode() + b'"open', BadFile.BROKEN),
        (rows({}).encode() + b"x" * 200_000, BadFile.BROKEN),
        (b"<html><body>", BadFile.COLUMNS_UNKNOWN),
        (b"naam,prijs\n1,2\n", BadFile.COLUMNS_UNKNOWN),
        (b"provider," + rows({}).encode(), BadFile.COLUMNS_UNKNOWN),
        (b"approved," + rows({}).encode(), BadFile.COLUMNS_UNKNOWN),
        (b"paid,fee\n1,2\n", BadFile.COLUMNS_MISSING),
        (b"paid,paid,fee\n", BadFile.COLUMNS_TWICE),
        (rows({"paid": "200,00", "rate": "10.93"}, separator=";").encode(), BadFile.MIXED_DECIMALS),
        (
            rows({"paid": "1,000", "fee": "5", "rate": "11", "received": "10,945"}).encode(),
            BadFile.UNCLEAR_DECIMALS,
        ),
    ],
)
def test_a_file_that_is_no_file_of_prices_is_refused_with_its_reason(
    data: bytes, why: BadFile
) -> None:
    assert refusal(data) is why


def test_the_missing_and_the_unknown_columns_are_named() -> None:
    for text, named in ((b"paid,fee\n", "from"), (b"provider,paid\n", "provider")):
        with pytest.raises(RefusedFile, match=named):
            parse(text, "alpha")


def test_decimal_commas_are_read_if_nothing_else_can_be_meant() -> None:
    comma = {"paid": "200,00", "fee": "3,10", "rate": "10,93", "received": "2152,12"}
    found = read(rows(comma, separator=";"))
    assert (found.faults, found.lines) == ([], read(rows({})).lines)


def test_each_fault_has_its_row_and_its_column() -> None:
    found = read(rows({}, {"rate": "ten"}, {"to": "XX", "fee": "=1"}, {}))
    assert [(one.row, one.column, one.wrong) for one in found.faults] == [
        (3, "rate", Wrong.NOT_A_NUMBER),
        (4, "to", Wrong.UNKNOWN),
        (4, "fee", Wrong.FORMULA),
    ]
    assert len(found.lines) == 2


def test_a_row_with_too_few_cells_is_told() -> None:
    found = read(rows({}) + "NL,EUR\r\n")
    assert [(one.row, one.wrong, one.seen) for one in found.faults] == [(3, Wrong.CELLS, "2/15")]


def test_the_same_line_twice_is_told_with_the_first_one() -> None:
    found = read(rows({"pay_in": "x"}, {"pay_in": "x"}))
    assert [(one.row, one.wrong, one.seen) for one in found.faults] == [(3, Wrong.TWICE, "2")]


def test_as_many_rows_as_allowed_are_read_and_one_more_is_not() -> None:
    most: list[dict[str, str]] = [{}] * MOST_LINES
    assert len(read(rows(*most)).lines) == MOST_LINES
    assert refusal(rows(*most, {}).encode()) is BadFile.TOO_MANY_ROWS


def test_a_hundred_thousand_rows_cost_little() -> None:
    header, _end, line = rows({}).partition("\r\n")
    for data in (
        (header + "\r\n" + line * 100_000).encode(),
        (header + "\r\n" + "a\r\n" * 600_000).encode(),
    ):
        tracemalloc.start()
        began = time.perf_counter()
        assert refusal(data) in (BadFile.TOO_MANY_ROWS, BadFile.TOO_LARGE)
        took, (_now, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert took < 3
        assert peak < 40_000_000


def test_no_more_faults_are_told_than_anybody_reads() -> None:
    assert len(read(rows(*[{"rate": "x"}] * 500)).faults) == MOST_FAULTS


@given(st.binary(max_size=300))
def test_no_bytes_are_more_than_refused(data: bytes) -> None:
    try:
        parse(data, "alpha")
    except RefusedFile:
        return
    pytest.fail("something was read in noise")


@given(st.text(max_size=200))
def test_no_text_after_the_header_is_more_than_refused(text: str) -> None:
    try:
        found = read(",".join(NAMES) + "\n" + text)
    except RefusedFile:
        return
    assert found.faults or found.lines
