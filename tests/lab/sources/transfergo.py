"""TransferGo's quotes: GET my.transfergo.com/api/booking/quotes."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents, pays_out

HOST = "my.transfergo.com"
PATH = "/api/booking/quotes"
PLAIN = "transfergo_quotes_nl_tr_500.json"
PROMOTED = "transfergo_quotes_nl_ph_1000_promo.json"
RECORDED = {("NL", "TR", Decimal(500)): PLAIN, ("NL", "PH", Decimal(1000)): PROMOTED}

NAMES = {
    "fromCurrencyCode",
    "toCurrencyCode",
    "fromCountryCode",
    "toCountryCode",
    "amount",
    "calculationBase",
    "business",
}
AMOUNT = re.compile(r"\d+(\.\d{1,2})?", re.ASCII)
LEAST, MOST = 1, 1_000_000
CARD_LIMIT = 400


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    asked = dict(request.query)
    fixed = (asked.get("calculationBase"), asked.get("business"))
    if request.method != "GET" or set(asked) != NAMES or fixed != ("sendAmount", "0"):
        return json_reply({"message": "invalidRequest"}, 422)
    if not AMOUNT.fullmatch(asked["amount"]):
        return json_reply({"message": "invalidAmount"}, 422)
    amount, currency = Decimal(asked["amount"]), asked["toCurrencyCode"]
    if amount < LEAST:
        return LabReply(example("transfergo_error_422_too_small.json"), 422)
    if amount > MOST:
        return json_reply({"message": "invalidAmount", "error": "AMOUNT_IS_TOO_LARGE"}, 422)
    route = asked["fromCountryCode"], asked["toCountryCode"]
    supported = asked["fromCurrencyCode"] == "EUR" and currency in world.mids
    if not supported or not pays_out(route[1], currency):
        return json_reply({"message": "corridorNotFound"}, 422)
    recorded = RECORDED.get((*route, amount))
    if world.recorded and recorded:
        return LabReply(example(recorded))
    return json_reply(_quotes(route, currency, amount, world))


def _quotes(route: tuple[str, str], currency: str, amount: Decimal, world: World) -> dict[str, Any]:
    """A recorded answer with other numbers in it, so that it has every field. To the
    Philippines it has only the price of a promotion, as was recorded."""
    shape: dict[str, Any] = json.loads(example(PROMOTED if route[1] == "PH" else PLAIN))
    rate = world.rate("transfergo", currency, digits=5)
    for option in shape["options"]:
        fee = Decimal(option["fee"]["value"])
        option["corridor"] = {"fromCountry": route[0], "toCountry": route[1]}
        option["rate"] |= {"value": str(rate), "toCurrency": currency}
        option["sendingAmount"]["value"] = str(cents(amount))
        arrives = cents(max(amount - fee, Decimal(0)) * rate, currency)
        option["receivingAmount"] = {"value": str(arrives), "currency": currency}
        if option["code"] == "card-card" and amount <= CARD_LIMIT:
            option["availability"] |= {"isAvailable": True, "reason": None}
    return shape
