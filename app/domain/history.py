"""History: what sending cost on a corridor, day by day and round by round; a service's steps.

Days are in UTC. Costs are in percent of what is paid (`Cost.total_percent`), but for the averages
of the survey, which are the World Bank's: fee / sent x 100 + margin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.comparison import Question, compare
from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder
from app.domain.money import EXACT, Money
from app.domain.provider import Provider
from app.domain.quote import AGE_ORDER, OLDER_FOR, Age, Cost, Origin
from app.domain.ranking import Priority, Ranked
from app.domain.survey import quarter_start

AMOUNTS = tuple(map(Decimal, (20, 50, 100, 150, 200, 300, 500, 1000, 2000)))
"""In the send currency: where it is looked at what the amount does to the cost."""

MIDDLE_OF = 3
"""Of fewer than this many ways, none is the middle one."""

MONTHS_IN_QUARTER = 3
ONE_DAY = timedelta(days=1)
SEEN_AGAIN = (Origin.LIVE, Origin.SUBMITTED)
"""What is looked at again and again. A survey or a price list is of its own day and no other."""


class Basis(StrEnum):
    """Who worked out an average: the World Bank, or we, from its rows."""

    PUBLISHED = "published"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Average:
    """Of one corridor in one round of the survey, at about 200 US dollars.

    percent   the World Bank's total cost: fee / sent x 100 + margin
    services  over how many; None where that is not recorded
    """

    send_country: str
    receive_country: str
    period: str
    basis: Basis
    percent: Decimal
    services: int | None = None

    @property
    def quarter(self) -> int:
        """Of all time: the next quarter's number is one higher."""
        start = quarter_start(self.period)
        return start.year * 4 + (start.month - 1) // MONTHS_IN_QUARTER


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a price did not change: a row of the history. Times are aware UTC.

    cost   as it was at the beginning; the margin moves by at most 5 basis points meanwhile
    until  when it was last seen; `ended` if it was found to be no longer offered after that
    via    who told it, "" for the firm itself
    """

    service_id: int
    provider: str
    source: str
    via: str
    origin: Origin
    since: datetime
    until: datetime
    cost: Cost
    ended: bool = False

    def days(self) -> tuple[date, date]:
        """The first and the last day that it counts on."""
        last = self.until if self.origin in SEEN_AGAIN else self.since
        return self.since.date(), max(self.since, last).date()


@dataclass(frozen=True, slots=True)
class Day:
    """What `ways` ways cost on a day; `median` is None if they are fewer than MIDDLE_OF."""

    day: date
    cheapest: Decimal
    median: Decimal | None
    ways: int


def by_day(stretches: Iterable[Stretch], first: date, last: date) -> list[Day]:
    """From `first` to `last`, in order, without the days on which too little was seen.

    A way counts once a day, with the last price that was seen on it. What others tell of a firm
    is left out on the days of which the firm's own price is known. A day is left out if a fifth of
    the ways was lost sight of: of the others, nobody may have looked at those that cost the same
    before and after it, and they would stand for all.
    """
    seen: dict[date, dict[int, Stretch]] = {}
    lost: Counter[date] = Counter()
    latest: dict[int, Stretch] = {}
    for one in sorted(stretches, key=lambda one: one.since):
        begins, ends = one.days()
        for day in _days(max(begins, first), min(ends, last)):
            seen.setdefault(day, {})[one.service_id] = one
        before = latest.get(one.service_id)
        if before is not None and not before.ended and before.origin in SEEN_AGAIN:
            lost.update(_days(max(before.days()[1] + ONE_DAY, first), min(begins - ONE_DAY, last)))
        latest[one.service_id] = one
    return [_day(day, seen[day].values()) for day in sorted(seen) if len(seen[day]) > 4 * lost[day]]


def _days(first: date, last: date) -> list[date]:
    """Both included; [] if `last` is before `first`."""
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]


def _day(day: date, seen: Collection[Stretch]) -> Day:
    direct = {one.provider for one in seen if not one.via and one.origin in SEEN_AGAIN}
    costs = [one.cost.total_percent for one in seen if not (one.via and one.provider in direct)]
    middle = median(costs) if len(costs) >= MIDDLE_OF else None
    return Day(day, min(costs), middle, len(costs))


def median(values: Iterable[Decimal]) -> Decimal:
    """The middle one, or what lies halfway between the two in the middle. Raises ValueError if
    there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing has no middle")
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low == high else EXACT.divide(EXACT.add(low, high), Decimal(2))


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a service's history, as it is drawn.

    until   where its line ends: where the next price begins, if the service was not lost sight
            of for longer than a day in between; else when it was last seen
    joined  whether its line begins where the one before it ends
    """

    since: datetime
    until: datetime
    cost: Cost
    joined: bool


def steps(stretches: Iterable[Stretch]) -> list[Step]:
    """The history of one service at one amount, oldest first."""
    ordered = sorted(stretches, key=lambda one: one.since)
    found: list[Step] = []
    follows = False
    for place, one in enumerate(ordered):
        after = ordered[place + 1] if place + 1 < len(ordered) else None
        goes_on = after is not None and not one.ended and after.since - one.until <= OLDER_FOR
        until = after.since if after is not None and goes_on else one.until
        found.append(Step(one.since, max(one.since, until), one.cost, joined=follows))
        follows = goes_on
    return found


@dataclass(frozen=True, slots=True)
class AtAmount:
    """The cheapest and the middle one of the answers for an amount; None where there is none."""

    amount: Money
    cheapest: Ranked | None
    middle: Ranked | None


@dataclass(frozen=True, slots=True)
class ByAmount:
    """All of one age: the freshest that there is at any of the amounts; None without an answer."""

    age: Age | None
    amounts: list[AtAmount]


def by_amount(
    corridor: Corridor, ladders: list[Ladder], providers: Mapping[str, Provider], now: datetime
) -> ByAmount:
    """What the amount paid does to the cost, at AMOUNTS."""
    found: list[tuple[Money, list[Ranked]]] = []
    for amount in AMOUNTS:
        paid = Money(amount, corridor.send_currency)
        asked = compare(Question(corridor, paid), ladders, providers, Priority.CHEAP, now)
        found.append((paid, asked.results))
    ages = [one.age for _paid, results in found for one in results[:1]]
    age = min(ages, key=lambda one: AGE_ORDER[one], default=None)
    return ByAmount(age, [_at_amount(paid, results, age) for paid, results in found])


def _at_amount(paid: Money, results: list[Ranked], age: Age | None) -> AtAmount:
    same = [one for one in results if one.age is age]
    middle = same[len(same) // 2] if len(same) >= MIDDLE_OF else None
    return AtAmount(paid, same[0] if same else None, middle)


@dataclass(frozen=True, slots=True)
class FirmRate:
    """How far the rate of a firm's best answer is below the mid rate, in percent of it; below
    zero if it is better."""

    provider: Provider
    answer: Answer
    percent: Decimal


def firm_rates(results: Iterable[Ranked]) -> list[FirmRate]:
    """Of the freshest age among ranked answers, one for each firm: nearest to the mid rate first,
    equal ones by name."""
    best: dict[str, Ranked] = {}
    for one in results:
        best.setdefault(one.provider.slug, one)
    freshest = min((AGE_ORDER[one.age] for one in best.values()), default=0)
    rates = [
        FirmRate(one.provider, one.answer, one.answer.base.margin_percent)
        for one in best.values()
        if AGE_ORDER[one.age] == freshest
    ]
    return sorted(rates, key=lambda one: (one.percent, one.provider.name))
