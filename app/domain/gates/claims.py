"""The gates that weigh what else a source says: its times, its fee and its promotion."""

from __future__ import annotations

from decimal import Decimal

from app.domain.gates.reading import Finding, Gate, Reading, change, level_of
from app.domain.gates.words import moment, percent, plain
from app.domain.money import EXACT
from app.domain.quote import Promotion, Quote


def time(one: Reading) -> Finding | None:
    """A stated time that cannot be."""
    stated, before, limits = one.stated_at, one.before.stated_at, one.limits
    if stated is None:
        return None
    if stated > one.now + limits.ahead:
        why = f"is in the future: it is {moment(one.now)}"
    elif stated < limits.earliest:
        why = f"is before {limits.earliest.year}"
    elif before is not None and stated < before:
        why = f"is older than that of the last price, {moment(before)}"
    else:
        return None
    return Finding(Gate.TIME, f"the stated time, {moment(stated)}, {why}; held")


def frozen(one: Reading) -> Finding | None:
    """The same answer over and over, while the market moved on."""
    before, limits = one.before, one.limits
    if before.alike <= limits.alike or before.alike_mid is None:
        return None
    moved = change(before.alike_mid, one.mid.rate)
    if abs(moved) <= limits.still:
        return None
    says = (
        f"{before.alike} readings in a row have the same time or the same text, while the mid "
        f"rate moved {percent(moved)}; the source seems to repeat an old answer, which is held"
    )
    return Finding(Gate.FROZEN, says)


def promotion(one: Reading) -> Finding | None:
    """A promotion that is worse than the price beside it: the two are probably swapped."""
    quote, offer = one.quote, one.quote.promotion
    if offer is None:
        return None
    gain = change(_arrives(quote), _arrives(offer))
    if gain > 0:
        return None
    worse = gain < -one.limits.worse
    than = f"{percent(gain)} worse than" if worse else "no better than"
    says = (
        f"the promotion (rate {plain(offer.rate)}, fee {offer.fee}) is {than} the standard price "
        f"(rate {plain(quote.rate)}, fee {quote.fee})"
    )
    return Finding(Gate.PROMOTION, f"{says}; they may be swapped: held" if worse else says, worse)


def _arrives(price: Quote | Promotion) -> Decimal:
    """What arrives for one unit paid. What is paid follows from the identity that every quote
    obeys, whether its fee comes on top or is taken out."""
    sent = EXACT.divide(price.received.amount, price.rate)
    return EXACT.divide(price.received.amount, EXACT.add(sent, price.fee.amount))


def zero_fee(one: Reading) -> Finding | None:
    """The fee is gone, or nearly, at the same rate: it may be missing, or in another unit."""
    last = one.last
    if last is None or not one.at_level(level_of(last)):
        return None
    low = last.quote.fee.amount * one.limits.fee_left
    if last.quote.fee.amount == 0 or one.quote.fee.amount >= low:
        return None
    if one.repeats and one.before.held[-1].fee.amount < low:
        return None
    says = (
        f"the fee was {last.quote.fee} and is now {one.quote.fee}, at an unchanged rate; held "
        "until a second reading agrees"
    )
    return Finding(Gate.ZERO_FEE, says)
