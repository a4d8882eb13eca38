"""Rows that are true and odd, and what becomes of them on the board."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

from app.db.engine import Database
from app.db.providers import all_providers
from app.db.surveys import survey_costs
from tests.collect.made import (
    MOROCCO,
    SHIPPED,
    SHIPPED_FILE,
    changed,
    kept_rows,
    load,
    load_rows,
    on_board,
    publish,
    repriced,
)
from tests.tables import dump

HIDDEN = changed(MOROCCO[0], transparent="no")
KEY = ("destination_code", "firm", "payment instrument", "access point", "pickup method")


def test_a_row_that_hides_its_rate_is_kept_and_never_shown(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "some.csv", [HIDDEN, *MOROCCO[1:5]])
    publish(rated)
    assert kept_rows(rated) == {"2025_3Q": 5}
    assert len(on_board(rated)) == 8
    with rated.reading() as session:
        costs = survey_costs(session, "NL", "2025_3Q")
    assert [cost.transparent for cost in costs] == [False, True, True, True, True]


def test_a_row_that_begins_to_hide_its_rate_leaves_the_board(
    rated: Database, tmp_path: Path
) -> None:
    load_rows(rated, tmp_path / "open.csv", MOROCCO[:5])
    publish(rated)
    load_rows(rated, tmp_path / "hidden.csv", [HIDDEN, *MOROCCO[1:5]])
    assert publish(rated).changed == 1
    assert len(on_board(rated)) == 8


def test_services_listed_twice_stay_apart(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    listed = Counter(tuple(row[name] for name in KEY) for row in SHIPPED)
    found = Counter(one.quote.service.variant for one in on_board(rated))
    assert max(listed.values()) > 1
    for variant in range(1, max(listed.values()) + 1):
        assert found[variant] == 2 * sum(count >= variant for count in listed.values())


def test_services_alike_keep_their_own_prices(rated: Database, tmp_path: Path) -> None:
    first = MOROCCO[0]
    twice = [repriced(first, "1.00", "2.00"), repriced(first, "7.00", "0.50")]
    load_rows(rated, tmp_path / "twice.csv", twice)
    publish(rated)
    found = [one for one in on_board(rated) if one.rung == 140]
    fees = {one.quote.service.variant: one.quote.fee.amount for one in found}
    assert fees == {1: Decimal("1.00"), 2: Decimal("7.00")}
    assert len({one.service_id for one in found}) == 2


def test_spellings_of_a_firm_are_one_provider(rated: Database, tmp_path: Path) -> None:
    names = ["Foreign  Bank ", "foreign bank", "FOREIGN BANK.", "Foreign-Bank"]
    rows = [changed(MOROCCO[0], firm=name, id=name) for name in names]
    load_rows(rated, tmp_path / "names.csv", rows)
    with rated.reading() as session:
        assert list(all_providers(session)) == ["foreign-bank"]


def test_firms_with_one_slug_stay_two(rated: Database, tmp_path: Path) -> None:
    rows = [changed(MOROCCO[0], firm=name) for name in ("Bank é", "Bank ü", "日本")]
    load_rows(rated, tmp_path / "names.csv", rows)
    publish(rated)
    assert len({one.quote.service.provider for one in on_board(rated)}) == 3


def test_an_upper_amount_without_a_price_has_no_rung(rated: Database, tmp_path: Path) -> None:
    blank = dict.fromkeys(("cc2_lcu_fee", "cc2_fx_margin", "cc2_total_cost_percent"), "")
    load_rows(rated, tmp_path / "one.csv", [changed(MOROCCO[0], **blank)])
    publish(rated)
    assert [one.rung for one in on_board(rated)] == [140]


def test_amounts_of_an_older_round_leave_the_board(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "old.csv", MOROCCO[:1])
    publish(rated)
    newer = changed(MOROCCO[0], period="2025_4Q", date="", cc1_lcu_amount="150")
    newer = repriced(newer, newer["cc1 lcu fee"], newer["cc1 fx margin"])
    load_rows(rated, tmp_path / "new.csv", [newer])
    publish(rated)
    assert sorted(one.rung for one in on_board(rated)) == [150, 345]


def test_odd_rows_spoil_no_other(rated: Database, tmp_path: Path) -> None:
    """Refused with a reason or shown, on either database; and again they change nothing."""
    odd = [
        changed(MOROCCO[0], firm="F" * 300),
        changed(MOROCCO[0], firm="F" * 301),
        changed(MOROCCO[0], id="7" * 300),
        changed(MOROCCO[0], firm="..."),
        changed(MOROCCO[0], cc1_lcu_amount="140.000000000001", cc1_total_cost_percent=""),
        changed(MOROCCO[0], cc2_lcu_amount="140", cc2_total_cost_percent=""),
        changed(MOROCCO[0], destination_code="NLD"),
        changed(MOROCCO[0], firm_type="Bank,Bank"),
    ]
    loaded = load_rows(rated, tmp_path / "odd.csv", [*MOROCCO[1:5], *odd])
    publish(rated)
    assert loaded.rows + len(loaded.refused) == 12
    assert len(on_board(rated, receive="MA")) >= 8
    before = dump(rated)
    assert publish(rated).changed == 0
    assert dump(rated) == before


def test_a_long_file_name_is_no_trouble(rated: Database, tmp_path: Path) -> None:
    assert load_rows(rated, tmp_path / ("n" * 240 + ".csv"), MOROCCO[:2]).rows == 2


def test_two_currencies_in_one_row_are_refused(rated: Database, tmp_path: Path) -> None:
    """Nobody knows which of them is wrong; USD 345 must not be shown as EUR 345."""
    odd = changed(MOROCCO[0], cc2_lcu_code="USD")
    loaded = load_rows(rated, tmp_path / "odd.csv", [odd, *MOROCCO[1:3]])
    assert [row.column for row in loaded.refused] == ["cc2 lcu code"]


def test_two_prices_of_one_amount_are_refused(rated: Database, tmp_path: Path) -> None:
    """The second would take the place of the first, at random as far as a reader can tell."""
    odd = changed(MOROCCO[0], cc2_lcu_amount="140", cc2_total_cost_percent="")
    loaded = load_rows(rated, tmp_path / "odd.csv", [odd, *MOROCCO[1:3]])
    assert [row.column for row in loaded.refused] == ["cc2 lcu amount"]
