"""Paysend's calculator: GET paysend.com/api/calculator.

What it says to a wrong question is not known: the errors here are our own invention.
"""

from __future__ import annotations

import json
from decimal import Decimal

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, pays_out

HOST = "paysend.com"
PATH = "/api/calculator"
RECORDED = {
    ("ma", "100"): "paysend_calculator_nl_ma_100_fee.json",
    ("ng", "100"): "paysend_calculator_nl_ng_100.json",
}
PLACES = {"country", "sourceCountry", "targetCountry", "sourceCurrency", "targetCurrency"}
NEEDED = PLACES | {"lang", "operation", "amount"}


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    query = request.query
    if request.method != "GET" or set(query) != NEEDED or query["operation"] != "send":
        return json_reply({"error": f"GET with operation=send and {sorted(NEEDED)}"}, 400)
    if any(query[name] != query[name].lower() for name in PLACES):
        return json_reply({"error": "countries and currencies are in lower case"}, 400)
    country, currency = query["targetCountry"], query["targetCurrency"].upper()
    if query["sourceCurrency"] != "eur" or currency not in world.mids:
        return json_reply({"error": "unknown currency"}, 422)
    if not pays_out(country.upper(), currency):
        return json_reply({"error": "unknown direction"}, 422)
    if world.recorded and query["sourceCountry"] == "nl" and (country, query["amount"]) in RECORDED:
        return LabReply(example(RECORDED[country, query["amount"]]))
    shape = json.loads(example(RECORDED["ng", "100"]))
    shape["calculator"]["transaction"] |= {
        "conversionRate": f"{world.rate('paysend', currency):f}",
        "commissionAmount": fee(country),
    }
    return json_reply(shape)


def fee(country: str) -> Decimal:
    """As recorded: 1.5 to Morocco, nothing to Nigeria; to others by the letter they begin with."""
    return Decimal("1.5") if ord(country[0]) % 2 else Decimal(0)
