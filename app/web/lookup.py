"""One question put to the board: what both the page and the API show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import g
from sqlalchemy.orm import Session

from app.db import corridors, prices, providers, reach
from app.domain.comparison import Comparison, Question, compare
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.midrate import MidRate
from app.domain.quote import Price
from app.domain.ranking import Priority
from app.domain.reach import Reach, ReachState
from app.domain.told import told
from app.web.ledger import Ledger, ledger


@dataclass(frozen=True, slots=True)
class Place:
    """A country to send to: its corridors, that of the main currency first, and what is known of
    whether money can be sent there; `reach` is None where nobody looked into that."""

    corridors: list[Corridor]
    reach: Reach | None

    @property
    def closed(self) -> bool:
        return self.reach is not None and self.reach.state is ReachState.CLOSED

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(corridor.receive_currency for corridor in self.corridors)


@dataclass(frozen=True, slots=True)
class Lookup:
    """mid: the newest mid rate that the offered prices were weighed against; board: these prices;
    sources: slugs of where they come from."""

    comparison: Comparison
    mid: MidRate | None
    sources: list[str]
    board: list[Price]
    ledger: Ledger
    place: Place


def reached_from(session: Session, send_country: str) -> dict[str, Reach]:
    """By the receiving country; asked once for a page, however many of its parts want it."""
    known: dict[str, dict[str, Reach]] = g.setdefault("reached", {})
    if send_country not in known:
        known[send_country] = reach.reach_from(session, send_country)
    return known[send_country]


def find_place(session: Session, send_country: str, receive_country: str) -> Place:
    """Countries by code, in capitals; one that we know nothing of has no corridors."""
    reached = reached_from(session, send_country).get(receive_country)
    main = reached.currencies if reached else (PAYOUT_CURRENCY.get(receive_country, ""),)
    found = corridors.find_corridors(session, send_country, receive_country)
    order = {currency: place for place, currency in enumerate(main)}
    found.sort(key=lambda one: order.get(one.receive_currency, len(order)))
    return Place(found, reached)


def look_up(
    session: Session, place: Place, question: Question, priority: Priority, now: datetime
) -> Lookup:
    """To a country that is closed there is never a price."""
    ladders = [] if place.closed else prices.board(session, question.corridor)
    offered = told(ladders, now)
    known = providers.all_providers(session)
    comparison = compare(question, offered.ladders, known, priority, now)
    board = [price for ladder in offered.ladders for price in ladder.rungs]
    return Lookup(
        comparison=comparison,
        mid=max((price.mid for price in board), key=_mid_age, default=None),
        sources=sorted({price.source for price in board}),
        board=board,
        ledger=ledger(session, known, ladders, offered, comparison, place.reach),
        place=place,
    )


def compared(session: Session, question: Question, now: datetime) -> Comparison:
    """The cheapest first, and no more than that."""
    offered = told(prices.board(session, question.corridor), now)
    known = providers.all_providers(session)
    return compare(question, offered.ladders, known, Priority.CHEAP, now)


def _mid_age(mid: MidRate) -> tuple[bool, Decimal | float]:
    seen = mid.observed_at
    return (seen is None, 0 if seen is None else seen.timestamp())
