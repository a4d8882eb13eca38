"""The gates that look at many prices of one source at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from app.domain.gates.reading import LIMITS, Finding, Gate, Limits
from app.domain.gates.words import percent, plain
from app.domain.quote import Quote


def duplicates(quotes: Sequence[Quote]) -> dict[int, Finding]:
    """Of the quotes that one source gave for one question: those of one service that differ in
    price, by their place in `quotes`. All of them are held."""
    places: dict[tuple[object, ...], list[int]] = {}
    for place, quote in enumerate(quotes):
        places.setdefault(quote.service.identity, []).append(place)
    found: dict[int, Finding] = {}
    for ours in places.values():
        prices = {
            (one.rate, one.fee.amount, one.paid.amount, one.received.amount)
            for one in (quotes[place] for place in ours)
        }
        if len(prices) > 1:
            told = [f"rate {plain(rate)} with fee {plain(fee)}" for rate, fee, *_ in sorted(prices)]
            says = (
                f"one service at one amount has {len(prices)} prices: {'; '.join(told)}; all held"
            )
            found |= dict.fromkeys(ours, Finding(Gate.DUPLICATES, says))
    return found


def completeness(rows: int, usual: Sequence[int], limits: Limits = LIMITS) -> Finding | None:
    """Whether a whole run is held. `rows` prices came; `usual` is how many came in the good runs
    before, oldest first. No rows at all is a failure, in the first run too."""
    if rows == 0:
        return Finding(Gate.COMPLETENESS, "no price came at all; those shown before stay")
    if not usual:
        return None
    middle = median([Fraction(count) for count in usual[-limits.runs :]])
    if rows >= middle * Fraction(limits.rows):
        return None
    says = (
        f"{rows} prices came, and {round(middle)} are usual; under {percent(limits.rows)} of them "
        "the whole run is held"
    )
    return Finding(Gate.COMPLETENESS, says)
