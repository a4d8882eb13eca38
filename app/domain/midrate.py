"""Mid-market rates: what the banks' own exchange rate is, and who says so.

The order of trust: a peg set by law; else the European Central Bank's reference rate; else
the median of the other sources, if they agree with each other. No rate is better than a
doubtful one: every price that needs it then says that it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from app.domain.money import EXACT

PEGS: dict[str, tuple[str, Decimal]] = {
    "XOF": ("EUR", Decimal("655.957")),
    "XAF": ("EUR", Decimal("655.957")),
    "CVE": ("EUR", Decimal("110.265")),
    "BAM": ("EUR", Decimal("1.95583")),
    "XCG": ("USD", Decimal("1.79")),
}
"""Currency -> anchor and units per one unit of the anchor, fixed by law."""

ECB = "ecb"
"""The authority whose readings are taken as they are."""

MAX_SPREAD = Decimal("0.03")
"""Other sources further apart than this share of their median do not make a mid rate."""

MAX_AGE_BEHIND = timedelta(days=7)
"""A reading this much older than the newest one of the same currency no longer counts."""


@dataclass(frozen=True, slots=True)
class MidReading:
    """What one source said: `rate` units of `currency` per 1 EUR at `observed_at` (UTC)."""

    source: str
    authority: str
    currency: str
    rate: Decimal
    observed_at: datetime

    def __post_init__(self) -> None:
        if not (self.rate.is_finite() and self.rate > 0):
            raise ValueError(f"a mid rate must be above zero: {self}")
        if self.observed_at.tzinfo is None:
            raise ValueError(f"a mid rate needs a time zone: {self}")


@dataclass(frozen=True, slots=True)
class MidRate:
    """`rate` units of the receive currency per 1 unit of the send currency.

    sources      what it rests on, in words that can be printed: "ecb", "peg", "fawazahmed0"
    observed_at  the age of its oldest part (UTC); None for a rate that never changes
    """

    rate: Decimal
    sources: tuple[str, ...]
    observed_at: datetime | None


class NoMidRate(LookupError):
    """No mid rate can be vouched for. `str()` says why."""


def mid_rate(send: str, receive: str, readings: Iterable[MidReading]) -> MidRate:
    """The mid rate from `send` to `receive`, through the euro. Raises NoMidRate."""
    if send == receive:
        return MidRate(Decimal(1), ("same currency",), None)
    known = list(readings)
    base, target = _per_euro(send, known), _per_euro(receive, known)
    times = [leg.observed_at for leg in (base, target) if leg.observed_at is not None]
    return MidRate(
        rate=_plain(EXACT.divide(target.rate, base.rate)) if base.rate != 1 else target.rate,
        sources=tuple(dict.fromkeys(base.sources + target.sources)),
        observed_at=min(times, default=None),
    )


def _per_euro(currency: str, readings: list[MidReading]) -> MidRate:
    if currency == "EUR":
        return MidRate(Decimal(1), (), None)
    if currency in PEGS:
        anchor, units = PEGS[currency]
        leg = _per_euro(anchor, readings)
        return MidRate(EXACT.multiply(leg.rate, units), ("peg", *leg.sources), leg.observed_at)
    current = _current(currency, readings)
    official = [reading for reading in current if reading.authority == ECB]
    if official:
        newest = max(official, key=lambda one: one.observed_at)
        return MidRate(newest.rate, (newest.source,), newest.observed_at)
    return _median(currency, current)


def _current(currency: str, readings: list[MidReading]) -> list[MidReading]:
    """The newest reading of each source, without those that lag far behind the others."""
    newest: dict[str, MidReading] = {}
    for reading in readings:
        if reading.currency == currency:
            held = newest.get(reading.source)
            if held is None or reading.observed_at > held.observed_at:
                newest[reading.source] = reading
    if not newest:
        raise NoMidRate(f"no source gives a rate for {currency}")
    latest = max(reading.observed_at for reading in newest.values())
    kept = [one for one in newest.values() if latest - one.observed_at <= MAX_AGE_BEHIND]
    return sorted(kept, key=lambda one: one.source)


def _median(currency: str, readings: list[MidReading]) -> MidRate:
    rates = [reading.rate for reading in readings]
    middle = median(rates)
    spread = (max(rates) - min(rates)) / middle
    if spread > MAX_SPREAD:
        names = ", ".join(reading.source for reading in readings)
        raise NoMidRate(f"the sources for {currency} are {spread:.1%} apart: {names}")
    return MidRate(
        rate=middle,
        sources=tuple(reading.source for reading in readings),
        observed_at=min(reading.observed_at for reading in readings),
    )


def _plain(rate: Decimal) -> Decimal:
    """A quotient cut to 12 significant digits: more would be noise, and is not stored."""
    return rate.normalize(EXACT) if rate == 0 else round(rate, 11 - rate.adjusted())
