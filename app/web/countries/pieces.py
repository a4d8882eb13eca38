"""What the page of a country shows: what is known of the ways there, and of its money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from app.domain.corridor import Corridor
from app.domain.ladder import Ladder
from app.domain.midrate import MidRate, MidReading, NoMidRate, mid_rate
from app.domain.provider import Provider, ProviderStatus
from app.domain.quote import Age, Origin, Price
from app.domain.service import PaymentInstrument, PickupMethod
from app.domain.survey import percent
from app.domain.told import told

Method = TypeVar("Method", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Known:
    """What is offered on one corridor now: `currency` is how addresses say the one paid out, None
    for the main one; `mid` is None where no rate can be vouched for."""

    corridor: Corridor
    currency: str | None
    ladders: list[Ladder]
    mid: MidRate | None

    @property
    def ways(self) -> int:
        return len(self.ladders)

    @property
    def firms(self) -> int:
        return len({one.service.provider for one in self.ladders})


def known(
    corridors: list[Corridor],
    boards: Mapping[Corridor, list[Ladder]],
    providers: Mapping[str, Provider],
    readings: Iterable[MidReading],
    now: datetime,
) -> list[Known]:
    """Of each corridor of a country, that of its main currency first. Only active firms count."""
    seen = list(readings)
    found = []
    for place, corridor in enumerate(corridors):
        offered = [
            one
            for one in told(boards[corridor], now).ladders
            if providers[one.service.provider].status is ProviderStatus.ACTIVE
        ]
        currency = corridor.receive_currency if place else None
        found.append(Known(corridor, currency, offered, _mid(corridor, seen)))
    return found


def _mid(corridor: Corridor, readings: list[MidReading]) -> MidRate | None:
    try:
        return mid_rate(corridor.send_currency, corridor.receive_currency, readings)
    except NoMidRate:
        return None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many ways use each method, most first; None is for those that do not say. A way that
    leaves a choice counts at each."""

    pickup: list[tuple[PickupMethod | None, int]]
    paying: list[tuple[PaymentInstrument | None, int]]


def counted(places: Iterable[Known]) -> Counted:
    services = [ladder.service for place in places for ladder in place.ladders]
    return Counted(
        pickup=_counts(one.pickup_methods for one in services),
        paying=_counts(one.payment_instruments for one in services),
    )


def _counts(methods: Iterable[tuple[Method, ...]]) -> list[tuple[Method | None, int]]:
    counts: Counter[Method | None] = Counter()
    for some in methods:
        counts.update(some or (None,))
    return sorted(counts.items(), key=lambda one: (one[0] is None, -one[1], one[0] or ""))


@dataclass(frozen=True, slots=True)
class Margins:
    """What the margins of a country's prices say of its exchange rate.

    better  how many ways give a better rate than the mid rate, in prices of today
    zero    in how many ways the survey found no margin
    """

    better: int
    zero: int


def margins(places: Iterable[Known], now: datetime) -> Margins:
    ladders = [ladder for place in places for ladder in place.ladders]
    return Margins(
        better=sum(1 for ladder in ladders if any(_is_better(one, now) for one in ladder.rungs)),
        zero=sum(1 for ladder in ladders if any(_is_zero(one) for one in ladder.rungs)),
    )


def _is_better(price: Price, now: datetime) -> bool:
    return percent(price.margin_percent) < 0 and price.age(now) is not Age.DATED


def _is_zero(price: Price) -> bool:
    return price.origin is Origin.SURVEY and price.margin_percent == 0
