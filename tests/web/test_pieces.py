"""Figures over a list: who leads, what each way costs against the first, and what is cheaper."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.choices import Choice
from app.domain.comparison import Comparison, Question
from app.domain.money import Money
from app.domain.quote import Age
from app.domain.ranking import Priority, Ranked
from app.domain.service import PaymentInstrument, Service
from app.web.compare.pieces import Shown
from app.web.ledger import Ledger
from app.web.lookup import Lookup, Place
from tests.domain.strategies import MOROCCO, SERVICE, answer, dirham, euro, price, provider, quote

CASH = replace(SERVICE, payment_instruments=(PaymentInstrument.CASH,))
AGES = list(Age)


def way(
    rank: int,
    paid: str = "200",
    received: str = "1960",
    age: Age = Age.FRESH,
    firm: str = "alpha",
    service: Service = SERVICE,
) -> Ranked:
    fee = str(Decimal(paid) - Decimal(received) / 10)
    made = answer(price(quote(paid, fee, received, "10", service)))
    return Ranked(rank, made, provider(firm), age)


def shown(*ways: Ranked, pays: bool = True, by: str = "") -> Shown:
    question = Question(MOROCCO, euro("200") if pays else dirham("1900"), pays)
    whole = Comparison(question, Priority.FAST, list(ways), [])
    found = Lookup(whole, None, [], [], Ledger([], [], []), Place([], None))
    return Shown(found, whole.only([Choice.read(by)] if by else []))


def test_only_the_freshest_lead_and_all_of_those_that_let_most_arrive() -> None:
    slow, most, same = way(1, received="1950"), way(2), way(3)
    old = way(4, age=Age.OLDER)
    found = shown(slow, most, same, old)
    assert [found.leads(one) for one in (slow, most, same, old)] == [False, True, True, False]


def test_who_must_receive_an_amount_is_led_by_the_least_paid() -> None:
    dear, least = way(1, paid="203"), way(2, paid="201")
    found = shown(dear, least, pays=False)
    assert [found.leads(one) for one in (dear, least)] == [False, True]
    assert found.gap == euro("2")


def test_the_first_and_what_is_older_are_weighed_against_nothing() -> None:
    first, second, old = way(1), way(2, received="1950"), way(3, received="1990", age=Age.DATED)
    found = shown(first, second, old)
    assert found.against_best(first) is None
    assert found.against_best(old) is None
    traded = found.against_best(second)
    assert traded is not None
    assert traded.gain == dirham("-10")


def test_cheaper_is_of_the_same_firm_and_age_whether_it_was_chosen_or_not() -> None:
    chosen = way(1, received="1950", service=CASH)
    better, other = way(2, received="1955"), way(3, received="1970", firm="beta")
    best, old = way(4), way(5, received="1980", age=Age.OLDER)
    found = shown(chosen, better, other, best, old, by="pay.cash")
    assert len(found.results) == 1
    assert found.cheaper(found.results[0]) == (best, dirham("10"))
    assert shown(best, old).cheaper(best) is None
    assert shown(best, old).cheaper(old) is None


def test_cheaper_is_what_saves_most_where_an_amount_must_arrive() -> None:
    dear, cheap, cheapest = way(1, paid="205"), way(2, paid="203"), way(3, paid="202.50")
    found = shown(dear, cheap, cheapest, pays=False)
    assert found.cheaper(dear) == (cheapest, euro("2.50"))
    assert found.cheaper(cheapest) is None


@given(
    st.lists(
        st.tuples(
            st.integers(1900, 1990), st.sampled_from(AGES), st.sampled_from(["alpha", "beta"])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_some_of_the_freshest_lead_and_nothing_beats_them(
    given_ways: list[tuple[int, Age, str]],
) -> None:
    rows = sorted(given_ways, key=lambda row: AGES.index(row[1]))
    ways = [
        way(n, received=str(got), age=age, firm=firm) for n, (got, age, firm) in enumerate(rows, 1)
    ]
    found = shown(*ways)
    fresh = [one for one in ways if one.age is ways[0].age]
    leading = [one for one in ways if found.leads(one)]
    most = max(one.answer.received.amount for one in fresh)
    assert leading == [one for one in fresh if one.answer.received.amount == most]
    for one in ways:
        cheaper = found.cheaper(one)
        same = [
            two for two in ways if two.provider.slug == one.provider.slug and two.age is one.age
        ]
        best = max(two.answer.received.amount for two in same)
        gain = best - one.answer.received.amount
        assert (cheaper[1] if cheaper else Money(Decimal(0), "MAD")) == Money(gain, "MAD")
