"""What choosing one way costs against another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.provider import Licence
from app.domain.quote import Age
from app.domain.ranking import Ranked
from app.domain.service import SPEED_ORDER, Coverage, Speed
from app.domain.tradeoff import tradeoff
from tests.domain.strategies import SERVICE, answer, dirham, euro, price, provider, quote

speeds = st.none() | st.sampled_from(Speed)


def way(
    received: str = "1960", paid: str = "200", licence: Licence = Licence.UNCHECKED, **changes: Any
) -> Ranked:
    fee = Decimal(paid) - Decimal(received) / 10
    made = answer(price(quote(paid, str(fee), received, "10", replace(SERVICE, **changes))))
    return Ranked(1, made, provider(licence=licence), Age.FRESH)


def test_a_gain_is_in_what_arrives_or_in_what_is_paid() -> None:
    assert tradeoff(way("1970"), way("1960"), pays=True).gain == dirham("10")
    assert tradeoff(way(paid="203"), way(paid="201.50"), pays=False).gain == euro("-1.50")


@pytest.mark.parametrize(
    ("mine", "theirs", "sooner", "days"),
    [
        (Speed.LESS_THAN_ONE_HOUR, Speed.TWO_DAYS, 1, 2),
        (Speed.TWO_DAYS, Speed.NEXT_DAY, -1, 1),
        (Speed.SAME_DAY, Speed.LESS_THAN_ONE_HOUR, -1, 0),
        (Speed.NEXT_DAY, Speed.NEXT_DAY, 0, 0),
        (Speed.THREE_TO_FIVE_DAYS, Speed.NEXT_DAY, -1, None),
        (Speed.LESS_THAN_ONE_HOUR, Speed.SIX_DAYS_OR_MORE, 1, None),
        (None, Speed.NEXT_DAY, None, None),
        (Speed.NEXT_DAY, None, None, None),
    ],
)
def test_days_are_told_only_where_the_bands_say_them(
    mine: Speed | None, theirs: Speed | None, sooner: int | None, days: int | None
) -> None:
    found = tradeoff(way(speed=mine), way(speed=theirs), pays=True)
    assert (found.sooner, found.days) == (sooner, days)


def test_what_speaks_for_its_safety() -> None:
    licensed, unchecked = way(licence=Licence.FOUND), way()
    assert tradeoff(licensed, unchecked, pays=True).safer == 1
    assert tradeoff(licensed, unchecked, pays=True).licence is Licence.FOUND
    assert tradeoff(unchecked, licensed, pays=True).safer == -1
    assert tradeoff(unchecked, unchecked, pays=True).licence is None
    bare = way(licence=Licence.FOUND, coverage=None, speed=None)
    assert tradeoff(bare, unchecked, pays=True).safer == 1, "a licence weighs more than facts"
    assert tradeoff(way(coverage=None), way(coverage=Coverage.LOW), pays=True).safer == -1


@given(speeds, speeds, st.integers(1000, 1999), st.integers(1000, 1999), st.booleans())
def test_the_other_way_round_is_the_opposite(
    mine: Speed | None, theirs: Speed | None, more: int, less: int, pays: bool
) -> None:
    one, other = way(str(more), speed=mine), way(str(less), speed=theirs)
    there, back = tradeoff(one, other, pays=pays), tradeoff(other, one, pays=pays)
    assert there.gain == -back.gain
    assert there.days == back.days
    assert (there.sooner is None) == (back.sooner is None)
    if there.sooner is not None and back.sooner is not None:
        assert there.sooner == -back.sooner
        assert (there.sooner > 0) == (
            mine is not None and theirs is not None and SPEED_ORDER[mine] < SPEED_ORDER[theirs]
        )
