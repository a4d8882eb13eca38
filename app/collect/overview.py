"""Every source at a glance, for whoever runs the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from app.db import held, runs, sources
from app.db.price_rows import BoardRow
from app.db.services import ServiceRow
from app.db.sources import SourceRow

HOUR = timedelta(hours=1)
HEADINGS = (
    "source",
    "kind",
    "on",
    "stance",
    "last success",
    "trouble",
    "since",
    "budget/h",
    "corridors",
    "quotes",
    "held",
)


@dataclass(frozen=True, slots=True)
class Overview:
    """last_success and trouble_since in UTC, None for never and for no trouble; used: requests in
    the last hour, of `per_hour`; corridors, quotes: with a price of this source on the board now;
    held: services whose price is kept back; blocked_until: the source is not asked before; turned:
    what an operator said, "on" or "off" or "", why, and their note."""

    source: str
    kind: str
    on: bool
    stance: str
    last_success: datetime | None
    trouble: str
    trouble_since: datetime | None
    said: str
    used: int
    per_hour: int
    corridors: int
    quotes: int
    held: int
    blocked_until: datetime | None
    turned: str
    turned_at: datetime | None
    turned_why: str
    note: str
    now: datetime

    def as_json(self) -> dict[str, object]:
        facts = asdict(self)
        for name in ("last_success", "trouble_since", "blocked_until", "turned_at", "now"):
            facts[name] = facts[name].isoformat() if facts[name] else None
        return facts

    def cells(self) -> tuple[str, ...]:
        return (
            self.source,
            self.kind,
            ("yes" if self.on else "no") + ("*" if self.turned else ""),
            self.stance,
            _ago(self.last_success, self.now) or "never",
            self.trouble or "-",
            _ago(self.trouble_since, self.now) or "-",
            f"{self.used}/{self.per_hour}" if self.per_hour else "-",
            str(self.corridors),
            str(self.quotes),
            str(self.held),
        )

    @property
    def rest(self) -> str:
        """How long the source is to be left alone, in words; "" if it may be asked."""
        until = self.blocked_until
        if until is None or until <= self.now:
            return ""
        return f" (left alone until {until:%H:%M} UTC)"

    @staticmethod
    def table(found: Iterable[Overview]) -> list[str]:
        """A line each, in columns, with what was said last below a source in trouble, and what an
        operator said of it below one with a star."""
        some = list(found)
        rows = [HEADINGS, *(one.cells() for one in some)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
        lines = []
        for row, one in zip(rows, [None, *some], strict=True):
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip())
            if one is not None and one.trouble:
                lines.append(f"    {one.said}{one.rest}")
            if one is not None and one.turned:
                lines.append(f"    * turned {one.turned} by an operator: {one.turned_why}")
        return lines


def overview(session: Session, now: datetime) -> list[Overview]:
    """Every source, by kind and slug. `now` is aware UTC."""
    counts = {source: (corridors, quotes) for source, corridors, quotes in _on_board(session)}
    holds = held.count_open(session)
    return [
        _of(row, counts.get(row.slug, (0, 0)), holds.get(row.slug, 0), session, now)
        for row in sources.all_sources(session)
    ]


def _of(
    row: SourceRow, counts: tuple[int, int], holds: int, session: Session, now: datetime
) -> Overview:
    return Overview(
        source=row.slug,
        kind=row.kind,
        on=row.is_on,
        stance=row.stance,
        last_success=row.last_success,
        trouble=row.trouble,
        trouble_since=row.trouble_since,
        said=row.said,
        used=runs.requests_since(session, row.slug, now - HOUR),
        per_hour=row.per_hour,
        corridors=counts[0],
        quotes=counts[1],
        held=holds,
        blocked_until=row.blocked_until,
        turned=row.turned.value,
        turned_at=row.turned_at,
        turned_why=row.turned_why,
        note=row.note,
        now=now,
    )


def _on_board(session: Session) -> list[tuple[str, int, int]]:
    rows = session.execute(
        select(
            BoardRow.source,
            func.count(distinct(ServiceRow.corridor_id)),
            func.count(),
        )
        .join(ServiceRow, ServiceRow.id == BoardRow.service_id)
        .group_by(BoardRow.source)
    )
    return [(source, corridors, quotes) for source, corridors, quotes in rows]


def _ago(at: datetime | None, now: datetime) -> str:
    """Like 12 min, 5 h or 3 d; "" for never."""
    if at is None:
        return ""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 120:  # noqa: PLR2004
        return f"{max(minutes, 0)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"
