"""A firm sees how it was seen, and nothing of another firm or of a single reader."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from werkzeug.test import TestResponse

from app.db.shown import Tally, add_shown
from app.domain.account import Role
from app.domain.corridor import Corridor
from tests.work import SignedIn, Workplace

HOME = "/portal/statistics/"
MA, SR = Corridor("NL", "EUR", "MA", "MAD"), Corridor("NL", "EUR", "SR", "SRD")
LAST = date(2026, 11, 9)
"""The last week that is over on the day of these tests."""


@pytest.fixture
def wise(work: Workplace) -> SignedIn:
    with work.database.writing() as session:
        for week in (LAST, LAST - timedelta(weeks=1)):
            tallies = {
                ("wise", MA, "nl"): Tally(104, 208, 31),
                ("wise", MA, "ar"): Tally(21, 42, 4),
                ("wise", SR, "nl"): Tally(7, 7, 1),
                ("wise", SR, "fr"): Tally(6, 6, 0),
                ("ria", MA, "nl"): Tally(777, 777, 77),
            }
            add_shown(session, week, tallies)
        add_shown(session, date(2026, 11, 16), {("wise", MA, "nl"): Tally(5000, 5000, 500)})
        add_shown(session, date(2026, 8, 10), {("wise", MA, "nl"): Tally(6000, 6000, 600)})
    return work.by(Role.PROVIDER, provider="wise")


def rows(response: TestResponse) -> list[list[str]]:
    assert response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(response.text)))[1:]


def test_weeks_are_told_rounded_and_only_when_they_are_over(wise: SignedIn) -> None:
    told = rows(wise.get(f"{HOME}?weeks-as=csv"))
    assert told == [["2026-11-09", "140", "1.9", "40"], ["2026-11-02", "140", "1.9", "40"]]
    page = wise.get(HOME).text
    assert "5,000" not in page
    assert "6,000" not in page


def test_corridors_and_languages_are_told_apart_and_hide_what_is_small(wise: SignedIn) -> None:
    assert rows(wise.get(f"{HOME}?corridor-as=csv")) == [
        ["Morocco (Moroccan dirhams)", "260", "", "2"],
        ["Suriname (Surinamese dollars)", "20", "", "2"],
    ]
    languages = rows(wise.get(f"{HOME}?language-as=csv"))
    assert languages == [
        ["Nederlands", "220", "", "2"],
        ["العربية", "", "", "2"],
        ["Français", "", "0", "2"],
    ]


def test_one_corridor_week_by_week(wise: SignedIn) -> None:
    page = wise.get(f"{HOME}corridor/NL-EUR-SR-SRD")
    assert page.status_code == 200
    assert "Suriname" in page.text
    assert wise.get(f"{HOME}language/ar").status_code == 200
    assert wise.get(f"{HOME}corridor/NL-EUR-MA-MAD?weeks-as=csv").mimetype == "text/csv"


@pytest.mark.parametrize(
    "path",
    [
        "corridor/NL-EUR-PH-PHP",
        "corridor/ar",
        "language/xx",
        "week/2026",
        "corridor/",
        "language/uk",
    ],
)
def test_what_there_is_nothing_of_is_not_there(wise: SignedIn, path: str) -> None:
    assert wise.get(f"{HOME}{path}").status_code == 404


def test_no_question_crosses_corridor_and_language(wise: SignedIn) -> None:
    plain = wise.get(f"{HOME}corridor/NL-EUR-MA-MAD?weeks-as=csv").data
    for more in ("language=ar", "by=language", "weeks-language=ar", "language-filter=ar"):
        address = f"{HOME}corridor/NL-EUR-MA-MAD?weeks-as=csv&{more}"
        assert wise.get(address).data == plain


def test_nothing_under_ten_stands_in_any_table(wise: SignedIn) -> None:
    paths = ("corridor/NL-EUR-MA-MAD", "corridor/NL-EUR-SR-SRD", "language/nl", "language/fr")
    for path in paths:
        page = wise.get(f"{HOME}{path}").text
        cells = re.findall(r'<td class="num"[^>]*>([^<]+)</td>', page)
        assert len(cells) == 6
        for cell in cells[0::3] + cells[2::3]:
            tens = cell.isdigit() and int(cell) % 10 == 0
            assert tens or cell in ("under 10", "not told"), cell


def test_a_firm_sees_its_own_and_no_other(work: Workplace, wise: SignedIn) -> None:
    ria = work.by(Role.PROVIDER, provider="ria")
    assert rows(ria.get(f"{HOME}?weeks-as=csv"))[0] == ["2026-11-09", "780", "1.0", "80"]
    assert "780" not in wise.get(HOME).text
    assert ria.get(f"{HOME}corridor/NL-EUR-SR-SRD").status_code == 404


def test_a_firm_that_nobody_saw_is_told_so(work: Workplace) -> None:
    page = work.by(Role.PROVIDER, provider="paysend").get(HOME)
    assert page.text.count("Nothing was counted in these weeks.") == 3


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR, Role.ADMINISTRATOR])
def test_it_is_for_staff_of_firms(work: Workplace, role: Role) -> None:
    assert work.by(role).get(HOME).status_code == 404
    assert work.client().get(HOME).status_code == 401
