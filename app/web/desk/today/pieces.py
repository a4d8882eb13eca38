"""Today's list and what stands above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db import traffic, watching
from app.domain import today
from app.domain.traffic import Period, Span, Whole, YearOfDevices, year_of_devices
from app.web.desk.rights import may
from app.web.desk.today import deciding, keeping
from app.web.desk.today import watching as running
from app.web.desk.today.todo import Day, Todo

Provider = Callable[[Day], Iterable[Todo]]
PROVIDERS: tuple[Provider, ...] = (
    running.schedule,
    running.rates,
    running.silent,
    running.copies,
    running.gaps,
    deciding.held,
    deciding.batches,
    deciding.closings,
    deciding.proposed,
    deciding.reported,
    deciding.replied,
    deciding.offered,
    deciding.advertised,
    deciding.flagged,
    keeping.unsent,
    keeping.stale,
    keeping.ending,
    keeping.uninvited,
)
"""Each asks its own subject, in a question or two."""

MOST = 8
"""Lines of one kind; the rest is a line of its own, so that none drowns the others."""


@dataclass(frozen=True, slots=True)
class More:
    """So many more lines of the kind of `like`."""

    like: Todo
    count: int


@dataclass(frozen=True, slots=True)
class Look:
    """The site at one look. broken: what keeps it from being healthy, the worst first."""

    broken: list[Todo]
    fresh: int
    prices: int
    people: YearOfDevices


def everything(session: Session, now: datetime) -> list[Todo]:
    """In the order of today, whoever may act on it."""
    day = Day(session, now)
    found = [todo for provider in PROVIDERS for todo in provider(day)]
    return sorted(found, key=lambda todo: today.order(todo.item, now))


def mine(found: Iterable[Todo]) -> list[Todo]:
    """What the one who is signed in may act on."""
    return [
        todo for todo in found if (todo.href or not todo.label) and may(todo.right or todo.page)
    ]


def shortened(found: Iterable[Todo]) -> Iterator[Todo | More]:
    """With at most MOST lines of a kind, and how many more there are of it after the last."""
    some = list(found)
    counts = Counter(todo.item.kind for todo in some)
    seen: Counter[today.Kind] = Counter()
    for todo in some:
        kind = todo.item.kind
        seen[kind] += 1
        if seen[kind] <= MOST:
            yield todo
        if seen[kind] == MOST and counts[kind] > MOST:
            yield More(todo, counts[kind] - MOST)


def look(session: Session, found: Iterable[Todo], now: datetime) -> Look:
    fresh, prices = watching.fresh_prices(session, now)
    return Look([one for one in found if one.item.is_broken], fresh, prices, people(session, now))


def people(session: Session, now: datetime) -> YearOfDevices:
    """Devices of this year, as a range: nobody is followed, so nobody knows their number."""
    year = Period.of(Span.YEAR, now.date())
    months: Counter[int] = Counter()
    firsts = 0
    for day, whole, count in traffic.whole_days(session, year, (Whole.MONTHS, Whole.YEARS)):
        if whole is Whole.MONTHS:
            months[day.month] += count
        else:
            firsts += count
    return year_of_devices(months.values(), firsts)
