"""WorldRemit's GraphQL endpoint: POST api.worldremit.com/graphql, two operations."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents, pays_out

HOST = "api.worldremit.com"
PATH = "/graphql"
WAYS_EXAMPLE = "worldremit_payoutmethods_nl_gh.json"
EXAMPLE = "worldremit_calculation_nl_gh_100.json"
PROMO_EXAMPLE = "worldremit_calculation_nl_gh_100_promo.json"
LIMIT_EXAMPLE = "worldremit_calculation_error.json"
UNSUPPORTED_EXAMPLE = "worldremit_graphql_transport_error.json"

WAYS_VARIABLES = {"sendCountry", "receiveCountry", "receiveCurrency"}
VARIABLES = {
    "amount",
    "type",
    "sendCountryCode",
    "sendCurrencyCode",
    "receiveCountryCode",
    "receiveCurrencyCode",
    "payOutMethodCode",
    "correspondentId",
}
FEES = {"BNK": "0.99", "MOB": "0.99", "CSH": "2.99"}
SURCHARGES = {"ideal": "0", "credit-card": "2"}
HIGHEST = 5000
RECORDED = ("GH", "GHS", "MOB", Decimal(100))

Selection = dict[str, Any]


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    asked = request.json()
    if request.method != "POST" or not isinstance(asked, dict) or "query" not in asked:
        return _error("POST body missing")
    if request.headers.get("x-wr-platform") != "Web" or not _is_uuid(
        request.headers.get("x-wr-requestid", "")
    ):
        return _error("Missing or malformed header")
    variables = asked.get("variables") or {}
    if asked.get("operationName") == "payOutMethods" and set(variables) == WAYS_VARIABLES:
        return _ways(asked["query"], variables, world)
    if asked.get("operationName") == "createCalculation" and set(variables) == VARIABLES:
        return _calculation(asked["query"], variables, world)
    return _error(f"Unknown operation or variables: {sorted(variables)}")


def _ways(query: str, asked: dict[str, Any], world: World) -> LabReply:
    to = (asked["receiveCountry"], asked["receiveCurrency"])
    if not _served(to, world):
        return LabReply(example(UNSUPPORTED_EXAMPLE))
    if world.recorded and to == ("GH", "GHS"):
        return LabReply(example(WAYS_EXAMPLE))
    shape = json.loads(example(WAYS_EXAMPLE))
    return json_reply({"data": selected(shape["data"], selection(query))})


def _calculation(query: str, asked: dict[str, Any], world: World) -> LabReply:
    to = (asked["receiveCountryCode"], asked["receiveCurrencyCode"])
    amount, code = asked["amount"], asked["payOutMethodCode"]
    if not _served(to, world) or asked["sendCurrencyCode"] != "EUR" or code not in FEES:
        return LabReply(example(UNSUPPORTED_EXAMPLE))
    if not isinstance(amount, Decimal) or asked["type"] != "SEND":
        return _error("amount must be a BigDecimal, type SEND or RECEIVE")
    if amount > HIGHEST:
        return LabReply(example(LIMIT_EXAMPLE))
    if world.recorded and (*to, code, amount) == RECORDED:
        return LabReply(example(EXAMPLE))
    data = _data(amount, to[1], code, world)
    return json_reply({"data": selected(data, selection(query))})


def _data(amount: Decimal, to: str, code: str, world: World) -> dict[str, Any]:
    """The recorded answer with other numbers in it. Cash is at a promotional rate, with its
    usual fee; the other ways are at the standard one."""
    shape = json.loads(example(EXAMPLE), parse_float=Decimal, parse_int=Decimal)
    found = shape["data"]["createCalculation"]["calculation"]
    standard, fee = world.rate("worldremit", to), Decimal(FEES[code])
    rate = standard * Decimal("1.02") if code == "CSH" else standard
    found["send"]["amount"] = amount
    found["receive"] |= {"amount": cents(amount * rate, to), "currency": to}
    found["exchangeRate"] |= {"value": rate, "crossedOutValue": standard if code == "CSH" else None}
    found["informativeSummary"]["fee"]["value"]["amount"] = fee
    found["informativeSummary"]["totalToPay"]["amount"] = amount + fee
    for option in found["payInMethodsCalculations"]:
        surcharge = Decimal(SURCHARGES[option["payInMethod"]["id"]])
        option["totalToPay"]["amount"] = amount + fee + surcharge
    data: dict[str, Any] = shape["data"]
    return data


def selection(query: str) -> Selection:
    """What a query asks for, as nested names; a fragment is named like "... on Kind"."""
    flat = re.sub(r"\([^)]*\)", "", query)
    words = re.findall(r"\.\.\. on \w+|\w+|[{}]", flat[flat.index("{") + 1 :])
    top: Selection = {}
    stack, last = [top], top
    for word in words:
        if word == "{":
            stack.append(last)
        elif word == "}":
            stack.pop()
        else:
            last = stack[-1].setdefault(word, {})
    return top


def selected(value: Any, wanted: Selection) -> Any:
    """Only what was asked for, as GraphQL answers. An object without a selection is an error."""
    if isinstance(value, list):
        return [selected(item, wanted) for item in value]
    if not isinstance(value, dict):
        return value
    assert wanted, f"an object must be asked for by its fields: {sorted(value)}"
    names = dict(wanted)
    names.update(wanted.get(f"... on {value.get('__typename')}", {}))
    return {name: selected(value[name], inner) for name, inner in names.items() if name in value}


def _served(to: tuple[str, str], world: World) -> bool:
    return to[1] in world.mids and pays_out(*to)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _error(message: str) -> LabReply:
    error = {"message": message, "path": [], "extensions": {"code": "BAD_REQUEST"}}
    return json_reply({"errors": [error], "data": None}, 400)
