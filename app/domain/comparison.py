"""Comparisons: one question, put to every service of a corridor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from app.domain.choices import Choice, keeps
from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.money import Money
from app.domain.provider import Provider, ProviderStatus
from app.domain.ranking import Priority, Ranked, rank


@dataclass(frozen=True, slots=True)
class Question:
    """ "I pay `asked`" if it is in the send currency and `pays`, else "they receive `asked`"."""

    corridor: Corridor
    asked: Money
    pays: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """results: ranked answers; outside: services whose known prices do not reach the amount."""

    question: Question
    priority: Priority
    results: list[Ranked]
    outside: list[Outside]

    def only(self, choices: Collection[Choice]) -> Comparison:
        """The answers that agree with all choices, ranked among themselves."""
        kept = [one for one in self.results if keeps(choices, one)]
        return replace(
            self, results=[replace(one, rank=place) for place, one in enumerate(kept, start=1)]
        )

    @property
    def by_provider(self) -> list[list[Ranked]]:
        """One list per provider, its best answer first, in the order of those best answers."""
        groups: dict[str, list[Ranked]] = {}
        for result in self.results:
            groups.setdefault(result.provider.slug, []).append(result)
        return list(groups.values())

    @property
    def range(self) -> tuple[Money, Money] | None:
        """The lowest and the highest amount for which any service has a price."""
        if not self.outside:
            return None
        lowest = min((one.lowest for one in self.outside), key=lambda money: money.amount)
        return lowest, max((one.highest for one in self.outside), key=lambda money: money.amount)

    @property
    def near(self) -> list[Money]:
        """Two whole amounts for which many services have a price, more than half as many as for
        any, the nearest first: the next below and above the asked one, or else the lowest and the
        highest."""
        asked = self.question.asked
        ends = {amount for one in self.outside for amount in _whole_ends(one)}
        answers = {
            end: sum(one.lowest.amount <= end <= one.highest.amount for one in self.outside)
            for end in ends
        }
        most = max(answers.values(), default=0)
        whole = sorted(end for end in ends if 2 * answers[end] > most)
        below = [amount for amount in whole if amount < asked.amount]
        above = whole[len(below) :]
        two = [below[-1], above[0]] if below and above else dict.fromkeys(whole[:1] + whole[-1:])
        nearest = sorted(two, key=lambda amount: abs(amount - asked.amount))
        return [Money(amount, asked.currency) for amount in nearest]


def _whole_ends(outside: Outside) -> list[Decimal]:
    """The lowest and the highest whole amount that this service has a price for, if any."""
    lowest, highest = outside.lowest.amount, outside.highest.amount
    ends = (lowest.to_integral_value(ROUND_CEILING), highest.to_integral_value(ROUND_FLOOR))
    return [amount for amount in ends if lowest <= amount <= highest]


def answer(ladder: Ladder, question: Question, now: datetime | None = None) -> Answer | Outside:
    """From the freshest of its prices that can answer at `now`; from all alike if it is None.

    Each origin answers for itself, for nobody ever asked what lies between a survey's price and a
    firm's own. Among those that can, an exact answer goes first, then the newest origin.
    """
    outside: Outside | None = None
    for aged in ladder.by_age(now) if now else [ladder]:
        found = [_asked(one, question) for one in aged.by_origin()]
        answers = [one for one in found if isinstance(one, Answer)]
        if answers:
            return next((one for one in answers if one.exact), answers[0])
        outside = next(one for one in found if isinstance(one, Outside))
    assert outside is not None  # noqa: S101  no ladder is empty
    return outside


def _asked(ladder: Ladder, question: Question) -> Answer | Outside:
    if question.pays:
        return ladder.at_paid(question.asked)
    return ladder.at_received(question.asked)


def compare(
    question: Question,
    ladders: Iterable[Ladder],
    providers: Mapping[str, Provider],
    priority: Priority,
    now: datetime,
) -> Comparison:
    """Every service's answer, ranked. Providers that are not active are never offered."""
    answers: list[tuple[Answer, Provider]] = []
    outside: list[Outside] = []
    for ladder in ladders:
        provider = providers[ladder.service.provider]
        if provider.status is not ProviderStatus.ACTIVE:
            continue
        found = answer(ladder, question, now)
        if isinstance(found, Outside):
            outside.append(found)
        else:
            answers.append((found, provider))
    return Comparison(question, priority, rank(answers, priority, now), outside)
