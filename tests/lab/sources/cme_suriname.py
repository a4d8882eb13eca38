"""Central Money Exchange in Paramaribo: POST www.cme.sr/Home/GetTodaysExchangeRates/."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "www.cme.sr"
PATH = "/Home/GetTodaysExchangeRates/"
SPREADS = {"BuyEuro": "0.991", "SaleEuro": "1.009", "BuyUsd": "0.995", "SaleUsd": "1.005"}


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    if request.method != "POST" or "BusinessDate" not in request.query:
        return LabReply(b"<html>The resource cannot be found.</html>", 404, "text/html")
    if world.recorded:
        return LabReply(example("cme_suriname_today.json"))
    shape: dict[str, Any] = json.loads(example("cme_suriname_today.json"))[0]
    now = world.clock().astimezone(timezone(timedelta(hours=-3)))
    shape |= {"BusinessDate": f"{now:%d-%b-%Y}", "UpdatedTime": f"{now:%I:%M %p}"}
    for which, share in SPREADS.items():
        per_unit = world.mid("SRD") / (world.mid("USD") if "Usd" in which else 1)
        shape[f"{which}ExchangeRate"] = round(per_unit * Decimal(share), 2)
    return json_reply([shape])
