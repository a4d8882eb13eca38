"""Of today: what runs by itself, and does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.db import backups, counting, sources, watching
from app.db.counting import NoteKind
from app.domain.health import State
from app.domain.today import Item, Kind
from app.domain.traffic import Dark, dark_times
from app.web.desk.sources.words import STATES, advice
from app.web.desk.today.todo import Day, Todo, place
from app.web.locale import day

COPY_EVERY = timedelta(hours=26)
"""A copy is made each night; two hours more are forgiven."""

LOOKED_BACK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
SOURCES, COUNTED = "desk_sources.index", "desk_traffic.index"
TURN = "desk_sources.switch"
"""What is wrong with a source is for those who may turn it off."""


def schedule(today: Day) -> Iterator[Todo]:
    if today.still_since is not None:
        yield Todo(
            Item(Kind.SCHEDULE, today.still_since),
            SOURCES,
            gettext("The schedule stands still"),
            gettext(
                "No price becomes newer meanwhile. Start it where the site runs: "
                "flask --app wsgi schedule"
            ),
            gettext("See the sources"),
            url_for(SOURCES),
            right=TURN,
        )


def silent(today: Day) -> Iterator[Todo]:
    """Silent sources, and those of which a part cannot be read. Where the whole schedule stands
    still, no source is blamed for it."""
    stands = today.still_since is not None
    for row in sources.all_sources(today.session):
        found = watching.health_of(row, today.now)
        kind = {State.SILENT: Kind.SILENT, State.TROUBLED: Kind.TROUBLED}.get(found.state)
        if kind is None or (stands and found.failing is None):
            continue
        name = str(STATES[found.state][0])
        yield Todo(
            Item(kind, found.since or today.now, row.slug),
            SOURCES,
            gettext("Source %(source)s is %(state)s", source=row.slug, state=name),
            advice(row, found),
            gettext("See why"),
            url_for("desk_sources.show", slug=row.slug),
            said=row.said,
            right=TURN,
        )


def copies(today: Day) -> Iterator[Todo]:
    """The last good copy of the database, if it is too old or there is none."""
    found = backups.last_backups(today.session)
    good = next((one for one in found if one.ok), None)
    if good is not None and today.now - good.at <= COPY_EVERY:
        return
    failed = found[0] if found and not found[0].ok else None
    since = good.at if good else found[-1].at if found else today.now
    yield Todo(
        Item(Kind.BACKUP, since),
        "desk_audit.index",
        gettext("The last backup failed") if failed else gettext("There is no recent backup"),
        _how_to_copy(),
        gettext("See the log"),
        url_for("desk_audit.index"),
        said=failed.said if failed else "",
    )


def _how_to_copy() -> str:
    if not current_app.extensions["settings"].backup_dir:
        return gettext(
            "Whatever is lost now is lost for good. No copies are made, for the setting BACKUP_DIR "
            "is empty."
        )
    return gettext(
        "Whatever is lost now is lost for good. Make one where the site runs: "
        "flask --app wsgi backup"
    )


def gaps(today: Day) -> Iterator[Todo]:
    """Times in which nothing was counted, and of which nobody wrote down why."""
    for one in _unexplained(today.session, today.now):
        yield Todo(
            Item(Kind.GAP, one.start, one.start.isoformat()),
            COUNTED,
            _long(one),
            gettext("The reason is known today and forgotten next month."),
            gettext("Write down why"),
            place(COUNTED, COUNTED),
        )


def _long(dark: Dark) -> str:
    """How long nothing was counted, in a unit that says something."""
    if dark.minutes >= 2 * 60:
        return ngettext(
            "Nothing was counted for %(num)s hour from %(day)s on",
            "Nothing was counted for %(num)s hours from %(day)s on",
            dark.minutes // 60,
            day=day(dark.start),
        )
    return ngettext(
        "Nothing was counted for %(num)s minute on %(day)s",
        "Nothing was counted for %(num)s minutes on %(day)s",
        dark.minutes,
        day=day(dark.start),
    )


def _unexplained(session: Session, now: datetime) -> list[Dark]:
    since = (now - LOOKED_BACK).replace(second=0, microsecond=0)
    until = now.replace(second=0, microsecond=0) - 2 * MINUTE
    alive = counting.alive_hours(session, since, until)
    if since.replace(minute=0) not in alive:  # perhaps counting is younger than that
        since = max(since, counting.counting_since(session) or until)
    dark = dark_times(alive, since, until)
    if not dark:
        return []
    told = {
        note.day
        for note in counting.notes(session, since.date(), until.date())
        if note.kind is NoteKind.REASON
    }
    return [one for one in dark if one.start.date() not in told]
