"""fawazahmed0/exchange-api on its first address, GET cdn.jsdelivr.net/npm/..."""

from __future__ import annotations

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "cdn.jsdelivr.net"
PATH = "/npm/@fawazahmed0/currency-api@latest/v1/currencies/eur.json"


def answer(request: LabRequest, world: World) -> LabReply | None:
    return eur(request, world) if request.path == PATH else None


def eur(request: LabRequest, world: World) -> LabReply:
    """The day's file, the same at each address."""
    if request.method != "GET":
        return LabReply(b"", 405, "text/plain")
    if world.recorded:
        return LabReply(example("fawazahmed0_eur.json"))
    rates = {code.lower(): round(world.mid(code), 8).normalize() for code in sorted(world.mids)}
    return json_reply({"date": f"{world.clock():%Y-%m-%d}", "eur": rates})
