"""Indicators by the World Bank's method (Remittance Prices Worldwide, methodology).

A corridor's average is the simple mean of the total costs of its transparent services; a
country's average is the mean over all its services, not over its corridors. A service that
does not disclose its exchange rate is left out: its margin of 0 means unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.money import EXACT
from app.domain.survey import PRICE_POINTS


@dataclass(frozen=True, slots=True)
class SurveyCost:
    """What indicators need of one service: its total cost in percent, by price point."""

    receive_country: str
    provider: str
    firm_types: tuple[StrEnum, ...]
    payment_instruments: tuple[StrEnum, ...]
    pickup_methods: tuple[StrEnum, ...]
    transparent: bool
    total_percent: dict[int, Decimal]


@dataclass(frozen=True, slots=True)
class Average:
    """Over `services` services of `firms` firms: the mean in percent of the amount sent, by
    price point; None where no service has that price point."""

    services: int
    firms: int
    mean: dict[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Indicators:
    """Each dict is sorted by its key; several methods at once ("cash+debit_card") are one key."""

    country: Average
    corridors: dict[str, Average]
    by_firm_type: dict[str, Average]
    by_payment_instrument: dict[str, Average]
    by_pickup_method: dict[str, Average]


def indicators(costs: Iterable[SurveyCost]) -> Indicators:
    counted = [cost for cost in costs if cost.transparent]
    return Indicators(
        country=_average(counted),
        corridors=_grouped(counted, lambda cost: cost.receive_country),
        by_firm_type=_grouped(counted, lambda cost: joined(cost.firm_types)),
        by_payment_instrument=_grouped(counted, lambda cost: joined(cost.payment_instruments)),
        by_pickup_method=_grouped(counted, lambda cost: joined(cost.pickup_methods)),
    )


def joined(methods: tuple[StrEnum, ...]) -> str:
    """One word for one or several methods, as the API has it: "cash+debit_card"."""
    return "+".join(methods) or "unknown"


def _grouped(costs: list[SurveyCost], key: Callable[[SurveyCost], str]) -> dict[str, Average]:
    groups: dict[str, list[SurveyCost]] = {}
    for cost in costs:
        groups.setdefault(key(cost), []).append(cost)
    return {name: _average(groups[name]) for name in sorted(groups)}


def _average(costs: list[SurveyCost]) -> Average:
    means = {
        point: _mean([cost.total_percent[point] for cost in costs if point in cost.total_percent])
        for point in PRICE_POINTS
    }
    return Average(len(costs), len({cost.provider for cost in costs}), means)


def _mean(values: list[Decimal]) -> Decimal | None:
    if not values:
        return None
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return EXACT.divide(total, Decimal(len(values)))
