"""Sendwave's prices: GET app.sendwave.com/v2/pricing-segments and /v2/pricing-public.

Known errors are the limit and the missing session; for other wrong questions what it says is
our own invention.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents, pays_out

HOST = "app.sendwave.com"
NEEDED = {"amount", "amountType", "sendCountryIso2", "sendCurrency"}
NEEDED |= {"receiveCountryIso2", "receiveCurrency"}
LIMIT = Decimal(2500)

PROMOTED = "sendwave_pricing_fr_ma_100_promo.json"
PLAIN = "sendwave_pricing_be_ph_1000_fee.json"
SEGMENTS = "sendwave_pricing_segments_fr_ma.json"
RECORDED = {
    ("fr", "ma", "100", ""): SEGMENTS,
    ("fr", "ma", "100", "ma_umb_bank_ma"): PROMOTED,
    ("be", "ph", "1000", "ph_bank"): PLAIN,
}
"""By sender, receiver, amount and segment. The Philippine one was asked without a segment."""


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path == "/v2/pricing":
        return LabReply(example("sendwave_error_401_session.json"), 401)
    if request.path not in ("/v2/pricing-segments", "/v2/pricing-public"):
        return None
    query, method = request.query, request.path.rpartition("-")[2]
    known = NEEDED | {"segmentName"} if method == "public" else NEEDED
    if request.method != "GET" or not NEEDED <= set(query) <= known:
        return _error("validation-error", f"GET with {sorted(NEEDED)}")
    if (fault := _fault(query, world)) is not None:
        return fault
    country = query["receiveCountryIso2"]
    asked = (query["sendCountryIso2"], country, query["amount"], query.get("segmentName", ""))
    if world.recorded and asked in RECORDED:
        return LabReply(example(RECORDED[asked]))
    return json_reply(_segments(query, world) if method == "segments" else _price(query, world))


def _fault(query: Mapping[str, str], world: World) -> LabReply | None:
    sender, country = query["sendCountryIso2"], query["receiveCountryIso2"]
    currency, amount = query["receiveCurrency"], query["amount"]
    if query["amountType"] != "SEND" or not amount.replace(".", "", 1).isdecimal():
        return _error("validation-error", "amountType is SEND, amount a plain number")
    if (sender, country) != (sender.lower(), country.lower()):
        return _error("validation-error", "countries are in lower case")
    known = query["sendCurrency"] == "EUR" and currency in world.mids
    if not known or not pays_out(country.upper(), currency):
        return _error("unsupported-corridor", f"no {currency} in {country}")
    if Decimal(amount) > LIMIT:
        return LabReply(example("sendwave_error_400_limit.json"), 400)
    return None


def promoted(country: str) -> bool:
    """As recorded: a campaign to Morocco, a fee to the Philippines; to others by their letter."""
    return bool(ord(country[0]) % 2)


def _segments(query: Mapping[str, str], world: World) -> dict[str, Any]:
    shape = json.loads(example(SEGMENTS))
    country = query["receiveCountryIso2"]
    for method in shape["payoutMethodsAndPrices"]:
        name = f"{country}_{method['payoutMethod']}"
        price = _price({**query, "segmentName": name}, world)
        method["bestPricedSegmentName"] = name
        method["segments"][0] |= {"segmentName": name, "description": price["rateQuote"]}
    return dict(shape)


def _price(query: Mapping[str, str], world: World) -> dict[str, Any]:
    """The recorded answer with other numbers in it, so that it has every field."""
    country, currency = query["receiveCountryIso2"], query["receiveCurrency"]
    shape = json.loads(example(PROMOTED if promoted(country) else PLAIN))
    amount, fee = cents(Decimal(query["amount"])), Decimal(shape["baseFeeAmount"])
    who = "sendwave cash" if query.get("segmentName", "").endswith("cash") else "sendwave"
    base = world.rate(who, currency).quantize(Decimal("0.00001"))
    share = sum(one["adjustmentBps"] for one in shape["campaignsApplied"])
    effective = base + (world.mid(currency) * share / 10_000).quantize(Decimal("0.00001"))
    shape |= {"baseExchangeRate": f"{base}", "effectiveExchangeRate": f"{effective}"}
    shape |= {"baseSendAmount": f"{amount}", "effectiveSendAmount": f"{amount}"}
    shape |= {"payAmount": f"{amount + fee}"}
    shape |= {"receiveAmount": f"{cents(amount * effective, currency)}"}
    if shape["dynamicPricing"]:
        shape["dynamicPricing"]["bestRateValue"] = f"1.00 EUR = {effective} {currency}"
        for tier in shape["dynamicPricing"]["ratesDescription"]["rates"]:
            tier["receive"] = f"{effective} {currency}"
        shape["rateQuote"] = f"<del>{base}</del><ins>{effective}&nbsp;{currency}</ins>"
    return dict(shape)


def _error(code: str, message: str) -> LabReply:
    return json_reply({"code": code, "message": message}, 400)
