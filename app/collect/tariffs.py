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
NOT_OURS = "a price list of a firm that data/providers.toml lacks"


def publish_tariffs(session: Session, folder: Path, now: datetime) -> list[str]:
    """Publish every list in the folder that is in force; sentences about those that are not used.

    What a firm has on the board stays while its list cannot be read, and while it is in force and
    there is no mid rate. Where banks on the way may take a part that nobody states, there is no
    price: less might arrive than we say.
    """
    read = list(read_tariffs(folder, now.date()))
    lists = [one for one in read if isinstance(one, Tariff)]
    known = providers.ids_by_slug(session, {one.provider for one in lists})
    tariffs = [one for one in lists if one.provider in known and one.in_force(now.date())]
    unread = {path.stem for path in folder.glob("*.toml")} - {one.provider for one in lists}
    add_evidence(session, map(_evidence, tariffs))
    readings = rates.latest_readings(session)
    places = {*reach.open_corridors(session), *coverage.corridors_of(session, SOURCE, "NL")}
    for corridor in sorted(places):
        try:
            mid = mid_rate(corridor.send_currency, corridor.receive_currency, readings)
        except NoMidRate:
            listed = _standing(session, corridor, unread | {one.provider for one in tariffs})
        else:
            listed = [*_prices(tariffs, corridor, mid), *_standing(session, corridor, unread)]
        prices.save_whole(session, corridor, SOURCE, listed, now)
    return [
        *(str(one) for one in read if isinstance(one, Unreadable)),
        *(f"{one.provider}: {NOT_OURS}" for one in lists if one.provider not in known),
    ]


def _standing(session: Session, corridor: Corridor, firms: set[str]) -> list[Price]:
    """What these firms' lists have put on the board."""
    if not firms:
        return []
    return [
        one
        for one in prices.newest(session, corridor)
        if one.source == SOURCE and one.quote.service.provider in firms
    ]


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
