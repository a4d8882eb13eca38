"""Corridors: from a country and its currency to a country and the currency paid out there."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS


class UnknownPlace(ValueError):
    """A country or currency that does not exist. `str()` names it."""


@dataclass(frozen=True, slots=True, order=True)
class Corridor:
    """Countries are ISO 3166-1 alpha-2, currencies ISO 4217. Raises UnknownPlace."""

    send_country: str
    send_currency: str
    receive_country: str
    receive_currency: str

    def __post_init__(self) -> None:
        for country in (self.send_country, self.receive_country):
            if country not in PAYOUT_CURRENCY:
                raise UnknownPlace(f"unknown country {country!r}")
        for currency in (self.send_currency, self.receive_currency):
            if currency not in MINOR_DIGITS:
                raise UnknownPlace(f"unknown currency {currency!r}")

    @property
    def slug(self) -> str:
        """As commands take it: NL-MA."""
        return f"{self.send_country}-{self.receive_country}"

    @property
    def in_own_currency(self) -> bool:
        """Whether the receive currency says which country is meant, as MAD does and USD does not
        outside the United States: ISO 4217 codes begin with the code of their country. A source
        that is asked by currency alone can only be believed about such corridors."""
        return self.receive_currency.startswith(self.receive_country)
