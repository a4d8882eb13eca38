"""ExchangeRate-API's open endpoint: GET open.er-api.com/v6/latest/{base}."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "open.er-api.com"
PATH = "/v6/latest/"


def answer(request: LabRequest, world: World) -> LabReply | None:
    if not request.path.startswith(PATH):
        return None
    if request.method != "GET":
        return LabReply(b"", 405, "text/plain")
    if request.path.removeprefix(PATH) != "EUR":
        return LabReply(example("openerapi_error_unsupported.json"), 404)
    if world.recorded:
        return LabReply(example("openerapi_v6_latest_eur.json"))
    shape: dict[str, Any] = json.loads(example("openerapi_v6_latest_eur.json"))
    midnight = world.clock().replace(hour=0, minute=2, second=31, microsecond=0)
    for which, at in (("last", midnight), ("next", midnight + timedelta(days=1))):
        shape[f"time_{which}_update_unix"] = int(at.timestamp())
        shape[f"time_{which}_update_utc"] = format_datetime(at)
    rates = {code: round(world.mid(code), 6).normalize() for code in sorted(world.mids)}
    return json_reply(shape | {"rates": {"EUR": Decimal(1), **rates}})
