"""What collecting needs, in one hand: database, network, clock, and the sources that are on."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.db import sources
from app.db.engine import Database
from app.db.sources import SourceFacts
from app.domain.licence import ListedLicence
from scrapers import LICENCES, PRICES, RATES, SURVEYS
from scrapers.contract import (
    Budget,
    LicenceSource,
    PriceSource,
    RateSource,
    Stance,
    SurveySource,
)
from scrapers.http import Client

ALL = "all"
"""In place of slugs: every source, amber ones too."""

Source = PriceSource | RateSource | LicenceSource | SurveySource


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Collector:
    """`who` names this process in the database. In the lists are the sources that may be on.

    `listed` is where each provider's licence is to be found. Budgets are kept while `patient`: in
    the lab nobody has to be."""

    database: Database
    client: Client
    prices: tuple[PriceSource, ...]
    rates: tuple[RateSource, ...]
    licences: tuple[LicenceSource, ...]
    listed: list[ListedLicence] = field(default_factory=list)
    patient: bool = True
    clock: Callable[[], datetime] = utc_now
    who: str = field(default_factory=lambda: f"{socket.gethostname()[:60]}-{os.getpid()}")

    def only(self, chosen: frozenset[str] | None) -> Collector:
        """With every source that is `chosen`, on or not."""
        prices = tuple(one for one in PRICES if is_on(one, chosen))
        rates = tuple(one for one in RATES if is_on(one, chosen))
        licences = tuple(one for one in LICENCES if is_on(one, chosen))
        return replace(self, prices=prices, rates=rates, licences=licences)

    def switched(self) -> Collector:
        """With those of its sources that are on at this moment: an operator's word counts from the
        next cycle on, in every process."""
        with self.database.reading() as session:
            on = sources.those_on(session)
        return replace(
            self,
            prices=tuple(one for one in self.prices if one.SLUG in on),
            rates=tuple(one for one in self.rates if one.SLUG in on),
            licences=tuple(one for one in self.licences if one.SLUG in on),
        )


def collector(
    database: Database,
    client: Client,
    chosen: frozenset[str] | None,
    listed: list[ListedLicence],
    *,
    patient: bool = True,
) -> Collector:
    """With the sources that may be on: those `chosen` by slug, or all. Who asked to be left alone,
    in whatever process, is."""
    with database.reading() as session:
        for slug, until in sources.left_alone(session, utc_now()).items():
            client.leave_alone(slug, until)
    return Collector(
        database,
        client,
        prices=tuple(one for one in PRICES if may_be_on(one, chosen)),
        rates=tuple(one for one in RATES if may_be_on(one, chosen)),
        licences=tuple(one for one in LICENCES if may_be_on(one, chosen)),
        listed=listed,
        patient=patient,
    )


def may_be_on(source: Source, chosen: frozenset[str] | None) -> bool:
    """The setting is the outer limit: what it does not name, no operator can turn on."""
    return chosen is None or source.SLUG in chosen or ALL in chosen


def is_on(source: Source, chosen: frozenset[str] | None) -> bool:
    """As long as no operator says otherwise."""
    if chosen is None:
        return source.TERMS.stance is Stance.GREEN
    return source.SLUG in chosen or ALL in chosen


def every_source() -> dict[str, Source]:
    """By slug."""
    found: tuple[Source, ...] = (*PRICES, *RATES, *LICENCES, *SURVEYS)
    return {source.SLUG: source for source in found}


def register_sources(database: Database, chosen: frozenset[str] | None) -> None:
    """Tell the database what the modules say, so that pages and commands can show it."""
    kinds: tuple[tuple[str, tuple[Source, ...]], ...] = (
        ("price", PRICES),
        ("rate", RATES),
        ("licence", LICENCES),
        ("survey", SURVEYS),
    )
    facts = [_facts(kind, one, chosen) for kind, some in kinds for one in some]
    with database.writing() as session:
        sources.register(session, facts)


def _facts(kind: str, source: Source, chosen: frozenset[str] | None) -> SourceFacts:
    budget: Budget | None = getattr(source, "BUDGET", None)
    return SourceFacts(
        slug=source.SLUG,
        kind=kind,
        site=source.SITE,
        provider=str(getattr(source, "PROVIDER", "")),
        stance=source.TERMS.stance.value,
        reason=source.TERMS.reason,
        checked_on=source.TERMS.checked_on,
        per_hour=budget.per_hour if budget else 0,
        interval_minutes=int(budget.interval.total_seconds()) // 60 if budget else 0,
        is_on=is_on(source, chosen),
        may_be_on=may_be_on(source, chosen),
    )
