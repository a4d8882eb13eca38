"""What is queued arrives: later where it must, once where it can, and with one Message-ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from app.db.engine import Database
from app.db.mails import CLAIMED_FOR, FIRST_WAIT
from app.domain.mail import TRIED_FOR, MailKind, MailState
from app.notify import outbox
from app.notify.outbox import Delivered, deliver
from config import ROOT
from tests.at_once import at_once
from tests.conftest import wait_until
from tests.db.made import NOON
from tests.db.test_mails import MADE, SECRET, kept, put
from tests.notify.post import Post, listening


def marks(post: Post) -> list[str]:
    return [str(one.message["Message-ID"]) for one in post.taken]


def test_what_is_queued_is_sent_once(database: Database, post: Post) -> None:
    number, secret = put(database), put(database, SECRET)
    assert deliver(database, post.smtp(), NOON) == Delivered(sent=2)
    assert deliver(database, post.smtp(), NOON + CLAIMED_FOR) == Delivered()
    found = kept(database, number)
    assert (found.state, found.sent_at, found.said) == ("sent", NOON, "250 2.0.0 taken as A1")
    assert marks(post)[0] == f"<{found.mark}@huiswaarts.example>"
    assert [one.message.get_content().strip() for one in post.taken][1] == SECRET.text
    assert kept(database, secret).text == ""


def test_without_a_server_mails_are_kept(database: Database) -> None:
    number = put(database)
    assert deliver(database, None, NOON + TRIED_FOR) == Delivered()
    assert kept(database, number).state is MailState.WAITING


def test_two_senders_at_once_send_nothing_twice(database: Database, post: Post) -> None:
    numbers = [put(database, replace(MADE, to=f"a{place}@example.org")) for place in range(12)]
    done: list[Delivered] = []
    at_once(lambda _sender: done.append(deliver(database, post.smtp(), NOON)))
    assert Counter(one.recipients[0] for one in post.taken) == Counter(
        f"a{place}@example.org" for place in range(12)
    )
    assert sum(one.sent for one in done) == len(numbers)
    assert len(set(marks(post))) == 12


def test_one_that_is_refused_for_good_is_given_up_and_the_next_one_sent(
    database: Database, post: Post
) -> None:
    number = put(database)
    post.rcpt = "550 5.1.1 nobody of that name"
    assert deliver(database, post.smtp(), NOON) == Delivered(given_up=1)
    found = kept(database, number)
    assert (found.state, found.said) == ("given_up", "550 5.1.1 nobody of that name")
    post.rcpt = ""
    put(database)
    assert deliver(database, post.smtp(), NOON) == Delivered(sent=1)


def test_one_that_is_not_taken_now_arrives_later(database: Database, post: Post) -> None:
    number = put(database)
    post.data = "451 4.7.1 greylisted"
    assert deliver(database, post.smtp(), NOON) == Delivered(waiting=1)
    assert deliver(database, post.smtp(), NOON) == Delivered()
    post.data = ""
    assert deliver(database, post.smtp(), NOON + FIRST_WAIT) == Delivered(sent=1)
    assert kept(database, number).tries == 2


def test_a_server_that_is_down_costs_one_mail_its_turn_and_loses_none(database: Database) -> None:
    numbers = [put(database) for _ in range(3)]
    with listening(Post()) as post:
        smtp = post.smtp()
    done = deliver(database, smtp, NOON)
    assert (done.sent, done.waiting, done.given_up) == (0, 1, 0)
    assert "Refused" in done.trouble
    assert sorted(kept(database, number).tries for number in numbers) == [0, 0, 1]
    with listening(Post()) as post:
        assert deliver(database, post.smtp(), NOON + FIRST_WAIT).sent == 3


def test_a_line_that_breaks_after_the_server_took_it_sends_it_again_with_its_mark(
    database: Database, post: Post
) -> None:
    put(database)
    post.drop = "after"
    assert deliver(database, post.smtp(), NOON) == Delivered(waiting=1)
    post.drop = ""
    deliver(database, post.smtp(), NOON + FIRST_WAIT)
    assert len(post.taken) == 2
    assert len(set(marks(post))) == 1


def test_a_database_that_is_busy_when_it_was_sent_loses_nothing(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = put(database)

    def busy(*_: object) -> None:
        raise OperationalError("UPDATE mail", {}, Exception("database is locked"))

    monkeypatch.setattr("app.db.mails.note_sent", busy)
    with pytest.raises(OperationalError):
        deliver(database, post.smtp(), NOON)
    monkeypatch.undo()
    assert kept(database, number).state is MailState.SENDING
    assert deliver(database, post.smtp(), NOON + CLAIMED_FOR) == Delivered(sent=1)
    assert len(set(marks(post))) == 1


KILLED = """
from datetime import datetime
import sys
from app.db.engine import Database
from app.notify.outbox import deliver
from app.notify.smtp import Smtp
url, port, now = sys.argv[1:]
deliver(Database(url), Smtp("127.0.0.1", int(port), "post@huiswaarts.example"),
        datetime.fromisoformat(now))
"""


def test_a_sender_that_is_killed_in_the_midst_loses_nothing(
    database: Database, database_url: str
) -> None:
    number = put(database)
    with listening(Post(slow=60)) as post:
        command = [sys.executable, "-c", KILLED, database_url, str(post.port), NOON.isoformat()]
        sender = subprocess.Popen(command, cwd=ROOT)
        wait_until(lambda: kept(database, number).state is MailState.SENDING)
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait(10)
    with listening(Post()) as post:
        assert deliver(database, post.smtp(), NOON) == Delivered()
        assert deliver(database, post.smtp(), NOON + CLAIMED_FOR) == Delivered(sent=1)
        assert marks(post) == [f"<{kept(database, number).mark}@huiswaarts.example>"]


def test_no_mail_is_begun_when_the_time_is_over(
    database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        put(database)
    monkeypatch.setattr(outbox, "BUDGET", 0.2)
    post.slow = 0.3
    assert deliver(database, post.smtp(), NOON) == Delivered(sent=1)


def test_the_database_is_free_while_a_server_is_slow(database: Database, post: Post) -> None:
    put(database)
    post.slow = 1.0
    thread = threading.Thread(target=deliver, args=(database, post.smtp(), NOON))
    thread.start()
    wait_until(lambda: kept(database, 1).state is MailState.SENDING)
    began = time.monotonic()
    put(database, now=NOON + timedelta(hours=1))
    took = time.monotonic() - began
    thread.join(10)
    assert took < 0.5


def test_mails_that_waited_for_too_long_are_given_up_unsent(database: Database, post: Post) -> None:
    put(database, SECRET)
    late: datetime = NOON + MailKind.RESET.tried_for
    assert deliver(database, post.smtp(), late) == Delivered(given_up=1)
    assert post.taken == []
