"""What stands beside a price that is not shown yet: on the board, and of other providers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.db import prices
from app.domain.corridor import Corridor
from app.domain.gates import Finding, Peers
from app.domain.precedence import disagreement
from app.domain.quote import OLDER_FOR, Age, Price


@dataclass(frozen=True, slots=True)
class Board:
    """Of one corridor: the prices of the looked-at services by service and rung, and by rung each
    provider's best margin among prices that are not dated."""

    prices: dict[tuple[int, Decimal], list[Price]]
    margins: dict[Decimal, dict[str, Decimal]]


class Beside:
    """Of some services and rungs. Reads each corridor's board once, as it is at the first look."""

    def __init__(
        self, session: Session, services: Collection[int], rungs: Collection[Decimal], now: datetime
    ) -> None:
        self._session, self._now = session, now
        self._services, self._rungs = services, rungs
        self._boards: dict[Corridor, Board] = {}

    def same(self, price: Price) -> list[Price]:
        """What stands on the board for the same service and rung."""
        board = self._board(price.quote.service.corridor)
        return board.prices.get((price.service_id, price.rung), [])

    def peers(self, price: Price) -> Peers:
        """What others say, for the gates."""
        board = self._board(price.quote.service.corridor)
        others = {
            slug: margin
            for slug, margin in board.margins.get(price.rung, {}).items()
            if slug != price.quote.service.provider
        }
        told = tuple(
            one.margin_percent
            for one in self.same(price)
            if one.source != price.source and one.age(self._now) is not Age.DATED
        )
        return Peers(margins=tuple(others.values()), told=told)

    def disagreements(self, price: Price) -> list[Finding]:
        """With other sources of the same service."""
        found = [
            disagreement(price, other) for other in self.same(price) if other.source != price.source
        ]
        return [finding for finding in found if finding is not None]

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
