"""Of today: what runs by itself, and does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.db import backups, counting, runs, sources, watching
from app.db.counting import NoteKind
from app.domain.health import State
from app.domain.today import Item, Kind
from app.domain.traffic import Dark, dark_times
from app.web.desk.sources.words import STATES, advice
from app.web.desk.today.todo import Todo, place
from app.web.locale import day

STILL_AFTER = 2 * runs.SLOT + timedelta(minutes=5)
"""Without a completed cycle the schedule stands still."""

COPY_EVERY = timedelta(hours=26)
"""A copy is made each night; two hours more are forgiven."""

LOOKED_BACK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
SOURCES, COUNTED = "desk_sources.index", "desk_traffic.index"


def schedule_stands(session: Session, now: datetime) -> datetime | None:
    """Since when no cycle was completed; None while the schedule runs. Before the first one nobody
    knows: then it is since the oldest source was last tried."""
    last = runs.last_cycle(session, now)
    if last is not None and now - last <= STILL_AFTER:
        return None
    return last or now


def schedule(session: Session, now: datetime) -> Iterator[Todo]:
    since = schedule_stands(session, now)
    if since is not None:
        yield Todo(
            Item(Kind.SCHEDULE, since),
            SOURCES,
            gettext("The schedule stands still"),
            gettext(
                "No price becomes newer meanwhile. Start it where the site runs: "
                "flask --app wsgi schedule"
            ),
            gettext("See the sources"),
            url_for(SOURCES),
        )


def silent(session: Session, now: datetime) -> Iterator[Todo]:
    """Silent sources, and those of which a part cannot be read. Where the whole schedule stands
    still, no source is blamed for it."""
    stands = schedule_stands(session, now) is not None
    for row in sources.all_sources(session):
        found = watching.health_of(row, now)
        kind = {State.SILENT: Kind.SILENT, State.TROUBLED: Kind.TROUBLED}.get(found.state)
        if kind is None or (stands and found.failing is None):
            continue
        name = str(STATES[found.state][0])
        yield Todo(
            Item(kind, found.since or now, row.slug),
            SOURCES,
            gettext("Source %(source)s is %(state)s", source=row.slug, state=name),
            advice(row, found),
            gettext("See why"),
            url_for("desk_sources.show", slug=row.slug),
            said=row.said,
        )


def copies(session: Session, now: datetime) -> Iterator[Todo]:
    """The last good copy of the database, if it is too old or there is none."""
    found = backups.last_backups(session)
    good = next((one for one in found if one.ok), None)
    if good is not None and now - good.at <= COPY_EVERY:
        return
    failed = found[0] if found and not found[0].ok else None
    since = good.at if good else found[-1].at if found else now
    yield Todo(
        Item(Kind.BACKUP, since),
        "desk_audit.index",
        gettext("The last backup failed") if failed else gettext("There is no recent backup"),
        gettext(
            "Whatever is lost now is lost for good. Make one where the site runs: "
            "flask --app wsgi backup"
        ),
        gettext("See the log"),
        place("desk_audit.index", "desk_audit.index"),
        said=failed.said if failed else "",
    )


def gaps(session: Session, now: datetime) -> Iterator[Todo]:
    """Times in which nothing was counted, and of which nobody wrote down why."""
    for one in _unexplained(session, now):
        minutes = one.minutes
        yield Todo(
            Item(Kind.GAP, one.start, one.start.isoformat()),
            COUNTED,
            ngettext(
                "Nothing was counted for %(num)s minute on %(day)s",
                "Nothing was counted for %(num)s minutes on %(day)s",
                minutes,
                day=day(one.start),
            ),
            gettext("The reason is known today and forgotten next month."),
            gettext("Write down why"),
            place(COUNTED, COUNTED),
        )


def _unexplained(session: Session, now: datetime) -> list[Dark]:
    since = counting.counting_since(session)
    if since is None:
        return []
    until = now.replace(second=0, microsecond=0) - 2 * MINUTE
    since = max(since, (now - LOOKED_BACK).replace(second=0, microsecond=0))
    if since >= until:
        return []
    dark = dark_times(counting.alive_hours(session, since, until), since, until)
    if not dark:
        return []
    told = {
        note.day
        for note in counting.notes(session, since.date(), until.date())
        if note.kind is NoteKind.REASON
    }
    return [one for one in dark if one.start.date() not in told]
