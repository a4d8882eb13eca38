"""Wise's comparison endpoint: GET api.wise.com/v4/comparisons/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents

HOST = "api.wise.com"
PATH = "/v4/comparisons/"
EXAMPLE = "wise_comparisons_v4_nl_mad_500.json"
RECORDED = {
    ("MAD", "500"): EXAMPLE,
    ("PHP", "1000"): "wise_comparisons_v4_eur_php_1000_multicountry.json",
    ("SRD", "100"): "wise_comparisons_v4_empty.json",
}
"""By currency and amount, whatever the countries."""

NEEDED = {"sourceCurrency", "targetCurrency"}
KNOWN = NEEDED | {"sendAmount", "recipientGetsAmount", "sourceCountry", "targetCountry"}
KNOWN |= {"providerCountry", "providerTypes", "providers", "numberOfProviders", "filter"}
KNOWN |= {"excludePartners", "includeWise", "payInMethod"}
UNKNOWN = "SRD"
"""The currency that Wise knows no price for."""


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    query = request.query
    if request.method != "GET" or not NEEDED <= set(query) <= KNOWN:
        return _error("required", f"GET with {sorted(NEEDED)}, none but {sorted(KNOWN)}", "query")
    if not query.get("sendAmount", "").replace(".", "", 1).isdecimal():
        return _error("required", "sendAmount or recipientGetsAmount is required", "sendAmount")
    currency = query["targetCurrency"]
    if query["sourceCurrency"] != "EUR" or currency not in world.mids:
        return _error("CurrencyCode", "Currency is not supported", "targetCurrency", 422)
    if world.recorded and (currency, query["sendAmount"]) in RECORDED:
        return LabReply(example(RECORDED[currency, query["sendAmount"]]))
    return json_reply(_compared(query, world))


def _compared(query: Mapping[str, str], world: World) -> dict[str, Any]:
    """The recorded answer with other numbers in it, so that it has every field."""
    shape = json.loads(example(EXAMPLE), parse_float=Decimal, parse_int=Decimal)
    amount, currency = Decimal(query["sendAmount"]), query["targetCurrency"]
    shape |= {"amount": amount, "targetCurrency": currency}
    shape |= {name: query.get(name) for name in ("sourceCountry", "targetCountry")}
    shape["providerCountry"] = query.get("providerCountry")
    if query.get("includeWise") != "true":
        shape["providers"] = [row for row in shape["providers"] if row["alias"] != "wise"]
    if currency == UNKNOWN:
        shape["providers"] = []
    shape["providers"] = shape["providers"][: int(query.get("numberOfProviders", "4"))]
    for row in shape["providers"]:
        for quote in row["quotes"]:
            _priced(quote, row["alias"], shape, world)
    return dict(shape)


def _priced(quote: dict[str, Any], alias: str, shape: dict[str, Any], world: World) -> None:
    """Set its numbers, and the sender's and receiver's countries where it names any."""
    currency, mid = shape["targetCurrency"], world.mid(shape["targetCurrency"])
    rate = mid if alias == "wise" else world.rate(f"via wise {alias}", currency, 10)
    collected = world.clock() - timedelta(minutes=25)
    quote |= {"rate": rate, "markup": round((mid - rate) / mid * 100, 8)}
    quote |= {"receivedAmount": cents((shape["amount"] - quote["fee"]) * rate, currency)}
    quote |= {"dateCollected": collected.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    for name in ("sourceCountry", "targetCountry"):
        if quote[name] is not None and shape[name] is not None:
            quote[name] = shape[name]


def _error(code: str, message: str, path: str, status: int = 400) -> LabReply:
    error = {"code": code, "message": message, "path": path, "arguments": []}
    return json_reply({"errors": [error]}, status)
