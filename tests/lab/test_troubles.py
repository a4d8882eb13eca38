"""That each fault leads to the trouble that it says, through the client that sources use."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.corridor import Corridor
from scrapers.contract import Ask, SourceError, Trouble
from scrapers.http import Client
from scrapers.prices import wise
from tests.lab.faults import FAULTS
from tests.lab.server import Lab, lab_world
from tests.lab.talking import HOST

ASK = Ask(Corridor("NL", "EUR", "NG", "NGN"), Decimal(1000))
SEEN = [
    (fault.id, variant)
    for fault in FAULTS.values()
    for variant in fault.variants
    if fault.id <= "F38"
]
"""From F39 on it takes more than one reply, or a mid rate, to see what is wrong."""

DRIPPING = ("F02", "F03")
HARMLESS = {("F15", ""), ("F27", "byte order mark")}
"""Read well: at the second try, or in spite of it."""


def trouble(lab: Lab, number: str, variant: str) -> Trouble | None:
    """What the client calls it; None if it read a price."""
    pace = 60 if number in DRIPPING else 0
    lab.fault(HOST, number, variant, pace=pace)
    deadline = 0.3 if number in DRIPPING else 10
    client = Client("HuiswaartsBot/1.0", lab.url, deadline=deadline, sleep=lambda _: None)
    try:
        wise.fetch(client.asking(wise.SLUG, wise.BUDGET), ASK)
    except SourceError as error:
        return error.trouble
    finally:
        client.close()
    return None


@pytest.mark.parametrize(("number", "variant"), SEEN)
def test_a_fault_leads_to_its_trouble(number: str, variant: str) -> None:
    world = lab_world()
    world.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    with Lab(world) as lab:
        found = trouble(lab, number, variant)
        inside = [request for request in lab.requests if not request.host]
        assert lab.bites(HOST) or number == "F30"

    if (number, variant) in HARMLESS:
        assert found is None
    else:
        assert found in FAULTS[number].troubles
    assert not inside, "what is inside was read"
