"""Receipts: what a transfer that was made has really cost, against the mid rate of its day.

What was paid in all settles whether the fee came on top of the amount sent or out of it: in both
cases what was exchanged is what was paid less the fee. The sum is that of every price here
(app.domain.quote.Cost): total = paid - received / mid, and the exchange margin is the rest of the
total beside the fee. app/web/static/receipt.js does the same sum on the reader's own device.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.midrate import MAX_AGE_BEHIND, PEGS, MidRate, MidReading, NoMidRate, mid_rate
from app.domain.money import EXACT, Money
from app.domain.quote import Cost, converted

FIRST_DAY = date(1999, 1, 1)
"""Of the euro: rates are counted in it, so there is none of an earlier day."""

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EARLIEST_CLOCK = timedelta(hours=14)
"""How far the clocks of the first place where a day begins are ahead of UTC."""

MOST_OFF = Decimal("0.5")
"""A receipt whose rate is further than this share from the mid rate was most likely misread."""


class ReceiptFault(StrEnum):
    """What is wrong with a receipt."""

    FEE_TOO_HIGH = "fee_too_high"
    NOTHING_ARRIVED = "nothing_arrived"
    UNREADABLE_DAY = "unreadable_day"
    TO_COME = "to_come"


class BadReceipt(ValueError):
    def __init__(self, fault: ReceiptFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was paid in all, and what arrived for it; `fee` is None where it is not known, for it
    can be hidden in the rate. Raises BadReceipt.
    """

    paid: Money
    received: Money
    fee: Money | None = None

    def __post_init__(self) -> None:
        if self.fee is not None and not (self.fee < self.paid):
            raise BadReceipt(ReceiptFault.FEE_TOO_HIGH)
        if self.received.amount <= 0:
            raise BadReceipt(ReceiptFault.NOTHING_ARRIVED)

    @classmethod
    def at_rate(cls, paid: Money, fee: Money, rate: Decimal, currency: str) -> Receipt:
        """From the rate that stands on it, `currency` per unit of what was paid: what arrived is
        rounded down, for no firm pays out more. Raises BadReceipt."""
        if not (fee < paid):
            raise BadReceipt(ReceiptFault.FEE_TOO_HIGH)
        return cls(paid, Money(converted(paid - fee, rate), currency).floor(), fee)

    @property
    def exchanged(self) -> Money:
        """What was paid less the fee; all of it where no fee is known."""
        return self.paid if self.fee is None else self.paid - self.fee

    @property
    def rate(self) -> Decimal:
        """What arrived for each unit that was exchanged, not rounded."""
        return EXACT.divide(self.received.amount, self.exchanged.amount)

    def cost(self, mid: Decimal) -> Cost:
        """Where the fee is not known its part is zero, and only the total means anything."""
        none = Money(Decimal(0), self.paid.currency)
        return Cost(self.paid, self.fee or none, self.received, mid)

    def is_plausible(self, mid: Decimal) -> bool:
        """Whether its rate is within half of the mid rate."""
        expected = converted(self.exchanged, mid)
        off = abs(EXACT.subtract(self.received.amount, expected))
        return off <= EXACT.multiply(expected, MOST_OFF)


def written_day(text: str) -> date:
    """ "2026-11-10", as fields for days send it, and nothing else. Raises BadReceipt."""
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadReceipt(ReceiptFault.UNREADABLE_DAY)


def settled_day(day: date | None, now: datetime) -> date:
    """The day of a receipt, which is today (UTC) if it does not say one. Raises BadReceipt if
    that day has begun nowhere on earth at `now` (aware UTC)."""
    if day is None:
        return now.date()
    if day > (now + EARLIEST_CLOCK).date():
        raise BadReceipt(ReceiptFault.TO_COME)
    return day


def window(day: date) -> tuple[datetime, datetime]:
    """From when until when (aware UTC) a reading counts for a day: that day, and as long before
    it as the European Central Bank rests at most."""
    begins = datetime.combine(day, time(), UTC)
    return begins - MAX_AGE_BEHIND, begins + timedelta(days=1)


def needed(send: str, receive: str) -> set[str]:
    """The currencies whose readings a mid rate between these two rests on."""
    anchors = {PEGS[one][0] for one in (send, receive) if one in PEGS}
    return {send, receive, *anchors} - {"EUR"}


def mid_rate_of(send: str, receive: str, day: date, readings: Iterable[MidReading]) -> MidRate:
    """The mid rate of a day, by the same order of trust as that of now. Raises NoMidRate."""
    if day < FIRST_DAY:
        raise NoMidRate(f"no mid rate of {day}: it is before the euro")
    since, until = window(day)
    return mid_rate(send, receive, (one for one in readings if since <= one.observed_at < until))
