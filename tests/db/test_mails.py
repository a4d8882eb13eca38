"""Mails: queued with what they tell about, had by one sender at a time, never lost, and forgotten
in time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.collect.retention import forget_old
from app.db import mails
from app.db.corridors import CorridorRow
from app.db.engine import Database
from app.db.mails import CLAIMED_FOR, FIRST_WAIT, KeptMail
from app.domain.mail import TEXT_KEPT, TRIED_FOR, Mail, MailKind, MailState
from tests.at_once import at_once
from tests.db.made import NOON
from tests.tables import dump

MADE = Mail("anna@example.org", "Hello", "Words\nof a mail.", MailKind.NOTICE)
SECRET = replace(MADE, text="https://site.example/in/SESAME", kind=MailKind.RESET)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def put(database: Database, mail: Mail = MADE, now: datetime = NOON) -> int:
    with database.writing() as session:
        return mails.queue(session, mail, now)


def claimed(database: Database, now: datetime = NOON) -> KeptMail | None:
    with database.writing() as session:
        return mails.claim(session, now)


def mine(database: Database, now: datetime = NOON) -> KeptMail:
    found = claimed(database, now)
    assert found is not None
    return found


def kept(database: Database, number: int) -> KeptMail:
    with database.reading() as session:
        found = mails.find_mail(session, number)
    assert found is not None
    return found


def failed(database: Database, mail: KeptMail, now: datetime) -> MailState:
    with database.writing() as session:
        return mails.note_failed(session, mail, "451 later", now)


def test_a_mail_comes_back_as_it_was(database: Database) -> None:
    found = kept(database, put(database))
    assert (found.to, found.subject, found.text, found.kind) == (
        MADE.to,
        MADE.subject,
        MADE.text,
        MADE.kind,
    )
    assert (found.state, found.created_at, found.tries) == (MailState.WAITING, NOON, 0)


def test_what_is_undone_sends_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        queued_and_undone(session)
    assert claimed(database) is None


def queued_and_undone(session: Session) -> None:
    mails.queue(session, MADE, NOON)
    session.add(CorridorRow(id=1))
    session.flush()


def test_of_several_senders_each_has_others(database: Database) -> None:
    numbers = [put(database) for _ in range(24)]
    had: list[int] = []
    lock = Lock()

    def send(_sender: int) -> None:
        while (one := claimed(database)) is not None:
            with lock:
                had.append(one.id)

    at_once(send)
    assert Counter(had) == Counter(numbers)


def test_a_sender_that_was_killed_loses_none(database: Database) -> None:
    put(database)
    first = mine(database)
    assert claimed(database, NOON + CLAIMED_FOR - SECOND) is None
    second = mine(database, NOON + CLAIMED_FOR)
    assert (second.id, second.mark, second.tries) == (first.id, first.mark, 2)


def test_a_sender_taken_for_dead_has_nothing_to_say_but_that_it_sent(database: Database) -> None:
    number = put(database)
    slow = mine(database)
    quick = mine(database, NOON + CLAIMED_FOR)
    failed(database, slow, NOON + CLAIMED_FOR)
    assert kept(database, number).state is MailState.SENDING
    with database.writing() as session:
        mails.note_sent(session, slow, "250 OK", NOON + CLAIMED_FOR)
    failed(database, quick, NOON + CLAIMED_FOR)
    assert kept(database, number).state is MailState.SENT


def test_waits_grow_until_it_is_given_up(database: Database) -> None:
    number, now = put(database), NOON
    waits = []
    while True:
        if failed(database, mine(database, now), now) is MailState.GIVEN_UP:
            break
        waits.append(kept(database, number).next_try_at - now)
        assert claimed(database, now + waits[-1] - SECOND) is None
        now += waits[-1]
    assert waits[0] == FIRST_WAIT
    assert waits == sorted(waits)
    assert timedelta(days=4) < now - NOON < TRIED_FOR
    assert 10 < len(waits) < 20
    assert kept(database, number).said == "451 later"


def test_what_lets_somebody_in_is_forgotten_as_soon_as_it_is_sent(database: Database) -> None:
    secret, open_one = put(database, SECRET), put(database)
    for _ in range(2):
        one = mine(database)
        with database.writing() as session:
            mails.note_sent(session, one, "250 OK", NOON)
    assert kept(database, secret).text == ""
    assert kept(database, open_one).text == MADE.text
    assert "SESAME" not in str(dump(database))


def test_what_lets_somebody_in_is_forgotten_when_it_is_given_up(database: Database) -> None:
    for end in ("refused", "operator", "stale"):
        number = put(database, SECRET)
        with database.writing() as session:
            if end == "operator":
                assert mails.give_up(session, number)
            elif end == "stale":
                assert mails.give_up_stale(session, NOON + SECRET.kind.tried_for) == 1
            else:
                one = mails.claim(session, NOON)
                assert one is not None
                mails.note_given_up(session, one, "550 nobody here", NOON)
        assert (kept(database, number).state, kept(database, number).text) == ("given_up", "")
    assert "SESAME" not in str(dump(database))


def test_the_address_of_a_reader_is_forgotten_as_soon_as_it_was_used(database: Database) -> None:
    number = put(database, replace(MADE, kind=MailKind.REPORT))
    one = mine(database)
    assert one.to == MADE.to
    with database.writing() as session:
        mails.note_sent(session, one, "250 OK", NOON)
    assert kept(database, number).to == ""
    assert MADE.to not in str(dump(database))


def test_words_are_forgotten_after_thirty_days_and_subject_and_time_stay(
    database: Database,
) -> None:
    sent, waits = put(database), put(database)
    one = mine(database)
    with database.writing() as session:
        mails.note_sent(session, one, "250 OK", NOON + SECOND)
    with database.writing() as session:
        assert mails.forget_texts(session, NOON + TEXT_KEPT) == 0
    with database.writing() as session:
        assert mails.forget_texts(session, NOON + TEXT_KEPT + SECOND) == 1
        assert mails.forget_texts(session, NOON + TEXT_KEPT + 2 * SECOND) == 1
    found = kept(database, sent)
    assert (found.text, found.subject, found.sent_at) == ("", MADE.subject, NOON + SECOND)
    assert (found.state, kept(database, waits).state) == (MailState.SENT, MailState.GIVEN_UP)


def test_a_mail_whose_time_is_over_is_never_sent(database: Database) -> None:
    put(database, SECRET)
    late = NOON + SECRET.kind.tried_for
    assert claimed(database, late) is None
    with database.writing() as session:
        assert mails.give_up_stale(session, late - SECOND) == 0
        assert mails.give_up_stale(session, late) == 1
        assert mails.given_up_since(session, late) == 1
        assert mails.given_up_since(session, late + SECOND) == 0


def test_one_that_was_given_up_is_tried_again_if_it_still_has_its_words(
    database: Database,
) -> None:
    plain, secret = put(database), put(database, SECRET)
    later = NOON + 2 * TRIED_FOR
    with database.writing() as session:
        assert mails.give_up(session, plain)
        assert mails.give_up(session, secret)
        assert not mails.give_up(session, plain)
        assert mails.try_again(session, plain, later)
        assert not mails.try_again(session, secret, later)
        assert not mails.try_again(session, secret + 1, later)
    assert (mine(database, later).id, claimed(database, later)) == (plain, None)
    with database.writing() as session:
        assert not mails.try_again(session, plain, later), "somebody is sending it"


def test_the_newest_mails_come_first(database: Database) -> None:
    numbers = [put(database, now=NOON + place * SECOND) for place in range(3)]
    with database.reading() as session:
        assert [one.id for one in mails.mails(session)] == numbers[::-1]
        assert mails.mails(session, MailState.SENT) == []


def test_what_is_to_be_said_once_is_queued_once(database: Database) -> None:
    done: list[bool] = []

    def remind(mail: Mail = MADE, now: datetime = NOON) -> None:
        with database.writing() as session:
            done.append(mails.queue_once(session, mail, DAY, now))

    at_once(lambda _: remind())
    assert sorted(done) == [False, False, False, True]
    done.clear()
    for other in (
        replace(MADE, to="other@example.org"),
        replace(MADE, kind=MailKind.STAMP),
        replace(MADE, about="12"),
    ):
        remind(other)
    remind(now=NOON + DAY - SECOND)
    remind(now=NOON + DAY)
    assert done == [True, True, True, False, True]


def test_alarms_and_what_operators_gave_up_raise_no_alarm(database: Database) -> None:
    with database.writing() as session:
        mails.give_up(session, mails.queue(session, MADE, NOON))
        mails.queue(session, replace(MADE, kind=MailKind.UNSENT), NOON)
        assert mails.give_up_stale(session, NOON + 2 * TRIED_FOR) == 1
        assert mails.given_up_since(session, NOON) == 0


def test_the_schedule_forgets_what_is_old(database: Database) -> None:
    number = put(database)
    forget_old(database, NOON + TEXT_KEPT)
    assert kept(database, number).text == MADE.text
    forget_old(database, NOON + TEXT_KEPT + SECOND)
    assert kept(database, number).text == ""


def test_a_reader_whom_no_mail_reached_is_forgotten_too(database: Database) -> None:
    put(database, replace(MADE, kind=MailKind.REPORT))
    put(database)
    forget_old(database, NOON + TEXT_KEPT + SECOND)
    with database.reading() as session:
        assert [one.to for one in mails.mails(session)] == [MADE.to, ""]


def test_whether_anything_is_due_is_known_before_anything_is_locked(database: Database) -> None:
    def due(now: datetime) -> bool:
        with database.reading() as session:
            return mails.is_any_due(session, now)

    assert not due(NOON)
    number = put(database)
    assert due(NOON)
    mine(database)
    assert not due(NOON)
    assert due(NOON + CLAIMED_FOR)
    again = mine(database, NOON + CLAIMED_FOR)
    with database.writing() as session:
        mails.note_sent(session, again, "250 OK", NOON)
    assert kept(database, number).state is MailState.SENT
    assert not due(NOON + 2 * TRIED_FOR)
