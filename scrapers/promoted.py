"""The standard price, where a source works out its own numbers at the price of an offer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.domain.money import Money
from app.domain.quote import Derived, Promotion, Quote, converted


def standard_of(offered: Quote, rate: Decimal, fee: Money, terms: str) -> Quote:
    """The standard price for the same payment, at the standard `rate` and `fee`, with `offered`
    beside it as its promotion. What arrives is ours then, and rounded down.

    `offered` as it is, if it is the standard price already. Raises IncoherentQuote.
    """
    if (rate, fee) == (offered.rate, offered.fee):
        return offered
    arrives = converted(offered.paid - fee, rate)
    return replace(
        offered,
        fee=fee,
        rate=rate,
        received=Money(arrives, offered.received.currency).floor(),
        derived=frozenset({Derived.RECEIVED}),
        promotion=Promotion(offered.rate, offered.fee, offered.received, terms),
    )
