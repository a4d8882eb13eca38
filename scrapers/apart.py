"""Offers of one answer whose services cannot be told from one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.quote import Quote
from scrapers.contract import Offer, Trouble, Unreadable


def told_apart(offers: Iterable[tuple[str, Offer]]) -> list[Offer]:
    """With a `variant` of its own, in the source's order, for each other price of what is one
    service to us; the same price twice is one offer.

    Each comes with the source's own name of it. Raises Unreadable where one name has two prices.
    """
    named: dict[str, Quote] = {}
    listed: dict[tuple[object, ...], list[Quote]] = {}
    kept = []
    for name, offer in offers:
        if named.setdefault(name, offer.quote) != offer.quote:
            said = f"{offer.reply.url}: {name} is there twice, at two prices"
            raise Unreadable(said, Trouble.CONTRADICTION)
        before = listed.setdefault(offer.quote.service.identity, [])
        if offer.quote not in before:
            before.append(offer.quote)
            service = replace(offer.quote.service, variant=len(before))
            kept.append(replace(offer, quote=replace(offer.quote, service=service)))
    return kept
