"""The ledger of all corridors: for each, whose prices there are and how old, whom we asked, and of
how many firms there is no price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db import coverage, covering, providers, reach, sources
from app.db.covering import Newest
from app.domain.corridor import Corridor
from app.domain.provider import ProviderStatus
from app.domain.quote import AGE_ORDER, Age, Observed
from app.domain.reach import Reach, ReachState


@dataclass(frozen=True, slots=True)
class Line:
    """One corridor. currency: as an address says it, None for the main one; firms: how many have
    a price, by the age of their newest one; missing: how many others we know of; asked: how many
    sources were asked or looked through; answered_at: when one last gave a price (aware UTC);
    newest: when the newest price was seen."""

    corridor: Corridor
    currency: str | None
    state: ReachState | None
    firms: dict[Age, int]
    missing: int
    asked: int
    answered_at: datetime | None
    newest: Observed | None

    @property
    def priced(self) -> int:
        return sum(self.firms.values())


def lines(session: Session, send_country: str, now: datetime) -> list[Line]:
    """Every corridor that money can be sent along, and every other one with a price; by country,
    in no order."""
    reached = reach.reach_from(session, send_country)
    board: dict[Corridor, list[Newest]] = {}
    for one in covering.newest_prices(session, send_country, now):
        board.setdefault(one.corridor, []).append(one)
    asked = covering.asked_from(session, send_country)
    held = covering.held_from(session, send_country)
    looked = _Looked(session, send_country)
    main = {one.corridors[0] for one in reached.values()}
    found = []
    for corridor in {*main, *board}:
        place = reached.get(corridor.receive_country)
        closed = place is not None and place.state is ReachState.CLOSED
        offered = [] if closed else _offered(board.get(corridor, []), now)
        ages = _ages(offered, now)
        questions = asked.get(corridor, {})
        without = looked.firms | held.get(corridor, set())
        found.append(
            Line(
                corridor=corridor,
                currency=_other(corridor, place),
                state=place.state if place else None,
                firms={age: list(ages.values()).count(age) for age in Age},
                missing=len(without - looked.inactive - ages.keys()),
                asked=looked.count(questions, board.get(corridor, [])),
                answered_at=max((at for at in questions.values() if at), default=None),
                newest=max((one.observed for one in offered), key=_seen, default=None),
            )
        )
    return found


class _Looked:
    """What is the same for every corridor: whom we know of, and which sources there are."""

    def __init__(self, session: Session, send_country: str) -> None:
        rows = [row for row in sources.all_sources(session) if row.kind in ("price", "survey")]
        self._listed = {row.slug for row in rows}
        self._surveys = {row.slug for row in rows if row.kind == "survey"}
        not_asked = {one.provider for one in reach.not_asked(session)}
        telling = {row.provider for row in rows if row.provider}
        self.firms = telling | not_asked | set(coverage.providers_from(session, send_country))
        self.inactive = {
            slug
            for slug, one in providers.all_providers(session).items()
            if one.status is not ProviderStatus.ACTIVE
        }

    def count(self, questions: Iterable[str], board: Iterable[Newest]) -> int:
        """Sources that were asked here, surveys, and lists that gave a price here."""
        lists = {one.source for one in board} - self._listed
        return len(self._surveys | lists | (set(questions) & self._listed - self._surveys))


def _offered(board: Iterable[Newest], now: datetime) -> list[Newest]:
    """As app.domain.told: what others tell of a firm is left out where it tells its own."""
    known = list(board)
    direct = {one.provider for one in known if not one.via and one.age(now) is not Age.DATED}
    return [one for one in known if not (one.via and one.provider in direct)]


def _ages(offered: Iterable[Newest], now: datetime) -> Mapping[str, Age]:
    """Each firm -> the age of its newest price."""
    ages: dict[str, Age] = {}
    for one in offered:
        age = one.age(now)
        ages[one.provider] = min(age, ages.get(one.provider, age), key=AGE_ORDER.__getitem__)
    return ages


def _other(corridor: Corridor, place: Reach | None) -> str | None:
    main = place is None or corridor.receive_currency == place.currencies[0]
    return None if main else corridor.receive_currency


def _seen(observed: Observed) -> datetime:
    return observed.at
