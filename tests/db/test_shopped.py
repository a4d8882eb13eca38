"""What mystery shopping found: shares, flags, and what is drawn sooner for it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.db import shopped
from app.db.engine import Database
from app.db.providers import ids_by_slug, set_status
from app.db.shopping_frame import Before
from app.db.shopping_rows import ResultRow
from app.domain.provider import ProviderStatus
from app.domain.quote import Origin
from app.domain.shopping import Heard, Result, Verdict
from tests.db.made import NOON, SERVICE, price, save
from tests.db.shop import DAY, HOUR, QUARTER, Shop, heard


@pytest.fixture
def shop(stocked: Database) -> Shop:
    return Shop(stocked)


def many(shop: Shop, shares: list[str]) -> None:
    """As many services of alpha as there are shares, each shopped with that result."""
    services = [replace(SERVICE, variant=number) for number in range(1, len(shares) + 1)]
    save(shop.database, *(price(service) for service in services))
    with shop.database.writing() as session:
        set_status(session, ids_by_slug(session)["beta"], ProviderStatus.CLOSED)
    for task, share in zip(shop.drawn(), shares, strict=True):
        result = heard(task, share) if share != "gone" else Result(Heard.NOT_OFFERED, NOON + HOUR)
        shop.filled(shop.begun(task), result)


def test_under_ten_it_is_too_few_to_say(shop: Shop) -> None:
    many(shop, ["1"] * 9)
    with shop.database.reading() as session:
        kept = shopped.price_kept(session, "alpha", NOON + DAY)
    assert (kept.accuracy.checked, kept.accuracy.percent, kept.flagged) == (9, None, False)


def test_a_firm_that_differs_twice_is_flagged_and_its_share_is_told(shop: Shop) -> None:
    many(shop, ["1"] * 7 + ["0.99", "1.02", "gone"])
    with shop.database.reading() as session:
        kept = shopped.price_kept(session, "alpha", NOON + DAY)
        (flag,) = shopped.flagged(session, NOON + DAY)
        later = shopped.price_kept(session, "alpha", NOON + 367 * DAY)
        nobody = shopped.price_kept(session, "beta", NOON + DAY)
        whole = shopped.overall(session, NOON + DAY)
        none_left = shopped.flagged(session, NOON + 367 * DAY)
    assert (kept.accuracy.percent, kept.flagged) == (Decimal(70), True)
    assert (flag.provider, flag.name, len(flag.tasks)) == ("alpha", "Alpha", 2)
    assert (later.accuracy.checked, later.flagged, none_left) == (0, False, [])
    assert nobody.accuracy.checked == 0
    assert whole == kept.accuracy


def test_an_old_survey_is_not_held_against_a_firm(shop: Shop) -> None:
    services = [replace(SERVICE, variant=number) for number in (2, 3, 4)]
    save(shop.database, *(price(one, origin=Origin.SURVEY, source="rpw") for one in services))
    save(
        shop.database, *(price(one, via="wise", at=NOON + HOUR, source="w") for one in services[:1])
    )
    for task in shop.drawn(now=NOON + HOUR):
        if task.service.variant > 1:
            begun = shop.begun(task, now=NOON + 2 * HOUR)
            told = heard(task, "0.9", at=NOON + 2 * HOUR)
            shop.filled(begun, told, now=NOON + 3 * HOUR)
    with shop.database.reading() as session:
        assert shopped.overall(session, NOON + DAY).checked > 0
        assert shopped.price_kept(session, "alpha", NOON + DAY).accuracy.checked == 0
        assert shopped.flagged(session, NOON + DAY) == []


def test_figures_by_origin_and_quarter(shop: Shop) -> None:
    many(shop, ["1", "0.9"])
    found = shopped.accuracies(shop.tasks(), shopped.origin)
    assert {one: (of.checked, of.kept) for one, of in found.items()} == {Origin.LIVE: (2, 1)}
    assert shopped.accuracies(shop.tasks(), lambda one: one.quarter).keys() == {QUARTER}


def test_what_was_wrong_last_is_drawn_sooner_next_quarter(shop: Shop) -> None:
    many(shop, ["1", "0.9"])
    with shop.database.reading() as session:
        before = shopped.before(session, "2027_1Q")
    good, bad = sorted(shop.tasks(), key=lambda one: shopped.verdict(one) is Verdict.WORSE)
    assert before == Before(
        frozenset({good.service_id, bad.service_id}), frozenset({bad.service_id}), frozenset()
    )


def test_what_is_withdrawn_counts_nowhere(shop: Shop) -> None:
    many(shop, ["0.9", "0.9"])
    for task in shop.tasks():
        assert task.newest is not None
        shop.filled(task, replace(task.newest.result, withdrawn=True, reason="No."), seen=1)
    with shop.database.reading() as session:
        assert shopped.flagged(session, NOON + DAY) == []
        assert shopped.overall(session, NOON + DAY).checked == 0
        assert shopped.before(session, "2027_1Q") == Before()
        assert session.scalars(select(ResultRow.version)).all().count(1) == 2
