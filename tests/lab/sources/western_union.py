"""Western Union's price catalogue: POST www.westernunion.com/wuconnect/prices/catalog."""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents, pays_out

HOST = "www.westernunion.com"
PATH = "/wuconnect/prices/catalog"
EXAMPLE = "westernunion_catalog_nl_ma_100.json"
UNSUPPORTED = "westernunion_catalog_error_unsupported.json"

HEADER = {"version": "0.5", "request_type": "PRICECATALOG"}
SENDER = {"client": "WUCOM", "channel": "WWEB", "funds_in": "*"}
AMOUNT = re.compile(r"\d+(\.\d{1,2})?", re.ASCII)

WALLET = {
    "service": "800",
    "service_name": "Mobile Money Transfer",
    "fund_out": "800",
    "fund_out_mnem": "MB",
}


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    if request.method != "POST" or request.headers.get("content-type") != "application/json":
        return LabReply(example("westernunion_akamai_403.html"), 403, "text/html")
    asked = request.json()
    if not _well_formed(asked):
        return json_reply(_error("INVALID REQUEST"))
    sender, receiver = asked["sender"], asked["receiver"]
    currency, country = receiver["curr_iso3"], receiver["cty_iso2"]
    supported = sender["curr_iso3"] == "EUR" and currency in world.mids
    if not supported or not pays_out(country, currency):
        return LabReply(example(UNSUPPORTED))
    amount = Decimal(sender["send_amount"])
    recorded = (sender["cty_iso2_ext"], country, amount) == ("NL", "MA", Decimal(100))
    if world.recorded and recorded:
        return LabReply(example(EXAMPLE))
    return json_reply(_catalogue(sender["cty_iso2_ext"], country, currency, amount, world))


def _well_formed(asked: Any) -> bool:
    try:
        sender, receiver = asked["sender"], asked["receiver"]
        return bool(
            asked["header_request"] == HEADER
            and {name: sender[name] for name in SENDER} == SENDER
            and sender["cty_iso2_ext"]
            and sender["curr_iso3"]
            and AMOUNT.fullmatch(sender["send_amount"])
            and receiver["cty_iso2_ext"] == receiver["cty_iso2"]
            and receiver["curr_iso3"]
        )
    except (KeyError, TypeError):
        return False


def _error(message: str) -> dict[str, Any]:
    """The recorded error in other words; which ones a wrong request gets is not known."""
    shape: dict[str, Any] = json.loads(example(UNSUPPORTED))
    shape["response_status"]["message"] = message
    return shape


def _catalogue(
    sender: str, country: str, currency: str, amount: Decimal, world: World
) -> dict[str, Any]:
    """The recorded answer with other numbers and a third service, so that it has every field."""
    shape: dict[str, Any] = json.loads(example(EXAMPLE), parse_float=Decimal, parse_int=Decimal)
    groups = shape["services_groups"]
    groups.append(copy.deepcopy(groups[1]) | WALLET)
    shape["sender"] |= {"cty_iso2_ext": sender, "send_amount": amount}
    shape["receiver"] = {"cty_iso2_ext": country, "curr_iso3": currency}
    for service in groups:
        for group in service["pay_groups"]:
            who = f"western union {service['service']} {group['fund_in']}"
            rate, fee = world.rate(who, currency, digits=7), group["gross_fee"]
            group |= {"send_amount": amount, "gross_amount": amount + fee, "fx_rate": rate}
            group |= {"receive_amount": cents(amount * rate, currency)}
    best = next(one for one in groups[1]["pay_groups"] if one["fund_in"] == "EB")
    for category in shape["categories"]:
        for product in category.get("services", category.get("products")):
            product["fx_rate"] = best["fx_rate"]
    return shape
