"""How many the site served: counts a day and a subject, and nothing that belongs to a person.

The schema itself keeps subjects apart: a row has a day and one name, so no question can cross two.
Of devices there is a sketch while its day lasts, made under a key that is in no database; after
midnight its number stays and the sketch goes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Date, Integer, String, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, batched, word
from app.domain.traffic import Period, Span, Subject, Whole

LONGEST = 100
"""Signs of a name."""

MOST_NAMES = 300
"""How many names a day keeps of a subject that strangers can make up names for."""

MADE_UP = (Subject.REFERRER, Subject.CAMPAIGN)
BY_MONTH = (Whole.MONTHS, Whole.YEARS)
OTHER = "other"
"""The name of all that are not kept by theirs."""

Counts = Mapping[tuple[Subject, str], int]
KnownCampaigns = Callable[[Session], Collection[str]]


class TrafficRow(Base):
    """name: of what was counted, as its subject writes it: the endpoint of a page, a corridor like
    NL-EUR-MA-MAD, the code of a language, country or campaign, a host, for a click "firm place"."""

    __tablename__ = "traffic"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    subject: Mapped[Subject] = mapped_column(word(Subject), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    count: Mapped[int]


class TrafficYearRow(Base):
    """What stays of days that were forgotten: their sum; of devices that were new in a month, one
    for each month, named like "months-03"."""

    __tablename__ = "traffic_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    subject: Mapped[Subject] = mapped_column(word(Subject), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    count: Mapped[int]


def add_counts(
    session: Session, day: date, counts: Counts, known_campaigns: KnownCampaigns
) -> None:
    """Add to what is counted of a day. A code that is no campaign of ours is not counted."""
    coded = {name for subject, name in counts if subject is Subject.CAMPAIGN}
    unknown = coded - set(known_campaigns(session)) if coded else set()
    rows = [
        {"day": day, "subject": subject, "name": name[:LONGEST], "count": count}
        for (subject, name), count in sorted(counts.items())
        if count and not (subject is Subject.CAMPAIGN and name in unknown)
    ]
    if rows:
        _add(session, TrafficRow, ["day", "subject", "name"], rows)


def counts_of(session: Session, period: Period, subject: Subject) -> dict[str, int]:
    """Over a period, by name."""
    row = TrafficRow
    found = session.execute(
        select(row.name, func.sum(row.count))
        .where(row.subject == subject, row.day.between(period.first, period.last))
        .group_by(row.name)
    )
    counts = {name: int(count) for name, count in found}
    for name, count in _forgotten(session, period, subject).items():
        counts[name] = counts.get(name, 0) + count
    return counts


def _forgotten(session: Session, period: Period, subject: Subject) -> dict[str, int]:
    """What is kept of a year in sum, if the period is one."""
    if period.span is not Span.YEAR:
        return {}
    row = TrafficYearRow
    wanted = (row.year == period.first.year, row.subject == subject)
    found = session.execute(select(row.name, row.count).where(*wanted))
    return {name: int(count) for name, count in found}


def forgotten_total(session: Session, period: Period, whole: Whole) -> int:
    """Of the days of this period that were forgotten, if it is a year."""
    return _forgotten(session, period, Subject.TOTAL).get(whole, 0)


def forgotten_months(session: Session, year: int, whole: Whole) -> dict[int, int]:
    """Of marks that devices keep, which say something of their month, by month."""
    found = _forgotten(session, Period.of(Span.YEAR, date(year, 1, 1)), Subject.TOTAL)
    begin = f"{whole.value}-"
    return {
        int(name.removeprefix(begin)): count
        for name, count in found.items()
        if name.startswith(begin)
    }


def totals(session: Session, period: Period, whole: Whole) -> dict[date, int]:
    """By day; a day without a row has none."""
    row = TrafficRow
    found = session.execute(
        select(row.day, row.count)
        .where(row.subject == Subject.TOTAL, row.name == whole)
        .where(row.day.between(period.first, period.last))
        .order_by(row.day)
    )
    return {day: int(count) for day, count in found}


def whole_days(
    session: Session, period: Period, wholes: Collection[Whole]
) -> list[tuple[date, Whole, int]]:
    """As `totals`, of several at once."""
    row = TrafficRow
    found = session.execute(
        select(row.day, row.name, row.count)
        .where(row.subject == Subject.TOTAL, row.name.in_(wholes))
        .where(row.day.between(period.first, period.last))
    )
    return [(day, Whole(name), int(count)) for day, name, count in found]


def fold(session: Session, day: date) -> None:
    """Of a day that is over, keep no endless list of names that strangers can make up."""
    row = TrafficRow
    for subject in MADE_UP:
        here = and_(row.day == day, row.subject == subject)
        rest = session.execute(
            select(row.name, row.count)
            .where(here, row.name != OTHER)
            .order_by(row.count.desc(), row.name)
            .offset(MOST_NAMES)
        ).all()
        if rest:
            for names in batched(name for name, _count in rest):
                session.execute(delete(row).where(here, row.name.in_(names)))
            more = sum(count for _name, count in rest)
            values = {"day": day, "subject": subject, "name": OTHER, "count": more}
            _add(session, row, ["day", "subject", "name"], [values])


def forget_days(session: Session, before: date) -> int:
    """Of days before that one keep the sum of their year; how many rows were forgotten."""
    row = TrafficRow
    years: dict[tuple[int, Subject, str], int] = {}
    old = session.execute(select(row.day, row.subject, row.name, row.count).where(row.day < before))
    for day, subject, name, count in old:
        by_month = subject is Subject.TOTAL and name in BY_MONTH
        key = (day.year, subject, f"{name}-{day.month:02}" if by_month else name)
        years[key] = years.get(key, 0) + count
    if not years:
        return 0
    rows = [
        {"year": year, "subject": subject, "name": name, "count": count}
        for (year, subject, name), count in sorted(years.items())
    ]
    _add(session, TrafficYearRow, ["year", "subject", "name"], rows)
    gone = session.execute(delete(row).where(row.day < before))
    return int(getattr(gone, "rowcount", 0))


def _add(
    session: Session,
    table: type[TrafficRow | TrafficYearRow],
    key: list[str],
    rows: Iterable[dict[str, object]],
) -> None:
    """Add to the count of each in one statement, so that no process overwrites another's."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=key, set_={"count": table.count + statement.excluded["count"]}
    )
    session.execute(statement, list(rows))
