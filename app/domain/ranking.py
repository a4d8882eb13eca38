"""Ranking: in which order answers are shown, and nothing else.

Pure: the same answers give the same order, whoever asks. Names, promotions, clicks and
adverts are not inputs. These rules are published on the page "how we work".

  all    fresh prices come before older ones, and older before dated
  cheap  most received for what is paid; where the question is what must arrive, least paid
  fast   shortest speed band first, unknown last; then as cheap
  safe   licence found before unchecked before not found; then the service of which most is
         known (speed, reach, how to pay, how it is paid out, a price at this very amount);
         then as cheap
  ties   speed, then reach, then the service of which more is known, then the one known longest
"""

from __future__ import annotations

from collections.abc import Iterable
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


Key = tuple[int | Decimal, ...]


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
    """Best first, by the rules above. The order in which answers come in does not matter."""
    aged = [(answer, provider, _age(answer, now)) for answer, provider in answers]
    keys = {Priority.CHEAP: _cheap, Priority.FAST: _fast, Priority.SAFE: _safe}
    key = keys[priority]
    aged.sort(key=lambda row: (AGE_ORDER[row[2]], *key(row[0], row[1])))
    return [Ranked(place, *row) for place, row in enumerate(aged, start=1)]


def _age(answer: Answer, now: datetime) -> Age:
    """Of its oldest part: an estimate is no fresher than either of the prices around it."""
    ages = [rung.age(now) for rung in answer.rungs]
    return max(ages, key=lambda age: AGE_ORDER[age])


def _speed(answer: Answer) -> int:
    speed = answer.service.speed
    return len(SPEED_ORDER) if speed is None else SPEED_ORDER[speed]


def _cheap(answer: Answer, _provider: Provider) -> Key:
    """Paid first: it is the same in every answer to "I pay X"."""
    return (
        answer.paid.amount,
        -answer.received.amount,
        _speed(answer),
        COVERAGE_ORDER[answer.service.coverage],
        -known_facts(answer),
        answer.base.service_id,
    )


def _fast(answer: Answer, provider: Provider) -> Key:
    return (_speed(answer), *_cheap(answer, provider))


def _safe(answer: Answer, provider: Provider) -> Key:
    return (
        LICENCE_ORDER[provider.licence],
        -known_facts(answer),
        *_cheap(answer, provider),
    )
