"""Commands about mail: what they say, send, and never show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.db import mails
from app.db.engine import Database
from app.domain.mail import Mail, MailKind
from app.factory import create_app
from tests.conftest import settings
from tests.notify.post import SENDER, Post, listening
from tests.notify.test_alarms import a_cycle, an_account

SECRET = Mail("anna@example.org", "Invitation", "https://site.example/SESAME", MailKind("reset"))


@pytest.fixture
def post() -> Iterator[Post]:
    with listening(Post()) as running:
        yield running


def site(database: Database, smtp: str = "") -> Flask:
    url = database.engine.url.render_as_string(hide_password=False)
    return create_app(settings(url, smtp_url=smtp, mail_from=SENDER if smtp else ""))


def put(database: Database, mail: Mail = SECRET) -> None:
    with database.writing() as session:
        mails.queue(session, mail, datetime.now(UTC))


def said(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["mail", *arguments])
    return done.exit_code, done.output


def test_what_is_queued_is_listed_and_sent(database: Database, post: Post) -> None:
    put(database)
    app = site(database, f"smtp://127.0.0.1:{post.port}")
    code, before = said(app, "list")
    assert (code, "waiting  reset  anna@example.org  tried 0" in before) == (0, True)
    assert said(app, "send") == (0, "1 sent, 0 will be tried again, 0 given up.\n")
    assert len(post.taken) == 1
    assert "1 of 1 mails." in said(app, "list", "--state", "sent")[1]
    assert said(app, "list", "--state", "waiting") == (0, "0 of 0 mails.\n")
    assert "SESAME" not in before + said(app, "list")[1]
    app.extensions["database"].engine.dispose()


def test_without_a_server_it_says_so(database: Database) -> None:
    put(database)
    app = site(database)
    code, words = said(app, "send")
    assert (code, "SMTP_URL is not set" in words) == (1, True)
    app.extensions["database"].engine.dispose()


def test_a_server_that_cannot_be_used_is_a_failure(database: Database) -> None:
    put(database)
    with listening(Post()) as gone:
        pass
    app = site(database, f"smtp://127.0.0.1:{gone.port}")
    code, words = said(app, "send")
    assert (code, "cannot be used: ConnectionRefusedError" in words) == (1, True)
    app.extensions["database"].engine.dispose()


def test_what_is_due_is_queued_before_anything_is_sent(database: Database, post: Post) -> None:
    """So that a line of cron tells of a schedule that stands still."""
    an_account(database, "Ada")
    a_cycle(database, datetime.now(UTC) - timedelta(hours=1))
    app = site(database, f"smtp://127.0.0.1:{post.port}")
    assert said(app, "send") == (0, "1 sent, 0 will be tried again, 0 given up.\n")
    assert said(app, "send") == (0, "0 sent, 0 will be tried again, 0 given up.\n")
    (one,) = post.taken
    assert one.message["Subject"] == "Nothing is collected any more"
    app.extensions["database"].engine.dispose()
