"""At the gates: each price of a run beside what is known of it, and of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.collect.plan import Question
from app.collect.stamp import Stamped
from app.db import held
from app.db.asked import Asked
from app.db.held import HeldDecision, HeldRow
from app.domain.gates import Before, Finding, HeldReading, check, duplicates
from app.domain.money import Money
from app.domain.quote import Price
from app.review.beside import Beside
from scrapers.contract import PriceSource


class Gatekeeper:
    """Looks at all prices of one source's run. Reads the board as it was before the run."""

    def __init__(
        self,
        session: Session,
        source: PriceSource,
        asked: Mapping[Question, Asked],
        now: datetime,
    ) -> None:
        self._session, self._source, self._now = session, source, now
        self._asked = asked
        self._holds: held.Holds = {}
        self._services: set[int] = set()
        self._beside = Beside(session, set(), set(), now)

    def judge(self, stamped: Collection[Stamped]) -> Iterator[tuple[Stamped, list[Finding]]]:
        """Each price with what the gates say of it."""
        self._services = {one.price.service_id for one in stamped}
        rungs = {one.price.rung for one in stamped}
        self._beside = Beside(self._session, self._services, rungs, self._now)
        since = self._now - held.LOOK_BACK
        self._holds = held.open_holds(self._session, self._source.SLUG, self._services, since)
        by_question: dict[Question, list[Stamped]] = defaultdict(list)
        for one in stamped:
            by_question[one.question].append(one)
        for some in by_question.values():
            twice = duplicates([one.price.quote for one in some])
            for place, one in enumerate(some):
                found = [twice[place]] if place in twice else []
                yield one, found + self._findings(one)

    def _findings(self, one: Stamped) -> list[Finding]:
        price = one.price
        last = next((has for has in self._beside.same(price) if has.source == price.source), None)
        found = check(
            price.quote,
            price.mid,
            self._before(one, last),
            self._beside.peers(price),
            one.stated_at,
            self._now,
            source_origin=price.origin,
        )
        return found + self._beside.disagreements(price)

    def _before(self, one: Stamped, last: Price | None) -> Before:
        rows = self._holds.get((one.price.service_id, one.price.rung), [])
        rows = [row for row in rows if row.decision is not HeldDecision.REFUSED]
        fee = one.price.quote.fee.currency
        asked, times = self._asked.get(one.question), 1
        again = asked is not None and self._again(one, asked)
        if asked is not None and again:
            times = asked.same + 1
        return Before(
            last=last,
            held=tuple(reading for row in rows for reading in _readings(row, fee)),
            stated_at=last.observed.at if last and one.stated_at else None,
            alike=times,
            alike_mid=asked.same_mid if asked and again else one.price.mid.rate,
        )

    @staticmethod
    def _again(one: Stamped, asked: Asked) -> bool:
        if one.stated_at is not None:
            return asked.stated_at == one.stated_at
        return asked.body == one.body


def _readings(row: HeldRow, currency: str) -> Iterator[HeldReading]:
    """The first and the last of the readings that a row stands for."""
    fee = Money(row.fee, currency)
    yield HeldReading(row.rate, fee, row.mid_rate, row.first_at, row.stated_at)
    if row.times > 1:
        yield HeldReading(row.rate, fee, row.mid_rate, row.last_at, row.stated_at)
