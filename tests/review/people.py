"""Those who decide in these tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    id: int


ANNA, BO, CARA = Somebody(1), Somebody(2), Somebody(3)
