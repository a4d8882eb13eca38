"""Taptap Send's rates: GET api.taptapsend.com/api/fxRates."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "api.taptapsend.com"
PATH = "/api/fxRates"
EXAMPLE = "taptapsend_fxrates.json"
NEEDED = {
    "Appian-Version": "web/2022-05-03.0",
    "X-Device-Id": "web",
    "X-Device-Model": "web",
}


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    for name, value in NEEDED.items():
        if request.headers.get(name.lower()) != value:
            refused = json.loads(example("taptapsend_error_400_bad_header.json"))
            return json_reply(refused | {"message": f"Missing header {name}"}, 400)
    if request.method != "GET":
        return LabReply(b"", 405, "text/plain")
    if world.recorded:
        return LabReply(example(EXAMPLE))
    return json_reply(_rates(world))


def _rates(world: World) -> dict[str, Any]:
    """The recorded senders, with a row for every country whose currency the world has. Brazil
    keeps its type of fee that nobody knows."""
    shape = json.loads(example(EXAMPLE))
    recorded = {row["isoCountryCode"]: row for row in shape["availableCountries"][0]["corridors"]}
    paid_out = [(one, code) for one, code in PAYOUT_CURRENCY.items() if code in world.mids]
    for sender in shape["availableCountries"]:
        sender["corridors"] = [
            {
                **recorded.get(country, {"countryDisplayName": country}),
                "isoCountryCode": country,
                "currency": currency,
                "currencyScale": MINOR_DIGITS[currency],
                "fxRate": f"{_rate(world, sender['currency'], currency):f}",
            }
            for country, currency in paid_out
            if currency not in ("EUR", sender["currency"])
        ]
    return dict(shape)


def _rate(world: World, send: str, receive: str) -> Decimal:
    """As coarse as the recorded ones."""
    rate = world.rate("taptap_send", receive, 3)
    return rate if send == "EUR" else round(rate / world.mid(send), 4)
