"""A year of a million made-up visits, every table that can be shown of it, and what somebody who
has them all can find out about a number that is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.traffic import add_counts, counts_of
from app.domain.suppression import LEAST, Line, listing
from app.domain.traffic import Period, Span, Subject, Whole

YEAR = 2026
VISITS = 1_000_000
NAMES = {
    Subject.LANGUAGE: 12,
    Subject.CORRIDOR: 120,
    Subject.REFERRER: 250,
    Subject.PAGE: 25,
    Subject.CLICK: 150,
}
"""How many names each subject has; most of them are seldom."""

Tables = dict[tuple[Subject, Period], list[Line]]


def fill(database: Database, visits: int = VISITS, seed: int = 11) -> int:
    """How many counts were written."""
    random = np.random.default_rng(seed)
    weights = 1 + 0.6 * np.sin(np.arange(365) / 365 * 6.28) + random.random(365) * 0.4
    weights[100:104] = 1e-5  # days on which hardly anybody came
    weights[200] = 2e-5
    days = random.choice(365, visits, p=weights / weights.sum())
    rows: dict[int, dict[tuple[Subject, str], int]] = {day: {} for day in range(365)}
    for subject, size in NAMES.items():
        share = 1 / np.arange(1, size + 1) ** 1.6
        names = random.choice(size, visits, p=share / share.sum())
        cells, counts = np.unique(days * size + names, return_counts=True)
        for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
            rows[cell // size][subject, f"name{cell % size}"] = count
    for day, count in enumerate(np.bincount(days, minlength=365).tolist()):
        rows[day][Subject.TOTAL, Whole.VIEWS.value] = count
    with database.writing() as session:
        for day, counts in rows.items():
            add_counts(session, date(YEAR, 1, 1) + timedelta(days=day), counts, lambda _: ())
    return sum(len(counts) for counts in rows.values())


def periods() -> Iterator[Period]:
    """Every one that the desk can be asked for."""
    days = list(Period.of(Span.YEAR, date(YEAR, 6, 1)))
    for span in Span:
        yield from dict.fromkeys(Period.of(span, day) for day in days)


def published(session: Session) -> Tables:
    return {
        (subject, period): listing(counts_of(session, period, subject))
        for period in periods()
        for subject in NAMES
    }


@dataclass(slots=True)
class Found:
    """smallest: number that is shown at all; numbers: how many are; telling: differences of two
    nested tables that are 1 to 9; hidden: parts under ten of something that is named elsewhere;
    pinned: those of which only one value is possible, and that is none of nothing; narrowest: the
    fewest values that are possible of any hidden one."""

    smallest: int
    numbers: int
    telling: int
    hidden: int
    pinned: int
    narrowest: int


def attack(tables: Tables) -> Found:
    shown = [cell.count for cells in tables.values() for cell in cells if cell.count is not None]
    found = Found(min(shown), len(shown), 0, 0, 0, LEAST)
    by_name = {
        key: {cell.name: cell.count or 0 for cell in cells if cell.name is not None}
        for key, cells in tables.items()
    }
    for subject in NAMES:
        for outer, inner in nested():
            _between(by_name, subject, outer, inner, found)
    return found


def nested() -> Iterator[tuple[Period, list[Period]]]:
    """Periods that others lie in, with those."""
    every = list(periods())
    whole = Period.of(Span.YEAR, date(YEAR, 6, 1))
    yield whole, [one for one in every if one.span is Span.MONTH]
    for outer in every:
        inside = whole.first <= outer.first and outer.last <= whole.last
        if outer.span in (Span.WEEK, Span.MONTH) and inside:
            yield outer, [Period.of(Span.DAY, day) for day in outer]


def _between(
    tables: dict[tuple[Subject, Period], dict[str, int]],
    subject: Subject,
    outer: Period,
    inner: list[Period],
    found: Found,
) -> None:
    """What is left for the parts that are not shown, for who takes those that are off the whole."""
    for name, whole in tables[subject, outer].items():
        told = [tables[subject, one][name] for one in inner if name in tables[subject, one]]
        found.telling += 0 < whole - sum(told) < LEAST
        others = len(inner) - len(told) - 1  # of which nobody can tell whether they are nothing
        if others < 0:
            continue
        most = whole + LEAST // 2 - 1 - sum(max(LEAST, one - LEAST // 2) for one in told)
        highest = sum(one + LEAST // 2 - 1 for one in told) + others * (LEAST - 1)
        least = max(LEAST, whole - LEAST // 2) - highest
        low, high = max(0, least), min(LEAST - 1, most)
        found.hidden += others + 1
        found.pinned += low == high and low > 0
        found.narrowest = min(found.narrowest, high - low + 1 if low else LEAST)
