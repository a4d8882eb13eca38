"""The gates that weigh a rate: against the mid rate, its own past, and other providers."""

from __future__ import annotations

from decimal import Decimal
from statistics import quantiles

from app.domain.gates.reading import Finding, Gate, Reading, change, level_of
from app.domain.gates.words import hours, mid_in_words, moment, percent, plain
from app.domain.quote import Origin

CONVERTIBLE = {
    *("EUR", "USD", "JPY", "CZK", "DKK", "GBP", "HUF", "PLN", "RON", "SEK"),
    *("CHF", "ISK", "NOK", "TRY", "AUD", "BRL", "CAD", "HKD", "IDR", "ILS"),
    *("INR", "KRW", "MXN", "MYR", "NZD", "PHP", "SGD", "THB", "ZAR"),
}
"""The ECB's list without the yuan, whose rates within and outside China differ: currencies that
trade at one price, so that nobody has a reason to give more than the mid rate."""


def reference(one: Reading) -> Finding | None:
    """Far from the mid rate: held. Who was once so far is back after two readings in a row that
    are near it, or as near as the last price was."""
    limits = one.limits
    if abs(one.off) > limits.off_mid:
        says = f"{one.beside_mid}; more than {percent(limits.off_mid)} is held"
        return Finding(Gate.REFERENCE, says)
    if not any(abs(held.level - 1) > limits.off_mid for held in one.before.held):
        return None
    previous = one.before.held[-1]
    near_twice = _is_back(one, one.level) and _is_back(one, previous.level)
    if one.stands or (near_twice and previous.at < one.now):
        return None
    says = (
        f"{one.beside_mid}, but an earlier reading was more than {percent(limits.off_mid)} off; "
        f"held until two readings in a row are within {percent(limits.back_within)}"
    )
    return Finding(Gate.REFERENCE, says)


def _is_back(one: Reading, level: Decimal) -> bool:
    if abs(level - 1) <= one.limits.back_within:
        return True
    return one.last is not None and abs(change(level_of(one.last), level)) <= one.limits.same_level


def better_than_mid(one: Reading) -> Finding | None:
    """Better than the banks' own rate. Real where currencies are managed, up to a point; else an
    error, a lure, or a mid rate that is behind."""
    limits, corridor = one.limits, one.quote.service.corridor
    free = {corridor.send_currency, corridor.receive_currency} <= CONVERTIBLE
    if not free or one.origin is not Origin.LIVE:
        limit, until = limits.better_elsewhere, ""
        passes = one.off <= limit
    elif one.off > limits.better_alone:
        limit, until = limits.better_alone, " until another source agrees"
        passes = _others_too(one)
    else:
        limit, until = limits.better, " until a second reading or another source agrees"
        passes = one.off <= limit or _others_too(one) or one.repeats or _was_as_good(one)
    if passes:
        return None
    says = f"{one.beside_mid}; more than {percent(limit)} better is held{until}"
    return Finding(Gate.BETTER_THAN_MID, says)


def _others_too(one: Reading) -> bool:
    """If others give more than the mid rate as well, it is the mid rate that is behind."""
    better = [margin for margin in one.peers.margins if -margin / 100 > one.limits.better]
    return one.backed or len(better) >= one.limits.peers_better


def _was_as_good(one: Reading) -> bool:
    """The last price was hardly less than this, and passed."""
    return one.last is not None and change(level_of(one.last), one.level) <= one.limits.better


def own_history(one: Reading) -> Finding | None:
    """The rate left its own level: it jumped while the market stood still, or stood still while
    the market moved away from it."""
    limits, last = one.limits, one.last
    if last is None or one.backed or one.stands:
        return None
    rate, mid = change(last.quote.rate, one.quote.rate), change(last.mid.rate, one.mid.rate)
    shift = change(level_of(last), one.level)
    jumped = abs(rate) > limits.moved and abs(mid) < limits.still
    caught_up = abs(rate) < abs(mid) and abs(one.off) <= abs(level_of(last) - 1)
    if caught_up or not (jumped or abs(shift) > limits.moved):
        return None
    stayed, alone = abs(rate) < limits.still, abs(shift) > limits.moved_alone
    if one.repeats and not (stayed or alone):
        return None
    moves = f"the mid rate moved {percent(mid)}, to {plain(one.mid.rate)}"
    since = f"since {moment(last.observed.at)}"
    if stayed:
        says = f"rate stayed at {plain(one.quote.rate)} {since} while {moves}"
    else:
        went = f"from {plain(last.quote.rate)} to {plain(one.quote.rate)} ({percent(rate)})"
        says = f"rate went {went} {since} while {moves}"
    until = f"it has stood for {hours(limits.stands)}" if stayed or alone else "a second reading"
    limit = percent(limits.moved_alone if alone else limits.moved)
    says = f"{says}; more than {limit} apart is held until {until} or another source confirms it"
    return Finding(Gate.OWN_HISTORY, says)


def peers(one: Reading) -> Finding | None:
    """Far from what everybody else keeps: said, not held. Somebody is the cheapest."""
    limits, margins = one.limits, one.peers.margins
    if len(margins) < limits.fewest_peers:
        return None
    low, _, high = quantiles(margins, n=4, method="inclusive")
    width = limits.peer_ranges * max(high - low, limits.peer_range)
    margin = -one.off * 100
    if low - width <= margin <= high + width:
        return None
    says = (
        f"margin {margin:.2f} % is far from that of {len(margins)} other providers, half of which "
        f"keep {low:.2f} to {high:.2f} %"
    )
    return Finding(Gate.PEERS, says, holds=False)


def mid_as_price(one: Reading) -> Finding | None:
    """No margin and no fee: a mid rate, shown as if it were a price for customers."""
    near = one.limits.same_as_mid
    if one.quote.fee.amount > 0 or abs(one.off) > near:
        return None
    exchanges = one.quote.paid.currency != one.quote.received.currency
    if not exchanges or any(abs(margin) / 100 <= near for margin in one.peers.told):
        return None
    says = (
        f"mid rate shown as customer rate: {plain(one.quote.rate)} is {mid_in_words(one.mid)}, "
        "and there is no fee; held until another source tells the same"
    )
    return Finding(Gate.MID_AS_PRICE, says)
