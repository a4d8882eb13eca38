"""Asking one source its questions, one after the other. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.collect.fit import must_fit
from app.collect.plan import Plan, Question
from scrapers.contract import (
    Ask,
    Exchange,
    Http,
    NotOffered,
    Offer,
    PriceSource,
    Refused,
    SourceError,
    Trouble,
    Unreachable,
    Unreadable,
)

MOST_FAILURES = 3
"""Questions in a row without any answer: the rest is left for the next run."""


class Recorded(Http, Protocol):
    """An Http that counts its requests and keeps what came of them."""

    @property
    def requests(self) -> int: ...

    @property
    def exchanges(self) -> list[Exchange]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question, at `at` (aware UTC): prices, or the error."""

    question: Question
    at: datetime
    offers: list[Offer] = field(default_factory=list)
    error: SourceError | None = None


def ask_all(
    http: Recorded,
    source: PriceSource,
    plan: Plan,
    clock: Callable[[], datetime],
    until: datetime,
) -> list[Answered]:
    """As many questions as the plan's allowance and the time `until` (aware UTC) permit."""
    found: list[Answered] = []
    silent = 0
    for question in plan.questions:
        if http.requests >= plan.allowance or clock() >= until:
            break
        answered = ask_one(http, source, question, clock)
        found.append(answered)
        error = answered.error
        silent = silent + 1 if isinstance(error, Unreachable | Refused) else 0
        if silent >= MOST_FAILURES:
            break
    return found


def ask_one(
    http: Http, source: PriceSource, question: Question, clock: Callable[[], datetime]
) -> Answered:
    at, ask = clock(), Ask(*question)
    try:
        offers = source.fetch(http, ask)
        for offer in offers:
            must_fit(ask, offer)
    except SourceError as error:
        return Answered(question, at, error=error)
    except Exception as error:  # noqa: BLE001  one source's mistake must not stop the others
        told = Unreadable(f"{type(error).__name__}: {error}")
        told.__cause__ = error
        return Answered(question, at, error=told)
    if not offers:
        return Answered(question, at, error=Unreadable("no price in the answer", Trouble.EMPTY))
    return Answered(question, at, offers)


def unoffered(answered: Answered) -> bool:
    return isinstance(answered.error, NotOffered)
