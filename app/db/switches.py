"""What operators say of a source: on or off and why, and a note for whoever comes after them.

Of two who say something at one time the second is told of the first: each says which `version` of
the source they had before them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.sources import ASKABLE, LONGEST_WORDS, SourceRow, Turned
from app.domain.foreign import tidy

LONGEST_NOTE = 4000
UNASKED = ("survey",)
"""Kinds that come as a file, so that there is nothing to switch."""


def may_be_turned(row: SourceRow, *, on: bool) -> bool:
    """Anything may be turned off. On only what the settings allow, and whose terms allow it."""
    if row.kind in UNASKED:
        return False
    return not on or (row.may_be_on and row.stance in ASKABLE)


def turn(
    session: Session, slug: str, *, on: bool, why: str, by: int, version: int, now: datetime
) -> bool:
    """Whether it was done: not if somebody said something since `version`, and never beyond what
    settings and terms allow."""
    wanted = [SourceRow.slug == slug, SourceRow.version == version, SourceRow.kind.not_in(UNASKED)]
    if on:
        wanted += [SourceRow.may_be_on.is_(True), SourceRow.stance.in_(ASKABLE)]
    done = session.execute(
        update(SourceRow)
        .where(*wanted)
        .values(
            turned=Turned.ON if on else Turned.OFF,
            turned_at=now,
            turned_by=by,
            turned_why=tidy(why, LONGEST_WORDS),
            is_on=on,
            version=version + 1,
        )
        .returning(SourceRow.slug)
    )
    return done.first() is not None


def write_note(session: Session, slug: str, note: str, version: int) -> bool:
    """Whether it was kept: not if somebody said something since `version`."""
    done = session.execute(
        update(SourceRow)
        .where(SourceRow.slug == slug, SourceRow.version == version)
        .values(note=note[:LONGEST_NOTE], version=version + 1)
        .returning(SourceRow.slug)
    )
    return done.first() is not None
