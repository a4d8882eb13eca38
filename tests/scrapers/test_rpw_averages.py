"""The averages that ship with the project: all are read, and what is wrong is refused by row."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.history import Average, Basis
from scrapers.contract import RefusedRow, Unreadable
from scrapers.prices import rpw_averages

HEADER = "period,source_code,destination_code,cc1 average total cost %,transparent services,basis"
GOOD = "2016_2Q,NLD,MAR,7.2291,11,World Bank DataBank"


def read(folder: Path, *lines: str, header: str = HEADER) -> list[Average | RefusedRow]:
    path = folder / "averages.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return list(rpw_averages.read(path))


def test_the_shipped_file_is_read_whole(root: Path) -> None:
    rows = list(rpw_averages.read(root / "data" / rpw_averages.FILE))
    kept = [row for row in rows if isinstance(row, Average)]
    assert (len(rows), len(kept)) == (10_849, 10_849)
    assert Counter(one.basis for one in kept) == {Basis.PUBLISHED: 10_402, Basis.COMPUTED: 447}
    dutch = Counter(one.receive_country for one in kept if one.send_country == "NL")
    assert dutch == {"MA": 54, "TR": 54, "GH": 54, "SR": 54} | dict.fromkeys(
        ("DO", "ID", "NG", "SO"), 39
    )


def test_a_row_as_a_person_reads_it(tmp_path: Path) -> None:
    old = "2011_1Q,NLD,MAR,-6.865,,World Bank DataBank"
    counted = "2025_3Q,NLD,MAR,5.57,25,computed from RPW rows"
    assert read(tmp_path, GOOD, old, counted) == [
        Average("NL", "MA", "2016_2Q", Basis.PUBLISHED, Decimal("7.2291"), 11),
        Average("NL", "MA", "2011_1Q", Basis.PUBLISHED, Decimal("-6.865"), None),
        Average("NL", "MA", "2025_3Q", Basis.COMPUTED, Decimal("5.57"), 25),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2016_5Q,NLD,MAR,7.2,11,World Bank DataBank", "period"),
        (",NLD,MAR,7.2,11,World Bank DataBank", "period"),
        ("2016_2Q,XXX,MAR,7.2,11,World Bank DataBank", "source_code"),
        ("2016_2Q,NLD,,7.2,11,World Bank DataBank", "destination_code"),
        ("2016_2Q,NLD,MAR,seven,11,World Bank DataBank", "cc1 average total cost %"),
        ("2016_2Q,NLD,MAR,,11,World Bank DataBank", "cc1 average total cost %"),
        ("2016_2Q,NLD,MAR,722,11,World Bank DataBank", "cc1 average total cost %"),
        ("2016_2Q,NLD,MAR,NaN,11,World Bank DataBank", "cc1 average total cost %"),
        ("2016_2Q,NLD,MAR,7.2,1.5,World Bank DataBank", "transparent services"),
        ("2016_2Q,NLD,MAR,7.2,0,World Bank DataBank", "transparent services"),
        ("2016_2Q,NLD,MAR,7.2,1000000,World Bank DataBank", "transparent services"),
        ("2016_2Q,NLD,MAR,7.2,11,hearsay", "basis"),
        ("2016_2Q,NLD,MAR,7.2,11,", "basis"),
        ("2016_2Q,NLD,MAR,7.2", ""),
        ("2016_2Q,NLD,MAR,7.3,12,World Bank DataBank", "period"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_are_read(
    tmp_path: Path, row: str, column: str
) -> None:
    good, refused = read(tmp_path, GOOD, row)
    assert isinstance(good, Average)
    assert isinstance(refused, RefusedRow)
    assert (refused.row, refused.column) == (3, column)
    assert refused.reason


def test_a_country_that_is_no_more_is_passed_over(tmp_path: Path) -> None:
    assert len(read(tmp_path, GOOD, "2011_1Q,NLD,ANT,6.7,,World Bank DataBank")) == 1


def test_a_file_of_something_else_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"averages\.csv"):
        read(tmp_path, "1,2", header="id,amount")
