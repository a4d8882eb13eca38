"""How often a firm stood on lists, at which place, and how often readers went on to it.

A row is a firm, a corridor, a language and an ISO week: nothing of a reader is in it. These are
true counts, small ones too: who shows them goes through app/domain/suppression.py first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, ForeignKey, String, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.corridors import CorridorRow
from app.db.providers import ProviderRow
from app.domain.corridor import Corridor

Key = tuple[str, Corridor, str]
"""Slug of the firm, corridor, language."""


class ShownWeekRow(Base):
    """week: its Monday"""

    __tablename__ = "shown_week"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    corridor_id: Mapped[int] = mapped_column(ForeignKey("corridor.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    shown: Mapped[int]
    places: Mapped[int]
    clicks: Mapped[int]


@dataclass(slots=True)
class Tally:
    """shown: how often; places: the sum of the places that it stood at, counted from 1, so that
    places / shown is the place on average; clicks: how often a reader went on to its site."""

    shown: int = 0
    places: int = 0
    clicks: int = 0


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """What `shown_to` tells: of one firm in one week, on one corridor in one language."""

    week: date
    corridor: Corridor
    language: str
    shown: int
    places: int
    clicks: int


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def add_shown(session: Session, week: date, tallies: Mapping[Key, Tally]) -> None:
    """Add to a week, which is named by its Monday; a firm or corridor that is none of ours is not
    counted."""
    if not tallies:
        return
    known = session.execute(select(ProviderRow.slug, ProviderRow.id))
    firms = {one.slug: one.id for one in known}
    corridors = {row.corridor(): row.id for row in session.scalars(select(CorridorRow))}
    rows = [
        {
            "week": week,
            "provider_id": firms[slug],
            "corridor_id": corridors[corridor],
            "language": language,
            "shown": tally.shown,
            "places": tally.places,
            "clicks": tally.clicks,
        }
        for (slug, corridor, language), tally in sorted(tallies.items(), key=_key)
        if slug in firms and corridor in corridors
    ]
    if not rows:
        return
    row = ShownWeekRow
    postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql_insert if postgresql else sqlite_insert)(row)
    more = {
        "shown": row.shown + statement.excluded.shown,
        "places": row.places + statement.excluded.places,
        "clicks": row.clicks + statement.excluded.clicks,
    }
    keys = ["week", "provider_id", "corridor_id", "language"]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=more), rows)


def shown_to(session: Session, provider_slug: str, since: date, until: date) -> list[ShownWeek]:
    """Of one firm, in the weeks whose Monday is from `since` to `until`, both in it; by week, then
    corridor and language. Whoever shows a firm its figures adds up what it may see first, and hides
    what is under ten then."""
    row = ShownWeekRow
    found = session.execute(
        select(row, CorridorRow)
        .join(ProviderRow, ProviderRow.id == row.provider_id)
        .join(CorridorRow, CorridorRow.id == row.corridor_id)
        .where(ProviderRow.slug == provider_slug, row.week.between(since, until))
        .order_by(row.week, row.corridor_id, row.language)
    )
    return [
        ShownWeek(one.week, where.corridor(), one.language, one.shown, one.places, one.clicks)
        for one, where in found
    ]


def forget_shown(session: Session, before: date) -> None:
    session.execute(delete(ShownWeekRow).where(ShownWeekRow.week < before))


def _key(one: tuple[Key, Tally]) -> Key:
    return one[0]
