"""The rules of the ranking as data: they say what they said before they were data, and what they
say is what is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ranking
from app.domain.ladder import Answer
from app.domain.provider import Licence, Provider
from app.domain.quote import AGE_ORDER, Observed
from app.domain.ranking import (
    COVERAGE_ORDER,
    LICENCE_ORDER,
    MEASURES,
    RULES,
    Criterion,
    Priority,
    known_facts,
    rank,
)
from app.domain.service import SPEED_ORDER, Coverage, Speed
from tests.domain.strategies import NOW, offers
from tests.domain.test_ranking import Offers, offer, order

Key = tuple[int | Decimal, ...]
priorities = st.sampled_from(Priority)
BY: dict[Criterion, tuple[dict[str, Any], dict[str, Any]]] = {
    Criterion.AGE: ({}, {"observed": Observed(NOW - timedelta(hours=2))}),
    Criterion.LICENCE: ({"licence": Licence.FOUND}, {"licence": Licence.NOT_FOUND}),
    Criterion.KNOWN: ({}, {"pickup_methods": ()}),
    Criterion.RECEIVED: ({"received": "1990"}, {"received": "1960"}),
    Criterion.SPEED: ({"speed": Speed.SAME_DAY}, {"speed": Speed.TWO_DAYS}),
    Criterion.REACH: ({"coverage": Coverage.MEDIUM}, {"coverage": Coverage.LOW}),
}
"""Two answers that differ in little else than this criterion, the better one first."""


def old_key(answer: Answer, provider: Provider, priority: Priority, now: datetime) -> Key:
    """The rules as they were written before they were data, read off the published page."""
    service = answer.service
    speed = len(SPEED_ORDER) if service.speed is None else SPEED_ORDER[service.speed]
    cheap: Key = (
        answer.paid.amount,
        -answer.received.amount,
        speed,
        COVERAGE_ORDER[service.coverage],
        -known_facts(answer),
        answer.base.service_id,
    )
    first: dict[Priority, Key] = {
        Priority.CHEAP: (),
        Priority.FAST: (speed,),
        Priority.SAFE: (LICENCE_ORDER[provider.licence], -known_facts(answer)),
    }
    age = max(AGE_ORDER[rung.age(now)] for rung in answer.rungs)
    return (age, *first[priority], *cheap)


@given(offers(), priorities)
def test_the_order_is_what_it_was(given_offers: Offers, priority: Priority) -> None:
    before = sorted(given_offers, key=lambda one: old_key(one[0], one[1], priority, NOW))
    ranked = [(one.answer, one.provider) for one in rank(given_offers, priority, NOW)]
    assert ranked == before


@pytest.mark.parametrize("priority", Priority)
def test_a_rule_is_complete(priority: Priority) -> None:
    """It begins with the age, ends with what no two share, and names nothing twice."""
    rule = RULES[priority]
    assert rule[0] is Criterion.AGE
    assert rule[-1] is Criterion.LONGEST
    assert len(set(rule)) == len(rule)
    assert {Criterion.PAID, Criterion.RECEIVED} <= set(rule)


def test_every_criterion_is_measured_and_every_priority_ruled() -> None:
    assert set(MEASURES) == set(Criterion)
    assert set(RULES) == set(Priority)
    assert {one for rule in RULES.values() for one in rule} == set(Criterion)


@pytest.mark.parametrize("criterion", BY)
@pytest.mark.parametrize("priority", Priority)
def test_a_criterion_that_leaves_or_leads_the_rule_changes_the_order(
    monkeypatch: pytest.MonkeyPatch, priority: Priority, criterion: Criterion
) -> None:
    better, worse = BY[criterion]
    given_offers = [offer(1, **worse), offer(2, **better)]
    monkeypatch.setattr(ranking, "RULES", {priority: (criterion, Criterion.LONGEST)})
    assert order(given_offers, priority) == [2, 1]
    monkeypatch.setattr(ranking, "RULES", {priority: (Criterion.LONGEST,)})
    assert order(given_offers, priority) == [1, 2]


@given(offers(), priorities, st.data())
def test_a_shuffled_rule_is_followed_to_the_letter(
    given_offers: Offers, priority: Priority, data: st.DataObject
) -> None:
    """Whatever stands in RULES, and nothing else, is how answers are sorted."""
    rule = tuple(data.draw(st.permutations(RULES[priority])))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ranking, "RULES", {**RULES, priority: rule})
        ranked = rank(given_offers, priority, NOW)
    keys = [[MEASURES[one]((row.answer, row.provider, row.age)) for one in rule] for row in ranked]
    assert keys == sorted(keys)
