"""From price lists in files to the board: which are on it, and for how long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.db.engine import Database
from app.db.reach import keep_reach
from app.domain.money import Money
from app.domain.quote import Age, Derived, Origin, Precision
from scrapers.contract import EVERY_RUNG
from tests.collect.price_lists import (
    COUNTER,
    OUR,
    REACH,
    SHA,
    TO_SURINAME,
    WITHOUT_MARGIN,
    eur,
    firms,
    mad,
    publish,
    rungs,
    shown,
    write,
)
from tests.conftest import NOW
from tests.db.made import NL_SR, history, price, save
from tests.tables import dump


def test_a_list_becomes_prices(known: Database, folder: Path) -> None:
    """Margin 2 percent of 10.9; the fee is 4.00 and 0.5 percent, and less from 1000 on."""
    path = write(folder, "alpha")
    assert publish(known, folder) == []
    found = rungs(known)
    assert set(found) == set(EVERY_RUNG)
    told = {rung: (one.quote.fee, one.quote.received) for rung, one in found.items()}
    assert told[Decimal(200)] == (eur("5"), mad("2136.40"))
    assert told[Decimal(1000)] == (eur("9"), mad("10682"))
    for rung, one in found.items():
        assert one.quote.paid == Money(rung, "EUR") + one.quote.fee
        assert one.quote.rate == Decimal("10.682")
        assert one.quote.derived == {Derived.RATE, Derived.RECEIVED}
        assert (one.mid.rate, one.mid.sources) == (Decimal("10.9"), ("feed",))
        assert (one.source, one.origin, one.via) == ("tariff", Origin.TARIFF, "")
        assert one.evidence == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_price_is_of_the_day_on_which_its_list_was_checked(known: Database, folder: Path) -> None:
    write(folder, "alpha", changes=(("checked_on = 2026-11-16", "checked_on = 2026-11-20"),))
    publish(known, folder)
    for one in rungs(known).values():
        assert one.observed.at == datetime(2026, 11, 20, tzinfo=UTC)
        assert one.observed.precision is Precision.DAY
        assert str(one.observed) == "2026-11-20"
        assert one.age(one.observed.at) is Age.DATED


def test_again_changes_nothing(known: Database, folder: Path) -> None:
    write(folder, "alpha", OUR, COUNTER)
    write(folder, "beta", TO_SURINAME)
    publish(known, folder)
    before = dump(known)
    assert before["board"]
    publish(known, folder, NOW + timedelta(days=2))
    assert dump(known) == before


def test_every_country_and_service_of_a_list(known: Database, folder: Path) -> None:
    write(folder, "alpha", OUR, COUNTER, TO_SURINAME.replace("Transfer", "Other"))
    publish(known, folder)
    assert firms(known) == ["alpha", "alpha"]
    assert firms(known, NL_SR) == ["alpha"]


def test_a_country_that_is_closed_gets_no_price(known: Database, folder: Path) -> None:
    with known.writing() as session:
        keep_reach(session, REACH[:1])
    write(folder, "alpha", OUR, TO_SURINAME.replace("Transfer", "Other"))
    publish(known, folder)
    assert (firms(known), firms(known, NL_SR)) == (["alpha"], [])


def test_a_list_that_is_gone_leaves_a_country_that_was_closed_meanwhile(
    known: Database, folder: Path
) -> None:
    path = write(folder, "alpha", TO_SURINAME)
    publish(known, folder)
    with known.writing() as session:
        keep_reach(session, REACH[:1])
    path.unlink()
    publish(known, folder)
    assert firms(known, NL_SR) == []


def test_a_list_that_was_changed_is_the_price(known: Database, folder: Path) -> None:
    write(folder, "alpha")
    publish(known, folder)
    write(folder, "alpha", changes=(("fixed = 4.00", "fixed = 3.00"), ("2026-11-16", "2026-11-17")))
    publish(known, folder)
    one = rungs(known)[Decimal(200)]
    assert (one.quote.fee, str(one.observed)) == (eur("4"), "2026-11-17")


def test_a_list_that_is_gone_leaves_the_board(known: Database, folder: Path) -> None:
    path = write(folder, "alpha")
    write(folder, "beta")
    publish(known, folder)
    assert firms(known) == ["alpha", "beta"]
    path.unlink()
    later = NOW + timedelta(hours=1)
    assert publish(known, folder, later) == []
    assert firms(known) == ["beta"]
    with known.reading() as session:
        ended = [row.ended_at for row in history(session)]
    assert sorted(map(str, ended)) == sorted([str(later), "None"] * len(EVERY_RUNG))


def test_a_service_or_amount_that_is_no_longer_listed_leaves_the_board(
    known: Database, folder: Path
) -> None:
    write(folder, "alpha", OUR, COUNTER)
    publish(known, folder)
    write(folder, "alpha", changes=(("highest = 8000", "highest = 500"),))
    publish(known, folder)
    assert set(rungs(known)) == {rung for rung in EVERY_RUNG if rung <= 500}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("provider = ", encoding="utf-8"),
        lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_text(path.read_text().replace("margin = 2.0", "margin = 200")),
    ],
)
def test_a_broken_list_keeps_its_prices_and_is_named(
    known: Database, folder: Path, spoil: Callable[[Path], object]
) -> None:
    path = write(folder, "alpha")
    publish(known, folder)
    before = dump(known)
    spoil(path)
    (said,) = publish(known, folder, NOW + timedelta(hours=1))
    assert said.startswith("alpha.toml: ")
    assert dump(known) == before


def test_a_broken_list_keeps_no_other_on_the_board_nor_from_it(
    known: Database, folder: Path
) -> None:
    write(folder, "alpha").write_text("provider = ", encoding="utf-8")
    path = write(folder, "beta")
    assert len(publish(known, folder)) == 1
    assert firms(known) == ["beta"]
    path.unlink()
    assert len(publish(known, folder)) == 1
    assert firms(known) == []


def test_a_firm_that_we_do_not_know_is_named_and_not_shown(known: Database, folder: Path) -> None:
    write(folder, "alpha")
    write(folder, "omega")
    said = "omega: a price list of a firm that data/providers.toml lacks"
    assert publish(known, folder) == [said]
    assert firms(known) == ["alpha"]


@pytest.mark.parametrize(
    ("day", "there"), [("10-31", False), ("11-01", True), ("11-30", True), ("12-01", False)]
)
def test_a_list_is_shown_from_its_first_day_to_its_last(
    known: Database, folder: Path, day: str, there: bool
) -> None:
    write(folder, "alpha", changes=(("2026-11-16", "2026-10-30"),))
    now = datetime.fromisoformat(f"2026-{day}T23:59:59+00:00")
    assert publish(known, folder, now) == []
    assert firms(known) == (["alpha"] if there else [])


def test_a_list_that_has_ended_leaves_the_board(known: Database, folder: Path) -> None:
    write(folder, "alpha")
    publish(known, folder)
    publish(known, folder, NOW + timedelta(days=11))
    assert firms(known) == []


@pytest.mark.parametrize("service", [SHA, SHA.replace("SHA", "BEN").replace("on_top", "taken_out")])
def test_no_price_where_less_may_arrive(known: Database, folder: Path, service: str) -> None:
    write(folder, "alpha", service)
    write(folder, "beta", service, OUR)
    assert publish(known, folder) == []
    assert firms(known) == ["beta"]
    assert shown(known)[0].service.pay_in == "OUR"


def test_no_price_without_a_margin(known: Database, folder: Path) -> None:
    write(folder, "alpha", WITHOUT_MARGIN)
    assert publish(known, folder) == []
    assert firms(known) == []


def test_a_live_price_of_the_same_service_goes_before_a_list(known: Database, folder: Path) -> None:
    write(folder, "alpha")
    publish(known, folder)
    live = price(shown(known)[0].service)
    save(known, live)
    publish(known, folder)
    at_200 = rungs(known)[Decimal(200)]
    assert (at_200.source, at_200.origin) == ("wise", Origin.LIVE)
    (folder / "alpha.toml").unlink()
    publish(known, folder)
    assert [one.source for one in rungs(known).values()] == ["wise"]
