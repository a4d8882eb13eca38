"""What the templates of a comparison show beside the domain's own objects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date
from sqlalchemy.orm import Session

from app.db.coverage import Covered
from app.db.evidence import Evidence
from app.domain.comparison import Comparison, Question
from app.domain.corridor import Corridor
from app.domain.ladder import Answer
from app.domain.money import Money
from app.domain.quote import Age, Origin
from app.domain.ranking import Ranked
from app.domain.reach import Reach, ReachState
from app.domain.tradeoff import Tradeoff, tradeoff
from app.web import clock
from app.web.compare.addresses import suggested
from app.web.locale import alphabetical, day, locale
from app.web.lookup import Lookup, compared


@dataclass(frozen=True, slots=True)
class Bar:
    """Where the fee and the margin stand on a bar, in percent of its full width."""

    fee: Decimal
    margin: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """Firms whose best answers are of one age, best first; `place` is that of the first of them
    among all firms, counted from 0."""

    age: Age
    firms: list[list[Ranked]]
    place: int


class Shown:
    """Figures over a whole list: its extremes, its ages, and the scale of its bars. `comparison`
    is what is shown of what was found: all of it, or the ways that the visitor chose.

    Only answers of the freshest age present are weighed against each other: an old price may
    seem better just because it is old.
    """

    def __init__(self, found: Lookup, comparison: Comparison) -> None:
        self.results: list[Ranked] = comparison.results
        self.pays = comparison.question.pays
        self.groups = _groups(comparison.by_provider)
        self.firms = sum(len(group.firms) for group in self.groups)
        self.freshest = [one for one in self.results if one.age is self.results[0].age]
        self.scale = max((_drawn(one.answer) for one in self.results), default=Decimal(0))
        self._corridor = comparison.question.corridor
        self._all = found.comparison.results
        self._board = found.board

    @property
    def gap(self) -> Money | None:
        """Between the best and the worst: in what arrives, or in what must be paid."""
        amounts = [self._counted(one.answer) for one in self.freshest]
        if not amounts:
            return None
        return max(amounts, key=_amount) - min(amounts, key=_amount)

    def against_best(self, one: Ranked) -> Tradeoff | None:
        """What choosing it costs against the first of the list; None for the first itself and for
        what is too old to be weighed against it."""
        best = self.results[0]
        if one.answer is best.answer or one.age is not best.age:
            return None
        return tradeoff(one, best, pays=self.pays)

    def leads(self, one: Ranked) -> bool:
        """Whether none of the freshest lets more arrive, or costs less."""
        if one.age is not self.results[0].age:
            return False
        amounts = [self._counted(other.answer).amount for other in self.freshest]
        mine = self._counted(one.answer).amount
        return mine == (max(amounts) if self.pays else min(amounts))

    def cheaper(self, one: Ranked) -> tuple[Ranked, Money] | None:
        """The cheapest way of the same firm at the same age, chosen or not, and what it saves; None
        if this is it."""
        rows = [
            (tradeoff(other, one, pays=self.pays).gain, other)
            for other in self._all
            if other.provider.slug == one.provider.slug and other.age is one.age
        ]
        gain, other = max(rows, key=lambda row: row[0].amount)
        return (other, gain) if gain.amount > 0 else None

    def bar(self, answer: Answer) -> Bar:
        """As long as the total cost. A margin below zero takes its part off the fee."""
        if self.scale <= 0:
            return Bar(Decimal(0), Decimal(0))
        fee, margin = (part / self.scale * 100 for part in _parts(answer))
        return Bar(round(fee, 1), round(margin, 1))

    @property
    def scale_money(self) -> Money:
        return Money(self.scale, self._corridor.send_currency)

    def survey_time(self, source: str = "") -> str:
        """The quarter of the survey's prices, or the days from and to if there are more; of one
        source, or of all. "" if there are none."""
        seen = [
            price.observed
            for price in self._board
            if price.origin is Origin.SURVEY and source in ("", price.source)
        ]
        if not seen:
            return ""
        days = {one.day for one in seen}
        quarters = {format_date(one, "QQQQ y", locale=locale()) for one in days}
        if len(quarters) == 1:
            return quarters.pop()
        return f"{day(min(one.at for one in seen))} - {day(max(one.at for one in seen))}"

    @property
    def survey_only(self) -> bool:
        return all(price.origin is Origin.SURVEY for price in self._board)

    @property
    def others_tell(self) -> bool:
        """Whether a price here is told by somebody else than the firm."""
        return any(one.answer.base.via for one in self.results)

    def _counted(self, answer: Answer) -> Money:
        return answer.received if self.pays else answer.paid


def _groups(by_provider: Iterable[list[Ranked]]) -> list[Group]:
    """By the age of each firm's best answer; freshest first, as they are ranked."""
    groups: list[Group] = []
    for place, firm in enumerate(by_provider):
        if not groups or groups[-1].age is not firm[0].age:
            groups.append(Group(firm[0].age, [], place))
        groups[-1].firms.append(firm)
    return groups


@dataclass(frozen=True, slots=True)
class Destination:
    """A country in the list of all. `corridor` is that of the main currency, else the one with
    most services, None if no price is known. `state` is None where nobody looked
    into whether money can be sent there."""

    code: str
    corridor: Corridor | None
    currency: str | None
    services: int
    firms: int
    state: ReachState | None


def destinations(
    covered: Iterable[Covered], reached: Mapping[str, Reach], names: Mapping[str, str]
) -> list[Destination]:
    """Every country that has a price or that money can be sent to, by name. `currency` is how the
    address says a currency that is not the main one."""
    most: dict[str, Covered] = {}
    for one in covered:
        place = reached.get(one.corridor.receive_country)
        if place is None or place.state is not ReachState.CLOSED:
            main = place is not None and one.corridor.receive_currency == place.currencies[0]
            if main or one.corridor.receive_country not in most:
                most[one.corridor.receive_country] = one
    found = []
    for code in sorted({*most, *reached}, key=lambda code: alphabetical(names.get(code, code))):
        known, place = most.get(code), reached.get(code)
        paid_out = known.corridor.receive_currency if known else None
        found.append(
            Destination(
                code=code,
                corridor=known.corridor if known else None,
                currency=paid_out if place and paid_out != place.currencies[0] else None,
                services=known.services if known else 0,
                firms=known.firms if known else 0,
                state=place.state if place else None,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Example:
    """The middle answer of a corridor, and how many ways it stands in the middle of."""

    answer: Answer
    ways: int


def example_of(session: Session, places: Iterable[Destination]) -> Example | None:
    """The example on the home page: of the corridor with the most ways the middle one of those
    whose price is freshest, so that it flatters nobody."""
    priced = [(place.services, place.corridor) for place in places if place.corridor]
    if not priced:
        return None
    corridor = max(priced, key=lambda one: one[0])[1]
    results = compared(session, Question(corridor, suggested(corridor)), clock.now()).results
    freshest = [one for one in results if one.age is results[0].age]
    if not freshest:
        return None
    return Example(freshest[len(freshest) // 2].answer, len(freshest))


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
