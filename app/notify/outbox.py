"""Sending what is queued: claimed first, one by one, never twice by two, and lost by nobody.

A mail whose sender was killed, or could not note what came of it, goes out again when its claim
has run out. Then it may arrive twice, but with one Message-ID.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from app.db import mails
from app.db.engine import Database
from app.db.mails import KeptMail
from app.domain.mail import MailState
from app.notify.smtp import Letter, Never, NotNow, Smtp, Unreachable

log = logging.getLogger(__name__)

BUDGET = 10.0
"""Seconds after which no other mail is begun: with the time for one mail it stays under a minute,
and far under the time for which a mail is claimed."""


@dataclass(slots=True)
class Delivered:
    """How many were sent, how many wait for another try, and how many were given up. `trouble` is
    why the server could not be used, "" if it could."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0
    trouble: str = ""


def deliver(database: Database, smtp: Smtp | None, now: datetime) -> Delivered:
    """Send what is due. Without a server nothing is: then mails are kept, and shown at the desk.

    Where the server cannot be used at all, the mail that found out waits, and no other is tried.
    """
    done = Delivered()
    if smtp is None:
        return done
    with database.reading() as session:
        if not mails.is_any_due(session, now):
            return done
    with database.writing() as session:
        done.given_up = mails.give_up_stale(session, now)
    stop = time.monotonic() + BUDGET
    while not done.trouble and time.monotonic() < stop:
        with database.writing() as session:
            mail = mails.claim(session, now)
        if mail is None:
            break
        _send(database, smtp, mail, now, done)
    return done


def _send(database: Database, smtp: Smtp, mail: KeptMail, now: datetime, done: Delivered) -> None:
    """One mail. No transaction is open while the server is spoken to."""
    try:
        said = smtp.send(Letter(mail.to, mail.subject, mail.text, mail.mark, mail.created_at))
    except Never as error:
        with database.writing() as session:
            mails.note_given_up(session, mail, str(error), now)
        done.given_up += 1
        log.warning("mail %s was given up: %s", mail.id, error)
    except (NotNow, Unreachable) as error:
        if isinstance(error, Unreachable):
            done.trouble = str(error)
        with database.writing() as session:
            state = mails.note_failed(session, mail, str(error), now)
        given_up = state is MailState.GIVEN_UP
        done.given_up += given_up
        done.waiting += not given_up
        log.warning("mail %s could not be sent: %s", mail.id, error)
    else:
        with database.writing() as session:
            mails.note_sent(session, mail, said, now)
        done.sent += 1
