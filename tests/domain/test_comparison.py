"""One question, put to every service of a corridor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison import Comparison, Question, answer, compare
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.money import Money
from app.domain.provider import Provider, ProviderStatus
from app.domain.quote import Age, Observed, Price
from app.domain.ranking import Priority
from tests.domain.strategies import MOROCCO, NOW, SERVICE, dirham, euro, price, provider, quote

EVERYONE = {slug: provider(slug) for slug in ("wise", "remitly", "ria")}


def of(slug: str, *paid: str, fee: str = "2", variant: int = 1) -> Ladder:
    """A service of `slug` at ten dirham to the euro, with a rung at each amount paid."""
    service = replace(SERVICE, provider=slug, variant=variant)
    return Ladder(
        [
            price(quote(one, fee, str((Decimal(one) - Decimal(fee)) * 10), "10", service))
            for one in paid
        ]
    )


def asked(
    amount: Money,
    *ladders: Ladder,
    pays: bool = True,
    providers: dict[str, Provider] | None = None,
) -> Comparison:
    question = Question(MOROCCO, amount, pays=pays)
    return compare(question, ladders, providers or EVERYONE, Priority.CHEAP, NOW)


def test_every_service_answers_and_is_ranked() -> None:
    found = asked(euro("150"), of("wise", "100", "200"), of("ria", "100", "200", fee="1"))
    assert [one.provider.slug for one in found.results] == ["ria", "wise"]
    assert [one.rank for one in found.results] == [1, 2]
    assert found.outside == []


@pytest.mark.parametrize("status", [ProviderStatus.CLOSED, ProviderStatus.UNLICENSED])
def test_closed_and_unlicensed_providers_are_never_offered(status: ProviderStatus) -> None:
    providers = EVERYONE | {"wise": provider("wise", status=status)}
    ladders = of("wise", "100", "200"), of("ria", "100", "200")
    for amount in (euro("150"), euro("900")):
        found = asked(amount, *ladders, providers=providers)
        offered = {one.answer.service.provider for one in found.results}
        near = {one.service.provider for one in found.outside}
        assert offered | near == {"ria"}
        assert "wise" not in [group[0].provider.slug for group in found.by_provider]


def test_a_closed_provider_does_not_widen_the_range() -> None:
    providers = EVERYONE | {"wise": provider("wise", status=ProviderStatus.CLOSED)}
    found = asked(euro("10"), of("wise", "50"), of("ria", "100", "200"), providers=providers)
    assert found.range == (euro("100"), euro("200"))
    assert found.near[0] == euro("100")


def test_services_out_of_reach_are_kept_apart() -> None:
    found = asked(euro("150"), of("wise", "100", "200"), of("ria", "200", "300"))
    assert [one.provider.slug for one in found.results] == ["wise"]
    assert [one.service.provider for one in found.outside] == ["ria"]


def test_variants_are_folded_under_their_provider_the_best_first() -> None:
    found = asked(
        euro("100"),
        *(of("wise", "100", fee="3"), of("wise", "100", fee="1", variant=2)),
        of("ria", "100", fee="2"),
    )
    fees = [[str(one.answer.fee.amount) for one in group] for group in found.by_provider]
    assert [group[0].provider.slug for group in found.by_provider] == ["wise", "ria"]
    assert fees == [["1", "3"], ["2"]]


def test_what_must_arrive_is_asked_in_the_receiver_s_currency() -> None:
    found = asked(dirham("1480"), of("wise", "100", "200"), pays=False)
    assert found.results[0].answer.paid == euro("150")
    assert asked(dirham("9"), of("wise", "100", "200"), pays=False).range == (
        dirham("980"),
        dirham("1980"),
    )


def test_within_reach_of_all_there_is_no_range_to_tell() -> None:
    found = asked(euro("150"), of("wise", "100", "200"))
    assert (found.range, found.near) == (None, [])


def test_the_range_is_that_of_all_services_out_of_reach() -> None:
    found = asked(euro("10"), of("wise", "100", "200"), of("ria", "143.50", "350.21"))
    assert found.range == (euro("100"), euro("350.21"))


@pytest.mark.parametrize(("amount", "near"), [("10", "144"), ("900", "350")])
def test_the_nearest_amount_is_whole_and_has_a_price(amount: str, near: str) -> None:
    found = asked(euro(amount), of("wise", "143.50", "350.21"))
    assert found.near[0] == euro(near)


def test_a_service_with_one_odd_price_has_no_whole_amount_to_offer() -> None:
    found = asked(euro("10"), of("wise", "143.50"), of("ria", "500", "900"))
    assert found.range == (euro("143.50"), euro("900"))
    assert found.near[0] == euro("500")
    assert asked(euro("10"), of("wise", "143.50")).near == []


def test_between_two_ranges_the_nearest_ends_are_near() -> None:
    found = asked(euro("200"), of("wise", "20", "100"), of("ria", "500", "900"))
    assert found.near == [euro("100"), euro("500")]


amounts = st.integers(1_000, 100_000).map(lambda cents: str(Decimal(cents) / 100))
rungs = st.lists(amounts, min_size=1, max_size=3, unique_by=Decimal)


@given(st.lists(rungs, max_size=3), st.integers(10, 1_200))
def test_what_is_near_has_a_price(services: list[list[str]], amount: int) -> None:
    ladders = [of(slug, *paid) for slug, paid in zip(EVERYONE, services, strict=False)]
    found = asked(euro(str(amount)), *ladders)
    assert len(found.results) + len(found.outside) == len(ladders)
    distances = [abs(one.amount - amount) for one in found.near]
    assert distances == sorted(distances)
    for near in found.near:
        assert near.amount == near.amount.to_integral_value()
        assert any(isinstance(one.at_paid(near), Answer) for one in ladders)


@given(st.permutations(["wise", "remitly", "ria"]))
def test_the_order_of_services_does_not_matter(slugs: list[str]) -> None:
    fees = {"wise": "3", "remitly": "2", "ria": "1"}
    found = asked(euro("150"), *(of(slug, "100", "200", fee=fees[slug]) for slug in slugs))
    assert [one.provider.slug for one in found.results] == ["ria", "remitly", "wise"]


def test_a_single_answer() -> None:
    given_ladder = of("wise", "100", "200")
    pays = Question(MOROCCO, euro("150"))
    receives = Question(MOROCCO, dirham("1480"), pays=False)
    assert answer(given_ladder, pays) == answer(given_ladder, receives)


def test_what_is_near_is_what_most_services_answer() -> None:
    """Not the far end of the range, which the dearest service alone may reach."""
    dear = of("remitly", "175", "380", fee="35")
    found = asked(euro("500"), of("wise", "142", "347"), of("ria", "143", "348"), dear)
    assert found.near[0] == euro("348")
    assert asked(euro("20"), *[of("wise", "142", "347"), dear]).near[0] == euro("175")


def aged(minutes: int, paid: str, fee: str = "2") -> Price:
    """At ten dirham to the euro."""
    quoted = quote(paid, fee, str((Decimal(paid) - Decimal(fee)) * 10), "10")
    return price(quoted, observed=Observed(NOW - timedelta(minutes=minutes)))


def test_fresh_rungs_estimate_what_an_older_rung_would_answer_exactly() -> None:
    given_ladder = Ladder([aged(1, "140"), aged(60, "200", "9"), aged(1, "345")])
    (found,) = asked(euro("200"), given_ladder).results
    assert (found.age, found.answer.exact) == (Age.FRESH, False)
    assert [rung.quote.paid for rung in found.answer.rungs] == [euro("140"), euro("345")]
    question = Question(MOROCCO, euro("200"))
    assert answer(given_ladder, question, NOW) == found.answer
    whatever_age = answer(given_ladder, question)
    assert isinstance(whatever_age, Answer)
    assert (whatever_age.exact, whatever_age.fee) == (True, euro("9"))


def test_it_is_the_same_for_what_must_arrive() -> None:
    given_ladder = Ladder([aged(1, "140"), aged(60, "200", "9"), aged(1, "345")])
    (found,) = asked(dirham("1910"), given_ladder, pays=False).results
    assert (found.age, found.answer.paid) == (Age.FRESH, euro("193"))


def test_older_rungs_answer_where_fresh_ones_cannot_and_say_so() -> None:
    given_ladder = Ladder([aged(1, "140"), aged(60, "200"), aged(9_000, "345")])
    ages = {
        amount: [one.age for one in asked(euro(amount), given_ladder).results]
        for amount in ("140", "170", "200", "300", "345", "346")
    }
    assert ages == {
        "140": [Age.FRESH],
        "170": [Age.OLDER],
        "200": [Age.OLDER],
        "300": [Age.DATED],
        "345": [Age.DATED],
        "346": [],
    }


def test_out_of_reach_of_every_rung_the_range_is_that_of_all() -> None:
    given_ladder = Ladder([aged(1, "140"), aged(60, "200"), aged(9_000, "345")])
    (outside,) = asked(euro("400"), given_ladder).outside
    assert isinstance(outside, Outside)
    assert (outside.lowest, outside.highest) == (euro("140"), euro("345"))


def test_a_fresh_rung_answers_by_its_published_fee_before_an_older_one_does() -> None:
    schedule = FeeSchedule((FeeTier(Decimal(0), Decimal(2)),), Decimal(40), Decimal(2000))
    fresh = aged(1, "202")
    fresh = replace(fresh, quote=replace(fresh.quote, schedule=schedule))
    (found,) = asked(euro("345"), Ladder([fresh, aged(60, "345", "9")])).results
    assert (found.age, found.answer.exact, found.answer.fee) == (Age.FRESH, True, euro("2"))
