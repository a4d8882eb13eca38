"""What mystery shopping found: how often a shown price was kept, by quarter, firm and origin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from app.db import shopping
from app.db.shopping import Task
from app.db.shopping_frame import Before
from app.domain.quote import Origin
from app.domain.shopping import (
    LOOKED_BACK,
    Accuracy,
    Kept,
    Verdict,
    accuracy,
    is_flagged,
)

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Flagged:
    """A firm whose price differed twice or more within the last year; slug, name, and numbers of
    the tasks that say so."""

    provider: str
    name: str
    tasks: tuple[int, ...]


def verdict(task: Task) -> Verdict:
    return task.newest.result.verdict if task.newest else Verdict.NOT_COMPARED


def origin(task: Task) -> Origin | None:
    """Of the price that was shown; None if nothing was."""
    shown = task.newest.result.shown if task.newest else None
    return shown.origin if shown else None


def accuracies(tasks: Iterable[Task], by: Callable[[Task], Key]) -> dict[Key, Accuracy]:
    """By what `by` says of a task, without those that were not compared."""
    found: dict[Key, list[Verdict]] = {}
    for task in tasks:
        if verdict(task) is not Verdict.NOT_COMPARED:
            found.setdefault(by(task), []).append(verdict(task))
    return {key: accuracy(verdicts) for key, verdicts in found.items()}


def price_kept(session: Session, provider: str, now: datetime) -> Kept:
    """Whether a firm keeps the price that it tells us: what was asked within the last year."""
    tasks = of_firms(recent(shopping.tasks_of_provider(session, provider), now))
    verdicts = [verdict(one) for one in tasks]
    return Kept(accuracy(verdicts), is_flagged(verdicts))


def flagged(session: Session, now: datetime) -> list[Flagged]:
    """Firms whose own price differed twice within the last year, by name."""
    firms: dict[str, list[Task]] = {}
    for task in of_firms(recent(shopping.tasks(session), now)):
        firms.setdefault(task.service.provider, []).append(task)
    found = []
    for slug, tasks in firms.items():
        if is_flagged(map(verdict, tasks)):
            differ = (one.id for one in tasks if verdict(one) in (Verdict.WORSE, Verdict.BETTER))
            found.append(Flagged(slug, tasks[0].provider_name, tuple(differ)))
    return sorted(found, key=lambda one: one.name.casefold())


def of_firms(tasks: Iterable[Task]) -> list[Task]:
    """Those that say something of how a firm keeps its word, and not of how old our prices are."""
    return [one for one in tasks if one.newest and one.newest.result.is_of_the_firm]


def recent(
    tasks: Iterable[Task], now: datetime, looked_back: timedelta = LOOKED_BACK
) -> list[Task]:
    """Those that were asked within the last year, or another time."""
    since = now - looked_back
    return [one for one in tasks if one.newest and one.newest.result.asked_at >= since]


def overall(session: Session, now: datetime, looked_back: timedelta = LOOKED_BACK) -> Accuracy:
    """Over all firms, of what was asked within the last year, or another time."""
    return accuracy(verdict(one) for one in recent(shopping.tasks(session), now, looked_back))


def before(session: Session, quarter: str) -> Before:
    """What the drawing of a sample of a quarter has to know."""
    done = [
        one for one in shopping.tasks(session) if one.newest and not one.newest.result.withdrawn
    ]
    last = {one.service_id: one for one in done}
    wrong = (Verdict.WORSE, Verdict.BETTER, Verdict.GONE)
    return Before(
        shopped=frozenset(last),
        wrong=frozenset(number for number, one in last.items() if verdict(one) in wrong),
        without=shopping.in_quarter(session, quarter),
    )
