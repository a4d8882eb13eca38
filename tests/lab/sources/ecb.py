"""The European Central Bank's reference rates: today's and those of 90 days, in XML."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.lab.wire import LabReply, LabRequest, example
from tests.lab.world import World

HOST = "www.ecb.europa.eu"
FILES = {
    "/stats/eurofxref/eurofxref-daily.xml": ("ecb_eurofxref_daily.xml", 1, "'"),
    "/stats/eurofxref/eurofxref-hist-90d.xml": ("ecb_eurofxref_hist_90d.xml", 62, '"'),
}
"""Path -> the recorded file, how many working days it has, and its quotes."""

LISTED = (
    "USD JPY CZK DKK GBP HUF PLN RON SEK CHF ISK NOK TRY AUD BRL "
    "CAD CNY HKD IDR ILS INR KRW MXN MYR NZD PHP SGD THB ZAR"
)
CODES = LISTED.split()
DIGITS = 6
PUBLISHED_HOUR = 15
SATURDAY = 5


def answer(request: LabRequest, world: World) -> LabReply | None:
    if request.path not in FILES:
        return None
    if request.method != "GET":
        return LabReply(b"", 405, "text/plain")
    name, days, quote = FILES[request.path]
    if world.recorded:
        return LabReply(example(name), media_type="text/xml")
    head, _, _ = example(name).decode().partition("\t<Cube>\n")
    cubes = "".join(_cube(world, day, quote) for day in _working_days(world, days))
    body = f"{head}\t<Cube>\n{cubes}\t</Cube>\n</gesmes:Envelope>"
    return LabReply(body.encode(), media_type="text/xml")


def _working_days(world: World, wanted: int) -> list[str]:
    """The newest first; today's rates are not there before the afternoon."""
    day = world.clock() - timedelta(hours=PUBLISHED_HOUR)
    found: list[str] = []
    while len(found) < wanted:
        if day.weekday() < SATURDAY:
            found.append(f"{day:%Y-%m-%d}")
        day -= timedelta(days=1)
    return found


def _cube(world: World, day: str, quote: str) -> str:
    rows = "".join(
        f"\t\t\t<Cube currency={quote}{code}{quote} rate={quote}{_rate(world, code):f}{quote}/>\n"
        for code in CODES
        if code in world.mids
    )
    return f"\t\t<Cube time={quote}{day}{quote}>\n{rows}\t\t</Cube>\n"


def _rate(world: World, code: str) -> Decimal:
    exact = world.mid(code)
    return round(exact, max(DIGITS - 1 - exact.adjusted(), 0))
