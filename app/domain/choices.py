"""Choices: which ways of sending a visitor wants to see.

Within one group any choice will do; every group that has a choice must agree. What is not known
of a way is never held against it: it stays, and pages say that it is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.provider import Provider, ProviderKind
from app.domain.ranking import Ranked
from app.domain.service import (
    SPEED_ORDER,
    AccessPoint,
    Coverage,
    PaymentInstrument,
    PickupMethod,
    Service,
    Speed,
)


class Aspect(StrEnum):
    """What a choice is about, in the order of a page. SPEED is "at the latest"."""

    PAY = "pay"
    RECEIVE = "receive"
    SPEED = "speed"
    BUY = "buy"
    REACH = "reach"
    KIND = "kind"


VALUES: dict[Aspect, type[StrEnum]] = {
    Aspect.PAY: PaymentInstrument,
    Aspect.RECEIVE: PickupMethod,
    Aspect.SPEED: Speed,
    Aspect.BUY: AccessPoint,
    Aspect.REACH: Coverage,
    Aspect.KIND: ProviderKind,
}


class UnknownChoice(ValueError):
    """Not a choice that can be made."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them; `str()` is how an address says it: "pay.cash"."""

    aspect: Aspect
    value: StrEnum

    def __str__(self) -> str:
        return f"{self.aspect}.{self.value}"

    @classmethod
    def read(cls, text: str) -> Choice:
        """Raises UnknownChoice."""
        name, _dot, value = text.partition(".")
        try:
            aspect = Aspect(name)
            return cls(aspect, VALUES[aspect](value))
        except ValueError as error:
            raise UnknownChoice(text) from error


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that a page offers. `ways` are those known to agree with it among those that agree
    with all choices of other aspects."""

    choice: Choice
    ways: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen of one aspect; of `unknown` ways that aspect is not known."""

    aspect: Aspect
    options: list[Option]
    unknown: int


def values_of(aspect: Aspect, service: Service, provider: Provider) -> tuple[StrEnum, ...]:
    """What is known of a way; () if that is nothing."""
    found: dict[Aspect, tuple[StrEnum | None, ...]] = {
        Aspect.PAY: service.payment_instruments,
        Aspect.RECEIVE: service.pickup_methods,
        Aspect.SPEED: (service.speed,),
        Aspect.BUY: service.access_points,
        Aspect.REACH: (service.coverage,),
        Aspect.KIND: (provider.kind,),
    }
    return tuple(value for value in found[aspect] if value is not None)


def keeps(choices: Collection[Choice], result: Ranked) -> bool:
    """Whether a way agrees with every choice, as far as is known."""
    aspects = {choice.aspect for choice in choices}
    return all(_keeps(choices, aspect, result) for aspect in aspects)


def _keeps(choices: Iterable[Choice], aspect: Aspect, result: Ranked) -> bool:
    known = values_of(aspect, result.answer.service, result.provider)
    wanted = [choice for choice in choices if choice.aspect is aspect]
    return not known or any(_agrees(choice, known) for choice in wanted)


def _agrees(choice: Choice, known: tuple[StrEnum, ...]) -> bool:
    if isinstance(choice.value, Speed):
        latest = SPEED_ORDER[choice.value]
        return any(isinstance(one, Speed) and SPEED_ORDER[one] <= latest for one in known)
    return choice.value in known


def offered(choices: Collection[Choice], results: Collection[Ranked]) -> list[Offered]:
    """What can be chosen among these ways: every value that one of them has, and what is chosen
    already. An aspect in which all ways are alike is left out, unless something of it is chosen."""
    found = []
    for aspect in Aspect:
        others = [choice for choice in choices if choice.aspect is not aspect]
        left = [result for result in results if keeps(others, result)]
        known = [values_of(aspect, one.answer.service, one.provider) for one in left]
        here = {value for values in _all(aspect, results) for value in values}
        chosen = {choice.value for choice in choices if choice.aspect is aspect}
        options = [
            _option(Choice(aspect, value), known, chosen)
            for value in VALUES[aspect]
            if value in here | chosen
        ]
        if chosen or len(options) > 1:
            found.append(Offered(aspect, options, sum(1 for values in known if not values)))
    return found


def _all(aspect: Aspect, results: Iterable[Ranked]) -> list[tuple[StrEnum, ...]]:
    return [values_of(aspect, one.answer.service, one.provider) for one in results]


def _option(choice: Choice, known: Iterable[tuple[StrEnum, ...]], chosen: set[StrEnum]) -> Option:
    ways = sum(1 for values in known if values and _agrees(choice, values))
    return Option(choice, ways, choice.value in chosen)
