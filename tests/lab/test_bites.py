"""Faults of meaning bite, whoever's reply it is; and every fault has a place."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

import pytest

from app.domain.corridor import Corridor
from config import ROOT
from scrapers.contract import Ask
from tests.lab.direct import DirectHttp, answer, endpoints
from tests.lab.faults import ELSEWHERE, FAULTS, MEANING, MeaningFault
from tests.lab.server import Lab, lab_world
from tests.lab.tree import Kind, parse, spots, written
from tests.lab.wire import LabReply, LabRequest

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ASK = Ask(Corridor("NL", "EUR", "NG", "NGN"), Decimal(1000))

NO_TIME = "its reply tells no time"
NO_ROWS = "its reply has one price only"
NO_CURRENCY = "its reply names no currency"
NO_AMOUNT = "its reply has rate and fee only"
NO_FEE = "its fee is zero on this corridor"

CANNOT = {
    ("instarem", "F47", ""): NO_ROWS,
    ("instarem", "F48", ""): NO_ROWS,
    ("paysend", "F31", "received"): NO_AMOUNT,
    ("paysend", "F31", "amount"): NO_AMOUNT,
    ("paysend", "F39", "cents"): NO_FEE,
    ("paysend", "F41", "code"): NO_CURRENCY,
    ("paysend", "F41", "direction"): NO_CURRENCY,
    ("paysend", "F42", "zero"): NO_FEE,
    ("paysend", "F44", ""): NO_TIME,
    ("paysend", "F47", ""): NO_ROWS,
    ("paysend", "F48", ""): NO_ROWS,
    ("remitly", "F44", ""): NO_TIME,
    ("ria", "F44", ""): NO_TIME,
    ("sendwave", "F41", "code"): NO_CURRENCY,
    ("sendwave", "F41", "direction"): NO_CURRENCY,
    ("sendwave", "F44", ""): NO_TIME,
    ("sendwave", "F47", ""): NO_ROWS,
    ("sendwave", "F48", ""): NO_ROWS,
    ("taptap_send", "F31", "received"): NO_AMOUNT,
    ("taptap_send", "F31", "amount"): NO_AMOUNT,
    ("taptap_send", "F44", ""): NO_TIME,
    ("transfergo", "F44", ""): NO_TIME,
    ("worldremit", "F44", ""): NO_TIME,
}
"""Source, fault and variant that cannot be: there is nothing to bend."""

SLUGS = [
    slug
    for slug in (module.__name__.rpartition(".")[2] for module in endpoints())
    if (ROOT / f"scrapers/prices/{slug}.py").exists()
]
PAIRS = [
    (slug, fault.id, variant)
    for slug in SLUGS
    for fault in MEANING
    if isinstance(fault, MeaningFault)
    for variant in fault.variants
]


@cache
def priced(slug: str) -> tuple[LabRequest, LabReply]:
    """The last question of a source that is answered with a rate, and that answer."""
    world = lab_world()
    world.now = NOW
    http = DirectHttp(world)
    importlib.import_module(f"scrapers.prices.{slug}").fetch(http, ASK)
    answered = [(request, answer(request, world)) for request in http.asked]
    return [pair for pair in answered if spots(parse(pair[1].body), Kind.RATE)][-1]


def test_every_fault_has_a_place() -> None:
    numbers = [f"F{number:02}" for number in range(1, 61)]
    assert sorted([*FAULTS, *ELSEWHERE]) == numbers
    assert all(fault.troubles or fault.then for fault in FAULTS.values())
    assert all((ROOT / place).is_dir() for place in ELSEWHERE.values())


def test_there_are_price_sources_to_bend() -> None:
    assert "wise" in SLUGS
    assert {slug for slug, _, _ in CANNOT} <= set(SLUGS)


@pytest.mark.parametrize(("slug", "number", "variant"), PAIRS)
def test_every_fault_bites_for_every_price_source(slug: str, number: str, variant: str) -> None:
    request, good = priced(slug)
    lab = Lab(lab_world())
    lab.world.now = NOW
    lab.fault(request.host, number, variant)
    deed = lab.deed(request, 1)

    expected = (slug, number, variant) not in CANNOT
    same = (good.body.decode(), written(parse(good.body)))
    assert (deed.reply.body.decode() not in same) == expected
    assert lab.bites(request.host) == expected


def test_the_page_of_the_lab_lists_every_fault() -> None:
    page = (ROOT / "docs/lab.md").read_text()
    for fault in FAULTS.values():
        variants = ", ".join(variant for variant in fault.variants if variant)
        assert f"| {fault.id} | {fault.says} | {variants} |" in page
    assert all(number in page for number in ("F01", "F12", "F13", "F19", "F51", "F52", "F53"))
