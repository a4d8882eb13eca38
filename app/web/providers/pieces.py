"""What the pages of firms show beside the domain's own objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.db.sources import SourceRow
from app.domain.comparison import Question, compare
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.provider import Provider
from app.domain.quote import Age, Price
from app.domain.ranking import Priority
from app.domain.reach import Reach, ReachState
from app.domain.told import told
from app.web.compare.addresses import SUGGESTED, suggested
from app.web.locale import country


@dataclass(frozen=True, slots=True)
class Offered:
    """What a firm offers on one corridor.

    answer    what arrives for the suggested amount by its best way, of its freshest prices; None
              if no known price reaches that amount, and then `outside` says which do
    currency  the one paid out, as addresses say it: None for the country's main one
    offer     the price of now with an offer for new customers that is nearest to that amount
    """

    question: Question
    currency: str | None
    ways: int
    answer: Answer | None
    outside: Outside | None
    offer: Answer | None

    @property
    def corridor(self) -> Corridor:
        return self.question.corridor


def offered(
    provider: Provider,
    boards: Mapping[Corridor, list[Ladder]],
    reached: Mapping[str, Reach],
    now: datetime,
) -> list[Offered]:
    """By the name of the country, its main currency first. To a country that is closed there is
    nothing, nor is there from a firm that is not active."""
    found = []
    for corridor, ladders in boards.items():
        place = reached.get(corridor.receive_country)
        if place is not None and place.state is ReachState.CLOSED:
            continue
        one = _offered(provider, corridor, ladders, _other(corridor, place), now)
        if one is not None:
            found.append(one)
    return sorted(
        found, key=lambda one: (country(one.corridor.receive_country), one.currency or "")
    )


def typical(rows: Iterable[Offered]) -> Price | None:
    """The price whose history is shown for the firm's: on the corridor with the most of its ways,
    the first of equals, and nearest to the suggested amount."""
    answers = [(one.ways, one.answer) for one in rows if one.answer]
    if not answers:
        return None
    _ways, answer = max(answers, key=lambda one: one[0])
    return min(answer.rungs, key=_far_from_suggested)


def _offered(
    provider: Provider,
    corridor: Corridor,
    ladders: list[Ladder],
    currency: str | None,
    now: datetime,
) -> Offered | None:
    kept = told(ladders, now).ladders
    question = Question(corridor, suggested(corridor))
    comparison = compare(question, kept, {provider.slug: provider}, Priority.CHEAP, now)
    if not comparison.results and not comparison.outside:
        return None
    return Offered(
        question=question,
        currency=currency,
        ways=len(kept),
        answer=comparison.results[0].answer if comparison.results else None,
        outside=comparison.outside[0] if comparison.outside else None,
        offer=_offer(kept, now),
    )


def _other(corridor: Corridor, place: Reach | None) -> str | None:
    main = place.currencies[0] if place else PAYOUT_CURRENCY[corridor.receive_country]
    return None if corridor.receive_currency == main else corridor.receive_currency


def _offer(ladders: Iterable[Ladder], now: datetime) -> Answer | None:
    prices = [
        price
        for ladder in ladders
        for price in ladder.prices
        if _is_better(price) and price.age(now) is not Age.DATED
    ]
    nearest = min(prices, key=_far_from_suggested, default=None)
    if nearest is None:
        return None
    quote = nearest.quote
    return Answer(quote.paid, quote.fee, quote.received, (nearest,))


def _is_better(price: Price) -> bool:
    quote = price.quote
    promotion = quote.promotion
    return promotion is not None and (
        promotion.received > quote.received or promotion.fee < quote.fee
    )


def _far_from_suggested(price: Price) -> tuple[Decimal, int]:
    return abs(price.rung - SUGGESTED), price.id or 0


@dataclass(frozen=True, slots=True)
class Way:
    """One source that tells prices of a firm.

    row     the firm's own source: when it was asked, and with what result; None if the source is
            of somebody else
    newest  the newest price that stands on the board from it, if any
    """

    source: str
    row: SourceRow | None
    newest: Price | None


def ways_of_telling(
    provider: Provider, sources: Iterable[SourceRow], boards: Mapping[Corridor, list[Ladder]]
) -> list[Way]:
    """The firm's own sources first, then those that tell of it, each by name."""
    newest: dict[str, Price] = {}
    for price in (one for board in boards.values() for ladder in board for one in ladder.prices):
        known = newest.get(price.source)
        if known is None or price.observed.at > known.observed.at:
            newest[price.source] = price
    own = {row.slug: row for row in sources if row.provider == provider.slug}
    found = [Way(slug, row, newest.get(slug)) for slug, row in sorted(own.items())]
    return found + [
        Way(slug, None, price) for slug, price in sorted(newest.items()) if slug not in own
    ]


@dataclass(frozen=True, slots=True)
class Listed:
    """A firm in the list of all; `countries` is to how many it has a price."""

    provider: Provider
    countries: int


def listed(
    providers: Iterable[Provider],
    countries: Mapping[str, set[str]],
    reached: Mapping[str, Reach],
) -> list[Listed]:
    """By name. Countries that are closed do not count."""
    closed = {code for code, place in reached.items() if place.state is ReachState.CLOSED}
    found = [Listed(one, len(countries.get(one.slug, set()) - closed)) for one in providers]
    return sorted(found, key=lambda one: one.provider.name.casefold())
