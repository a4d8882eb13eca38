"""From the survey's rows to prices: the newest round of each sending country, on the board.

The survey tells fee and margin; with today's mid rate they become a quote. Publishing again
with the same rows and the same mid rates changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.db import prices, rates, surveys
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.midrate import MidReading, NoMidRate, mid_rate
from app.domain.survey import Surveyed, survey_prices

SOURCE = "rpw"


@dataclass(slots=True)
class Published:
    """quotes: how many stand on the board now; findings: what an operator should know."""

    quotes: int = 0
    changed: int = 0
    findings: list[str] = field(default_factory=list)


def publish_rounds(
    session: Session, send_countries: Iterable[str], now: datetime, only: str | None = None
) -> Published:
    """Publish the newest round of each country; `only` is a corridor's slug, like NL-MA."""
    published = Published()
    readings = rates.latest_readings(session)
    for country in send_countries:
        period = surveys.newest_round(session, country)
        if period is None:
            continue
        for corridor, rows in _by_corridor(surveys.round_rows(session, country, period)).items():
            if only in (None, corridor.slug):
                _publish(session, corridor, rows, readings, now, published)
    return published


def _publish(
    session: Session,
    corridor: Corridor,
    rows: list[Surveyed],
    readings: list[MidReading],
    now: datetime,
    published: Published,
) -> None:
    try:
        mid = mid_rate(corridor.send_currency, corridor.receive_currency, readings)
    except NoMidRate as error:
        published.findings.append(f"{corridor.slug}: not shown, {error}")
        return
    found = survey_prices(corridor, rows, mid, SOURCE, published.findings)
    published.quotes += len(found)
    published.changed += prices.save(session, corridor, found)
    prices.withdraw(session, corridor, SOURCE, {price.quote.service for price in found}, now)


def _by_corridor(rows: Iterable[Surveyed]) -> dict[Corridor, list[Surveyed]]:
    """The survey does not record the pay-out currency: the country's main one is assumed."""
    corridors: dict[Corridor, list[Surveyed]] = {}
    for one in rows:
        row = one.row
        corridor = Corridor(
            row.send_country,
            row.currency,
            row.receive_country,
            PAYOUT_CURRENCY[row.receive_country],
        )
        corridors.setdefault(corridor, []).append(one)
    return corridors
