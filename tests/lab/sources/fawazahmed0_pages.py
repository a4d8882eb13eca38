"""fawazahmed0/exchange-api on its second address, GET latest.currency-api.pages.dev/v1/..."""

from __future__ import annotations

from tests.lab.sources.fawazahmed0 import eur
from tests.lab.wire import LabReply, LabRequest
from tests.lab.world import World

HOST = "latest.currency-api.pages.dev"
PATH = "/v1/currencies/eur.json"


def answer(request: LabRequest, world: World) -> LabReply | None:
    return eur(request, world) if request.path == PATH else None
