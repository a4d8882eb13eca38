"""Ranking: in which order answers are shown, and nothing else.

Pure: the same answers give the same order, whoever asks. Names, promotions, clicks and
adverts are not inputs. The rules are data: RULES says which criteria decide, in which order, and
the page "how we work" is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.ladder import Answer
from app.domain.provider import Licence, Provider
from app.domain.quote import AGE_ORDER, Age
from app.domain.service import SPEED_ORDER, Coverage


class Priority(StrEnum):
    """What the visitor asks for first."""

    SAFE = "safe"
    FAST = "fast"
    CHEAP = "cheap"


LICENCE_ORDER = {licence: place for place, licence in enumerate(Licence)}
COVERAGE_ORDER = {Coverage.HIGH: 0, Coverage.MEDIUM: 1, Coverage.LOW: 2, None: 3}


@dataclass(frozen=True, slots=True)
class Ranked:
    """An answer in its place; `rank` counts from 1."""

    rank: int
    answer: Answer
    provider: Provider
    age: Age


Row = tuple[Answer, Provider, Age]


class Criterion(StrEnum):
    """What can decide between two answers.

    AGE       fresh before older, and older before dated
    LICENCE   found before unchecked, and unchecked before not found
    KNOWN     most of the five facts known
    PAID      least paid; it is the same in every answer to "I pay X"
    RECEIVED  most received
    SPEED     shortest speed band, unknown last
    REACH     most pay-out points, unknown last
    LONGEST   the service known longest: no two are alike in this, so that ties end here
    """

    AGE = "age"
    LICENCE = "licence"
    KNOWN = "known"
    PAID = "paid"
    RECEIVED = "received"
    SPEED = "speed"
    REACH = "reach"
    LONGEST = "longest"


RULES: dict[Priority, tuple[Criterion, ...]] = {
    Priority.SAFE: (
        Criterion.AGE,
        Criterion.LICENCE,
        Criterion.KNOWN,
        Criterion.PAID,
        Criterion.RECEIVED,
        Criterion.SPEED,
        Criterion.REACH,
        Criterion.LONGEST,
    ),
    Priority.FAST: (
        Criterion.AGE,
        Criterion.SPEED,
        Criterion.PAID,
        Criterion.RECEIVED,
        Criterion.REACH,
        Criterion.KNOWN,
        Criterion.LONGEST,
    ),
    Priority.CHEAP: (
        Criterion.AGE,
        Criterion.PAID,
        Criterion.RECEIVED,
        Criterion.SPEED,
        Criterion.REACH,
        Criterion.KNOWN,
        Criterion.LONGEST,
    ),
}
"""The whole rule: the first criterion decides; each next one only where all before it are equal."""


def known_facts(answer: Answer) -> int:
    """How many of the five facts that a careful sender asks for are known."""
    service = answer.service
    facts = (
        service.speed,
        service.coverage,
        service.payment_instruments,
        service.pickup_methods,
        answer.exact,
    )
    return sum(1 for fact in facts if fact)


def rank(
    answers: Iterable[tuple[Answer, Provider]], priority: Priority, now: datetime
) -> list[Ranked]:
    """Best first, by RULES. The order in which answers come in does not matter."""
    rows = [(answer, provider, _age(answer, now)) for answer, provider in answers]
    rule = [MEASURES[criterion] for criterion in RULES[priority]]
    rows.sort(key=lambda row: tuple(measure(row) for measure in rule))
    return [Ranked(place, *row) for place, row in enumerate(rows, start=1)]


def _age(answer: Answer, now: datetime) -> Age:
    """Of its oldest part: an estimate is no fresher than either of the prices around it."""
    ages = [rung.age(now) for rung in answer.rungs]
    return max(ages, key=lambda age: AGE_ORDER[age])


def _speed(answer: Answer) -> int:
    speed = answer.service.speed
    return len(SPEED_ORDER) if speed is None else SPEED_ORDER[speed]


MEASURES: dict[Criterion, Callable[[Row], int | Decimal]] = {
    Criterion.AGE: lambda row: AGE_ORDER[row[2]],
    Criterion.LICENCE: lambda row: LICENCE_ORDER[row[1].licence],
    Criterion.KNOWN: lambda row: -known_facts(row[0]),
    Criterion.PAID: lambda row: row[0].paid.amount,
    Criterion.RECEIVED: lambda row: -row[0].received.amount,
    Criterion.SPEED: lambda row: _speed(row[0]),
    Criterion.REACH: lambda row: COVERAGE_ORDER[row[0].service.coverage],
    Criterion.LONGEST: lambda row: row[0].base.service_id,
}
"""How each criterion is measured; the lowest comes first."""
