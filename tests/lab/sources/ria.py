"""Ria's calculator: public.riamoneytransfer.com, a guest session and then Calculate."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents, pays_out

HOST = "public.riamoneytransfer.com"
SESSION = "/Authorization/session"
CALCULATE = "/MoneyTransferCalculator/Calculate"
SESSION_EXAMPLE = "ria_session_response.json"
EXAMPLE = "ria_calculate_nl_ma_100.json"
UNAUTHORISED_EXAMPLE = "ria_error_401.json"
GUEST = "eyJEXAMPLE.NOT-A-TOKEN"
"""As in the recorded session; it opens nothing."""

SELECTIONS = {
    "countryFrom",
    "countryTo",
    "amountFrom",
    "currencyFrom",
    "currencyTo",
    "paymentMethod",
    "deliveryMethod",
    "shouldCalcAmountFrom",
    "shouldCalcVariableRates",
    "promoId",
}
FEES = {"BankAccount": "0.49", "DebitCard": "1.99", "CreditCard": "3.99"}
DELIVERIES = ("BankDeposit", "OfficePickup")
"""What is listed everywhere; MobilePayment only for currencies of the franc zone."""

HIGHEST = 3000


def answer(request: LabRequest, world: World) -> LabReply | None:
    placed = request.headers.get("isocode") == "NL" and "culturecode" in request.headers
    if request.path == SESSION:
        if request.method != "GET" or not placed:
            return json_reply({"message": "IsoCode and CultureCode are required"}, 400)
        return LabReply(example(SESSION_EXAMPLE), headers={"bearer": GUEST})
    if request.path != CALCULATE:
        return None
    if request.headers.get("authorization") != f"Bearer {GUEST}":
        return LabReply(example(UNAUTHORISED_EXAMPLE), 401)
    asked = request.json()
    if request.method != "POST" or not placed or not isinstance(asked, dict):
        return json_reply({"message": "Bad request"}, 400)
    selections = asked.get("selections", {})
    if set(selections) != SELECTIONS or not isinstance(selections["amountFrom"], Decimal):
        return json_reply({"message": "Bad selections"}, 400)
    return _calculated(selections, world)


def _calculated(asked: dict[str, Any], world: World) -> LabReply:
    to, amount = (asked["countryTo"], asked["currencyTo"]), asked["amountFrom"]
    if to[1] not in world.mids or not pays_out(*to) or asked["currencyFrom"] != "EUR":
        return _error("This country is not supported")
    if amount > HIGHEST:
        return _error("Amount exceeds the maximum")
    recorded = (*to, amount, asked["paymentMethod"], asked["deliveryMethod"])
    if world.recorded and recorded == ("MA", "MAD", 100, "BankAccount", "BankDeposit"):
        return LabReply(example(EXAMPLE))
    return json_reply(_shape(asked, world))


def _shape(asked: dict[str, Any], world: World) -> dict[str, Any]:
    """The recorded answer with other numbers in it. As recorded, a bank deposit is at a
    promotional rate, and so is what arrives; other ways are at the standard rate."""
    shape: dict[str, Any] = json.loads(example(EXAMPLE), parse_float=Decimal, parse_int=Decimal)
    details = shape["model"]["transferDetails"]
    amount, to = asked["amountFrom"], asked["currencyTo"]
    rate, fee = world.rate("ria", to), Decimal(FEES[asked["paymentMethod"]])
    promo = rate * Decimal("1.04") if asked["deliveryMethod"] == "BankDeposit" else None
    found = details["calculations"]
    found |= {"amountFrom": amount, "amountTo": cents(amount * (promo or rate), to)}
    found |= {"exchangeRate": rate, "exchangeRatePromo": promo, "transferFee": fee}
    found |= {"totalFeesAndTaxes": fee, "totalAmount": amount + fee}
    found["variableRates"][0]["exchangeRate"] = rate
    deliveries = [*DELIVERIES, *(["MobilePayment"] if to in ("XOF", "XAF") else [])]
    details["transferOptions"] = {
        "deliveryMethods": [{"value": delivery} for delivery in deliveries],
        "paymentMethods": [{"value": payment} for payment in FEES],
    }
    details["selections"] = {name: asked[name] for name in details["selections"]}
    return shape


def _error(message: str) -> LabReply:
    """Documented by one client: 200, and no price in it."""
    return json_reply({"model": None, "errorResponse": {"errors": [{"message": message}]}})
