"""Every source there is stands in a register, and every register holds what it says."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from scrapers import LICENCES, PRICES, RATES, SHIPPED_RATES, SURVEYS
from scrapers.contract import RateSource, Stance


def modules(folder: Path) -> set[str]:
    """Names of the modules in a folder of scrapers/ that are sources."""
    names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert names, f"no modules in {folder}: the guard looks in the wrong place"
    dotted = {name: f"scrapers.{folder.name}.{name}" for name in names}
    return {name for name in names if hasattr(importlib.import_module(dotted[name]), "SLUG")}


@pytest.mark.parametrize(
    ("folder", "registered"),
    [
        ("rates", {one.SLUG for one in (*RATES, *SHIPPED_RATES)}),
        ("prices", {one.SLUG for one in PRICES} | {one.SLUG for one in SURVEYS}),
        ("licences", {one.SLUG for one in LICENCES}),
    ],
)
def test_every_source_is_registered_under_its_own_name(
    root: Path, folder: str, registered: set[str]
) -> None:
    assert registered == modules(root / "scrapers" / folder)


@pytest.mark.parametrize("register", [PRICES, RATES, LICENCES, SURVEYS])
def test_a_register_is_in_order_and_names_nobody_twice(register: tuple[RateSource, ...]) -> None:
    slugs = [one.SLUG for one in register]
    assert slugs == sorted(set(slugs))


@pytest.mark.parametrize(
    "source",
    [*PRICES, *RATES, *SHIPPED_RATES, *LICENCES, *SURVEYS],
    ids=lambda source: str(source.SLUG),
)
def test_every_source_states_its_terms(source: object) -> None:
    terms = source.TERMS  # type: ignore[attr-defined]
    assert isinstance(terms.stance, Stance)
    assert terms.reason
    assert terms.checked_on
