"""The list of corrections: read strictly, or not at all."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.correction import BrokenLog, Correction, NoticedBy, read_corrections
from tests.domain.strategies import ROOT

SINCE = "since = 2026-11-20\n"
ENTRY = """
[[correction]]
day = 2026-11-21
wrong = "The fee of one firm was shown twice."
where = "/en/send/nl/ma"
done = "It is shown once."
noticed_by = "reader"
"""


def test_the_shipped_list_can_be_read() -> None:
    shipped = read_corrections((ROOT / "data/corrections.toml").read_text(encoding="utf-8"))
    assert shipped.since == date(2026, 11, 20)


def test_an_entry_is_read_whole() -> None:
    found = read_corrections(SINCE + ENTRY)
    assert found.corrections == [
        Correction(
            date(2026, 11, 21),
            "The fee of one firm was shown twice.",
            "/en/send/nl/ma",
            "It is shown once.",
            NoticedBy.READER,
        )
    ]


def test_the_newest_comes_first() -> None:
    later = ENTRY.replace("2026-11-21", "2026-12-01")
    days = [one.day.month for one in read_corrections(SINCE + ENTRY + later).corrections]
    assert days == [12, 11]


def test_no_entry_is_an_empty_list() -> None:
    assert read_corrections(SINCE).corrections == []


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("", "since should be a day"),
        ("since = 2026-11-20T10:00:00", "since should be a day"),
        ("since = ", "Invalid value"),
        (SINCE + "untill = 2027-01-01", "unknown: untill"),
        (SINCE + "[correction]\nday = 2026-11-21", r"begins with \[\[correction\]\]"),
        (SINCE + ENTRY.replace("noticed_by", "noticed"), "unknown: noticed"),
        (SINCE + ENTRY.replace('"reader"', '"a neighbour"'), "one of firm, reader, us"),
        (SINCE + ENTRY.replace("2026-11-21", '"yesterday"'), "day should be a day"),
        (SINCE + ENTRY.replace("2026-11-21", "2026-11-19"), "older than the log"),
        (SINCE + ENTRY.replace('"It is shown once."', '" "'), "done should be a text"),
        (SINCE + ENTRY.replace('"/en/send/nl/ma"', "3"), "where should be a text"),
        (SINCE + ENTRY.replace("wrong", "#"), "wrong should be a text"),
    ],
)
def test_a_list_with_a_mistake_is_refused(toml: str, says: str) -> None:
    with pytest.raises(BrokenLog, match=says):
        read_corrections(toml)
