"""From the survey's rows and mid rates to the board."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import rates
from app.db.corridors import CorridorRow
from app.db.engine import Database
from app.db.price_rows import BoardRow, QuoteRow
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.midrate import MidReading
from app.domain.quote import Derived, Origin, Price
from tests.collect.made import (
    MOROCCO,
    SHIPPED,
    SHIPPED_FILE,
    Row,
    add_rates,
    changed,
    load,
    load_rows,
    on_board,
    publish,
)
from tests.conftest import NOW
from tests.tables import changed as changed_tables
from tests.tables import dump

ALL_BUT_MAD = {"SRD": "43", "GHS": "12", "NGN": "1700", "IDR": "19000", "TRY": "55", "DOP": "70"}
INDIA = changed(
    MOROCCO[0],
    source_code="GBR",
    destination_code="IND",
    cc1_lcu_code="GBP",
    cc2_lcu_code="GBP",
)


def versions(database: Database) -> dict[str, int]:
    with database.reading() as session:
        rows = session.scalars(select(CorridorRow)).all()
        return {row.receive_country: row.board_version for row in rows}


def without_mid(found: list[Price]) -> list[tuple[object, ...]]:
    """What a newer mid rate leaves as it is."""
    return [
        (one.id, one.service_id, one.rung, one.quote.paid, one.quote.fee, one.observed)
        for one in sorted(found, key=lambda one: one.id or 0)
    ]


def test_a_price_is_the_survey_at_the_mid_rate(rated: Database) -> None:
    """Western Union to Suriname, EUR 140: fee 4.19, margin 2.31 %, at SRD 43.1 per euro."""
    load(rated, SHIPPED_FILE)
    publish(rated)
    (found,) = [
        one
        for one in on_board(rated, receive="SR")
        if one.quote.service.provider == "western-union" and one.quote.fee.amount == Decimal("4.19")
    ]
    assert found.quote.paid.amount == Decimal("144.19")
    assert found.quote.rate == Decimal("43.1") * Decimal("0.9769")
    assert found.quote.received.amount == Decimal("5894.61")  # 140 x 42.10439 = 5894.6146
    assert found.quote.derived == frozenset(Derived)
    assert (found.source, found.origin, found.mid.rate) == ("rpw", Origin.SURVEY, Decimal("43.1"))
    assert found.margin_percent == Decimal("2.31")


def test_each_corridor_is_to_the_country_s_own_money(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    found = {one.quote.service.corridor for one in on_board(rated)}
    countries = {"DO", "GH", "ID", "MA", "NG", "SO", "SR", "TR"}
    assert found == {Corridor("NL", "EUR", to, PAYOUT_CURRENCY[to]) for to in countries}
    assert PAYOUT_CURRENCY["SO"] == "USD"


def test_publishing_again_changes_nothing(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before = dump(rated)
    assert publish(rated).changed == 0
    assert dump(rated) == before


def test_a_newer_mid_rate_moves_the_board_and_no_history(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before, tables = on_board(rated, receive="MA"), dump(rated)
    add_rates(rated, {"MAD": "11.2"}, days=1)
    assert publish(rated).changed == 1
    after = on_board(rated, receive="MA")
    assert {one.mid.rate for one in after} == {Decimal("11.2")}
    assert {one.mid.observed_at for one in after} == {NOW + timedelta(days=1)}
    assert without_mid(after) == without_mid(before)
    assert versions(rated) == {**dict.fromkeys(versions(rated), 1), "MA": 2}
    assert changed_tables(tables, dump(rated)) == {"board", "corridor", "mid_reading"}


def test_an_older_mid_rate_moves_nothing(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before = on_board(rated)
    add_rates(rated, {"MAD": "9.9", "SRD": "30"}, days=-1)
    assert publish(rated).changed == 0
    assert on_board(rated) == before


def test_without_a_mid_rate_a_corridor_has_no_prices(database: Database) -> None:
    add_rates(database, ALL_BUT_MAD | {"USD": "1.13"})
    load(database, SHIPPED_FILE)
    published = publish(database)
    assert published.quotes == 300
    assert published.findings == ["NL-MA: not shown, no source gives a rate for MAD"]
    assert on_board(database, receive="MA") == []


def test_a_mid_rate_that_became_doubtful_leaves_older_prices(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    publish(rated)
    before = on_board(rated, receive="MA")
    rival = MidReading("rival", "rival", "MAD", Decimal(14), NOW)
    with rated.writing() as session:
        rates.add_readings(session, "rival", [rival])
    published = publish(rated)
    (finding,) = published.findings
    assert finding.startswith("NL-MA: not shown, the sources for MAD are ")
    assert on_board(rated, receive="MA") == before
    assert published.quotes == 300


def test_another_country_s_money_goes_through_the_euro(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "uk.csv", [INDIA])
    assert publish(rated).changed == 1
    lower, upper = sorted(on_board(rated, "GB"), key=lambda one: one.rung)
    assert lower.quote.service.corridor == Corridor("GB", "GBP", "IN", "INR")
    assert lower.mid.rate == Decimal("112.068965517")  # 97.5 / 0.87
    assert lower.mid.sources == ("feed",)
    assert (lower.quote.paid.currency, upper.quote.received.currency) == ("GBP", "INR")


def test_each_country_shows_its_own_newest_round(rated: Database, tmp_path: Path) -> None:
    older = changed(INDIA, period="2024_4Q", date="2024-11-20")
    load_rows(rated, tmp_path / "both.csv", [older, *SHIPPED])
    assert publish(rated).quotes == 352
    assert {str(one.observed) for one in on_board(rated, "GB")} == {"2024-11-20"}


def test_only_the_wanted_corridor_is_published(rated: Database) -> None:
    load(rated, SHIPPED_FILE)
    published = publish(rated, only="NL-SR")
    assert (published.quotes, published.changed) == (30, 1)
    assert {one.quote.service.corridor.receive_country for one in on_board(rated)} == {"SR"}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (changed(MOROCCO[0], date=""), "2025-07-01"),
        (changed(MOROCCO[0], date="2025-08-20"), "2025-08-20"),
    ],
)
def test_a_price_is_as_old_as_its_row_says(
    rated: Database, row: Row, says: str, tmp_path: Path
) -> None:
    load_rows(rated, tmp_path / "one.csv", [row])
    publish(rated)
    assert {str(one.observed) for one in on_board(rated)} == {says}


def test_prices_of_another_source_stay(rated: Database, tmp_path: Path) -> None:
    """Only the survey's own prices leave the board when the survey no longer has them."""
    load_rows(rated, tmp_path / "one.csv", MOROCCO[:4])
    publish(rated)
    with rated.writing() as session:
        rows = session.scalars(select(BoardRow).order_by(BoardRow.service_id))
        for row in rows.all()[:2]:
            row.source = "wise"
    load_rows(rated, tmp_path / "two.csv", MOROCCO[1:4])
    publish(rated)
    assert sorted(one.source for one in on_board(rated)) == ["rpw"] * 6 + ["wise"] * 2


def test_a_corridor_that_left_the_newest_round_leaves_the_board(
    rated: Database, tmp_path: Path
) -> None:
    """Nothing stands on the board that no row of the survey says any more."""
    suriname = [row for row in SHIPPED if row["destination_code"] == "SUR"][:2]
    load_rows(rated, tmp_path / "one.csv", [*MOROCCO[:5], *suriname])
    publish(rated)
    load_rows(rated, tmp_path / "two.csv", MOROCCO[:5])
    assert publish(rated, only="NL-MA").changed == 0
    assert len(on_board(rated, receive="SR")) == 4
    assert publish(rated).changed == 1
    assert on_board(rated, receive="SR") == []
    assert len(on_board(rated, receive="MA")) == 10
    assert versions(rated) == {"MA": 1, "SR": 2}


def test_what_left_the_survey_ends_in_the_history(rated: Database, tmp_path: Path) -> None:
    load_rows(rated, tmp_path / "one.csv", MOROCCO[:4])
    publish(rated)
    load_rows(rated, tmp_path / "two.csv", MOROCCO[1:4])
    assert publish(rated).changed == 1
    with rated.reading() as session:
        ended = [row.ended_at for row in session.scalars(select(QuoteRow))]
    assert ended.count(NOW) == 2
    assert ended.count(None) == 6
