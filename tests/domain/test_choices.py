"""Choices of what to see: what is not known is never held against a way."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.choices import VALUES, Aspect, Choice, UnknownChoice, keeps, offered, values_of
from app.domain.comparison import Comparison, Question
from app.domain.provider import ProviderKind
from app.domain.quote import Age
from app.domain.ranking import Priority, Ranked
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed
from tests.domain.strategies import MOROCCO, SERVICE, answer, euro, price, provider, quote

EVERY = [Choice(aspect, value) for aspect, values in VALUES.items() for value in values]
choices = st.lists(st.sampled_from(EVERY), max_size=6).map(tuple)


def way(rank: int = 1, kind: ProviderKind = ProviderKind.MTO, **changes: Any) -> Ranked:
    made = answer(price(quote("200", "4", "1960", "10", replace(SERVICE, **changes))))
    return Ranked(rank, made, provider(kind=kind), Age.FRESH)


def subsets(values: type[StrEnum]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(values)), max_size=2, unique=True).map(tuple)


ways = st.builds(
    way,
    kind=st.sampled_from(ProviderKind),
    payment_instruments=subsets(PaymentInstrument),
    access_points=subsets(AccessPoint),
    pickup_methods=subsets(PickupMethod),
    speed=st.none() | st.sampled_from(Speed),
    coverage=st.none() | st.sampled_from(Coverage),
)


def chosen(*texts: str) -> tuple[Choice, ...]:
    return tuple(Choice.read(text) for text in texts)


@pytest.mark.parametrize("choice", EVERY, ids=str)
def test_a_choice_is_read_as_it_is_written(choice: Choice) -> None:
    assert Choice.read(str(choice)) == choice


@pytest.mark.parametrize(
    "text", ["", "pay", "pay.", ".cash", "pay.gold", "colour.cash", "pay.cash.", "receive.high"]
)
def test_what_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(UnknownChoice):
        Choice.read(text)


def test_one_of_a_group_is_enough_and_every_group_counts() -> None:
    cash = way(payment_instruments=(PaymentInstrument.CASH,))
    assert keeps(chosen("pay.cash", "pay.debit_card"), cash)
    assert not keeps(chosen("pay.debit_card"), cash)
    assert not keeps(chosen("pay.cash", "receive.cash"), cash)


def test_a_speed_is_the_latest() -> None:
    assert keeps(chosen("speed.next_day"), way(speed=Speed.LESS_THAN_ONE_HOUR))
    assert keeps(chosen("speed.next_day"), way(speed=Speed.NEXT_DAY))
    assert not keeps(chosen("speed.next_day"), way(speed=Speed.TWO_DAYS))


@pytest.mark.parametrize("choice", EVERY, ids=str)
def test_what_is_not_known_stays(choice: Choice) -> None:
    bare = way(
        payment_instruments=(), access_points=(), pickup_methods=(), speed=None, coverage=None
    )
    if choice.aspect is not Aspect.KIND:
        assert keeps([choice], bare)


def test_counts_are_of_ways_known_to_agree_and_leave_their_own_group_out() -> None:
    cash, card, unknown = (
        way(payment_instruments=(PaymentInstrument.CASH,)),
        way(payment_instruments=(PaymentInstrument.CREDIT_CARD,), speed=Speed.TWO_DAYS),
        way(payment_instruments=()),
    )
    found = {one.aspect: one for one in offered(chosen("pay.cash"), [cash, card, unknown])}
    pay = found[Aspect.PAY]
    assert [(str(one.choice), one.ways, one.chosen) for one in pay.options] == [
        ("pay.cash", 1, True),
        ("pay.credit_card", 1, False),
    ]
    assert pay.unknown == 1
    assert [(str(one.choice), one.ways) for one in found[Aspect.SPEED].options] == [
        ("speed.next_day", 2),
        ("speed.two_days", 2),
    ]
    assert Aspect.RECEIVE not in found, "all are alike in it: there is nothing to choose"


def test_what_is_chosen_can_be_taken_back_even_where_no_way_has_it() -> None:
    found = {one.aspect: one for one in offered(chosen("pay.mobile_money"), [way(), way()])}
    assert [(str(one.choice), one.ways, one.chosen) for one in found[Aspect.PAY].options] == [
        ("pay.bank_account_transfer", 2, False),
        ("pay.mobile_money", 0, True),
    ]
    only = {one.aspect: one for one in offered(chosen("pay.bank_account_transfer"), [way()])}
    assert [one.chosen for one in only[Aspect.PAY].options] == [True], "the only one there is"


def test_the_kind_of_firm_is_always_known() -> None:
    bank = way(kind=ProviderKind.BANK)
    assert keeps(chosen("kind.bank"), bank)
    assert not keeps(chosen("kind.mto"), bank)
    (found,) = offered((), [bank, way()])
    assert (found.aspect, found.unknown) == (Aspect.KIND, 0)
    assert [(str(one.choice), one.ways) for one in found.options] == [
        ("kind.bank", 1),
        ("kind.mto", 1),
    ]


@given(st.lists(ways, max_size=6), choices)
def test_a_count_is_what_choosing_it_alone_in_its_group_leaves(
    found: list[Ranked], made: tuple[Choice, ...]
) -> None:
    for group in offered(made, found):
        others = [one for one in made if one.aspect is not group.aspect]
        for option in group.options:
            left = [one for one in found if keeps([*others, option.choice], one)]
            known = [
                one for one in left if values_of(group.aspect, one.answer.service, one.provider)
            ]
            assert option.ways == len(known)
            assert option.chosen == (option.choice in made)


@given(st.lists(ways, max_size=6), choices)
def test_choosing_leaves_the_order_and_counts_anew(
    found: list[Ranked], made: tuple[Choice, ...]
) -> None:
    ranked = [replace(one, rank=place) for place, one in enumerate(found, start=1)]
    whole = Comparison(Question(MOROCCO, euro("200")), Priority.CHEAP, ranked, [])
    some = whole.only(made)
    assert [one.rank for one in some.results] == list(range(1, len(some.results) + 1))
    kept = [one for one in ranked if keeps(made, one)]
    assert [one.answer for one in some.results] == [one.answer for one in kept]
    assert whole.only(()).results == ranked
