"""Mystery shopping: what a person was told as a customer, against what stood on our pages then.

The measure is what arrives for what is paid. Half a percent is what the target allows: a larger
difference means that the price was not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from enum import StrEnum

from app.domain.money import EXACT, Money
from app.domain.quote import MOST_SLACK, OLDER_FOR, IncoherentQuote, Origin, Quote
from app.domain.service import AccessPoint, Coverage, PickupMethod, Service, Speed

CLOSE = Decimal("0.5")
"""Percent of what arrives, in either direction."""

TARGET = Decimal(99)
"""Percent of the checks that should be that close, of at least SIZE a quarter."""

ENOUGH = 10
"""Of fewer checks no share is shown: too few to say."""

TWICE = 2
"""So many differences beyond CLOSE, and a firm is flagged."""

LOOKED_BACK = timedelta(days=365)
"""How long a check counts for its firm."""

FAR = Decimal("0.1")
"""How far the amount that was asked for may be from the one that was drawn, as a share of it."""

LONGEST_NOTE = 2_000
LONGEST_REASON = 500
LONGEST_RECEIPT = 60


class BadResult(ValueError):
    """What was filled in cannot be kept. `fault` says why."""

    def __init__(self, fault: ResultFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class ResultFault(StrEnum):
    """AMOUNT: not the amount that was drawn; SUM: the figures contradict each other; FUTURE, EARLY:
    asked after now, or before it was drawn; MISSING: a price without its figures."""

    AMOUNT = "amount"
    SUM = "sum"
    FUTURE = "future"
    EARLY = "early"
    MISSING = "missing"


class Heard(StrEnum):
    """What came of it. NOT_OFFERED: the firm does not sell this; NOT_TOLD: it would not say what it
    costs, or nobody could be reached, which proves nothing about the price."""

    PRICE = "price"
    NOT_OFFERED = "not_offered"
    NOT_TOLD = "not_told"


class Verdict(StrEnum):
    """WORSE, BETTER: less or more arrives than we showed, by over CLOSE; GONE: we showed what is
    not sold. NOT_COMPARED counts nowhere: nothing was told, or nothing stood on our pages."""

    KEPT = "kept"
    WORSE = "worse"
    BETTER = "better"
    GONE = "gone"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class Shown:
    """What stood on our pages at that time, copied: the board moves on.

    price_id  number of the price in the history
    via       who told it, where that was not the firm
    at        when it had last been read then
    """

    price_id: int
    paid: Money
    fee: Money
    received: Money
    rate: Decimal
    source: str
    origin: Origin
    at: datetime
    via: str = ""

    def arrives(self, paid: Money) -> Money:
        """What this price promises for `paid`, near to its own: the same fee and rate. Not
        rounded, but for the very amount of the price."""
        if paid == self.paid:
            return self.received
        share = EXACT.divide((paid - self.fee).amount, (self.paid - self.fee).amount)
        return Money(EXACT.multiply(self.received.amount, share), self.received.currency)

    def is_the_firms(self, asked_at: datetime) -> bool:
        """Whether it was the firm's own word, and of that day. What an old survey said, or what
        others tell, says how good we are, and nothing of the firm."""
        own = self.origin in (Origin.LIVE, Origin.SUBMITTED) and not self.via
        return own and asked_at - self.at <= OLDER_FOR


@dataclass(frozen=True, slots=True)
class Figures:
    """What was told or charged. `receiver_charge` is what the receiver pays at their end; None if
    that was not told."""

    paid: Money
    fee: Money
    received: Money
    rate: Decimal
    receiver_charge: Money | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one person filled in; the newest version of a task stands, unless it is withdrawn.

    asked_at   when it was asked (aware UTC)
    bought     whether the transfer was bought, and not only asked for
    figures    of a price that was told
    speed, access_points, pickup_methods, coverage, note
               the other answers; None, empty and "" where nothing was told
    reason     why this version takes the place of the one before it; "" of the first
    """

    heard: Heard
    asked_at: datetime
    bought: bool = False
    figures: Figures | None = None
    speed: Speed | None = None
    access_points: tuple[AccessPoint, ...] = ()
    pickup_methods: tuple[PickupMethod, ...] = ()
    coverage: Coverage | None = None
    note: str = ""
    reason: str = ""
    withdrawn: bool = False
    shown: Shown | None = None

    @property
    def difference(self) -> Decimal | None:
        """What arrives more (or less, below zero) than we showed, in percent of that; None where
        there is nothing to compare. Not rounded."""
        if self.figures is None or self.shown is None or self.withdrawn:
            return None
        promised = self.shown.arrives(self.figures.paid)
        more = (self.figures.received - promised).amount
        return EXACT.divide(EXACT.multiply(more, Decimal(100)), promised.amount)

    @property
    def is_of_the_firm(self) -> bool:
        """Whether it says anything of how the firm keeps its word."""
        return self.shown is not None and self.shown.is_the_firms(self.asked_at)

    @property
    def verdict(self) -> Verdict:
        if self.withdrawn or self.shown is None or self.heard is Heard.NOT_TOLD:
            return Verdict.NOT_COMPARED
        difference = self.difference
        if difference is None:
            return Verdict.GONE
        if abs(difference) <= CLOSE:
            return Verdict.KEPT
        return Verdict.WORSE if difference < 0 else Verdict.BETTER


def check(result: Result, service: Service, rung: Decimal, since: datetime, now: datetime) -> None:
    """That a result can be kept: asked between `since`, when it was drawn, and `now` (aware UTC),
    for the amount that was drawn, with figures that fit each other. Raises BadResult."""
    if result.asked_at > now:
        raise BadResult(ResultFault.FUTURE)
    if result.asked_at < since:
        raise BadResult(ResultFault.EARLY)
    if (result.heard is Heard.PRICE) != (result.figures is not None):
        raise BadResult(ResultFault.MISSING)
    if result.figures is None:
        return
    figures = result.figures
    try:
        quote = Quote(
            service, figures.paid, figures.fee, figures.received, figures.rate, slack=MOST_SLACK
        )
    except IncoherentQuote as error:
        raise BadResult(ResultFault.SUM) from error
    if min(abs(one.amount - rung) for one in (quote.paid, quote.sent)) > EXACT.multiply(FAR, rung):
        raise BadResult(ResultFault.AMOUNT)


def rate_of(paid: Money, fee: Money, received: Money) -> Decimal:
    """Where it was not told, to six figures. Raises BadResult."""
    sent = (paid - fee).amount
    if sent <= 0 or received.amount <= 0:
        raise BadResult(ResultFault.SUM)
    return Context(prec=12).divide(received.amount, sent)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of `checked` results, `kept` were within CLOSE of what we showed."""

    checked: int
    kept: int

    def __post_init__(self) -> None:
        if not 0 <= self.kept <= self.checked:
            raise ValueError(f"{self.kept} of {self.checked} cannot be")

    @property
    def is_enough(self) -> bool:
        return self.checked >= ENOUGH

    @property
    def percent(self) -> Decimal | None:
        """None where there are too few to say."""
        if not self.is_enough:
            return None
        return EXACT.divide(Decimal(100 * self.kept), Decimal(self.checked))

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Wilson's, in percent: where the share of all prices lies, at 95 in 100."""
        return wilson(self.kept, self.checked) if self.is_enough else None


Z = Decimal("1.959963984540054")
"""Within so many standard deviations lie 95 percent."""


def wilson(kept: int, checked: int) -> tuple[Decimal, Decimal]:
    """The interval of a share, in percent; `checked` is at least 1. Its ends are never beyond 0
    and 100, and are just these where nothing or everything was kept."""
    n, share = Decimal(checked), EXACT.divide(Decimal(kept), Decimal(checked))
    square = EXACT.multiply(Z, Z)
    spread = EXACT.divide(EXACT.multiply(share, EXACT.subtract(Decimal(1), share)), n)
    spread = EXACT.add(spread, EXACT.divide(square, Decimal(4 * checked * checked)))
    half = EXACT.multiply(Z, EXACT.sqrt(spread))
    middle = EXACT.add(share, EXACT.divide(square, Decimal(2 * checked)))
    whole = EXACT.divide(EXACT.add(Decimal(1), EXACT.divide(square, n)), Decimal(100))
    low = EXACT.divide(EXACT.subtract(middle, half), whole)
    high = EXACT.divide(EXACT.add(middle, half), whole)
    return (low if kept else Decimal(0)), (high if kept < checked else Decimal(100))


def accuracy(verdicts: Iterable[Verdict]) -> Accuracy:
    counted = [one for one in verdicts if one is not Verdict.NOT_COMPARED]
    return Accuracy(len(counted), counted.count(Verdict.KEPT))


def is_flagged(verdicts: Iterable[Verdict]) -> bool:
    """Whether a firm's price differed twice from what we showed, in either direction: a price that
    is better at the counter was no better known to us."""
    return sum(one in (Verdict.WORSE, Verdict.BETTER) for one in verdicts) >= TWICE


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether a firm keeps its price, as far as checks of the last year say: those of a price that
    it told itself within a day before."""

    accuracy: Accuracy
    flagged: bool
