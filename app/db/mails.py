"""Mails: what is to be sent, what was, and what could not be.

A mail is queued in the transaction of whatever it tells about, so neither is there without the
other. Whoever sends it claims it first, for some minutes: two senders never have the same one, and
a sender that is killed loses none. Its mark goes with every try, so that a mail that arrives twice
all the same is recognised as one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, Update, and_, case, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base, word
from app.db.sources import LONGEST_WORDS
from app.domain.foreign import tidy
from app.domain.mail import (
    ALARMS,
    LONGEST_ABOUT,
    LONGEST_ADDRESS,
    LONGEST_SUBJECT,
    TEXT_KEPT,
    TRIED_FOR,
    Mail,
    MailKind,
    MailState,
)

CLAIMED_FOR = timedelta(minutes=5)
"""Longer than any try takes. After that its sender is taken for dead."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
GROWS_BY = 3
"""After each try that failed the next one is this many times as far."""

MARK_BYTES = 12

LISTED = 2_000
"""Mails that a list has at most: the newest."""

TURN = 727_006
"""Number of the advisory lock of whoever queues what is to be queued once."""

OPEN = (MailState.WAITING, MailState.SENDING)
STALE = "it waited for too long"


class MailRow(Base):
    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state", "state", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(2 * MARK_BYTES))
    to: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[MailKind] = mapped_column(word(MailKind))
    about: Mapped[str] = mapped_column(String(LONGEST_ABOUT))
    state: Mapped[MailState] = mapped_column(word(MailState))
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    until: Mapped[datetime]
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(String(LONGEST_WORDS))

    def kept(self) -> KeptMail:
        return KeptMail(**{name: getattr(self, name) for name in KeptMail.__slots__})


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail as we have it.

    mark   stands in the Message-ID of every try
    text   "" once it is forgotten
    until  when to give it up
    tries  how often it was claimed; said is what came of the last time
    """

    id: int
    mark: str
    to: str
    subject: str
    text: str
    kind: MailKind
    about: str
    state: MailState
    created_at: datetime
    next_try_at: datetime
    until: datetime
    tries: int
    sent_at: datetime | None
    given_up_at: datetime | None
    said: str


def queue(session: Session, mail: Mail, now: datetime) -> int:
    """Keep a mail to be sent as soon as this transaction is over; its number."""
    row = MailRow(
        mark=secrets.token_hex(MARK_BYTES),
        to=mail.to,
        subject=mail.subject,
        text=mail.text,
        kind=mail.kind,
        about=mail.about,
        state=MailState.WAITING,
        created_at=now,
        next_try_at=now,
        until=now + mail.kind.tried_for,
        tries=0,
        said="",
    )
    session.add(row)
    session.flush()
    return row.id


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to send or to give up: to be asked before anything is locked."""
    due = or_(MailRow.next_try_at <= now, MailRow.until <= now)
    wanted = select(MailRow.id).where(MailRow.state.in_(OPEN), due).limit(1)
    return session.scalar(wanted) is not None


def claim(session: Session, now: datetime) -> KeptMail | None:
    """The mail that waits longest for its next try, to be sent by whoever asks; None if none is
    due. It is theirs when this transaction has been committed."""
    due = and_(MailRow.state.in_(OPEN), MailRow.next_try_at <= now, MailRow.until > now)
    # On PostgreSQL a claim that waited for another one looks again, and finds nothing: then
    # the next number is tried.
    numbers = session.scalars(
        select(MailRow.id).where(due).order_by(MailRow.next_try_at, MailRow.id).limit(20)
    ).all()
    for number in numbers:
        taken = update(MailRow).where(MailRow.id == number, due)
        taken = taken.values(
            state=MailState.SENDING, tries=MailRow.tries + 1, next_try_at=now + CLAIMED_FOR
        )
        if session.scalar(taken.returning(MailRow.id)) is not None:
            return session.get_one(MailRow, number, populate_existing=True).kept()
    return None


def note_sent(session: Session, mail: KeptMail, said: str, now: datetime) -> None:
    changed = update(MailRow).where(MailRow.id == mail.id, MailRow.sent_at.is_(None))
    ended = {"state": MailState.SENT, "sent_at": now, **_forgotten(mail)}
    session.execute(changed.values(said=tidy(said, LONGEST_WORDS), **ended))


def note_failed(session: Session, mail: KeptMail, said: str, now: datetime) -> MailState:
    """It will be tried again, later each time, or is given up when its time is over. A sender that
    took so long that another one has its mail has nothing to say any more."""
    next_try = now + min(FIRST_WAIT * GROWS_BY ** min(mail.tries - 1, 9), LONGEST_WAIT)
    if next_try >= mail.until:
        note_given_up(session, mail, said, now)
        return MailState.GIVEN_UP
    waits = {"state": MailState.WAITING, "next_try_at": next_try}
    session.execute(_still_mine(mail).values(said=tidy(said, LONGEST_WORDS), **waits))
    return MailState.WAITING


def note_given_up(session: Session, mail: KeptMail, said: str, now: datetime) -> None:
    """It can never arrive, or its time is over."""
    ended = {"state": MailState.GIVEN_UP, "given_up_at": now, **_forgotten(mail)}
    session.execute(_still_mine(mail).values(said=tidy(said, LONGEST_WORDS), **ended))


def _still_mine(mail: KeptMail) -> Update:
    mine = (MailRow.state == MailState.SENDING, MailRow.tries == mail.tries)
    return update(MailRow).where(MailRow.id == mail.id, *mine)


def _forgotten(mail: KeptMail) -> dict[str, str]:
    """What nobody may find here once a mail is through: what lets somebody in, and how a reader
    can be reached."""
    return ({"text": ""} if mail.kind.is_secret else {}) | (
        {"to": ""} if mail.kind.is_to_reader else {}
    )


def give_up_stale(session: Session, now: datetime) -> int:
    """Give up those whose time was over before anybody could send them; how many."""
    stale = select(MailRow).where(MailRow.state.in_(OPEN), MailRow.until <= now)
    # One that somebody is sending at this moment is theirs.
    stale = stale.where(or_(MailRow.state == MailState.WAITING, MailRow.next_try_at <= now))
    count = 0
    for row in session.scalars(stale.with_for_update(skip_locked=True)):
        row.state, row.given_up_at, row.said = MailState.GIVEN_UP, now, row.said or STALE
        for name, value in _forgotten(row.kept()).items():
            setattr(row, name, value)
        count += 1
    session.flush()
    return count


def forget_texts(session: Session, now: datetime) -> int:
    """Forget the words of what was sent, or should have been, thirty days ago; of how many. And of
    those that could not be sent the address, where it is a reader's."""
    since = func.coalesce(MailRow.sent_at, MailRow.created_at)
    old = update(MailRow).where(since < now - TEXT_KEPT, MailRow.text != "")
    # Without its words it can be sent no more.
    state = case((MailRow.state.in_(OPEN), MailState.GIVEN_UP), else_=MailRow.state)
    done = session.execute(old.values(text="", state=state).returning(MailRow.id))
    readers = [kind for kind in MailKind if kind.is_to_reader]
    session.execute(
        update(MailRow).where(since < now - TEXT_KEPT, MailRow.kind.in_(readers)).values(to="")
    )
    return len(done.all())


def try_again(session: Session, number: int, now: datetime) -> bool:
    """Whether a mail that was given up, or waits, is tried at once again: not one whose words or
    address are forgotten, nor one that somebody is sending."""
    again = (MailState.WAITING, MailState.GIVEN_UP)
    row = session.scalar(
        update(MailRow)
        .where(MailRow.id == number, MailRow.state.in_(again), MailRow.text != "", MailRow.to != "")
        .values(state=MailState.WAITING, tries=0, next_try_at=now, until=now + TRIED_FOR)
        .returning(MailRow.id)
    )
    return row is not None


def give_up(session: Session, number: int) -> bool:
    """Whether a mail that waits was given up by an operator."""
    row = session.scalar(
        select(MailRow)
        .where(MailRow.id == number, MailRow.state == MailState.WAITING)
        .with_for_update()
    )
    if row is None:
        return False
    row.state = MailState.GIVEN_UP
    for name, value in _forgotten(row.kept()).items():
        setattr(row, name, value)
    session.flush()
    return True


def mails(session: Session, *states: MailState, most: int = LISTED) -> list[KeptMail]:
    """The newest first; of those states only, if any are named."""
    wanted = select(MailRow).order_by(MailRow.id.desc()).limit(most)
    if states:
        wanted = wanted.where(MailRow.state.in_(states))
    return [row.kept() for row in session.scalars(wanted)]


def find_mail(session: Session, number: int) -> KeptMail | None:
    row = session.get(MailRow, number)
    return row.kept() if row else None


def queue_once(session: Session, mail: Mail, within: timedelta, now: datetime) -> bool:
    """Queue a mail unless its reader was written to about the very same within that time."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))
    same = (MailRow.to == mail.to, MailRow.kind == mail.kind, MailRow.about == mail.about)
    last = session.scalar(select(func.max(MailRow.created_at)).where(*same))
    if last is not None and now - last < within:
        return False
    queue(session, mail, now)
    return True


def given_up_since(session: Session, since: datetime) -> int:
    """How many mails were given up since then because they could not be sent: not by an operator,
    and alarms apart, or each would cause another one."""
    wanted = select(func.count()).where(MailRow.given_up_at >= since, MailRow.kind.not_in(ALARMS))
    return session.scalar(wanted) or 0
