"""Reach: where money can be sent to from here, and which firms are not asked for their prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.corridor import Corridor

SEND_COUNTRY, SEND_CURRENCY = "NL", "EUR"
"""Where the senders are."""


class ReachState(StrEnum):
    """Open is asked. Limited is asked too, but little may be found, and pages say why. Closed
    is never asked and shows no number."""

    OPEN = "open"
    LIMITED = "limited"
    CLOSED = "closed"


class Why(StrEnum):
    """Why a country is not simply open.

    SANCTIONS            firms may not send there, but for exceptions that need a permit
    FEW_FORMAL_CHANNELS  few banks or firms pay out there, or most money goes other ways
    NO_RATE              no mid rate can be trusted, so no price can be weighed
    """

    SANCTIONS = "sanctions"
    FEW_FORMAL_CHANNELS = "few_formal_channels"
    NO_RATE = "no_rate"


class WhyNotAsked(StrEnum):
    """Why a firm that people use is not asked.

    TERMS_FORBID   it says that its prices may not be read by machines
    BOT_WALL       it turns machines away, and we do not get round that
    OBFUSCATED     it hides the numbers in its answers on purpose
    EXCHANGE_ONLY  it tells exchange rates, but not what sending costs
    NO_ENDPOINT    we looked for prices that a machine can read and found none
    REPUTATION     its group is under sanctions somewhere
    NOT_YET        its prices can be read; we have not written that yet
    """

    TERMS_FORBID = "terms_forbid"
    BOT_WALL = "bot_wall"
    OBFUSCATED = "obfuscated"
    EXCHANGE_ONLY = "exchange_only"
    NO_ENDPOINT = "no_endpoint"
    REPUTATION = "reputation"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Reach:
    """One country that people here send money to. Raises ValueError, UnknownPlace among them.

    country     ISO 3166-1 alpha-2
    currencies  ISO 4217, what firms pay out there, the main one first
    reason, source, checked_on
                why it is not open, the address that says so, and when a person read it; None,
                "" and None for a country that is open, and only for those
    """

    country: str
    currencies: tuple[str, ...]
    state: ReachState = ReachState.OPEN
    reason: Why | None = None
    source: str = ""
    checked_on: date | None = None

    def __post_init__(self) -> None:
        if not self.currencies or len(set(self.corridors)) != len(self.currencies):
            raise ValueError(f"needs its currencies, each once, not {list(self.currencies)}")
        if self.country == SEND_COUNTRY:
            raise ValueError(f"{SEND_COUNTRY} is where money is sent from")
        said = (self.reason is not None, bool(self.source), self.checked_on is not None)
        if said != (self.state is not ReachState.OPEN,) * 3:
            raise ValueError(
                f"{self.state} needs "
                + ("no " if self.state is ReachState.OPEN else "")
                + "reason, source and checked_on"
            )

    @property
    def corridors(self) -> tuple[Corridor, ...]:
        """One for each currency, the main one first. Raises UnknownPlace."""
        return tuple(
            Corridor(SEND_COUNTRY, SEND_CURRENCY, self.country, currency)
            for currency in self.currencies
        )


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A firm whose prices we do not ask for.

    provider    its slug, as in data/providers.toml
    source      where that can be checked: what the firm says, or its page that we looked at
    checked_on  when a person did
    """

    provider: str
    name: str
    reason: WhyNotAsked
    source: str
    checked_on: date
