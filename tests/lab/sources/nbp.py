"""NBP's tables: GET api.nbp.pl/api/exchangerates/tables/{A|B}/[{day}/]?format=json."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.lab.sources.ecb import CODES
from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "api.nbp.pl"
PATH = re.compile(r"/api/exchangerates/tables/([AB])/(?:(\d{4}-\d\d-\d\d)/)?")
RECORDED = {"A": "nbp_table_a.json", "B": "nbp_table_b.json"}
DAILY = {*CODES, "EUR", "UAH", "CLP"} - {"PLN"}
NOON = 11
"""UTC: table A is published before it."""

WEDNESDAY, SATURDAY = 2, 5
SHORTEST, LONGEST = Decimal("0.0001"), Decimal("0.01")
"""Rates below these have six or eight places after the point in place of four."""


def answer(request: LabRequest, world: World) -> LabReply | None:
    found = PATH.fullmatch(request.path)
    if not found:
        return None
    if request.method != "GET" or request.query.get("format") != "json":
        return LabReply(b"400 BadRequest - Bad Request", 400, "text/plain")
    name, asked = found.groups()
    table: dict[str, Any] = json.loads(example(RECORDED[name]), parse_float=Decimal)[0]
    if world.recorded:
        if asked in (None, table["effectiveDate"]):
            return LabReply(example(RECORDED[name]))
        return json_reply([table | {"effectiveDate": asked}])
    newest = _newest(world, name)
    day = date.fromisoformat(asked) if asked else newest
    if day > newest or not _published(day, name):
        return LabReply(example("nbp_error_404.txt"), 404, "text/plain")
    number = f"{day:%j}/{name}/NBP/{day:%Y}"
    codes = sorted(code for code in {*world.mids, "EUR"} if (code in DAILY) == (name == "A"))
    rates = [_row(world, code) for code in codes if code != "PLN"]
    return json_reply([table | {"no": number, "effectiveDate": f"{day:%Y-%m-%d}", "rates": rates}])


def _published(day: date, name: str) -> bool:
    return day.weekday() == WEDNESDAY if name == "B" else day.weekday() < SATURDAY


def _newest(world: World, name: str) -> date:
    day = (world.clock() - timedelta(hours=NOON)).date()
    while not _published(day, name):
        day -= timedelta(days=1)
    return day


def _row(world: World, code: str) -> dict[str, object]:
    mid = world.mid("PLN") / world.mid(code)
    places = 8 if mid < SHORTEST else 6 if mid < LONGEST else 4
    return {"currency": f"waluta {code} ", "code": code, "mid": round(mid, places)}
