"""Wise's quote endpoint: POST api.wise.com/v3/quotes/."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from scrapers.speeds import SENDER_ZONE
from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents

HOST = "api.wise.com"
PATH = "/v3/quotes/"
EXAMPLE = "wise_quotes_v3_nl_try_500.json"

FEES = {"BANK_TRANSFER": "0.0144", "IDEAL": "0.0165", "DEBIT": "0.0222", "CREDIT": "0.0281"}
"""Share of the amount, by way to pay."""


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    if request.method != "POST" or request.headers.get("content-type") != "application/json":
        return _error("method.not.allowed", "POST a JSON object", "method", 405)
    asked = request.json()
    if not isinstance(asked, dict) or not {"sourceCurrency", "targetCurrency"} <= set(asked):
        return _error("required", "sourceCurrency and targetCurrency are required", "body", 400)
    if not isinstance(asked.get("sourceAmount"), Decimal):
        return _error("required", "sourceAmount or targetAmount is required", "amount", 400)
    if asked["sourceCurrency"] != "EUR" or asked["targetCurrency"] not in world.mids:
        return _error("CurrencyCode", "Currency is not supported", "targetCurrency", 422)
    if world.recorded and (asked["targetCurrency"], asked["sourceAmount"]) == ("TRY", 500):
        return LabReply(example(EXAMPLE))
    return json_reply(_quote(asked, world))


def _quote(asked: dict[str, Any], world: World) -> dict[str, object]:
    """The recorded answer with other numbers in it, so that it has every field."""
    shape = json.loads(example(EXAMPLE), parse_float=Decimal, parse_int=Decimal)
    amount, currency = asked["sourceAmount"], asked["targetCurrency"]
    now, rate = world.clock(), round(world.mid(currency), 6)
    recorded_at = datetime.fromisoformat(shape["createdTime"])
    shape |= {"sourceAmount": amount, "targetCurrency": currency, "rate": rate}
    shape |= {"createdTime": _time(now), "rateTimestamp": _time(now - timedelta(seconds=28))}
    for option in shape["paymentOptions"]:
        fee = cents(amount * Decimal(FEES.get(option["payIn"], "0.0136")))
        there = _there(now, datetime.fromisoformat(option["estimatedDelivery"]), recorded_at)
        option |= {"sourceAmount": amount, "targetCurrency": currency}
        option |= {"targetAmount": cents((amount - fee) * rate, currency)}
        option["fee"] |= {"total": fee, "transferwise": fee, "payIn": Decimal(0)}
        option["estimatedDelivery"] = _time(there)
    return dict(shape)


def _there(now: datetime, recorded: datetime, recorded_at: datetime) -> datetime:
    """At once, or at the same hour as many days on: banks work by the day."""
    wait = recorded - recorded_at
    if wait < timedelta(hours=1):
        return now + wait
    here, then, asked = (one.astimezone(SENDER_ZONE) for one in (now, recorded, recorded_at))
    days = here.date() + (then.date() - asked.date())
    return datetime.combine(days, then.time(), SENDER_ZONE).astimezone(UTC)


def _error(code: str, message: str, path: str, status: int) -> LabReply:
    error = {"code": code, "message": message, "path": path, "arguments": []}
    return json_reply({"errors": [error]}, status)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
