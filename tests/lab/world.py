"""The world that the lab's endpoints live in: mid rates, a clock, and who asks what margin."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.midrate import PEGS


@dataclass(slots=True)
class World:
    """mids      units of each currency per euro
    now       the lab's clock; None for the real one
    drift     by how much all mid rates have moved since the start, as a factor
    recorded  whether a question that was recorded gets the recorded reply, old dates and all
    moving    whether mid rates also follow the clock, by 0.3 percent at the most; pegs stay
    """

    mids: dict[str, Decimal]
    now: datetime | None = None
    drift: Decimal = Decimal(1)
    recorded: bool = False
    moving: bool = False

    def mid(self, currency: str) -> Decimal:
        """Units per euro; KeyError for a currency that the world does not have."""
        if currency == "EUR":
            return Decimal(1)
        mid = self.mids[currency] * self.drift
        return round(mid * (1 + self._moved(currency)), 8) if self.moving else mid

    def clock(self) -> datetime:
        return self.now or datetime.now(UTC)

    def _moved(self, currency: str) -> Decimal:
        """A slow swing over a day and a quick one over three hours, by the clock's minute."""
        anchor = PEGS[currency][0] if currency in PEGS else currency
        if anchor == "EUR":
            return Decimal(0)
        minute = int(self.clock().timestamp()) // 60 + _number(anchor)
        return _swing(minute, 24 * 60) * Decimal("0.0025") + _swing(minute, 180) * Decimal("0.0005")

    def rate(self, who: str, currency: str, digits: int = 4) -> Decimal:
        """The rate that `who` gives: the mid rate less a margin of 0.2 to 3.2 percent, the same
        one each time, to `digits` significant places after the first three."""
        share = _number(f"{who} {currency}") % 300
        margin = Decimal(20 + share) / 10_000
        exact = self.mid(currency) * (1 - margin)
        places = max(digits - max(exact.adjusted(), 0), 0)
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_DOWN)


def _number(name: str) -> int:
    """Of a name, the same one each time."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:6], 16)


def _swing(minute: int, period: int) -> Decimal:
    """From -1 up to 1 and back in `period` minutes."""
    place = Decimal(minute % period) / period
    return 4 * abs(place - Decimal("0.5")) - 1


def cents(amount: Decimal, currency: str = "EUR") -> Decimal:
    """Rounded to the currency's minor unit, halves up."""
    return amount.quantize(Decimal(1).scaleb(-MINOR_DIGITS[currency]), ROUND_HALF_UP)


def pays_out(country: str, currency: str) -> bool:
    """Whether this currency is paid out in this country (ISO 3166-1 alpha-2)."""
    return PAYOUT_CURRENCY.get(country) == currency
