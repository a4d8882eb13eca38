"""Weighing: what a provider proposes beside what is shown, with what the gates say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import prices, rates, reach
from app.db.price_rows import QuoteRow, price_of
from app.db.providers import ProviderRow
from app.db.services import ServiceRow, services_on
from app.domain.corridor import Corridor
from app.domain.gates import Before, Finding, check
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.midrate import MidRate, NoMidRate, mid_rate
from app.domain.money import Money
from app.domain.precedence import prevails
from app.domain.proposal import Hindrance, Obstacle, Weighed
from app.domain.quote import Observed, Origin, Price
from app.domain.reach import Reach, ReachState
from app.domain.service import Service
from app.domain.submitted import Line
from app.review.beside import Beside

SOURCE = "submitted"
"""What prices say they come from that a provider stated to us itself."""

Known = Mapping[tuple[object, ...], tuple[int, Service]]
"""What makes a service what it is -> its number, and the service as we know it."""

SCRAPED = (Origin.LIVE, Origin.TARIFF)
"""What our programs read."""


def weigh(
    session: Session, lines: Sequence[Line], stated_at: datetime, evidence: str, now: datetime
) -> list[Weighed]:
    """Each line of one provider beside what is shown now, in their order. Writes nothing."""
    by_corridor: dict[Corridor, list[Line]] = {}
    for line in lines:
        by_corridor.setdefault(line.service.corridor, []).append(line)
    weighing = _Weighing(session, stated_at, evidence, now)
    found = {
        id(line): weighed
        for corridor, some in by_corridor.items()
        for line, weighed in zip(some, weighing.corridor(corridor, some), strict=True)
    }
    return [found[id(line)] for line in lines]


def not_shown(session: Session, lines: Iterable[Line]) -> list[Hindrance]:
    """One for each corridor of these lines that the site does not show."""
    corridors = dict.fromkeys(line.service.corridor for line in lines)
    return [
        Hindrance(Obstacle.NOT_SHOWN, one) for one in corridors if _shown_as(session, one) is None
    ]


def _shown_as(session: Session, corridor: Corridor) -> Reach | None:
    """How its country stands; None if the corridor is closed or none of ours."""
    found = reach.reach_from(session, corridor.send_country).get(corridor.receive_country)
    if found is None or found.state is ReachState.CLOSED or corridor not in found.corridors:
        return None
    return found


class _Weighing:
    def __init__(self, session: Session, stated_at: datetime, evidence: str, now: datetime) -> None:
        self._session, self._now = session, now
        self._stated_at, self._evidence = stated_at, evidence
        self._readings = rates.latest_readings(session)

    def corridor(self, corridor: Corridor, lines: list[Line]) -> Iterable[Weighed]:
        own = services_on(self._session, corridor, lines[0].service.provider)
        known = {_meaning(one): (number, one) for number, one in own.items()}
        found = [as_known(line.service, known) for line in lines]
        placed = [
            (replace(line, service=service), number)
            for line, (service, number) in zip(lines, found, strict=True)
        ]
        numbers = {number for _line, number in placed if number}
        ladders = self._ladders(corridor, numbers)
        scraped = self._scraped(corridor, numbers)
        beside = Beside(self._session, numbers, {line.rung for line in lines}, self._now)
        place = _shown_as(self._session, corridor)
        limited = place.reason if place is not None else None
        mid = Hindrance(Obstacle.NOT_SHOWN, corridor) if place is None else self._mid(corridor)
        for line, number in placed:
            shown = _answer(ladders.get(number), line)
            read = scraped.get((number, line.rung))
            if isinstance(mid, Hindrance):
                yield Weighed(line, None, shown, read, (), mid, limited=limited)
                continue
            price = self._price(line, number, mid)
            yield Weighed(
                line,
                price,
                shown,
                read,
                tuple(self._findings(price, beside)),
                behind=self._behind(price, beside),
                limited=limited,
            )

    def _behind(self, price: Price, beside: Beside) -> Price | None:
        stays = (one for one in beside.same(price) if not prevails(price, one, self._now))
        return next(stays, None)

    def _findings(self, price: Price, beside: Beside) -> Iterator[Finding]:
        last = next((one for one in beside.same(price) if one.source == SOURCE), None)
        yield from check(
            price.quote,
            price.mid,
            Before(last=last, stated_at=last.observed.at if last else None),
            beside.peers(price),
            self._stated_at,
            self._now,
            source_origin=Origin.SUBMITTED,
        )
        yield from beside.disagreements(price)

    def _mid(self, corridor: Corridor) -> MidRate | Hindrance:
        try:
            found = mid_rate(corridor.send_currency, corridor.receive_currency, self._readings)
        except NoMidRate as error:
            return Hindrance(Obstacle.NO_RATE, corridor, str(error))
        if not found.usable_for_live(self._now):
            return Hindrance(Obstacle.OLD_RATE, corridor, rate_of=found.observed_at)
        return found

    def _price(self, line: Line, number: int, mid: MidRate) -> Price:
        return Price(
            quote=line.quote(),
            source=SOURCE,
            origin=Origin.SUBMITTED,
            observed=Observed(min(self._stated_at, self._now)),
            mid=mid,
            evidence=self._evidence,
            rung=line.rung,
            service_id=number,
        )

    def _ladders(self, corridor: Corridor, numbers: set[int]) -> dict[int, Ladder]:
        found: dict[int, list[Price]] = {}
        for price in prices.newest(self._session, corridor, services=numbers):
            found.setdefault(price.service_id, []).append(price)
        return {number: Ladder(some) for number, some in found.items()}

    def _scraped(self, corridor: Corridor, numbers: set[int]) -> dict[tuple[int, Decimal], Price]:
        """By service and rung, what was last read of it."""
        last = (
            select(func.max(QuoteRow.id))
            .where(QuoteRow.service_id.in_(numbers), QuoteRow.origin.in_(SCRAPED))
            .group_by(QuoteRow.service_id, QuoteRow.rung)
        )
        rows = self._session.execute(
            select(QuoteRow, ServiceRow, ProviderRow.slug)
            .join(ServiceRow, ServiceRow.id == QuoteRow.service_id)
            .join(ProviderRow, ProviderRow.id == ServiceRow.provider_id)
            .where(QuoteRow.id.in_(last))
        ).all()
        return {
            (row.service_id, row.rung): price_of(
                row, row.id, row.last_seen, one.service(slug, corridor)
            )
            for row, one, slug in rows
        }


def as_known(service: Service, known: Known) -> tuple[Service, int]:
    """The service as we know it, with this one's speed and reach, and its number; 0 and as it is if
    it is new. The order in which ways to pay are named makes no other service."""
    found = known.get(_meaning(service))
    if found is None:
        return service, 0
    number, one = found
    return replace(one, speed=service.speed, coverage=service.coverage), number


def _meaning(service: Service) -> tuple[object, ...]:
    return (
        frozenset(service.payment_instruments),
        frozenset(service.access_points),
        frozenset(service.pickup_methods),
        service.variant,
        service.pay_in,
    )


def _answer(ladder: Ladder | None, line: Line) -> Answer | None:
    """What is shown for the amount of a line."""
    if ladder is None:
        return None
    found = ladder.at_paid(Money(line.paid, line.service.corridor.send_currency))
    return None if isinstance(found, Outside) else found
