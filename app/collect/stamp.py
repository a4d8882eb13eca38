"""Stamping: a source's offer becomes a price, with its source, time, mid rate and evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.collect.ask import Answered
from app.collect.plan import Question
from app.db import rates
from app.db.providers import LONGEST_NAME, ProviderNames
from app.db.services import add_services
from app.domain.corridor import Corridor
from app.domain.foreign import tidy
from app.domain.midrate import MidRate, NoMidRate, mid_rate
from app.domain.quote import FRESH_FOR, Observed, Price
from app.domain.service import Service
from scrapers.contract import Offer, PriceSource


@dataclass(frozen=True, slots=True)
class Stamped:
    """A price that no gate has seen yet.

    stated_at  when it was true by the source's own word
    body       what its question was answered with, as one hash
    """

    question: Question
    price: Price
    stated_at: datetime | None
    body: str


class Stamper:
    """refused: why a question's prices cannot be weighed; bodies: of each question's reply, its
    hash, the mid rate then, and the time that it states."""

    def __init__(self, session: Session, source: PriceSource, now: datetime) -> None:
        self._session, self._source, self._now = session, source, now
        self._readings = rates.latest_readings(session)
        self._names = ProviderNames(session)
        self._mids: dict[Corridor, MidRate | NoMidRate] = {}
        self._numbers: dict[Corridor, dict[tuple[object, ...], int]] = {}
        self.refused: dict[Question, str] = {}
        self.bodies: dict[Question, tuple[str, Decimal | None, datetime | None]] = {}

    def stamp(self, answered: Answered) -> Iterator[Stamped]:
        """Nothing for a question without an answer, or one that no mid rate can be found for."""
        if not answered.offers:
            return
        corridor = answered.question[0]
        mid = self._mid(corridor)
        last = answered.offers[-1]
        known = None if isinstance(mid, NoMidRate) else mid.rate
        body = _body(answered.offers)
        self.bodies[answered.question] = (body, known, last.stated_at)
        if isinstance(mid, NoMidRate):
            self.refused[answered.question] = f"no mid rate: {mid}"
            return
        services = [self._service(offer) for offer in answered.offers]
        numbers = self._numbers_of(corridor, services)
        for offer, service in zip(answered.offers, services, strict=True):
            price = self._price(answered, offer, service, mid)
            price = replace(price, service_id=numbers[service.identity])
            yield Stamped(answered.question, price, offer.stated_at, body)

    def _numbers_of(
        self, corridor: Corridor, services: list[Service]
    ) -> dict[tuple[object, ...], int]:
        """By identity. The same services come back at every rung, so they are kept in mind."""
        known = self._numbers.setdefault(corridor, {})
        new = [service for service in services if service.identity not in known]
        if new:
            added = add_services(self._session, corridor, new)
            known |= {service.identity: number for service, number in added.items()}
        return known

    def _mid(self, corridor: Corridor) -> MidRate | NoMidRate:
        if corridor not in self._mids:
            try:
                found = mid_rate(corridor.send_currency, corridor.receive_currency, self._readings)
                if not found.usable_for_live(self._now):
                    raise NoMidRate(f"the newest one is of {found.observed_at}")  # noqa: TRY301
                self._mids[corridor] = found
            except NoMidRate as error:
                self._mids[corridor] = error
        return self._mids[corridor]

    def _service(self, offer: Offer) -> Service:
        """With the slug that we know the provider by, whatever the source calls it."""
        service, firm = offer.quote.service, offer.firm
        if firm is None:
            return replace(service, provider=self._names.slug_of(service.provider))
        name = tidy(firm.name, LONGEST_NAME)
        return replace(service, provider=self._names.slug_of(service.provider, name, firm.kind))

    def _price(self, answered: Answered, offer: Offer, service: Service, mid: MidRate) -> Price:
        source = self._source
        observed = answered.at if offer.stated_at is None else min(offer.stated_at, answered.at)
        return Price(
            quote=replace(offer.quote, service=service),
            source=source.SLUG,
            origin=source.ORIGIN,
            observed=Observed(observed),
            mid=mid,
            evidence=offer.reply.sha256,
            rung=answered.question[1],
            via=source.VIA,
            fresh_for=max(FRESH_FOR, source.BUDGET.interval),
        )


def _body(offers: Iterable[Offer]) -> str:
    """The hash of the reply behind them; of several, one hash of all."""
    found = dict.fromkeys(offer.reply.sha256 for offer in offers)
    if len(found) == 1:
        return next(iter(found))
    return hashlib.sha256("".join(found).encode()).hexdigest()
