"""The order of answers: the published rules, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ladder import Answer
from app.domain.provider import Licence, Provider, ProviderKind
from app.domain.quote import AGE_ORDER, Age, Observed, Origin, Promotion
from app.domain.ranking import Priority, known_facts, rank
from app.domain.service import Coverage, PaymentInstrument, Speed
from tests.domain.strategies import (
    NOW,
    SERVICE,
    answer,
    euro,
    offers,
    price,
    promotions,
    provider,
    quote,
)

Offers = list[tuple[Answer, Provider]]
priorities = st.sampled_from(Priority)


def offer(number: int, received: str = "1960", **changes: Any) -> tuple[Answer, Provider]:
    """An answer to "I pay 200 euro" of a provider named by its number."""
    licence = changes.pop("licence", Licence.UNCHECKED)
    observed = changes.pop("observed", Observed(NOW))
    origin = changes.pop("origin", Origin.LIVE)
    slug = f"firm-{number}"
    sent = Decimal(received) / 10
    quoted = quote(
        "200", str(200 - sent), received, "10", replace(SERVICE, provider=slug, **changes)
    )
    made = price(quoted, service_id=number, observed=observed, origin=origin)
    return answer(made), provider(slug, licence=licence)


def order(given_offers: Offers, priority: Priority = Priority.CHEAP) -> list[int]:
    return [one.answer.base.service_id for one in rank(given_offers, priority, NOW)]


def test_most_received_is_cheapest() -> None:
    assert order([offer(1, "1950"), offer(2, "1970"), offer(3, "1960")]) == [2, 3, 1]


def test_least_paid_comes_first_where_an_amount_must_arrive() -> None:
    dear = answer(price(quote("205", "5", "2000", "10"), service_id=1))
    cheap = answer(price(quote("203", "3.01", "1999.90", "10"), service_id=2))
    assert order([(dear, provider()), (cheap, provider())]) == [2, 1]


def test_places_count_from_one() -> None:
    ranked = rank([offer(1, "1950"), offer(2, "1970"), offer(3, "1960")], Priority.CHEAP, NOW)
    assert [one.rank for one in ranked] == [1, 2, 3]
    assert [one.provider.slug for one in ranked] == ["firm-2", "firm-3", "firm-1"]
    assert rank([], Priority.CHEAP, NOW) == []


def test_fast_is_by_speed_and_then_as_cheap() -> None:
    given_offers = [
        offer(1, "1990", speed=None),
        offer(2, "1980", speed=Speed.SIX_DAYS_OR_MORE),
        offer(3, "1970", speed=Speed.LESS_THAN_ONE_HOUR),
        offer(4, "1975", speed=Speed.LESS_THAN_ONE_HOUR),
        offer(5, "1985", speed=Speed.NEXT_DAY),
    ]
    assert order(given_offers, Priority.FAST) == [4, 3, 5, 2, 1]


def test_safe_is_by_licence_then_by_what_is_known_and_then_as_cheap() -> None:
    given_offers = [
        offer(1, "1990", licence=Licence.NOT_FOUND),
        offer(2, "1980", licence=Licence.UNCHECKED),
        offer(3, "1960", licence=Licence.FOUND, speed=None),
        offer(4, "1950", licence=Licence.FOUND),
        offer(5, "1955", licence=Licence.FOUND),
    ]
    assert order(given_offers, Priority.SAFE) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({}, 5),
        ({"speed": None}, 4),
        ({"coverage": None}, 4),
        ({"payment_instruments": ()}, 4),
        ({"pickup_methods": ()}, 4),
        ({"access_points": ()}, 5),
        ({"speed": None, "coverage": None, "payment_instruments": (), "pickup_methods": ()}, 1),
    ],
)
def test_what_is_known_of_a_service(changes: dict[str, Any], facts: int) -> None:
    assert known_facts(offer(1, **changes)[0]) == facts


def test_an_estimate_is_one_thing_less_known() -> None:
    exact, _ = offer(1)
    assert known_facts(replace(exact, rungs=exact.rungs * 2)) == 4


@pytest.mark.parametrize("priority", Priority)
def test_ties_are_broken_by_speed_then_reach_then_how_long_we_know_it(priority: Priority) -> None:
    unknown: dict[str, Any] = {"payment_instruments": (), "pickup_methods": ()}
    given_offers = [
        offer(1, speed=Speed.TWO_DAYS, **unknown),
        offer(2, speed=Speed.NEXT_DAY, coverage=Coverage.LOW, **unknown),
        offer(3, speed=Speed.NEXT_DAY, coverage=Coverage.HIGH, **unknown),
        offer(4, speed=Speed.NEXT_DAY, coverage=Coverage.MEDIUM, **unknown),
        offer(5, speed=Speed.NEXT_DAY, coverage=Coverage.HIGH, **unknown),
    ]
    assert order(given_offers[::-1], priority) == [3, 5, 4, 2, 1]


@pytest.mark.parametrize("priority", Priority)
def test_of_two_alike_the_one_of_which_more_is_known_comes_first(priority: Priority) -> None:
    given_offers = [offer(1, payment_instruments=()), offer(2)]
    assert order(given_offers, priority) == [2, 1]


def test_unknown_speed_and_reach_come_last() -> None:
    given_offers = [
        offer(1, speed=None),
        offer(2, speed=Speed.SIX_DAYS_OR_MORE, coverage=None),
        offer(3, speed=Speed.SIX_DAYS_OR_MORE, coverage=Coverage.LOW),
    ]
    assert order(given_offers) == [3, 2, 1]


@pytest.mark.parametrize("priority", Priority)
def test_a_better_but_older_price_comes_after_a_fresh_one(priority: Priority) -> None:
    survey = {"origin": Origin.SURVEY, "licence": Licence.FOUND}
    best = {"speed": Speed.LESS_THAN_ONE_HOUR}
    given_offers = [
        offer(1, "1990", **survey, **best),
        offer(2, "1980", observed=Observed(NOW - timedelta(hours=2)), **best),
        offer(3, "1900", speed=None),
    ]
    assert order(given_offers, priority) == [3, 2, 1]


def test_an_estimate_is_as_old_as_its_older_rung() -> None:
    fresh, firm = offer(1)
    dated, _ = offer(1, origin=Origin.SURVEY)
    between = replace(fresh, rungs=(fresh.base, dated.base))
    assert rank([(between, firm)], Priority.CHEAP, NOW)[0].age is Age.DATED


@given(offers(), priorities)
def test_everyone_keeps_a_place_and_the_freshest_come_first(
    given_offers: Offers, priority: Priority
) -> None:
    ranked = rank(given_offers, priority, NOW)
    assert len(ranked) == len(given_offers)
    ages = [AGE_ORDER[one.age] for one in ranked]
    assert ages == sorted(ages)
    for one in ranked:
        assert (one.answer, one.provider) in given_offers
        assert one.age == one.answer.base.observed.age(one.answer.base.origin, NOW)


@given(offers(), priorities, st.data())
def test_the_order_of_answers_does_not_matter(
    given_offers: Offers, priority: Priority, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(given_offers))
    assert rank(shuffled, priority, NOW) == rank(given_offers, priority, NOW)


@given(offers(), priorities, st.data())
def test_a_renamed_provider_keeps_its_place(
    given_offers: Offers, priority: Priority, data: st.DataObject
) -> None:
    renamed = [
        (
            one,
            replace(
                firm,
                name=data.draw(st.text(max_size=8)),
                slug=data.draw(st.text(max_size=8)),
                website=data.draw(st.none() | st.text(max_size=8)),
                kind=data.draw(st.sampled_from(ProviderKind)),
            ),
        )
        for one, firm in given_offers
    ]
    assert order(renamed, priority) == order(given_offers, priority)


@given(offers(), priorities, st.data())
def test_a_promotion_changes_nothing(
    given_offers: Offers, priority: Priority, data: st.DataObject
) -> None:
    promoted = [
        (_promoted(one, data.draw(st.none() | promotions)), firm) for one, firm in given_offers
    ]
    assert order(promoted, priority) == order(given_offers, priority)


def _promoted(of: Answer, promotion: Promotion | None) -> Answer:
    rungs = tuple(
        replace(rung, quote=replace(rung.quote, promotion=promotion)) for rung in of.rungs
    )
    return replace(of, rungs=rungs)


@given(offers(), priorities)
def test_source_and_evidence_change_nothing(given_offers: Offers, priority: Priority) -> None:
    others = [
        (
            replace(
                one,
                rungs=tuple(
                    replace(rung, source=f"z{rung.service_id}", evidence="ff", id=9)
                    for rung in one.rungs
                ),
            ),
            firm,
        )
        for one, firm in given_offers
    ]
    assert order(others, priority) == order(given_offers, priority)


@given(offers(), priorities, st.data())
def test_a_service_more_or_less_does_not_reorder_the_others(
    given_offers: Offers, priority: Priority, data: st.DataObject
) -> None:
    kept = [one for one in given_offers if data.draw(st.booleans())]
    numbers = {one.base.service_id for one, _ in kept}
    whole = [number for number in order(given_offers, priority) if number in numbers]
    assert order(kept, priority) == whole


@given(offers())
def test_cheap_never_puts_less_money_first(given_offers: Offers) -> None:
    ranked = rank(given_offers, Priority.CHEAP, NOW)
    for age in Age:
        received = [one.answer.received.amount for one in ranked if one.age is age]
        assert received == sorted(received, reverse=True)


def test_reward_for_paying_in_cash_is_no_input() -> None:
    by_cash = offer(1, payment_instruments=(PaymentInstrument.CASH,))
    by_bank = offer(2)
    assert order([by_bank, by_cash]) == [1, 2]
    assert by_cash[0].paid == by_bank[0].paid == euro("200")
