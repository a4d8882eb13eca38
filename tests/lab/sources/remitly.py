"""Remitly's calculator: GET api.remitly.io/v3/calculator/estimate."""

from __future__ import annotations

import json
import re
from decimal import ROUND_DOWN, Decimal
from typing import Any

from app.domain.countries import ALPHA2
from app.domain.currencies import MINOR_DIGITS
from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World, cents, pays_out

HOST = "api.remitly.io"
PATH = "/v3/calculator/estimate"
EXAMPLE = "remitly_estimate_nl_ma_100_promo.json"
RECORDED = {
    ("NLD:EUR-MAR:MAD", Decimal(100)): EXAMPLE,
    ("NLD:EUR-MAR:MAD", Decimal(1500)): "remitly_estimate_nl_ma_1500_promo_capped.json",
    ("NLD:EUR-TUR:TRY", Decimal(100)): "remitly_estimate_nl_tr_100_nopromo.json",
}
FIXED = {
    "anchor": "SEND",
    "purpose": "OTHER",
    "customer_segment": "UNRECOGNIZED",
    "strict_promo": "false",
}
CONDUIT = re.compile(r"([A-Z]{3}):([A-Z]{3})-([A-Z]{3}):([A-Z]{3})", re.ASCII)
AMOUNT = re.compile(r"\d+(\.\d{1,2})?", re.ASCII)

CAP, OFFER = Decimal(1000), Decimal("1.02")
"""A new customer gets so much more, up to so many euros."""


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    asked = dict(request.query)
    if request.method != "GET" or "remitly.com" not in request.headers.get("origin", ""):
        return LabReply(example("remitly_error_not_allowed_200.json"))
    conduit = CONDUIT.fullmatch(asked.get("conduit", ""))
    if conduit is None or not _served(conduit, world):
        return LabReply(example("remitly_error_list_400.json"), 400)
    amount = asked.get("amount", "")
    if not AMOUNT.fullmatch(amount) or {name: asked.get(name) for name in FIXED} != FIXED:
        return json_reply([{"message": "Invalid parameters"}], 400)
    recorded = RECORDED.get((conduit[0], Decimal(amount)))
    if world.recorded and recorded:
        return LabReply(example(recorded))
    return json_reply(_answer(conduit, Decimal(amount), world))


def _served(conduit: re.Match[str], world: World) -> bool:
    source, send, target, receive = conduit.groups()
    known = source in ALPHA2 and send == "EUR" and receive in world.mids
    return known and pays_out(ALPHA2.get(target, ""), receive)


def _answer(conduit: re.Match[str], amount: Decimal, world: World) -> dict[str, Any]:
    """The recorded answer with other numbers in it, so that it has every field."""
    shape: dict[str, Any] = json.loads(example(EXAMPLE))
    for estimate in (shape["estimate"], *shape["pay_out_price_estimates"]["estimates"]):
        _fill(estimate, conduit, amount, world)
    return shape


def _fill(estimate: dict[str, Any], conduit: re.Match[str], amount: Decimal, world: World) -> None:
    source, _, target, receive = conduit.groups()
    base = world.rate(f"remitly {estimate['pay_out_method']}", receive)
    raised = (base * OFFER).quantize(base, ROUND_DOWN)
    fee = Decimal(estimate["fee"]["total_fee_amount"])
    arrives = min(amount, CAP) * raised + max(amount - CAP, Decimal(0)) * base
    estimate["conduit"] |= {"source_country": source, "target_country": target}
    estimate["conduit"]["target_currency"] |= {
        "alpha3": receive,
        "decimal_count": MINOR_DIGITS[receive],
        "name": receive,
        "symbol": receive,
    }
    estimate["exchange_rate"] |= {
        "base_rate": str(base),
        "promotional_exchange_rate": str(raised),
        "capped_promotional_exchange_rate_amount": str(cents(CAP)),
    }
    estimate["discount"]["fee_discount_amount"] = str(cents(fee))
    estimate["receive_amount"] = str(cents(arrives, receive))
    estimate["send_amount"] = estimate["total_charge_amount"] = str(cents(amount))
