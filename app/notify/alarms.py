"""What administrators are woken for: once a day at most for each kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.db import accounts, backups, mails, runs, sources, watching
from app.db.runs import SLOT
from app.domain.account import Account, Role
from app.domain.health import State
from app.domain.mail import Mail, MailKind
from app.notify.reminders import Reminder
from app.notify.words import Words, words_of

DAY = timedelta(days=1)
SILENT_AFTER = 2 * SLOT
"""How long the schedule may complete no cycle."""

LISTED = 20
"""Sources that a mail names; the desk has all of them."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that is asked and answers nothing since then. `said` is why, if that is known."""

    slug: str
    since: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong now.

    stands_since  when the last cycle ended, if that is too long ago
    unsent        mails that were given up since yesterday
    unsaved       why the last backup failed, "" if it did not
    """

    stands_since: datetime | None
    silent: tuple[Silent, ...]
    unsent: int
    unsaved: str


def trouble(session: Session, now: datetime) -> Trouble:
    """Where the whole schedule stands still, no source is blamed for it."""
    last = runs.last_cycle(session, now)
    stands = last is not None and now - last > SILENT_AFTER
    copies = backups.last_backups(session, 1)
    failed = bool(copies) and not copies[0].ok and now - copies[0].at < DAY
    return Trouble(
        stands_since=last if stands else None,
        silent=() if stands else tuple(silent_sources(session, now)),
        unsent=mails.given_up_since(session, now - DAY),
        unsaved=copies[0].said if failed else "",
    )


def silent_sources(session: Session, now: datetime) -> Iterator[Silent]:
    """By the same rule as the desk's page of sources."""
    for row in sources.all_sources(session):
        found = watching.health_of(row, now)
        if found.state is State.SILENT and found.since is not None:
            yield Silent(row.slug, found.since, f"{row.trouble} {row.said}".strip())


def alarms(session: Session, public_url: str, now: datetime) -> Iterator[Reminder]:
    found = trouble(session, now)
    for reader in accounts.operators(session, Role.ADMINISTRATOR):
        for mail in _mails(words_of(reader.language), reader, found, public_url):
            yield Reminder(mail, DAY)


def _mails(words: Words, reader: Account, found: Trouble, public_url: str) -> Iterator[Mail]:
    if found.stands_since is not None:
        since = words.moment(found.stands_since)
        yield _mail(
            words,
            reader,
            MailKind.HEARTBEAT,
            words.gettext("Nothing is collected any more"),
            words.gettext(
                "The schedule completed no cycle since %(since)s. Prices grow old. See whether "
                "`flask schedule` runs, and what it says.",
                since=since,
            ),
            f"{public_url}/desk/sources",
        )
    if found.silent:
        yield _mail(
            words,
            reader,
            MailKind.SILENT,
            words.ngettext(
                "%(num)s source is silent", "%(num)s sources are silent", len(found.silent)
            ),
            _list(words, found.silent),
            f"{public_url}/desk/sources",
        )
    if found.unsent:
        yield _mail(
            words,
            reader,
            MailKind.UNSENT,
            words.gettext("Mails could not be sent"),
            words.ngettext(
                "%(num)s mail was given up since yesterday. What the server said stands here:",
                "%(num)s mails were given up since yesterday. What the server said stands here:",
                found.unsent,
            ),
            f"{public_url}/desk/mails",
        )
    if found.unsaved:
        yield _mail(
            words,
            reader,
            MailKind.UNSAVED,
            words.gettext("The backup failed"),
            words.gettext("No copy of the database was made: %(why)s", why=found.unsaved),
            f"{public_url}/desk/",
        )


def _list(words: Words, silent: tuple[Silent, ...]) -> str:
    lines = [_line(words, one) for one in silent[:LISTED]]
    more = len(silent) - len(lines)
    if more > 0:
        lines.append(words.ngettext("and %(num)s more", "and %(num)s more", more))
    return "\n".join(lines)


def _line(words: Words, one: Silent) -> str:
    since = words.moment(one.since)
    line = words.gettext("%(source)s: nothing since %(since)s", source=one.slug, since=since)
    return f"{line} ({one.said})" if one.said else line


def _mail(words: Words, reader: Account, kind: MailKind, subject: str, *parts: str) -> Mail:
    often = words.gettext("You get this once a day at most, as long as it lasts.")
    hello = words.gettext("Hello %(name)s,", name=reader.name)
    text = "\n\n".join([hello, *parts, often, "Huiswaarts"]) + "\n"
    return Mail(reader.email, subject, text, kind)
