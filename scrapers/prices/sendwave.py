"""Sendwave: its own price for every way to be paid. See docs/sources/sendwave.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.money import Money
from app.domain.quote import Derived, Origin, Promotion, Quote, converted
from app.domain.service import AccessPoint, PickupMethod, Service
from scrapers.contract import (
    EVERY_RUNG,
    Ask,
    Budget,
    Http,
    NotOffered,
    Offer,
    Reply,
    Stance,
    Terms,
    Trouble,
    Unreadable,
)
from scrapers.fields import Field, fields

SLUG = "sendwave"
SITE = "https://www.sendwave.com/"
ORIGIN = Origin.LIVE
PROVIDER = "sendwave"
VIA = ""
TERMS = Terms(Stance.GREEN, date(2026, 8, 8), "anonymous; there is no robots.txt")
BUDGET = Budget(per_hour=240, gap=3)
RUNGS = EVERY_RUNG

SEGMENTS = "https://app.sendwave.com/v2/pricing-segments"
PRICE = "https://app.sendwave.com/v2/pricing-public"
ENGLISH = {"Accept-Language": "en"}
BAD_REQUEST = 400
LIMIT = "pricing-limit-violation"

SEGMENT = re.compile(r"[\w-]{1,80}", re.ASCII)

PICKUPS = {"bank": PickupMethod.BANK_ACCOUNT, "cash": PickupMethod.CASH}


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """The best priced segment of each way to be paid; the fee comes on top. Raises SourceError."""
    corridor = ask.corridor
    question = {
        "amount": f"{ask.amount:f}",
        "amountType": "SEND",
        "sendCountryIso2": corridor.send_country.lower(),
        "sendCurrency": corridor.send_currency,
        "receiveCountryIso2": corridor.receive_country.lower(),
        "receiveCurrency": corridor.receive_currency,
    }
    reply, segments = _asked(http, SEGMENTS, question)
    if reply.status == BAD_REQUEST:
        raise NotOffered(LIMIT)
    offers = []
    for pickup, segment in _best_segments(segments["payoutMethodsAndPrices"]):
        reply, price = _asked(http, PRICE, question | {"segmentName": segment})
        if reply.status != BAD_REQUEST:
            service = Service(PROVIDER, corridor, (), (AccessPoint.MOBILE_APP,), (pickup,))
            offers.append(Offer(_quote(service, price, ask), reply))
    if not offers:
        raise NotOffered(LIMIT)
    return offers


def _asked(http: Http, url: str, question: dict[str, str]) -> tuple[Reply, Field]:
    """The answer; with the status of a bad request if the amount is beyond Sendwave's limit."""
    reply = http.get(url, params=question, headers=ENGLISH, also=(BAD_REQUEST,))
    answer = fields(reply)
    if reply.status == BAD_REQUEST and (code := answer["code"].text()) != LIMIT:
        message = answer.get("message")
        raise Unreadable(f"{url}: {code}, {message.text() if message else 'no reason given'}")
    return reply, answer


def _best_segments(methods: Field) -> Iterator[tuple[PickupMethod, str]]:
    """The methods that we know, each with its best priced segment. Raises Unreadable if none."""
    names = [method["payoutMethod"].text() for method in methods.each()]
    if not set(names) & set(PICKUPS):
        raise Unreadable(f"{methods.path}: no way to be paid that we know: {', '.join(names)}")
    if len(names) > len(set(names)):
        raise Unreadable(f"{methods.path}: a way to be paid twice", Trouble.CONTRADICTION)
    for method, name in zip(methods.each(), names, strict=True):
        if name in PICKUPS:
            yield PICKUPS[name], _segment(method["bestPricedSegmentName"])


def _segment(found: Field) -> str:
    """A name that is sent back as it is. Raises Unreadable."""
    name = found.text()
    if not SEGMENT.fullmatch(name):
        raise Unreadable(f"{found.path}: {name[:40]!r} is no name of a segment")
    return name


def _quote(service: Service, price: Field, ask: Ask) -> Quote:
    """The base price; what a campaign makes of it is the promotion."""
    send, receive = service.corridor.send_currency, service.corridor.receive_currency
    for name in ("baseSendAmount", "effectiveSendAmount"):
        price[name].echoes(ask.amount)
    for name in ("baseFeeRateBps", "effectiveFeeRateBps"):
        if price[name].number() != 0:
            raise Unreadable(f"{price.path}.{name}: a fee by share, which we cannot add up")
    now = Quote(
        service=service,
        paid=Money(price["payAmount"].decimal(), send),
        fee=Money(price["effectiveFeeAmount"].decimal(), send),
        received=Money(price["receiveAmount"].decimal(), receive),
        rate=price["effectiveExchangeRate"].decimal(),
    )
    sent, fee = Money(ask.amount, send), Money(price["baseFeeAmount"].decimal(), send)
    rate = price["baseExchangeRate"].decimal()
    campaigns = [one["description"].text() for one in price["campaignsApplied"].each()]
    if (rate, fee) == (now.rate, now.fee):
        return now
    if not campaigns:
        words = f"{price.path}: not its base price, and no campaign that would say why"
        raise Unreadable(words, Trouble.CONTRADICTION)
    return Quote(
        service=service,
        paid=sent + fee,
        fee=fee,
        received=Money(converted(sent, rate), receive).floor(),
        rate=rate,
        derived=frozenset({Derived.RECEIVED}),
        promotion=Promotion(now.rate, now.fee, now.received, "; ".join(campaigns)),
    )
