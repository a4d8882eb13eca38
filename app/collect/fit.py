"""Whether an offer answers what was asked, and can be kept at all.

A source asserts both in its own way; this is for the one that forgot. One offer that cannot be
written would otherwise cost the whole run.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.db.providers import plain_name
from app.domain.foreign import is_tidy, tidy
from app.domain.money import Money
from scrapers.contract import Ask, Offer, Trouble, Unreadable

LONGEST_PAY_IN = 40
MOST_DIGITS, FARTHEST = 80, 30
"""Of a number: digits in all, and places before or after its point."""


def must_fit(ask: Ask, offer: Offer) -> None:
    """Raises Unreadable, which says what is wrong."""
    quote = offer.quote
    if quote.service.corridor != ask.corridor:
        said = f"asked for {ask.corridor}, answered for {quote.service.corridor}"
        raise Unreadable(said, Trouble.CONTRADICTION)
    if ask.amount not in (quote.paid.amount, quote.sent.amount):
        said = f"asked for {ask.amount}, answered for {quote.paid} with a fee of {quote.fee}"
        raise Unreadable(said, Trouble.CONTRADICTION)
    if not offer.reply.body:
        raise Unreadable("a price without a reply behind it", Trouble.EMPTY)
    if offer.stated_at is not None and offer.stated_at.tzinfo is None:
        raise Unreadable(f"a time without its zone: {offer.stated_at}")
    _must_be_named(offer)
    for number in _numbers(offer):
        if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > FARTHEST:
            raise Unreadable(f"no price has a number like {str(number)[:FARTHEST]}...")


def _must_be_named(offer: Offer) -> None:
    pay_in = offer.quote.service.pay_in
    if not is_tidy(pay_in, LONGEST_PAY_IN):
        raise Unreadable(f"no name of a way to pay: {tidy(pay_in, LONGEST_PAY_IN)!r}")
    if offer.firm is not None and not plain_name(offer.firm.name):
        raise Unreadable(f"no name of a firm: {tidy(offer.firm.name, LONGEST_PAY_IN)!r}")


def _numbers(offer: Offer) -> Iterator[Decimal]:
    quote = offer.quote
    monies: list[Money] = [quote.paid, quote.fee, quote.received]
    yield quote.rate
    if quote.promotion is not None:
        yield quote.promotion.rate
        monies += [quote.promotion.fee, quote.promotion.received]
    for money in monies:
        yield money.amount
