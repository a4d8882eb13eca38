"""From the survey's rows to prices: the newest round of each sending country, on the board.

The survey tells fee and margin; with today's mid rate they become a quote. Publishing again
with the same rows and the same mid rates changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.collect.tariffs import publish_tariffs
from app.db import coverage, prices, rates, surveys
from app.db.engine import Database, take_turn
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.midrate import MidReading, NoMidRate, mid_rate
from app.domain.quote import Price
from app.domain.survey import Surveyed, survey_prices
from scrapers import TARIFFS

SOURCE = "rpw"


@dataclass(slots=True)
class Published:
    """quotes: how many stand on the board now; changed: how many corridors did; findings: what
    an operator should know."""

    quotes: int = 0
    changed: int = 0
    findings: list[str] = field(default_factory=list)


def publish_rounds(
    session: Session, send_countries: Iterable[str], now: datetime, only: str | None = None
) -> Published:
    """Publish the newest round of each country; `only` is a corridor's slug, like NL-MA."""
    published = Published()
    readings = rates.latest_readings(session)
    for send in send_countries:
        period = surveys.newest_round(session, send)
        if period is None:
            continue
        whole = not surveys.has_refusals(session, send, period)
        if not whole:
            published.findings.append(
                f"{send} {period}: rows were refused, so no older price was taken off the board"
            )
        for corridor in _corridors(session, send, period):
            if only in (None, corridor.slug):
                rows = surveys.round_rows(session, send, period, corridor.receive_country)
                here = (one for one in rows if one.row.currency == corridor.send_currency)
                _publish(session, corridor, here, readings, now, published, whole=whole)
    return published


def republish(database: Database, now: datetime) -> Published:
    """Weigh prices of surveys and price lists anew, after mid rates have changed."""
    with database.writing() as session:
        take_turn(session)
        publish_tariffs(session, TARIFFS, now)
        return publish_rounds(session, surveys.send_countries(session), now)


def _corridors(session: Session, send: str, period: str) -> list[Corridor]:
    """Those of the round, and those that an older round put on the board and this one left.

    The survey does not record the pay-out currency: the country's main one is assumed.
    """
    places = surveys.round_places(session, send, period)
    asked = {
        Corridor(send, currency, receive, PAYOUT_CURRENCY[receive]) for receive, currency in places
    }
    return sorted(asked | set(coverage.corridors_of(session, SOURCE, send)))


def _publish(
    session: Session,
    corridor: Corridor,
    rows: Iterable[Surveyed],
    readings: list[MidReading],
    now: datetime,
    published: Published,
    *,
    whole: bool,
) -> None:
    """If the round is `whole`, what it no longer has is taken off the board."""
    try:
        mid = mid_rate(corridor.send_currency, corridor.receive_currency, readings)
    except NoMidRate as error:
        published.findings.append(f"{corridor.slug}: not shown, {error}")
        return

    def counted() -> Iterator[Price]:
        for price in survey_prices(corridor, rows, mid, SOURCE, published.findings):
            published.quotes += 1
            yield price

    if whole:
        published.changed += prices.save_whole(session, corridor, SOURCE, counted(), now)
    else:
        published.changed += prices.save(session, corridor, counted(), now)
