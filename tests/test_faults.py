"""A fault of each kind, on both databases; all sixty are played by `make faults`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.matrix import DRIVERS, KINDS, Templates, play, templates
from tests.faults.verdict import Verdict
from tests.lab.faults import ELSEWHERE, FAULTS

SOME = ("F06", "F23", "F40")
"""Transport, HTTP, and meaning; the rest is for `make faults`."""


@pytest.fixture(scope="module")
def where() -> Iterator[Templates]:
    with templates() as made:
        yield made


def test_every_fault_has_a_driver() -> None:
    assert sorted(DRIVERS) == sorted([*FAULTS, *ELSEWHERE])
    assert len(DRIVERS) == 60


def test_some_of_each_kind_survive(where: Templates) -> None:
    lines = list(play(SOME, where))
    assert len(lines) == len(SOME) * len(KINDS)
    assert all(line.verdict.survived for line in lines), "\n".join(
        text for line in lines for text in (str(line), *line.reasons())
    )


def test_a_broken_invariant_is_no_survival() -> None:
    verdict = Verdict()
    verdict.must("I4", True, "held")
    assert verdict.survived
    verdict.must("I4", False, "one price is missing")
    whole = Verdict()
    whole.add(verdict, "variant")
    assert not whole.survived
    assert whole.broken == {"I4": ["variant: one price is missing"]}
