"""Precedence: which of two prices of one service at one rung is shown."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app.domain.gates import LIMITS, Finding, Gate, Limits
from app.domain.money import EXACT
from app.domain.quote import Age, Price


def prevails(new: Price, held: Price, now: datetime) -> bool:
    """Whether `new` takes the place of `held`.

    Of one source, the newer. Of two, a price that is not dated goes before one that is, as surveys
    and tariffs always are; among the former the provider's own goes before one told by others; else
    the one seen last. Two that are alike in all this leave everything as it is.
    """
    if new.source == held.source:
        return new.observed.at >= held.observed.at
    return _weight(new, now) > _weight(held, now)


def _weight(price: Price, now: datetime) -> tuple[bool, bool, datetime, bool]:
    """Among dated prices it is the date that counts: the provider's own of last month says less
    than what others told of it yesterday."""
    current, own = price.age(now) is not Age.DATED, not price.via
    return current, current and own, price.observed.at, own


def disagreement(one: Price, other: Price, limits: Limits = LIMITS) -> Finding | None:
    """What two sources say of one service at one rung, if that differs by more than a rounding or
    a move of the market explains; None also if one was dated when the other was seen.

    Each is weighed against its own mid rate: what arrives for one unit paid, as a share of what
    the mid rate would give.
    """
    seen = max(one.observed.at, other.observed.at)
    if one.source == other.source or Age.DATED in (one.age(seen), other.age(seen)):
        return None
    first, second = _share(one), _share(other)
    apart = abs(EXACT.divide(first, second) - 1)
    if apart <= limits.disagree:
        return None
    says = (
        f"{one.source} and {other.source} tell different prices of one service: {_words(one)} "
        f"against {_words(other)}; what arrives differs by {apart * 100:.1f} %"
    )
    return Finding(Gate.DISAGREEMENT, says, holds=False)


def _share(price: Price) -> Decimal:
    quote = price.quote
    worth = EXACT.multiply(quote.paid.amount, price.mid.rate)
    return EXACT.divide(quote.received.amount, worth)


def _words(price: Price) -> str:
    return f"margin {price.margin_percent:.2f} % and fee {price.quote.fee}"
