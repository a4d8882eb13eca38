"""Taptap Send: every rate and fee schedule in one reply. See docs/sources/taptap_send.md."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.fees import FeeSchedule, FeeTier
from app.domain.money import Money
from app.domain.quote import Derived, Origin, Quote, converted
from app.domain.service import AccessPoint, Service
from scrapers.contract import (
    EVERY_RUNG,
    Ask,
    Budget,
    Http,
    NotOffered,
    Offer,
    Stance,
    Terms,
    Trouble,
    Unreadable,
)
from scrapers.fields import Field, fields
from scrapers.strict import an_object

SLUG = "taptap_send"
SITE = "https://www.taptapsend.com/"
ORIGIN = Origin.LIVE
PROVIDER = "taptap-send"
VIA = ""
TERMS = Terms(Stance.GREEN, date(2026, 8, 9), "anonymous; robots.txt disallows nothing")
BUDGET = Budget(per_hour=60, gap=5)
RUNGS: tuple[Decimal, ...] = (Decimal(200),)
"""One is enough: the schedule tells the fee of every amount, and the rate is the same for all."""

URL = "https://api.taptapsend.com/api/fxRates"
HEADERS = {"Appian-Version": "web/2022-05-03.0", "X-Device-Id": "web", "X-Device-Model": "web"}
"""What the endpoint demands of everybody; they name its own web widget."""

LOWEST, HIGHEST = min(EVERY_RUNG), max(EVERY_RUNG)
"""Taptap Send does not publish its limits: we vouch for no amount beyond those that we ask of
other sources."""

FEES = {"senderCurrencyFlatFee", "feeSchedule"}

BAD_REQUEST = 400


def fetch(http: Http, ask: Ask) -> list[Offer]:
    """One price; the fee comes on top of what is sent. Raises SourceError, and BadSchedule for
    fee tiers that contradict each other."""
    corridor = ask.corridor
    reply = http.get(URL, headers=HEADERS, also=(BAD_REQUEST,))
    answer = fields(reply)
    if reply.status == BAD_REQUEST:
        raise Unreadable(f"{URL}: {answer['error'].text()}")
    senders = answer["availableCountries"]
    sender = _the_one(senders, "sender", corridor.send_country, corridor.send_currency)
    row = _the_one(
        sender["corridors"], "receiver", corridor.receive_country, corridor.receive_currency
    )
    return [Offer(_quote(row, ask), reply)]


def _the_one(rows: Field, role: str, country: str, currency: str) -> Field:
    found = list(rows.each())
    if not found:
        raise Unreadable(f"{rows.path}: an empty list", Trouble.EMPTY)
    wanted = [
        row
        for row in found
        if (row["isoCountryCode"].text(), row["currency"].text()) == (country, currency)
    ]
    if not wanted:
        raise NotOffered(f"Taptap Send lists no {role} in {country} with {currency}")
    if len(wanted) > 1:
        raise Unreadable(f"{rows.path}: {country} {currency} is there twice", Trouble.CONTRADICTION)
    return wanted[0]


def _quote(row: Field, ask: Ask) -> Quote:
    corridor, schedule = ask.corridor, FeeSchedule(_tiers(row), LOWEST, HIGHEST)
    sent = Money(ask.amount, corridor.send_currency)
    if not schedule.covers(sent):
        raise NotOffered(f"limits are not published: only {LOWEST} to {HIGHEST} are worked out")
    fee, rate = schedule.fee(sent), row["fxRate"].decimal()
    if fee >= sent:
        raise Unreadable(f"{row.path}: a fee of {fee} for sending {sent}", Trouble.CONTRADICTION)
    return Quote(
        service=Service(PROVIDER, corridor, (), (AccessPoint.MOBILE_APP,), ()),
        paid=sent + fee,
        fee=fee,
        received=Money(converted(sent, rate), corridor.receive_currency).floor(),
        rate=rate,
        derived=frozenset({Derived.RECEIVED}),
        schedule=schedule,
    )


def _tiers(row: Field) -> tuple[FeeTier, ...]:
    """A fee schedule outranks the flat fee beside it; with neither there is no fee."""
    unknown = [name for name in an_object(row.value, row.path) if "fee" in name.lower()]
    if set(unknown) - FEES:
        raise Unreadable(f"{row.path}: a fee that we do not know, among {', '.join(unknown)}")
    flat, schedule = row.get("senderCurrencyFlatFee"), row.get("feeSchedule")
    if schedule is None:
        return (FeeTier(Decimal(0), fixed=_number(flat)),)
    kind = schedule["type"].text()
    if kind == "tiered":
        tiers = schedule.only("type", "tiers")["tiers"].each()
        return tuple(sorted((_tier(tier) for tier in tiers), key=lambda one: one.starts_at))
    if kind != "standard":
        raise Unreadable(f"{schedule.path}: a type of fee that we do not know, {kind[:40]!r}")
    schedule.only("type", "flatFee", "feePercent", "maxFee")
    fixed, percent = schedule["flatFee"].decimal(), _number(schedule.get("feePercent"))
    if flat is not None and flat.decimal() != fixed:
        words = f"{schedule.path}: a flat fee of {fixed}, but {flat.decimal()} beside it"
        raise Unreadable(words, Trouble.CONTRADICTION)
    maximum = schedule.get("maxFee")
    return (FeeTier(Decimal(0), fixed, percent, maximum=maximum.decimal() if maximum else None),)


def _tier(tier: Field) -> FeeTier:
    tier.only("fee", "minValue")
    return FeeTier(tier["minValue"].decimal(), fixed=tier["fee"].decimal())


def _number(found: Field | None) -> Decimal:
    return Decimal(0) if found is None else found.decimal()
