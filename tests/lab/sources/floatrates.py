"""FloatRates: GET www.floatrates.com/daily/{base}.json."""

from __future__ import annotations

import json
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "www.floatrates.com"
PATH = "/daily/eur.json"


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path != PATH:
        return None
    if request.method != "GET":
        return LabReply(b"", 405, "text/plain")
    if world.recorded:
        return LabReply(example("floatrates_eur.json"))
    shape: dict[str, Any] = json.loads(example("floatrates_eur.json"))["usd"]
    shape["date"] = format_datetime(world.clock().replace(microsecond=0), usegmt=True)
    return json_reply({code.lower(): _entry(shape, code, world) for code in sorted(world.mids)})


def _entry(shape: dict[str, Any], code: str, world: World) -> dict[str, Any]:
    rate = round(world.mid(code), 12).normalize()
    inverse = round(Decimal(1) / rate, 14)
    return shape | {"code": code, "alphaCode": code, "rate": rate, "inverseRate": inverse}
