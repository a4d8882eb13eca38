"""What is offered of all that is known: nothing that was not read for weeks, and nothing that
others tell of a provider that tells it itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.ladder import Ladder
from app.domain.quote import Observed, Origin, Precision, Price
from app.domain.service import PickupMethod
from app.domain.told import GONE_AFTER, is_gone, told
from tests.db.made import NOON, SERVICE, price

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WALLET = replace(SERVICE, pickup_methods=(PickupMethod.MOBILE_WALLET,))
OTHERS = replace(SERVICE, provider="beta")


def offered(*ladders: list[Price], now: datetime = NOON) -> list[tuple[str, str]]:
    """Provider and teller of each price that is left."""
    found = told([Ladder(prices) for prices in ladders], now)
    return sorted(
        (one.quote.service.provider, one.via) for ladder in found.ladders for one in ladder.prices
    )


def test_what_others_tell_goes_where_the_provider_tells_it_itself() -> None:
    own, via = price(), price(WALLET, via="wise")
    assert offered([own], [via]) == [("alpha", "")]
    assert offered([via]) == [("alpha", "wise")]


def test_of_another_provider_it_stays() -> None:
    assert offered([price()], [price(OTHERS, via="wise")]) == [("alpha", ""), ("beta", "wise")]


def test_within_one_ladder_too() -> None:
    both = [price(rung="200"), price(rung="500", via="wise")]
    assert offered(both) == [("alpha", "")]


@pytest.mark.parametrize(("age", "left"), [(DAY, 1), (DAY + MINUTE, 2)])
def test_a_dated_price_of_its_own_does_not_send_it_away(age: timedelta, left: int) -> None:
    assert len(offered([price(at=NOON - age)], [price(WALLET, via="wise")])) == left


def test_a_survey_does_not_send_it_away() -> None:
    survey = price(origin=Origin.SURVEY, observed=Observed(NOON, Precision.DAY))
    assert len(offered([survey], [price(WALLET, via="wise")])) == 2


def test_a_live_price_is_gone_after_its_time_and_not_before() -> None:
    assert not is_gone(price(at=NOON - GONE_AFTER), NOON)
    assert is_gone(price(at=NOON - GONE_AFTER - MINUTE), NOON)


@pytest.mark.parametrize("origin", [origin for origin in Origin if origin is not Origin.LIVE])
def test_what_is_no_live_price_is_never_gone(origin: Origin) -> None:
    assert not is_gone(price(at=NOON - timedelta(days=900), origin=origin), NOON)


def test_a_provider_without_any_other_price_is_named_with_its_last_reading() -> None:
    old, older = NOON - timedelta(days=15), NOON - timedelta(days=20)
    found = told([Ladder([price(at=older)]), Ladder([price(WALLET, at=old)])], NOON)
    assert found.ladders == []
    assert found.gone == {"alpha": old}


def test_a_provider_with_another_price_is_not_gone() -> None:
    old = price(WALLET, at=NOON - timedelta(days=15))
    found = told([Ladder([price()]), Ladder([old])], NOON)
    assert len(found.ladders) == 1
    assert found.gone == {}


def test_an_old_rung_leaves_its_ladder() -> None:
    ladder = Ladder([price(rung="200"), price(rung="500", at=NOON - timedelta(days=15))])
    (left,) = told([ladder], NOON).ladders
    assert [one.rung for one in left.prices] == [200]
