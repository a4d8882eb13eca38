"""The survey's rows: what must be survived, and what must be refused and say why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.provider import ProviderKind
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed
from app.domain.survey import SurveyRow
from bench.survey_workbook import GOOD, NEWER, Cell
from scrapers.contract import RefusedRow
from scrapers.prices import rpw

Survey = Callable[..., Path]
WITHOUT_TOTALS: dict[str, Cell] = {"cc1 total cost %": None, "cc2 total cost %": None}


def good(path: Path) -> SurveyRow:
    """The only row of a file, which must not be refused."""
    (row,) = rpw.read(path)
    assert isinstance(row, SurveyRow), row
    return row


def refused(path: Path) -> RefusedRow:
    (row,) = rpw.read(path)
    assert isinstance(row, RefusedRow), row
    return row


def test_shipped_survey(root: Path) -> None:
    rows = list(rpw.read(root / "data/rpw/rpw_nl_2025_3Q.csv"))
    kept = [row for row in rows if isinstance(row, SurveyRow)]
    assert (len(rows), len(kept)) == (175, 175)
    assert {row.send_country for row in kept} == {"NL"}
    assert {row.receive_country for row in kept} == {"DO", "GH", "ID", "MA", "NG", "SO", "SR", "TR"}
    assert len({row.firm for row in kept}) == 14
    assert sum(row.surveyed_on is None for row in kept) == 4
    for row in kept:
        for name, price_point in (("cc1", 200), ("cc2", 500)):
            published = Decimal(row.raw[f"{name} total cost %"])
            assert abs(row.tiers[price_point].total_percent - published) <= Decimal("0.0105")


def test_first_shipped_row_as_a_person_reads_it(root: Path) -> None:
    row = next(rpw.read(root / "data/rpw/rpw_nl_2025_3Q.csv"))
    assert isinstance(row, SurveyRow)
    assert (row.row, row.period, row.firm) == ("NLD-001", "2025_3Q", "Ria")
    assert row.firm_types == (ProviderKind.MTO,)
    assert row.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert row.access_points == (AccessPoint.INTERNET,)
    assert row.pickup_methods == (PickupMethod.BANK_ACCOUNT,)
    assert (row.speed, row.coverage) == (Speed.THREE_TO_FIVE_DAYS, None)
    assert (row.transparent, row.surveyed_on) == (True, date(2025, 8, 20))
    assert str(row.tiers[500].sent) == "EUR 345"
    assert (str(row.tiers[200].fee), str(row.tiers[200].margin)) == ("EUR 3.5", "2.12")
    assert row.raw["corridor"] == "NLDNGA"


@pytest.mark.parametrize(("label", "expected"), [("yes", True), ("Yes", True), ("no", False)])
def test_transparent(survey: Survey, label: str, expected: bool) -> None:
    assert good(survey({"transparent": label})).transparent is expected


def test_a_sheet_without_transparent_knew_no_other_kind(survey: Survey) -> None:
    columns = [name for name in NEWER if name != "transparent"]
    assert good(survey({}, columns=columns)).transparent is True


def test_a_rate_of_one_is_a_placeholder_and_not_read(survey: Survey) -> None:
    assert good(survey({"cc1 lcu fx rate": 1, "cc2 lcu fx rate": "?"})).tiers[200].margin > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234.5", "1234.5"), ("140", "140"), (" 140.00 ", "140.00"), ("1.4E+2", "1.4E+2")],
)
def test_amounts_as_text(survey: Survey, text: str, expected: str) -> None:
    row = good(survey({"cc1 lcu amount": text, **WITHOUT_TOTALS}))
    assert row.tiers[200].sent.amount == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20/Aug/2025", date(2025, 8, 20)),
        ("1/SEP/2025", date(2025, 9, 1)),
        ("2025-08-20", date(2025, 8, 20)),
        ("2025-08-20 00:00:00", date(2025, 8, 20)),
        ("30/Sep/2026", date(2026, 9, 30)),
        ("2008-01-01", date(2008, 1, 1)),
        ("", None),
        ("..", None),
    ],
)
def test_days(survey: Survey, text: str, expected: date | None) -> None:
    assert good(survey({"date": text})).surveyed_on == expected


def test_labels_in_other_cases_and_several_at_once(survey: Survey) -> None:
    row = good(
        survey(
            {
                "payment instrument": "Cash,DEBIT CARD",
                "access point": "agent, Call center",
                "pickup method": "Own/partner Bank account",
                "speed actual": "Next Day",
                "receiving network coverage": "low",
                "firm_type": "Post office",
            }
        )
    )
    assert row.payment_instruments == (PaymentInstrument.CASH, PaymentInstrument.DEBIT_CARD)
    assert row.access_points == (AccessPoint.AGENT, AccessPoint.CALL_CENTRE)
    assert row.pickup_methods == (PickupMethod.BANK_ACCOUNT,)
    assert (row.speed, row.coverage) == (Speed.NEXT_DAY, Coverage.LOW)
    assert row.firm_types == (ProviderKind.POST_OFFICE,)


def test_access_points_as_the_older_sheet_spells_them(survey: Survey) -> None:
    row = good(survey({"access point": "at Branch,Call Center,On-line"}))
    expected = (AccessPoint.INTERNET, AccessPoint.BANK_BRANCH, AccessPoint.CALL_CENTRE)
    assert row.access_points == expected


@pytest.mark.parametrize("blank", [None, "..", "N/A", "Not available", "  "])
def test_not_recorded(survey: Survey, blank: Cell) -> None:
    names = ["payment instrument", "access point", "speed actual", "receiving network coverage"]
    row = good(survey(dict.fromkeys(names, blank)))
    assert (row.payment_instruments, row.access_points) == ((), ())
    assert (row.speed, row.coverage) == (None, None)


@pytest.mark.parametrize("code", ["KSV", "XKX"])
def test_kosovo(survey: Survey, code: str) -> None:
    path = survey({"destination_code": code, "corridor": "NLDXKX"})
    assert good(path).receive_country == "XK"


def test_any_country_may_send(survey: Survey) -> None:
    sent = {"source_code": "JPN", "cc1 lcu code": "JPY", "cc2 lcu code": "jpy"}
    assert good(survey(sent)).send_country == "JP"


def test_firm_without_needless_spaces_and_raw_with_them(survey: Survey) -> None:
    row = good(survey({"firm": "  TapTap  Send \n"}))
    assert row.firm == "TapTap Send"
    assert row.raw["firm"] == "  TapTap  Send \n"


def test_unnamed_columns_are_left_out_of_raw(survey: Survey) -> None:
    assert set(good(survey({})).raw) == {name for name in NEWER if name}


def test_negative_totals_are_real(survey: Survey) -> None:
    row = good(survey({"cc1 fx margin": "-3.5", "cc1 total cost %": "-1.43"}))
    assert row.tiers[200].total_percent < 0


def test_a_price_point_without_fee_and_total_is_missing(survey: Survey) -> None:
    row = good(survey({"cc2 lcu fee": None, "cc2 total cost %": ".."}))
    assert list(row.tiers) == [200]


def test_a_price_without_the_files_own_total_is_kept(survey: Survey) -> None:
    assert list(good(survey(WITHOUT_TOTALS)).tiers) == [200, 500]


def test_total_within_its_rounding(survey: Survey) -> None:
    # 2.9 / 140 x 100 + 2.12 = 4.19142...
    assert good(survey({"cc1 total cost %": "4.1810"})).tiers[200]
    assert good(survey({"cc1 total cost %": "4.2019"})).tiers[200]


REFUSALS: list[tuple[str, Cell, str]] = [
    ("source_code", "NLX", "unknown country 'NLX'"),
    ("source_code", None, "is blank"),
    ("source_code", "NL", "unknown country 'NL'"),
    ("destination_code", "ANT", "unknown country 'ANT'"),
    ("destination_code", "..", "is blank"),
    ("cc1 lcu code", "CFA", "unknown currency 'CFA'"),
    ("cc1 lcu code", "", "is blank"),
    ("cc2 lcu code", "€", "unknown currency '€'"),
    ("id", None, "is blank"),
    ("firm", " ", "is blank"),
    ("firm_type", "Bakery", "unknown label 'Bakery'"),
    ("payment instrument", "Cash, Gold", "unknown label 'Cash, Gold'"),
    ("access point", "Kiosk", "unknown label 'Kiosk'"),
    ("pickup method", "Pigeon", "unknown label 'Pigeon'"),
    ("speed actual", "1-3 days", "unknown label '1-3 days'"),
    ("receiving network coverage", "Huge", "unknown label 'Huge'"),
    ("transparent", "maybe", "unknown label 'maybe'"),
    ("transparent", None, "is blank"),
    ("period", "2025Q3", "a survey round is written like 2025_3Q"),
    ("period", "2025_5Q", "a survey round is written like 2025_3Q"),
    ("period", None, "is blank"),
    ("cc1 lcu amount", 0, "0 is not above zero"),
    ("cc1 lcu amount", "-140", "-140 is not above zero"),
    ("cc1 lcu amount", None, "is blank"),
    ("cc1 lcu amount", "about 140", "'about 140' is not a number"),
    ("cc1 lcu amount", "140,00", "'140,00' is not a number"),
    ("cc1 lcu amount", "1,40", "'1,40' is not a number"),
    ("cc1 lcu amount", "٣", "'٣' is not a number"),
    ("cc1 lcu amount", "NaN", "'NaN' is not a number"),
    ("cc1 lcu amount", "inf", "'inf' is not a number"),
    ("cc1 lcu amount", "1e12", "'1e12' is too large to be true"),
    ("cc1 lcu amount", "1" * 41, "is not a number"),
    ("cc1 lcu fee", "-0.01", "-0.01 is below zero"),
    ("cc1 lcu fee", None, "is blank"),
    ("cc1 lcu fee", "-Infinity", "'-Infinity' is not a number"),
    ("cc1 fx margin", None, "is blank"),
    ("cc1 fx margin", "100", "100 is not between -50 and 100 percent"),
    ("cc1 fx margin", "-50", "-50 is not between -50 and 100 percent"),
    ("cc1 fx margin", "nan", "'nan' is not a number"),
    ("cc1 fx margin", "2.12%", "'2.12%' is not a number"),
    ("cc1 total cost %", "4.1807", "4.1807 is not fee / amount x 100 + margin, which is 4.19"),
    ("cc1 total cost %", "4.2021", "4.2021 is not fee / amount x 100 + margin, which is 4.19"),
    ("cc1 total cost %", "free", "'free' is not a number"),
    ("cc2 lcu amount", None, "is blank"),
    ("cc2 lcu amount", 0, "0 is not above zero"),
    ("cc2 lcu fee", "-1", "-1 is below zero"),
    ("cc2 lcu fee", None, "is blank"),
    ("cc2 fx margin", None, "is blank"),
    ("cc2 fx margin", "#REF!", "'#REF!' is not a number"),
    ("cc2 total cost %", "9.99", "9.99 is not fee / amount x 100 + margin, which is 2.96"),
    ("date", "20/08/2025", "'20/08/2025' is not a day like 20/Aug/2025 or 2025-08-20"),
    ("date", "20/Okt/2025", "'20/Okt/2025' is not a day like"),
    ("date", "31/Feb/2025", "is not a day like"),
    ("date", "2025-13-01", "'2025-13-01' is not a day like"),
    ("date", "20250820", "'20250820' is not a day like"),
    ("date", "2026-10-01", "2026-10-01 is before the survey began or a year after 2025_3Q"),
    ("date", "2007-12-31", "2007-12-31 is before the survey began or a year after 2025_3Q"),
]


@pytest.mark.parametrize(("column", "cell", "reason"), REFUSALS)
def test_refused(survey: Survey, column: str, cell: Cell, reason: str) -> None:
    row = refused(survey({column: cell}))
    assert (row.sheet, row.row, row.column) == ("survey.csv", 2, column)
    assert reason in row.reason


def test_the_row_that_is_refused_is_good_but_for_its_fault(survey: Survey) -> None:
    assert good(survey({})).firm == GOOD["firm"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(survey: Survey) -> None:
    path = survey({}, {"firm": "two\nlines"}, dict.fromkeys(NEWER), {"period": "?"})
    first, second, third = rpw.read(path)
    assert isinstance(first, SurveyRow)
    assert isinstance(second, SurveyRow)
    assert isinstance(third, RefusedRow)
    assert (second.firm, third.row) == ("two lines", 5)


@pytest.mark.parametrize("cells", [3, 47, 49])
def test_a_row_of_the_wrong_length_is_refused(survey: Survey, cells: int) -> None:
    path = survey({})
    with path.open("a", encoding="utf-8") as file:
        file.write(",".join(["x"] * cells) + "\n")
    _, row = rpw.read(path)
    assert row == RefusedRow("survey.csv", 3, "", f"has {cells} cells, the header 48")


def test_a_nul_character_is_refused(survey: Survey) -> None:
    assert refused(survey({"firm": "Ria\0"})).reason == "holds a NUL character, which is no text"


def test_the_time_of_a_day_is_let_go(survey: Survey) -> None:
    at = datetime(2025, 8, 20, 13, 5)  # noqa: DTZ001 - as calamine gives it
    assert good(survey({"date": at})).surveyed_on == date(2025, 8, 20)
