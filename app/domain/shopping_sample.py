"""Which services are shopped in a quarter: drawn by risk and by how often they are looked at.

Whoever draws cannot choose: the draw follows from a seed and from a list of all services that
could be drawn, both of which are kept, so that anyone can draw again and compare.

weight  (1 + points of its risks) x (all visits + 20 x visits of its corridor), or the first part
        alone as long as nothing was looked at
draw    services in the order of their numbers, each as long as its weight, make a line; place n is
        where sha256("seed n") modulo the length of the line falls. What was drawn leaves the line
amount  the one of the two amounts that was drawn less often so far, the lower of equals; the only
        one where the service has a price for one alone
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.survey import quarter_start

SIZE = 100
"""Services a quarter: as many as the target is stated for."""

LARGEST = 500
LONGEST_SEED = 64
LOW, HIGH = Decimal(200), Decimal(500)
"""The two amounts, in euro, as near as a service has a price."""

LOW_RANGE = (Decimal(100), Decimal(300))
HIGH_RANGE = (Decimal(300), Decimal(700))
VISIT_WEIGHT = 20
"""How much more a corridor with all the visits counts than one without any."""

MONTHS = 3


class Risk(StrEnum):
    """Why a price may well be wrong.

    NEVER_SHOPPED  nobody ever checked it
    WAS_WRONG      it was not kept when it was last shopped
    HELD           a reading of it is held now
    DATED          it is not of today
    PROMOTION      an offer for new customers stands beside it
    DERIVED        a part of it was worked out by us
    """

    NEVER_SHOPPED = "never_shopped"
    WAS_WRONG = "was_wrong"
    HELD = "held"
    DATED = "dated"
    PROMOTION = "promotion"
    DERIVED = "derived"


POINTS = {
    Risk.NEVER_SHOPPED: 3,
    Risk.WAS_WRONG: 6,
    Risk.HELD: 4,
    Risk.DATED: 2,
    Risk.PROMOTION: 1,
    Risk.DERIVED: 1,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that can be drawn. low, high: the amounts of it that are about LOW and HIGH, one
    of which is there; visits: how often its corridor was looked at."""

    service_id: int
    low: Decimal | None
    high: Decimal | None
    risks: frozenset[Risk]
    visits: int

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a service without a price at either amount cannot be shopped")
        if self.visits < 0:
            raise ValueError("visits cannot be fewer than none")

    def weight(self, all_visits: int) -> int:
        points = 1 + sum(POINTS[risk] for risk in self.risks)
        return points * (all_visits + VISIT_WEIGHT * self.visits) if all_visits else points


@dataclass(frozen=True, slots=True)
class Drawn:
    """place counts from 1; rung is the amount to ask for, in the send currency."""

    place: int
    service_id: int
    rung: Decimal
    risks: frozenset[Risk]


def draw(candidates: Iterable[Candidate], seed: str, size: int = SIZE) -> list[Drawn]:
    """At most `size` services, each once, in the order in which they were drawn."""
    line = sorted(candidates, key=lambda one: one.service_id)
    if len({one.service_id for one in line}) != len(line):
        raise ValueError("a service stands in the line once")
    all_visits = sum(one.visits for one in line)
    length = sum(one.weight(all_visits) for one in line)
    drawn: list[Drawn] = []
    lows = 0
    while line and len(drawn) < size:
        place = len(drawn) + 1
        found = _at(line, _number(seed, place) % length, all_visits)
        rung = _rung(found, lows, len(drawn) - lows)
        lows += rung == found.low
        drawn.append(Drawn(place, found.service_id, rung, found.risks))
        line.remove(found)
        length -= found.weight(all_visits)
    return drawn


def _number(seed: str, place: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed} {place}".encode()).digest(), "big")


def _at(line: list[Candidate], mark: int, all_visits: int) -> Candidate:
    for one in line:
        mark -= one.weight(all_visits)
        if mark < 0:
            return one
    raise AssertionError("the mark lies on the line")


def _rung(one: Candidate, lows: int, highs: int) -> Decimal:
    if one.low is None or one.high is None:
        (only,) = [rung for rung in (one.low, one.high) if rung is not None]
        return only
    return one.low if lows <= highs else one.high


def price_points(rungs: Iterable[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """Those of a service's amounts that are about LOW and HIGH."""
    known = list(rungs)
    return _nearest(known, LOW, *LOW_RANGE), _nearest(known, HIGH, *HIGH_RANGE)


def _nearest(
    rungs: list[Decimal], wanted: Decimal, least: Decimal, most: Decimal
) -> Decimal | None:
    """The lower of two that are equally near; the upper end of a range belongs to the next."""
    near = [rung for rung in rungs if least <= rung < most]
    return min(near, key=lambda rung: (abs(rung - wanted), rung), default=None)


def quarter_of(moment: datetime) -> str:
    """ "2026_4Q", of an aware UTC time: written as the World Bank writes its rounds."""
    return f"{moment.year}_{(moment.month - 1) // MONTHS + 1}Q"


def is_over(quarter: str, now: datetime) -> bool:
    return quarter_start(quarter) < quarter_start(quarter_of(now))
