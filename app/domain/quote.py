"""Quotes: what a source said one service costs, and the price that we make of it.

A quote obeys (paid - fee) x rate = received, within one minor unit of either currency. One
that does not was misread, by us or by its source, and cannot be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.fees import FeeSchedule
from app.domain.midrate import MidRate
from app.domain.money import EXACT, Money
from app.domain.service import Service


class IncoherentQuote(ValueError):
    """The numbers of a quote contradict each other. `str()` says how."""


class Origin(StrEnum):
    """Where a price comes from."""

    LIVE = "live"
    SURVEY = "survey"
    TARIFF = "tariff"
    SUBMITTED = "submitted"
    SHOPPED = "shopped"


class Derived(StrEnum):
    """A number of a quote that its source did not state, so that we worked it out."""

    RATE = "rate"
    RECEIVED = "received"
    RECEIVE_CURRENCY = "receive_currency"


class Precision(StrEnum):
    """How exactly the time of a price is known."""

    INSTANT = "instant"
    DAY = "day"
    QUARTER = "quarter"


class Age(StrEnum):
    """How old a price is, freshest first. Only the freshest present can be the cheapest."""

    FRESH = "fresh"
    OLDER = "older"
    DATED = "dated"


AGE_ORDER = {age: place for place, age in enumerate(Age)}
MOST_DIGITS = 12
"""Of a rate, before or after its point: one unit of any money is worth less of any other."""

MOST_SLACK = Decimal("0.005")
"""Half a percent: a larger gap between the numbers is a promotion or a mistake, not rounding."""

AHEAD = timedelta(minutes=2)
"""How far two clocks may differ."""

FRESH_FOR = timedelta(minutes=20)
OLDER_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Observed:
    """When a price was true. `at` is aware UTC: the start of the day or quarter if that is all
    that is known, so that a price never looks younger than it is."""

    at: datetime
    precision: Precision = Precision.INSTANT

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a price needs a time with its zone")

    def __str__(self) -> str:
        """ISO 8601: a date where no more is known, else the time in UTC."""
        if self.precision is Precision.INSTANT:
            utc = self.at.astimezone(UTC)
            return utc.isoformat(timespec="seconds").replace("+00:00", "Z")
        return self.day.isoformat()

    @property
    def day(self) -> date:
        return self.at.date()

    def age(self, origin: Origin, now: datetime, fresh_for: timedelta = FRESH_FOR) -> Age:
        """A price from a survey, a tariff or a shopper is dated from its first minute; one from the
        future, when a clock was put back, is not known to be of today."""
        if origin not in (Origin.LIVE, Origin.SUBMITTED) or self.precision is not Precision.INSTANT:
            return Age.DATED
        passed = now - self.at
        if passed < -AHEAD:
            return Age.DATED
        return Age.FRESH if passed <= fresh_for else Age.OLDER if passed <= OLDER_FOR else Age.DATED


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a first-time customer would get instead. Shown beside the price; never ranks."""

    rate: Decimal
    fee: Money
    received: Money
    terms: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What one source said about one service for one amount. Raises IncoherentQuote.

    paid      all that leaves the sender, fee included
    fee       the part of paid kept as an explicit fee, in the same currency
    received  what reaches the receiver, in the corridor's receive currency
    rate      receive currency per 1 unit of send currency, as the provider gives it
    derived   which of these numbers we worked out ourselves
    slack     how far, as a share of received, the source's own rounding may part the two
              sides of the identity; 0 unless the source is known to round its rate
    schedule  the fee for every amount, where the source publishes it and the rate is the same
              for all of them; the fee is on top of what is sent
    """

    service: Service
    paid: Money
    fee: Money
    received: Money
    rate: Decimal
    derived: frozenset[Derived] = frozenset()
    slack: Decimal = Decimal(0)
    promotion: Promotion | None = None
    schedule: FeeSchedule | None = None

    def __post_init__(self) -> None:
        corridor = self.service.corridor
        currencies = (self.paid.currency, self.fee.currency, self.received.currency)
        expected = (corridor.send_currency, corridor.send_currency, corridor.receive_currency)
        if currencies != expected:
            raise IncoherentQuote(f"currencies are {currencies}, the corridor has {expected}")
        if not isinstance(self.rate, Decimal) or not (self.rate.is_finite() and self.rate > 0):
            raise IncoherentQuote(f"rate must be an exact number above zero, not {self.rate!r}")
        if abs(self.rate.adjusted()) > MOST_DIGITS:
            raise IncoherentQuote(f"rate is beyond any currency: {self.rate}")
        if not 0 <= self.slack <= MOST_SLACK:
            raise IncoherentQuote(f"slack must be from 0 to {MOST_SLACK}, not {self.slack}")
        if not (self.paid.amount > self.fee.amount >= 0 and self.received.amount > 0):
            raise IncoherentQuote(
                f"amounts out of order: paid {self.paid}, fee {self.fee}, received {self.received}"
            )
        off = abs(EXACT.subtract(converted(self.sent, self.rate), self.received.amount))
        if off > self._tolerance():
            raise IncoherentQuote(
                f"({self.paid} - {self.fee}) x {self.rate} is not {self.received}: off by {off}"
            )

    @property
    def sent(self) -> Money:
        """What is converted: paid less the fee."""
        return self.paid - self.fee

    def _tolerance(self) -> Decimal:
        """One minor unit of either currency, seen in the receive currency."""
        return max(
            self.received.minor_unit,
            converted(Money(self.paid.minor_unit, self.paid.currency), self.rate),
            EXACT.multiply(self.received.amount, self.slack),
        )


def converted(sent: Money, rate: Decimal) -> Decimal:
    """`sent` at `rate`, exact and not rounded, in the receive currency."""
    return EXACT.multiply(sent.amount, rate)


@dataclass(frozen=True, slots=True)
class Price:
    """A quote with its birth certificate.

    source, origin  which source said it, and what kind of source that is
    observed        when it was true
    mid             the mid rate that it was weighed against
    evidence        sha256 of the raw reply behind it
    rung            the amount that the source was asked for, in the send currency
    id              its number in our history; None before it is saved
    service_id      the number of its service; 0 before it is saved
    via             who told it, where that is not the provider: "wise"; "" for the provider
    fresh_for       how long it counts as fresh: the source's own interval, if that is longer
    last_seen       when it was last found unchanged; None before it is saved
    """

    quote: Quote
    source: str
    origin: Origin
    observed: Observed
    mid: MidRate
    evidence: str
    rung: Decimal
    id: int | None = None
    service_id: int = 0
    last_seen: datetime | None = None
    via: str = ""
    fresh_for: timedelta = FRESH_FOR

    def age(self, now: datetime) -> Age:
        return self.observed.age(self.origin, now, self.fresh_for)

    @property
    def margin_percent(self) -> Decimal:
        """What the rate keeps, in percent of the mid rate; below zero if it gives more."""
        return margin_percent(self.quote.rate, self.mid.rate)


def margin_percent(rate: Decimal, mid: Decimal) -> Decimal:
    """What a rate keeps of the mid rate, both in units of the same currency."""
    return EXACT.divide(EXACT.multiply(EXACT.subtract(mid, rate), Decimal(100)), mid)


@dataclass(frozen=True, slots=True)
class Cost:
    """Where the money goes. `mid` is receive currency per 1 unit of send currency.

    total cost = paid - received / mid, in the send currency.
    Percentages are of what is paid. Nothing here is rounded, and both margin and total can be
    below zero where a provider pays more than the mid rate.
    """

    paid: Money
    fee: Money
    received: Money
    mid: Decimal

    @property
    def total(self) -> Money:
        worth = EXACT.divide(self.received.amount, self.mid)
        return Money(EXACT.subtract(self.paid.amount, worth), self.paid.currency)

    @property
    def margin(self) -> Money:
        """What the exchange rate keeps: total less the fee."""
        return self.total - self.fee

    @property
    def total_percent(self) -> Decimal:
        return self._percent(self.total)

    @property
    def fee_percent(self) -> Decimal:
        return self._percent(self.fee)

    @property
    def margin_percent(self) -> Decimal:
        return self._percent(self.margin)

    def _percent(self, part: Money) -> Decimal:
        return EXACT.divide(EXACT.multiply(part.amount, Decimal(100)), self.paid.amount)
