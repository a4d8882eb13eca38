"""The price that a report is about: as it was, and as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import prices
from app.domain.quote import Price
from app.web.database import session


@dataclass(frozen=True, slots=True)
class Reported:
    """now is None if the service is no longer offered at that amount."""

    then: Price
    now: Price | None

    @property
    def is_changed(self) -> bool:
        if self.now is None:
            return True
        before, after = self.then.quote, self.now.quote
        return (before.fee, before.rate, before.received) != (after.fee, after.rate, after.received)


def reported(price_id: int | None) -> Reported | None:
    """None for a report that is about no price."""
    then = prices.find_recorded(session(), price_id) if price_id else None
    if then is None:
        return None
    return Reported(then, prices.find_standing(session(), then.service_id, then.rung))
