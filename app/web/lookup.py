"""One question put to the board: what both the page and the API show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.db import coverage, prices, providers
from app.domain.comparison import Comparison, Question, compare
from app.domain.ladder import Ladder
from app.domain.midrate import MidRate
from app.domain.provider import Provider
from app.domain.quote import Price
from app.domain.ranking import Priority
from app.web.locale import short


@dataclass(frozen=True, slots=True)
class Lookup:
    """mid: the newest mid rate that the prices were weighed against; sources: slugs of where
    the prices come from; missing: providers without an answer, and why, in words."""

    comparison: Comparison
    mid: MidRate | None
    sources: list[str]
    missing: list[tuple[Provider, str]]
    board: list[Price]


def look_up(session: Session, question: Question, priority: Priority, now: datetime) -> Lookup:
    ladders = prices.board(session, question.corridor)
    known = providers.all_providers(session)
    comparison = compare(question, ladders, known, priority, now)
    board = [rung for ladder in ladders for rung in ladder.rungs]
    elsewhere = coverage.providers_from(session, question.corridor.send_country)
    return Lookup(
        comparison=comparison,
        mid=max((price.mid for price in board), key=_mid_age, default=None),
        sources=sorted({price.source for price in board}),
        missing=_missing(comparison, ladders, [known[slug] for slug in elsewhere]),
        board=board,
    )


def _mid_age(mid: MidRate) -> tuple[bool, Decimal | float]:
    seen = mid.observed_at
    return (seen is None, 0 if seen is None else seen.timestamp())


def _missing(
    comparison: Comparison, ladders: list[Ladder], sending: list[Provider]
) -> list[tuple[Provider, str]]:
    """Providers that send from this country and have no answer here."""
    answered = {result.provider.slug for result in comparison.results}
    here = {ladder.service.provider for ladder in ladders}
    missing = []
    for provider in sending:
        if provider.slug in answered:
            continue
        if provider.slug in here:
            why = _out_of_reach(comparison, provider)
        else:
            why = gettext("No source of ours has a price of this firm for this country.")
        missing.append((provider, why))
    return missing


def _out_of_reach(comparison: Comparison, provider: Provider) -> str:
    reached = [one for one in comparison.outside if one.service.provider == provider.slug]
    if not reached:
        return gettext("We do not show this firm at present.")
    lowest = min((one.lowest for one in reached), key=lambda money: money.amount)
    highest = max((one.highest for one in reached), key=lambda money: money.amount)
    return gettext(
        "We know its prices from %(lowest)s to %(highest)s only.",
        lowest=short(lowest),
        highest=short(highest),
    )
