"""From the price lists in scrapers/tariffs to prices on the board. Again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from pathlib import Path

from sqlalchemy.orm import Session

from app.db import coverage, prices, providers, rates, reach
from app.db.evidence import Evidence, add_evidence
from app.domain.corridor import Corridor
from app.domain.midrate import MidRate, NoMidRate, mid_rate
from app.domain.quote import Origin, Price
from app.domain.tariff import Tariff, tariff_quotes
from scrapers.contract import EVERY_RUNG, Unreadable
from scrapers.tariff_files import read_tariffs

SOURCE = "tariff"


def publish_tariffs(session: Session, folder: Path, now: datetime) -> list[str]:
    """Publish every list in the folder that is in force; sentences about those that are not.

    A list that cannot be read keeps all that is on the board in its place. Where banks on the way
    may take a part that nobody states, there is no price: less might arrive than we say.
    """
    findings: list[str] = []
    tariffs: list[Tariff] = []
    broken = False
    for found in read_tariffs(folder, now.date()):
        if isinstance(found, Unreadable):
            findings.append(str(found))
            broken = True
        elif found.provider not in providers.ids_by_slug(session, {found.provider}):
            findings.append(
                f"{found.provider}: a price list of a firm that data/providers.toml lacks"
            )
        elif found.in_force(now.date()):
            tariffs.append(found)
    add_evidence(session, map(_evidence, tariffs))
    readings = rates.latest_readings(session)
    places = {*reach.open_corridors(session), *coverage.corridors_of(session, SOURCE, "NL")}
    for corridor in sorted(places):
        try:
            mid = mid_rate(corridor.send_currency, corridor.receive_currency, readings)
        except NoMidRate:
            continue
        listed = _prices(tariffs, corridor, mid)
        if broken:
            prices.save(session, corridor, listed, now)
        else:
            prices.save_whole(session, corridor, SOURCE, listed, now)
    return findings


def _prices(tariffs: Iterable[Tariff], corridor: Corridor, mid: MidRate) -> Iterator[Price]:
    for tariff in tariffs:
        for listed in tariff_quotes(tariff, corridor, mid, EVERY_RUNG):
            if not listed.less_may_arrive:
                yield Price(
                    quote=listed.quote,
                    source=SOURCE,
                    origin=Origin.TARIFF,
                    observed=tariff.observed,
                    mid=mid,
                    evidence=_evidence(tariff).sha256,
                    rung=listed.rung,
                )


def _evidence(tariff: Tariff) -> Evidence:
    read_at = datetime.combine(tariff.checked_on, time(), tariff.observed.at.tzinfo)
    return Evidence(SOURCE, tariff.page, "application/toml", tariff.evidence, read_at)
