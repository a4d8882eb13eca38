"""Money: an exact amount in one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from app.domain.currencies import MINOR_DIGITS

EXACT = Context(prec=60)
"""Wide enough that no sum or product of prices is ever rounded behind our back."""


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies were mixed."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount; `currency` is an ISO 4217 code that is legal tender today.

    Raises TypeError for anything but a Decimal amount (floats are not exact) and
    ValueError for an unknown currency or an amount that is not finite.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"money takes a Decimal, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError(f"money must be finite, not {self.amount}")
        if self.currency not in MINOR_DIGITS:
            raise ValueError(f"unknown currency {self.currency!r}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(EXACT.minus(self.amount), self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    @property
    def minor_unit(self) -> Decimal:
        """The smallest amount that can be paid: 0.01 for EUR, 1 for JPY (CLDR)."""
        return Decimal(1).scaleb(-MINOR_DIGITS[self.currency])

    def rounded(self) -> Money:
        """To the minor unit, halves up. For showing."""
        return self._quantized(ROUND_HALF_UP)

    def floor(self) -> Money:
        """Down to the minor unit. For what arrives: never promise more."""
        return self._quantized(ROUND_FLOOR)

    def ceiling(self) -> Money:
        """Up to the minor unit. For what must be paid: never ask for less."""
        return self._quantized(ROUND_CEILING)

    def _quantized(self, rounding: str) -> Money:
        """The plus makes -0.00 a plain 0.00."""
        whole = self.amount.quantize(self.minor_unit, rounding, EXACT)
        return Money(EXACT.plus(whole), self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} is not {other.currency}")
