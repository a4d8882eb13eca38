"""Every source against every fault: it refuses, it is right all the same, a gate holds it, or it is
a blind spot that is written down here. Never a wrong price that nobody knows of.

`pytest -rP` shows the count; `python -m tests.scrapers.every_source` every single result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from app.domain.money import Money
from config import ROOT
from scrapers.contract import Offer, Refused, Trouble, Unreachable, Unreadable
from scrapers.prices import wise
from tests.lab.faults import FAULTS, AnswerFault, MeaningFault, WireFault
from tests.lab.server import Lab
from tests.lab.test_bites import CANNOT
from tests.scrapers.every_source import (
    Outcome,
    Result,
    client,
    counted,
    every_result,
    every_trial,
    noon,
)
from tests.scrapers.trials import PriceTrial

T = Trouble
SLUGS = [trial.slug for trial in every_trial()]
PRICE_SLUGS = [trial.slug for trial in every_trial() if isinstance(trial, PriceTrial)]

PROMOTION = "promotion near the mid rate"
FEE_GONE = "fee gone for good"
FEE_GROWN = "fee grown"
BLIND = {
    ("instarem", "F42", "zero"): FEE_GONE,
    ("paysend", "F43", ""): PROMOTION,
    ("remitly", "F42", "zero"): FEE_GONE,
    ("remitly", "F43", ""): PROMOTION,
    ("ria", "F43", ""): PROMOTION,
    ("sendwave", "F43", ""): PROMOTION,
    ("taptap_send", "F39", "cents"): FEE_GROWN,
    ("taptap_send", "F42", "zero"): FEE_GONE,
    ("taptap_send", "F43", ""): PROMOTION,
    ("transfergo", "F43", ""): PROMOTION,
    ("western_union", "F43", ""): PROMOTION,
    ("wise_comparisons", "F43", ""): PROMOTION,
}
"""Wrong, coherent, and shown at the latest when it is read again. docs/gates.md says why of the
first two. A fee in cents makes a price look worse than it is: no gate looks at a fee that grew."""

NOT_LISTED = "it answers with a list of what it serves, and this is not in it any more"
FEE_UNKNOWN = "it is not asked for a price with a fee, whatever fee"
NOT_OFFERED = {
    ("paysend", "F42", "above the amount"): FEE_UNKNOWN,
    ("paysend", "F49", ""): FEE_UNKNOWN,
    ("taptap_send", "F41", "code"): NOT_LISTED,
    ("taptap_send", "F41", "direction"): NOT_LISTED,
    ("taptap_send", "F46", ""): NOT_LISTED,
    ("wise_comparisons", "F42", "above the amount"): "firms that would take all of it are left out",
}
"""Faults that look as if the source did not serve the question."""

OTHERWISE = {
    ("ecb", "F08", ""): T.SCHEMA,
    ("ecb", "F26", "as json"): T.SCHEMA,
    ("eba", "F27", "byte order mark"): T.BROKEN_REPLY,
}
"""What is not JSON is called otherwise: the ECB's file is XML, the EBA's an archive."""

SECOND_CONNECTION = {T.CONNECTION, T.BROKEN_REPLY}
"""F15 of a source with several requests: one of them may be tried twice, not each."""

SAID_BY_US = {T.SCHEMA, T.CONTRADICTION, T.NOT_JSON, T.EMPTY}
"""A reply whose meaning is bent may be refused for another reason than the fault's own."""

KINDS = {
    Unreachable: {T.TIMEOUT, T.CONNECTION, T.SERVER_ERROR, T.BROKEN_REPLY},
    Refused: {T.LIMITED, T.BLOCKED, T.REDIRECTED, T.ROBOTS, T.GONE, T.PRIVATE_ADDRESS},
    Unreadable: {*SAID_BY_US, T.TOO_LARGE, T.BROKEN_REPLY},
}
NO_NUMBERS = {"ecb": "XML", "eba": "licences"}
ABOUT_RATES = {("F31", "rate"), ("F33", ""), ("F39", "rate"), ("F39", "hundredth"), ("F40", "")}
ABOUT_RATES |= {
    (number, variant)
    for number in ("F32", "F35", "F36", "F37", "F38", "F43")
    for variant in FAULTS[number].variants
}
NOTHING = {**CANNOT, ("paysend", "F34", ""): "its rate to Türkiye is below 1000"}


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    with Lab(noon()) as lab:
        yield lab


_known: dict[str, list[Result]] = {}


def results(lab: Lab, slug: str) -> list[Result]:
    if slug not in _known:
        (trial,) = every_trial([slug])
        _known[slug] = list(every_result(lab, trial))
    return _known[slug]


def allowed(result: Result) -> set[Trouble]:
    fault = result.fault
    if result.key in NOT_OFFERED:
        return {T.NOT_OFFERED}
    if result.key in OTHERWISE:
        return {OTHERWISE[result.key]}
    if isinstance(fault, MeaningFault):
        return SAID_BY_US | set(fault.troubles)
    return set(fault.troubles) or SECOND_CONNECTION


@pytest.mark.parametrize("slug", SLUGS)
def test_no_wrong_price_that_nobody_knows_of(shared: Lab, slug: str) -> None:
    found = results(shared, slug)
    blind = {one.key: one.line for one in found if one.outcome is Outcome.BLIND}
    assert set(blind) == {key for key in BLIND if key[0] == slug}, "\n".join(blind.values())


@pytest.mark.parametrize("slug", SLUGS)
def test_every_refusal_has_its_name(shared: Lab, slug: str) -> None:
    refused = [one for one in results(shared, slug) if one.outcome is Outcome.REFUSED]
    misnamed = [one.line for one in refused if one.trouble not in allowed(one)]
    assert not misnamed, "\n".join(misnamed)
    for one in refused:
        kinds = [kind for kind, troubles in KINDS.items() if isinstance(one.error, kind)]
        assert all(one.trouble in KINDS[kind] for kind in kinds), one.line
    not_offered = {one.key for one in refused if one.trouble is T.NOT_OFFERED}
    assert not_offered == {key for key in NOT_OFFERED if key[0] == slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_transport_and_http_are_refused_or_overcome(shared: Lab, slug: str) -> None:
    """Without a gate: what does not come from the source whole is never read."""
    harmless = {"F15", "F22", "F27", "F45"}
    for one in results(shared, slug):
        if isinstance(one.fault, WireFault | AnswerFault) and one.fault.id not in harmless:
            assert one.outcome is Outcome.REFUSED, one.line


@pytest.mark.parametrize("slug", SLUGS)
def test_only_what_no_source_can_see_is_left_to_the_gates(shared: Lab, slug: str) -> None:
    for one in results(shared, slug):
        if one.outcome is Outcome.HELD:
            assert "held" in one.fault.then, one.line


@pytest.mark.parametrize("slug", SLUGS)
def test_every_fault_that_can_bite_does(shared: Lab, slug: str) -> None:
    """Sources of mid rates tell nothing but rates, and the other two no JSON with a number."""
    idle = [one for one in results(shared, slug) if one.outcome is Outcome.NOTHING]
    assert all(isinstance(one.fault, MeaningFault) for one in idle)
    if slug in PRICE_SLUGS:
        unknown = [one.line for one in idle if one.key not in NOTHING]
    elif slug in NO_NUMBERS:
        unknown = []
    else:
        unknown = [one.line for one in idle if one.key[1:] in ABOUT_RATES]
    assert not unknown, "\n".join(unknown)


def test_the_blind_spots_are_explained() -> None:
    page = (ROOT / "docs/gates.md").read_text(encoding="utf-8")
    for reason in set(BLIND.values()) - {FEE_GROWN}:
        assert f"| {reason} |" in page


def test_the_count(shared: Lab) -> None:
    found = [one for slug in SLUGS for one in results(shared, slug)]
    print(counted(found))
    assert len(found) == len(SLUGS) * sum(len(fault.variants) for fault in FAULTS.values())


@cache
def good_offer() -> tuple[PriceTrial, Offer]:
    trial = PriceTrial(wise)
    with Lab(noon()) as lab, client(lab) as asking:
        trial.get_ready(asking, lab.world)
    return trial, trial.well[0]


@pytest.mark.parametrize(
    ("factor", "wrong", "held"),
    [("1.0009", False, False), ("0.998", True, False), ("1.01", True, False), ("1.02", True, True)],
)
def test_a_trial_sees_what_is_wrong(factor: str, wrong: bool, held: bool) -> None:
    """Wise's rate is the mid rate: one percent more is let through when it is read again."""
    trial, good = good_offer()
    rate = good.quote.rate * Decimal(factor)
    received = Money(good.quote.sent.amount * rate, good.quote.received.currency).floor()
    bent = replace(good, quote=replace(good.quote, rate=rate, received=received))
    found = trial.wrongs([bent, *trial.well[1:]])
    assert [one.held for one in found] == ([held] if wrong else [])


def test_a_trial_sees_another_fee_and_time() -> None:
    trial, good = good_offer()
    fee = replace(good.quote.fee, amount=good.quote.fee.amount * 2)
    paid = good.quote.sent + fee
    dearer = replace(good, quote=replace(good.quote, fee=fee, paid=paid))
    assert trial.wrongs([dearer, *trial.well[1:]])
    assert trial.wrongs([replace(good, stated_at=None), *trial.well[1:]])
