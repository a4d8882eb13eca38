"""Ladders: the price of one service at any amount, from the amounts it was quoted at.

The rule. A rung that has the asked amount answers it exactly. So does, for every amount that it
covers, a fee schedule that the source publishes. Else, between two rungs, the fee is taken as
linear in the amount sent, and the rate is the lower rung's; the answer is marked as estimated
and never promises more than the upper rung delivers. Outside the ladder there is no price, only
the range in which there is one.

Fresh prices go before older ones, and older before dated: an estimate from two fresh rungs is
worth more than an exact answer of yesterday. No estimate lies between prices of two origins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from app.domain.fees import FeeSchedule
from app.domain.money import EXACT, Money
from app.domain.quote import AGE_ORDER, Age, Cost, Origin, Price, Promotion, converted
from app.domain.service import Service


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service delivers for the asked amount.

    rungs  one price if it is exact; the two around it if it is estimated
    """

    paid: Money
    fee: Money
    received: Money
    rungs: tuple[Price, ...]

    @property
    def exact(self) -> bool:
        return len(self.rungs) == 1

    @property
    def base(self) -> Price:
        """The rung whose rate, source and date the answer carries."""
        return self.rungs[0]

    @property
    def service(self) -> Service:
        return self.base.quote.service

    @property
    def rate(self) -> Decimal:
        return self.base.quote.rate

    @property
    def sent(self) -> Money:
        return self.paid - self.fee

    @property
    def promotion(self) -> Promotion | None:
        """It holds for the amount that was quoted, and for no other."""
        quote = self.base.quote
        return quote.promotion if self.paid == quote.paid else None

    @property
    def rpw_percent(self) -> Decimal:
        """RPW total cost: fee / sent x 100 + margin, the World Bank's convention."""
        share = EXACT.divide(EXACT.multiply(self.fee.amount, Decimal(100)), self.sent.amount)
        return EXACT.add(share, self.base.margin_percent)

    @property
    def cost(self) -> Cost:
        return Cost(self.paid, self.fee, self.received, self.base.mid.rate)


@dataclass(frozen=True, slots=True)
class Outside:
    """No price is known for the asked amount; between `lowest` and `highest` there is one."""

    service: Service
    service_id: int
    lowest: Money
    highest: Money


class Ladder:
    """The prices of one service, by amount.

    A rung that costs more than another and delivers no more is left out: nobody needs to pay
    it, and an answer between rungs must not lead there. Raises ValueError without a price, or
    with prices of two services.
    """

    def __init__(self, prices: list[Price]) -> None:
        if not prices:
            raise ValueError("a ladder needs at least one price")
        if len({price.quote.service.identity for price in prices}) > 1:
            raise ValueError("a ladder is of one service")
        by_paid = sorted(
            prices, key=lambda one: (one.quote.paid.amount, -one.quote.received.amount)
        )
        self.prices = by_paid
        self.rungs: list[Price] = []
        for price in by_paid:
            if not self.rungs or price.quote.received > self.rungs[-1].quote.received:
                self.rungs.append(price)
        self._published = _newest_schedule(by_paid)

    @property
    def service(self) -> Service:
        return self.rungs[0].quote.service

    def by_age(self, now: datetime) -> list[Ladder]:
        """The ladder of its fresh prices; then with the older ones; then of all. None is empty
        and each has more prices than the one before."""
        aged = [(AGE_ORDER[price.age(now)], price) for price in self.prices]
        found: list[Ladder] = []
        for worst in Age:
            kept = [price for age, price in aged if age <= AGE_ORDER[worst]]
            if kept and (not found or len(kept) > len(found[-1].prices)):
                found.append(self if len(kept) == len(aged) else Ladder(kept))
        return found

    def by_origin(self) -> list[Ladder]:
        """A ladder of each origin's prices, the one with the newest price first."""
        found: dict[Origin, list[Price]] = {}
        for price in self.prices:
            found.setdefault(price.origin, []).append(price)
        if len(found) == 1:
            return [self]
        newest = sorted(found.values(), key=lambda some: max(p.observed.at for p in some))
        return [Ladder(some) for some in reversed(newest)]

    def at_paid(self, paid: Money) -> Answer | Outside:
        """What arrives for `paid` in all, a whole number of minor units in the send currency."""
        for rung in self.rungs:
            if rung.quote.paid == paid:
                return _exact(rung)
        if self._published:
            published = self._published.at_paid(paid)
            if published:
                return published
        for lower, upper in pairwise(self.rungs):
            if lower.quote.paid < paid < upper.quote.paid:
                return _between(lower, upper, paid)
        return self._outside(lambda one: one.paid)

    def at_received(self, received: Money) -> Answer | Outside:
        """The least that must be paid so that at least `received` arrives."""
        found = [_exact(rung) for rung in self.rungs if rung.quote.received == received]
        if self._published:
            published = self._published.at_received(received)
            found += [published] if published else []
        if found:
            return min(found, key=lambda one: one.paid.amount)
        for lower, upper in pairwise(self.rungs):
            if lower.quote.received < received < upper.quote.received:
                return self.at_paid(_least_paid(lower, upper, received))
        return self._outside(lambda one: one.received)

    def at_sent(self, sent: Money) -> Answer | Outside:
        """The price of sending `sent`, with the fee on top of it."""
        for rung in self.rungs:
            if rung.quote.sent == sent:
                return _exact(rung)
        if self._published:
            published = self._published.at_sent(sent)
            if published:
                return published
        for lower, upper in pairwise(self.rungs):
            if lower.quote.sent < sent < upper.quote.sent:
                paid = _paid_to_send(lower, upper, Fraction(sent.amount))
                return self.at_paid(min(paid, upper.quote.paid))
        return self._outside(lambda one: one.sent)

    def _outside(self, of: Callable[[Answer], Money]) -> Outside:
        ends = [_exact(self.rungs[0]), _exact(self.rungs[-1])]
        if self._published:
            ends += self._published.ends()
        amounts = [of(end) for end in ends]
        return Outside(self.service, self.rungs[0].service_id, min(amounts), max(amounts))


@dataclass(frozen=True, slots=True)
class Published:
    """A price whose source publishes the fee for every amount, at the same rate."""

    price: Price
    schedule: FeeSchedule

    def at_paid(self, paid: Money) -> Answer | None:
        """A minor unit that the rounding of the fee leaves over counts as fee."""
        sent = self.schedule.most_sent(paid)
        return None if sent is None else self._answer(paid, sent)

    def at_received(self, received: Money) -> Answer | None:
        rate = Fraction(self.price.quote.rate)
        needed = _whole(ceil, Fraction(received.amount) / rate, self.price.quote.paid)
        sent = self.schedule.least_paid(needed)
        return None if sent is None else self.at_sent(sent)

    def at_sent(self, sent: Money) -> Answer | None:
        covered = self.schedule.covers(sent)
        return self._answer(self.schedule.cost(sent), sent) if covered else None

    def ends(self) -> list[Answer]:
        """The least and the most that can be sent; [] if nothing can."""
        ends = self.schedule.ends(self.price.quote.paid.currency) or ()
        return [found for end in ends if (found := self.at_sent(end))]

    def _answer(self, paid: Money, sent: Money) -> Answer | None:
        """None if so little is sent that nothing arrives."""
        quote = self.price.quote
        arrives = Money(converted(sent, quote.rate), quote.received.currency).floor()
        return Answer(paid, paid - sent, arrives, (self.price,)) if arrives.amount > 0 else None


def _newest_schedule(prices: list[Price]) -> Published | None:
    """Of several, the one seen last; of those seen together, the one for the highest amount."""
    found = [Published(one, one.quote.schedule) for one in prices if one.quote.schedule is not None]
    return max(found, key=lambda one: one.price.observed.at, default=None)


def _exact(rung: Price) -> Answer:
    quote = rung.quote
    return Answer(quote.paid, quote.fee, quote.received, (rung,))


def _between(lower: Price, upper: Price, paid: Money) -> Answer:
    """The estimate for `paid`, strictly between two rungs. Fractions keep it exact."""
    low, high = lower.quote, upper.quote
    slope = Fraction(high.sent.amount - low.sent.amount) / Fraction(
        high.paid.amount - low.paid.amount
    )
    exactly = Fraction(low.sent.amount) + Fraction(paid.amount - low.paid.amount) * slope
    sent = _whole(floor, exactly, paid)
    arrives = _whole(floor, Fraction(sent.amount) * Fraction(low.rate), low.received)
    return Answer(
        paid=paid,
        fee=paid - sent,
        received=min(max(arrives, low.received), high.received),
        rungs=(lower, upper),
    )


def _least_paid(lower: Price, upper: Price, received: Money) -> Money:
    """The least payment that delivers `received`; the amount sent is rounded up to the cent."""
    low, high = lower.quote, upper.quote
    sent = _whole(ceil, Fraction(received.amount) / Fraction(low.rate), low.paid)
    if sent <= low.sent <= high.sent:  # the source rounded down by more than our own rounding
        return min(low.paid.floor() + Money(low.paid.minor_unit, low.paid.currency), high.paid)
    if not (low.sent < sent <= high.sent):
        return high.paid
    return min(_paid_to_send(lower, upper, Fraction(sent.amount)), high.paid)


def _paid_to_send(lower: Price, upper: Price, sent: Fraction) -> Money:
    low, high = lower.quote, upper.quote
    slope = Fraction(high.paid.amount - low.paid.amount) / Fraction(
        high.sent.amount - low.sent.amount
    )
    exactly = Fraction(low.paid.amount) + (sent - Fraction(low.sent.amount)) * slope
    return _whole(ceil, exactly, low.paid)


def _whole(rounding: Callable[[Fraction], int], exactly: Fraction, like: Money) -> Money:
    """`exactly` in whole minor units of the currency of `like`."""
    units = rounding(exactly / Fraction(like.minor_unit))
    return Money(like.minor_unit * units, like.currency)
