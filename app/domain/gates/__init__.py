"""Gates: what a reading must pass before it is shown as a price.

Every gate looks at one reading, beside what was known before, and says in words what it saw. A
finding that holds keeps the reading off the pages: it is kept with its evidence, and what stood
there before stays, with its age. What each number is for: docs/gates.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.gates.claims import frozen, promotion, time, zero_fee
from app.domain.gates.rates import better_than_mid, mid_as_price, own_history, peers, reference
from app.domain.gates.reading import (
    LIMITS,
    Before,
    Finding,
    Gate,
    HeldReading,
    Limits,
    Peers,
    Reading,
)
from app.domain.gates.runs import completeness, duplicates
from app.domain.midrate import MidRate
from app.domain.quote import Origin, Quote

__all__ = [
    "LIMITS",
    "Before",
    "Finding",
    "Gate",
    "HeldReading",
    "Limits",
    "Peers",
    "check",
    "completeness",
    "duplicates",
]

GATES: tuple[Callable[[Reading], Finding | None], ...] = (
    reference,
    better_than_mid,
    own_history,
    peers,
    time,
    frozen,
    promotion,
    mid_as_price,
    zero_fee,
)
"""Those that look at one reading."""


def check(
    quote: Quote,
    mid: MidRate,
    before: Before,
    peers: Peers,
    stated_at: datetime | None,
    now: datetime,
    limits: Limits = LIMITS,
    source_origin: Origin = Origin.LIVE,
) -> list[Finding]:
    """What the gates say of one reading, [] if nothing. It is held if any finding holds.

    `mid` is the one of now; `stated_at` is when the source says that the quote was true, None if
    it does not say. Both times are aware UTC.
    """
    reading = Reading(quote, mid, before, peers, stated_at, now, limits, source_origin)
    return [found for gate in GATES if (found := gate(reading)) is not None]
