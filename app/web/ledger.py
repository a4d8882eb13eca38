"""The ledger of a corridor: which sources were asked, when and with what result, and of which
firms there is no price here, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.db import asked, coverage, reach, sources
from app.db.asked import Asked, Outcome
from app.db.sources import SourceRow
from app.domain.comparison import Comparison
from app.domain.corridor import Corridor
from app.domain.ladder import Ladder
from app.domain.provider import Provider, ProviderStatus
from app.domain.published import AskedSource
from app.domain.reach import Reach, ReachState
from app.domain.told import Told
from app.web import reasons
from app.web.locale import day, short

NOT_ASKED_YET, OFF = "not_asked_yet", "off"


@dataclass(frozen=True, slots=True)
class Missing:
    """A firm without an answer here, and why, in words. `closed`: it is no firm any more."""

    slug: str
    name: str
    why: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """sources: those that are on, and those with prices here; off: those that are not asked."""

    sources: list[AskedSource]
    off: list[AskedSource]
    missing: list[Missing]

    @property
    def looked(self) -> int:
        """How many sources were asked or looked through."""
        return sum(1 for one in self.sources if one.outcome != NOT_ASKED_YET)

    @property
    def unasked(self) -> int:
        return len(self.sources) + len(self.off) - self.looked

    @property
    def without(self) -> int:
        """How many firms have no price here; those that are closed do not count."""
        return sum(1 for one in self.missing if not one.closed)


def ledger(
    session: Session,
    known: Mapping[str, Provider],
    board: list[Ladder],
    told: Told,
    comparison: Comparison,
    reached: Reach | None,
) -> Ledger:
    """`board` is all that is known of the corridor, `told` what of it is offered."""
    corridor = comparison.question.corridor
    rows = [row for row in sources.all_sources(session) if row.kind in ("price", "survey")]
    held = coverage.held_on(session, corridor)
    lines = _lines(rows, asked.asked_on(session, corridor), board, held, reached)
    missing = _Missing(known, comparison, told)
    missing.add_board(board)
    missing.add_held(slug for found in held.values() for slug in found)
    missing.add_sources(rows, {line.source: line for line in lines})
    missing.add_not_asked(session)
    missing.add_elsewhere(session, corridor)
    return Ledger(
        sources=[line for line in lines if line.outcome != OFF],
        off=[line for line in lines if line.outcome == OFF],
        missing=sorted(missing.found.values(), key=lambda one: one.name.casefold()),
    )


def _lines(
    rows: Iterable[SourceRow],
    questions: Iterable[Asked],
    board: list[Ladder],
    held: Mapping[str, set[str]],
    reached: Reach | None,
) -> list[AskedSource]:
    ways: dict[str, int] = {}
    for ladder in board:
        for slug in {price.source for price in ladder.prices}:
            ways[slug] = ways.get(slug, 0) + 1
    put: dict[str, list[Asked]] = {}
    for one in questions:
        put.setdefault(one.source, []).append(one)
    lines = []
    listed = {row.slug: row for row in rows}
    for slug in sorted({*listed, *ways}):
        row, found = listed.get(slug), put.get(slug, [])
        if row is None or (row.kind == "survey" and slug in ways):
            lines.append(AskedSource(slug, Outcome.ANSWERED.value, None, ways[slug], ""))
        elif row.kind == "survey":
            why = gettext("It does not ask what sending money there costs.")
            lines.append(AskedSource(slug, Outcome.NOT_OFFERED.value, None, 0, why))
        else:
            lines.append(_line(row, found, ways.get(slug, 0), slug in held, reached))
    return lines


def _line(
    row: SourceRow, found: list[Asked], ways: int, held: bool, reached: Reach | None
) -> AskedSource:
    """What came of asking one source. An answer to one amount counts before none to another; its
    time is that of the last answer, not of the last question."""
    at = max((one.asked_at for one in found), default=None)
    outcomes = {one.outcome for one in found}
    if not row.is_on:
        return AskedSource(row.slug, OFF, at, ways, reasons.off(row))
    if not found:
        why = gettext("Not asked about this country yet.")
        if reached is not None and reached.reason and reached.state is ReachState.CLOSED:
            why = str(reasons.REACH[reached.reason])
        return AskedSource(row.slug, NOT_ASKED_YET, None, ways, why)
    if Outcome.ANSWERED in outcomes:
        told = max((one.answered_at for one in found if one.answered_at), default=at)
        return AskedSource(row.slug, Outcome.ANSWERED.value, told, ways, "")
    if held or Outcome.HELD in outcomes:
        return AskedSource(row.slug, Outcome.HELD.value, at, ways, str(reasons.UNTRUSTED))
    if outcomes == {Outcome.NOT_OFFERED}:
        why = gettext("It has no price for this, or none that we can be sure of.")
        return AskedSource(row.slug, Outcome.NOT_OFFERED.value, at, ways, why)
    return AskedSource(row.slug, Outcome.FAILED.value, at, ways, reasons.failed(row.trouble))


class _Missing:
    """Collects firms without an answer, each once, with the best reason that we have: what came
    first stays."""

    def __init__(self, known: Mapping[str, Provider], comparison: Comparison, told: Told) -> None:
        self.found: dict[str, Missing] = {}
        self._known = known
        self._comparison = comparison
        self._told = told
        self._answered = {result.provider.slug for result in comparison.results}
        for provider in known.values():
            if provider.status is not ProviderStatus.ACTIVE:
                self._add(provider.slug, _never_offered(provider), closed=True)

    def add_board(self, board: Iterable[Ladder]) -> None:
        """Firms with a price that does not answer this question."""
        for ladder in board:
            slug = ladder.service.provider
            seen = self._told.gone.get(slug)
            self._add(slug, _gone(seen) if seen else _out_of_reach(self._comparison, slug))

    def add_held(self, slugs: Iterable[str]) -> None:
        for slug in slugs:
            self._add(slug, str(reasons.UNTRUSTED))

    def add_sources(self, rows: Iterable[SourceRow], lines: Mapping[str, AskedSource]) -> None:
        """Firms that we ask, or would ask, themselves."""
        for row in rows:
            if row.provider and row.slug in lines:
                self._add(row.provider, lines[row.slug].why)

    def add_not_asked(self, session: Session) -> None:
        for one in reach.not_asked(session):
            self._add(one.provider, str(reasons.NOT_ASKED[one.reason]), one.name)

    def add_elsewhere(self, session: Session, corridor: Corridor) -> None:
        """Firms that send from this country and have no price here."""
        for slug in coverage.providers_from(session, corridor.send_country):
            self._add(slug, "")

    def _add(self, slug: str, why: str, name: str = "", *, closed: bool = False) -> None:
        if slug in self._answered or slug in self.found:
            return
        known = self._known.get(slug)
        why = why or gettext("No source of ours has a price of this firm for this country.")
        self.found[slug] = Missing(slug, known.name if known else name or slug, why, closed)


def _never_offered(provider: Provider) -> str:
    if provider.status is ProviderStatus.CLOSED:
        return gettext("Closed: this firm sends no money any more.")
    return gettext("This firm has no licence, so we do not offer it.")


def _gone(seen: datetime) -> str:
    return gettext("No current price: we last read one on %(day)s.", day=day(seen))


def _out_of_reach(comparison: Comparison, slug: str) -> str:
    reached = [one for one in comparison.outside if one.service.provider == slug]
    if not reached:
        return gettext("We do not show this firm at present.")
    lowest = min((one.lowest for one in reached), key=lambda money: money.amount)
    highest = max((one.highest for one in reached), key=lambda money: money.amount)
    return gettext(
        "We know its prices from %(lowest)s to %(highest)s only.",
        lowest=short(lowest),
        highest=short(highest),
    )
