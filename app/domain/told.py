"""Told: which of the known prices of a corridor are offered to a visitor at all.

A live price that was not read for two weeks is a memory and no offer. Where a provider tells its
own prices, what others tell of it is left out: theirs is an estimate, and two prices for one thing
would leave the visitor to guess which of them is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.ladder import Ladder
from app.domain.quote import Age, Origin, Price

GONE_AFTER = timedelta(days=14)
"""How long after its last reading a live price is still shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """ladders: what is offered; gone: slug of each provider of which nothing else is left -> when
    its price was last read (aware UTC)."""

    ladders: list[Ladder]
    gone: dict[str, datetime]


def told(ladders: Iterable[Ladder], now: datetime) -> Told:
    """What of the board of one corridor is offered at `now` (aware UTC)."""
    known = list(ladders)
    direct = {_provider(one) for ladder in known for one in ladder.prices if _own(one, now)}
    offered = []
    for ladder in known:
        kept = [
            one
            for one in ladder.prices
            if not is_gone(one, now) and not (one.via and _provider(one) in direct)
        ]
        if kept:
            offered.append(ladder if len(kept) == len(ladder.prices) else Ladder(kept))
    left = {ladder.service.provider for ladder in offered}
    gone: dict[str, datetime] = {}
    for ladder in known:
        slug = ladder.service.provider
        if slug not in left:
            read = max(one.observed.at for one in ladder.prices)
            gone[slug] = max(read, gone.get(slug, read))
    return Told(offered, gone)


def is_gone(price: Price, now: datetime) -> bool:
    """Whether a live price was not read for so long that it is no offer any more. Surveys and
    price lists stand until the next one; they carry their date."""
    return price.origin is Origin.LIVE and now - price.observed.at > GONE_AFTER


def _own(price: Price, now: datetime) -> bool:
    """The provider's own price, and one that is not dated."""
    return not price.via and price.age(now) is not Age.DATED


def _provider(price: Price) -> str:
    return price.quote.service.provider
