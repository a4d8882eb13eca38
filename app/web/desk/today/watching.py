"""Of today: what runs by itself, and does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.db import backups, counting, sources, watching
from app.db.counting import NoteKind
from app.db.rates import newest_reading_at
from app.db.sources import SourceRow
from app.domain.health import Failing, Health, State
from app.domain.midrate import LIVE_FOR
from app.domain.today import Item, Kind
from app.domain.traffic import Dark, Span, dark_times
from app.web.desk.sources.words import STATES, advice
from app.web.desk.today.todo import Day, Todo, place
from app.web.locale import day

COPY_EVERY = timedelta(hours=26)
"""A copy is made each night; two hours more are forgiven."""

AWAY_FOR = timedelta(days=1)
"""Unreachable for longer than that, their site may be gone."""

Ill = tuple[SourceRow, Health]
ILL = {State.SILENT: Kind.SILENT, State.TROUBLED: Kind.TROUBLED}
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
    still, no source is blamed for it. Several that cannot be reached have one cause, mostly, and
    are one line; a single one needs nobody until it was away for long."""
    stands = today.still_since is not None
    away: list[Ill] = []
    for row in sources.all_sources(today.session):
        found = watching.health_of(row, today.now)
        if found.state not in ILL or (stands and found.failing is None):
            continue
        if found.failing is Failing.UNREACHABLE:
            away.append((row, found))
        else:
            yield _source(today, row, found)
    if len(away) > 1:
        yield _away(today, away)
    for row, found in away if len(away) == 1 else ():
        if today.now - (found.since or today.now) > AWAY_FOR:
            yield _source(today, row, found)


def _source(today: Day, row: SourceRow, found: Health) -> Todo:
    return Todo(
        Item(ILL[found.state], found.since or today.now, row.slug),
        SOURCES,
        gettext(
            "Source %(source)s is %(state)s", source=row.slug, state=str(STATES[found.state][0])
        ),
        advice(row, found),
        gettext("See why"),
        url_for("desk_sources.show", slug=row.slug),
        said=row.said,
        right=TURN,
    )


def _away(today: Day, away: list[Ill]) -> Todo:
    silent = any(found.state is State.SILENT for _row, found in away)
    since = min(found.since or today.now for _row, found in away)
    return Todo(
        Item(Kind.SILENT if silent else Kind.TROUBLED, since, "", len(away)),
        SOURCES,
        ngettext(
            "%(num)s source cannot be reached: is the network of this machine up?",
            "%(num)s sources cannot be reached: is the network of this machine up?",
            len(away),
        ),
        gettext("They are tried again at every turn. Their prices stay, and grow old meanwhile."),
        gettext("See the sources"),
        url_for(SOURCES),
        said=", ".join(row.slug for row, _found in away),
        right=TURN,
    )


def rates(today: Day) -> Iterator[Todo]:
    """Every price is weighed against a mid rate: without new ones nothing goes on."""
    newest = newest_reading_at(today.session, today.now)
    if newest is None or today.now - newest <= LIVE_FOR:
        return
    yield Todo(
        Item(Kind.RATES, newest),
        SOURCES,
        gettext("The newest exchange rates are of %(day)s", day=day(newest)),
        gettext("No price can be approved or read live until newer ones come."),
        gettext("See the sources"),
        url_for(SOURCES),
        right=TURN,
    )


def copies(today: Day) -> Iterator[Todo]:
    """The last good copy of the database, if it is too old or there is none."""
    found = backups.last_backups(today.session)
    good = next((one for one in found if one.ok), None)
    if good is not None and today.now - good.at <= COPY_EVERY:
        return
    if not current_app.extensions["settings"].backup_dir:
        yield _no_copies(today)
        return
    failed = found[0] if found and not found[0].ok else None
    since = good.at if good else found[-1].at if found else today.now
    yield Todo(
        Item(Kind.BACKUP, since),
        "desk_audit.index",
        gettext("The last backup failed") if failed else gettext("There is no recent backup"),
        gettext(
            "Whatever is lost now is lost for good. Make one where the site runs: "
            "flask --app wsgi backup"
        ),
        said=failed.said if failed else "",
    )


def _no_copies(today: Day) -> Todo:
    """Nobody has said yet where copies go: so it is on every new site, and nothing is broken."""
    return Todo(
        Item(Kind.COPIES, today.now),
        "desk_audit.index",
        gettext("No copies of the database are made: set BACKUP_DIR"),
        gettext(
            "Set BACKUP_DIR to a folder on another disk and start the site anew: then one is made "
            "each night. One at once: flask --app wsgi backup --to FOLDER. It is explained in "
            "docs/mail.md."
        ),
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
            place(COUNTED, COUNTED, span=Span.DAY, day=one.start.date()),
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
