"""Where money can be sent, for forms, and the prices of one corridor, for sums over several
amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db import coverage, prices, providers, reach
from app.domain.comparison import Comparison, Question, compare
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.ranking import Priority
from app.domain.reach import ReachState
from app.domain.told import told
from app.web.locale import countries, currency
from app.web.lookup import Place

HOME_SENDER = "NL"
OFTEN_PAID_OUT = {"EUR", "USD"}
"""Currencies in which money arrives in many countries that have their own."""


class Board:
    """What is offered on a corridor, read once and asked for as many amounts as are needed. To a
    country that is closed there is never a price."""

    def __init__(self, session: Session, place: Place, corridor: Corridor, now: datetime) -> None:
        known = [] if place.closed else prices.board(session, corridor)
        self.corridor = corridor
        self.providers = providers.all_providers(session)
        self._ladders = told(known, now).ladders
        self._now = now

    def ask(self, paid: Money) -> Comparison:
        """Every answer to "I pay `paid`", the cheapest first."""
        question = Question(self.corridor, paid)
        return compare(question, self._ladders, self.providers, Priority.CHEAP, self._now)


@dataclass(frozen=True, slots=True)
class Country:
    """A country in a list. `currency` is the main one that is paid out there; `lists` are the
    corridors there that have prices, like "NL-MAD"."""

    code: str
    name: str
    currency: str
    lists: tuple[str, ...] = ()

    @property
    def digits(self) -> int:
        return MINOR_DIGITS[self.currency]


def senders(session: Session, chosen: str) -> list[Country]:
    """Each country that prices are known from, and the chosen one."""
    shown = {*(coverage.send_countries(session) or [HOME_SENDER]), chosen}
    return [
        Country(code, name, PAYOUT_CURRENCY[code]) for code, name in countries() if code in shown
    ]


def receivers(session: Session, now: datetime) -> list[Country]:
    """Every country, by name."""
    lists: dict[str, list[str]] = {}
    for corridor in sorted(listed(session, now)):
        line = f"{corridor.send_country}-{corridor.receive_currency}"
        lists.setdefault(corridor.receive_country, []).append(line)
    reached = reach.reach_from(session, HOME_SENDER)
    return [
        Country(
            code,
            name,
            reached[code].currencies[0] if code in reached else PAYOUT_CURRENCY[code],
            tuple(lists.get(code, ())),
        )
        for code, name in countries()
    ]


def listed(session: Session, now: datetime) -> set[Corridor]:
    """Those that have a list of prices at `now` (aware UTC)."""
    found = set()
    for sender in coverage.send_countries(session):
        reached = reach.reach_from(session, sender)
        shut = {code for code, one in reached.items() if one.state is ReachState.CLOSED}
        covered = coverage.covered(session, sender, now)
        found |= {one.corridor for one in covered if one.corridor.receive_country not in shut}
    return found


def main_currency(session: Session, country: str) -> str:
    """The one that is paid out in a country; the euro where there is no such country."""
    reached = reach.reach_from(session, HOME_SENDER).get(country)
    return reached.currencies[0] if reached else PAYOUT_CURRENCY.get(country, "EUR")


def other_currencies(session: Session) -> list[tuple[str, str]]:
    """Code and name of each that is paid out somewhere beside the country's own."""
    reached = reach.reach_from(session, HOME_SENDER).values()
    codes = OFTEN_PAID_OUT | {code for one in reached for code in one.currencies[1:]}
    return sorted(((code, currency(code)) for code in codes), key=lambda one: one[1])
