"""At the gates: each price of a run beside what is known of it, and of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.collect.plan import Question
from app.collect.stamp import Stamped
from app.db import held, prices
from app.db.asked import Asked
from app.db.held import HeldDecision, HeldRow
from app.domain.corridor import Corridor
from app.domain.gates import Before, Finding, HeldReading, Peers, check, duplicates
from app.domain.money import Money
from app.domain.precedence import disagreement
from app.domain.quote import OLDER_FOR, Age, Price
from scrapers.contract import PriceSource


@dataclass(frozen=True, slots=True)
class Board:
    """Of one corridor: the prices of the run's own services by service and rung, and by rung each
    provider's best margin among prices that are not dated."""

    prices: dict[tuple[int, Decimal], list[Price]]
    margins: dict[Decimal, dict[str, Decimal]]


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
        self._rungs: set[Decimal] = set()
        self._boards: dict[Corridor, Board] = {}

    def judge(self, stamped: Collection[Stamped]) -> Iterator[tuple[Stamped, list[Finding]]]:
        """Each price with what the gates say of it."""
        self._services = {one.price.service_id for one in stamped}
        self._rungs = {one.price.rung for one in stamped}
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
        board = self._board(price.quote.service.corridor)
        same = board.prices.get((price.service_id, price.rung), [])
        last = next((other for other in same if other.source == price.source), None)
        found = check(
            price.quote,
            price.mid,
            self._before(one, last),
            self._peers(price, same, board),
            one.stated_at,
            self._now,
            source_origin=price.origin,
        )
        differs = [disagreement(price, other) for other in same if other.source != price.source]
        return found + [finding for finding in differs if finding is not None]

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

    def _peers(self, price: Price, same: list[Price], board: Board) -> Peers:
        others = {
            slug: margin
            for slug, margin in board.margins.get(price.rung, {}).items()
            if slug != price.quote.service.provider
        }
        told = tuple(
            one.margin_percent
            for one in same
            if one.source != price.source and one.age(self._now) is not Age.DATED
        )
        return Peers(margins=tuple(others.values()), told=told)

    def _board(self, corridor: Corridor) -> Board:
        if corridor not in self._boards:
            board = Board(defaultdict(list), defaultdict(dict))
            for one in prices.newest(self._session, corridor, self._rungs, self._services):
                board.prices[one.service_id, one.rung].append(one)
            since = self._now - OLDER_FOR
            for slug, rung, margin in prices.margins(self._session, corridor, self._rungs, since):
                best = board.margins[rung]
                best[slug] = min(margin, best.get(slug, margin))
            self._boards[corridor] = board
        return self._boards[corridor]


def _readings(row: HeldRow, currency: str) -> Iterator[HeldReading]:
    """The first and the last of the readings that a row stands for."""
    fee = Money(row.fee, currency)
    yield HeldReading(row.rate, fee, row.mid_rate, row.first_at, row.stated_at)
    if row.times > 1:
        yield HeldReading(row.rate, fee, row.mid_rate, row.last_at, row.stated_at)
