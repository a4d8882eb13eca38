"""Mid-market rates: what the banks' own exchange rate is, and who says so.

The order of trust: a peg set by law; else the European Central Bank's reference rate; else
the median of the other sources, if more than half of them agree. No rate is better than a
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

NO_ONE_RATE = {
    "IRR": "official and market rates of Iran differ by an order of magnitude",
}
"""Currency -> why no single rate of it can be called the market's."""

ECB = "ecb"
"""The authority whose readings are taken as they are."""

CHECK_ONLY = "check only"
"""The authority of a reading that is stated too coarsely to be a rate: it can contradict one."""

_ECB_LIST = (
    "USD JPY CZK DKK GBP HUF PLN RON SEK CHF ISK NOK TRY AUD BRL "
    "CAD CNY HKD IDR ILS INR KRW MXN MYR NZD PHP SGD THB ZAR"
)
_HELD_TO_THE_DOLLAR = "AED BHD JOD KWD OMR QAR SAR"
_OTHERS_QUOTED_DAILY_BY_NBP = "CLP UAH"
LIQUID = {*f"{_ECB_LIST} {_HELD_TO_THE_DOLLAR} {_OTHERS_QUOTED_DAILY_BY_NBP}".split()}
"""Currencies with one deep market: honest sources of the same day differ by far less than 1 %."""

LIQUID_SPREAD, MAX_SPREAD = Decimal("0.01"), Decimal("0.03")
"""How far apart, as a share of the middle between them, sources may be and still agree."""

CHECK_SPREAD = Decimal("0.10")
"""How far a rate may be from a reading that is for checking only, and a peg from the median of
those who do not know of it. Their own rounding and lag reach 3 %."""

MAX_AGE_BEHIND = timedelta(days=5)
"""A reading this much older than the newest one of the same currency no longer counts. The
ECB rests that long at Easter, from Thursday's rates until Tuesday's."""

LIVE_FOR = timedelta(days=7)
"""Live prices are not weighed against an older mid rate: five days of Easter, and two for a
source that fails meanwhile."""

ZEROS_EXACTLY = Decimal("0.1")
"""How far the logarithm of a ratio may be from a whole number: a factor of 80 to 126 is 100."""

AHEAD = timedelta(days=1)
"""How far in the future a rate may be dated: daily rates are stamped with a set hour."""


@dataclass(frozen=True, slots=True)
class MidReading:
    """What one source said: `rate` units of `currency` per 1 EUR at `observed_at` (UTC).

    authority  who vouches for it; CHECK_ONLY for a rate with so few digits that its rounding
               alone would show in a margin: it can contradict the others, never make a rate
    """

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

    def usable_for_live(self, now: datetime) -> bool:
        """Whether a price of this moment may be weighed against it."""
        return self.observed_at is None or -AHEAD <= now - self.observed_at <= LIVE_FOR


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
    if currency in NO_ONE_RATE:
        raise NoMidRate(f"no mid rate for {currency}: {NO_ONE_RATE[currency]}")
    own = [reading for reading in readings if reading.currency == currency]
    if currency in PEGS:
        anchor, units = PEGS[currency]
        leg = _per_euro(anchor, readings)
        rate = EXACT.multiply(leg.rate, units)
        _still_pegged(currency, rate, own)
        return MidRate(rate, ("peg", *leg.sources), leg.observed_at)
    if not own:
        raise NoMidRate(f"no source gives a rate for {currency}")
    current = _current(own)
    official = [reading for reading in current if reading.authority == ECB]
    if official:
        newest = max(official, key=lambda one: one.observed_at)
        return MidRate(newest.rate, (newest.source,), newest.observed_at)
    _same_units(currency, current)
    return _checked(currency, current)


def _still_pegged(currency: str, rate: Decimal, readings: list[MidReading]) -> None:
    """A peg that was given up shows in what several sources say, never in what one does."""
    if len({reading.source for reading in readings}) > 1:
        middle = median(reading.rate for reading in _current(readings))
        if _apart(middle, rate) > CHECK_SPREAD:
            raise NoMidRate(f"the peg of {currency}, {rate:f}, is not what sources say: {middle:f}")


def _same_units(currency: str, readings: list[MidReading]) -> None:
    """Two rates a power of ten apart: the currency lost zeros, and somebody has not noticed."""
    lowest = min(readings, key=lambda one: one.rate)
    highest = max(readings, key=lambda one: one.rate)
    zeros = EXACT.log10(EXACT.divide(highest.rate, lowest.rate))
    whole = round(zeros)
    if whole >= 1 and abs(zeros - whole) < ZEROS_EXACTLY:
        raise NoMidRate(
            f"{currency} seems to have been redenominated: {highest.source} says "
            f"{highest.rate:f} and {lowest.source} {lowest.rate:f}, {whole} zeros apart"
        )


def _checked(currency: str, readings: list[MidReading]) -> MidRate:
    coarse = [reading for reading in readings if reading.authority == CHECK_ONLY]
    fine = [reading for reading in readings if reading.authority != CHECK_ONLY]
    if not fine:
        names = ", ".join(reading.source for reading in coarse)
        raise NoMidRate(f"only a coarse rate is known for {currency}: {names}")
    found = _median(currency, fine)
    for check in coarse:
        if _apart(check.rate, found.rate) > CHECK_SPREAD:
            raise NoMidRate(
                f"{check.source} contradicts the rate of {currency}: "
                f"about {check.rate:f}, not {found.rate:f}"
            )
    return found


def _current(readings: list[MidReading]) -> list[MidReading]:
    """The newest reading of each source, without those that lag far behind the others."""
    newest: dict[str, MidReading] = {}
    for reading in readings:
        held = newest.get(reading.source)
        if held is None or reading.observed_at > held.observed_at:
            newest[reading.source] = reading
    latest = max(reading.observed_at for reading in newest.values())
    kept = [one for one in newest.values() if latest - one.observed_at <= MAX_AGE_BEHIND]
    return sorted(kept, key=lambda one: one.source)


def _median(currency: str, readings: list[MidReading]) -> MidRate:
    """More than half must agree with each other; who is far from the middle is left out.

    A source that says what those who agree say can only make them more, so it never takes
    the rate away.
    """
    limit = LIQUID_SPREAD if currency in LIQUID else MAX_SPREAD
    rates = sorted(reading.rate for reading in readings)
    most = len(rates) // 2
    if all(_apart(low, high) > limit for low, high in zip(rates, rates[most:], strict=False)):
        names = ", ".join(reading.source for reading in readings)
        spread = _apart(rates[0], rates[-1])
        raise NoMidRate(f"the sources for {currency} are {spread:.1%} apart: {names}")
    middle = median(rates)
    near = [reading for reading in readings if _apart(reading.rate, middle) <= limit]
    return MidRate(
        rate=median(reading.rate for reading in near),
        sources=tuple(reading.source for reading in near),
        observed_at=min(reading.observed_at for reading in near),
    )


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """As a share of the middle between the two."""
    return EXACT.divide(abs(EXACT.subtract(one, other)) * 2, EXACT.add(one, other))


def _plain(rate: Decimal) -> Decimal:
    """A quotient cut to 12 significant digits: more would be noise, and is not stored."""
    return rate.normalize(EXACT) if rate == 0 else round(rate, 11 - rate.adjusted())
