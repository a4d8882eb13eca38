"""Instarem's calculator: GET www.instarem.com/api/v1/public/…, two paths."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents

HOST = "www.instarem.com"
METHODS = "/api/v1/public/payment-method/fee"
PRICE = "/api/v1/public/transaction/computed-value"
METHODS_EXAMPLE = "instarem_payment_methods_de_inr.json"
EXAMPLE = "instarem_computed_value_nl_inr_1000.json"
LIMIT_EXAMPLE = "instarem_computed_value_limit_message.json"

NEEDED = {"source_currency", "source_amount", "destination_currency", "country_code"}
FEES = {"26": "0.0055", "301": "0.0105"}
"""Share of the amount, by the key of the way to pay."""

HIGHEST = 50_000
RECORDED = ("INR", Decimal(1000), "26")
RECORDED_LIMIT = ("INR", Decimal(100_000))


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path not in (METHODS, PRICE):
        return None
    asked, needed = request.query, NEEDED
    if request.path == PRICE:
        needed = NEEDED | {"instarem_bank_account_id"}
    if request.method != "GET" or set(asked) != needed:
        return _error(f"The parameters are {', '.join(sorted(needed))}")
    if asked["source_currency"] != "EUR" or asked["destination_currency"] not in world.mids:
        return _error("Currency pair is not supported")
    try:
        amount = Decimal(asked["source_amount"])
    except InvalidOperation:
        return _error("source_amount must be a number")
    if request.path == METHODS:
        return LabReply(example(METHODS_EXAMPLE))
    return _price(request, amount, world)


def _price(request: LabRequest, amount: Decimal, world: World) -> LabReply:
    account, to = (
        request.query[name] for name in ("instarem_bank_account_id", "destination_currency")
    )
    if account not in FEES:
        return _error("Unknown bank account")
    if world.recorded and (to, amount, account) == RECORDED:
        return LabReply(example(EXAMPLE))
    if world.recorded and (to, amount) == RECORDED_LIMIT:
        return LabReply(example(LIMIT_EXAMPLE))
    return json_reply({"success": True, "data": _data(request, amount, world)})


def _data(request: LabRequest, amount: Decimal, world: World) -> dict[str, Any]:
    """The recorded answer with other numbers in it. From 500 the first transfer is free of the
    transaction fee, as recorded; below it nothing is on offer."""
    asked = request.query
    shape: dict[str, Any] = json.loads(example(EXAMPLE), parse_float=Decimal, parse_int=Decimal)
    data: dict[str, Any] = shape["data"]
    to, first = asked["destination_currency"], amount >= 500
    rate, mid = world.rate("instarem", to), round(world.mid(to), 6)
    regular = cents(amount * Decimal(FEES[asked["instarem_bank_account_id"]]))
    fee = Decimal(0) if first else regular
    places = {"country_code": asked["country_code"], "destination_currency": to}
    data["transaction_config"] |= places | {"fx_rate": mid, "regular_total_fee_amount": regular}
    data |= places | {"margin_currency": to, "fx_rate": mid}
    data |= {"gross_source_amount": amount, "net_source_amount": amount - fee}
    data |= {
        "net_of_fee_amount": amount - fee,
        "destination_amount": cents(rate * (amount - fee), to),
    }
    data |= {"instarem_fx_rate": rate, "regular_instarem_fx_rate": rate}
    data |= {"transaction_fee_amount": fee, "regular_transaction_fee_amount": regular}
    data["first_instarem_transaction"] = first
    data["first_transaction_fee_config"] = None
    if amount > HIGHEST:
        data["source_validation"] = "Maximum amount per transaction exceeded"
    return data


def _error(message: str) -> LabReply:
    return json_reply({"success": False, "message": message}, 400)
