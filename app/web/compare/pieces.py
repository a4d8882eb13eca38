"""What the templates of a comparison show beside the domain's own objects."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from babel.dates import format_date
from sqlalchemy.orm import Session

from app.db.coverage import Covered
from app.db.evidence import Evidence
from app.domain.comparison import Question
from app.domain.ladder import Answer
from app.domain.money import Money
from app.domain.quote import Origin
from app.domain.ranking import Priority, Ranked
from app.web.compare.addresses import suggested
from app.web.locale import day, locale
from app.web.lookup import Lookup, look_up


@dataclass(frozen=True, slots=True)
class Bar:
    """Where the fee and the margin stand on a bar, in percent of its full width."""

    fee: Decimal
    margin: Decimal


class Shown:
    """Figures over a whole list: its extremes, its dates, and the scale of its bars."""

    def __init__(self, found: Lookup) -> None:
        self.results: list[Ranked] = found.comparison.results
        self.pays = found.comparison.question.pays
        firsts = [group[0] for group in found.comparison.by_provider]
        self.firms = len(firsts)
        self.scale = max((_drawn(one.answer) for one in self.results), default=Decimal(0))
        self._found = found

    @property
    def gap(self) -> Money | None:
        """Between the best and the worst: in what arrives, or in what must be paid."""
        amounts = [self._counted(one.answer) for one in self.results]
        if not amounts:
            return None
        return max(amounts, key=_amount) - min(amounts, key=_amount)

    def behind(self, answer: Answer) -> Money:
        """How much less arrives, or more is paid, than with the best."""
        amounts = [self._counted(one.answer) for one in self.results]
        best = max(amounts, key=_amount) if self.pays else min(amounts, key=_amount)
        mine = self._counted(answer)
        return best - mine if self.pays else mine - best

    def bar(self, answer: Answer) -> Bar:
        """As long as the total cost. A margin below zero takes its part off the fee."""
        if self.scale <= 0:
            return Bar(Decimal(0), Decimal(0))
        fee, margin = (part / self.scale * 100 for part in _parts(answer))
        return Bar(round(fee, 1), round(margin, 1))

    @property
    def scale_money(self) -> Money:
        return Money(self.scale, self._found.comparison.question.corridor.send_currency)

    @property
    def survey_time(self) -> str:
        """The quarter of the survey's prices, or the days from and to if there are more."""
        seen = [price.observed for price in self._found.board if price.origin is Origin.SURVEY]
        if not seen:
            return ""
        quarters = {format_date(one.day, "QQQQ y", locale=locale()) for one in seen}
        if len(quarters) == 1:
            return quarters.pop()
        return f"{day(min(one.at for one in seen))} - {day(max(one.at for one in seen))}"

    @property
    def all_dated(self) -> bool:
        return all(price.origin is Origin.SURVEY for price in self._found.board)

    def _counted(self, answer: Answer) -> Money:
        return answer.received if self.pays else answer.paid


@dataclass(frozen=True, slots=True)
class Example:
    """The middle answer of a corridor: how many ways it stands in the middle of, and when."""

    answer: Answer
    ways: int
    time: str

    @property
    def lowest(self) -> Money:
        return self.answer.rungs[0].quote.sent

    @property
    def highest(self) -> Money:
        return self.answer.rungs[-1].quote.sent


def example_of(session: Session, covered: list[Covered]) -> Example | None:
    """The example on the home page: of the corridor with the most ways the middle one, so that
    it flatters nobody."""
    if not covered:
        return None
    corridor = max(covered, key=lambda one: one.services).corridor
    question = Question(corridor, suggested(corridor))
    found = look_up(session, question, Priority.CHEAP, datetime.now(UTC))
    results = found.comparison.results
    if not results:
        return None
    middle = results[len(results) // 2].answer
    return Example(middle, len(results), Shown(found).survey_time)


@dataclass(frozen=True, slots=True)
class Evident:
    """Evidence with its raw row spread out, where it is a table of one row."""

    evidence: Evidence

    @property
    def cells(self) -> list[tuple[str, str]]:
        if self.evidence.media_type != "text/csv":
            return []
        rows = list(csv.reader(io.StringIO(self.evidence.body.decode())))
        return list(zip(rows[0], rows[1], strict=True))


def _parts(answer: Answer) -> tuple[Decimal, Decimal]:
    """What is drawn of the fee and of the margin; neither is below zero."""
    cost = answer.cost
    fee, margin = cost.fee.amount, cost.margin.amount
    return max(fee + min(margin, Decimal(0)), Decimal(0)), max(margin, Decimal(0))


def _drawn(answer: Answer) -> Decimal:
    fee, margin = _parts(answer)
    return fee + margin


def _amount(money: Money) -> Decimal:
    return money.amount
