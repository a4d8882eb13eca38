"""What goes over the line to a real mail server, and what is made of each answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.mail import BadMail, Mail, MailKind
from app.notify.smtp import Letter, Never, NotNow, Smtp, Unreachable
from tests.notify.post import SENDER, Post, knows, listening, server_side
from tests.postgres import free_port

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LETTER = Letter("anna@example.org", "Prijzen bevestigen", "Dag,\n\n.\n€ 5, “ok”\n", "abc123", AT)
HEADS = {"from", "to", "subject", "date", "message-id", "auto-submitted"}
HEADS |= {"x-auto-response-suppress", "content-type", "content-transfer-encoding", "mime-version"}
PASSWORD = "hunter2"  # noqa: S105  of the stand-in
BCC = "Bcc: eve@example.net"
BREAKS = st.sampled_from(
    ["\r\n", "\n", "\r", "%0a", "%0d%0a", "\u2028", "\u2029", "\x85", "\v", "\0", ",", ";", " ", ""]
)


def test_a_mail_arrives_as_it_was_written(post: Post) -> None:
    assert post.smtp().send(LETTER) == "250 2.0.0 taken as A1"
    (one,) = post.taken
    assert one.recipients == [LETTER.to]
    message = one.message
    assert {name.lower() for name in message} == HEADS
    assert (message["To"], message["Subject"]) == (LETTER.to, LETTER.subject)
    assert message["From"] == f"Huiswaarts <{SENDER}>"
    assert message["Message-ID"] == "<abc123@huiswaarts.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert one.raw.isascii()


@pytest.mark.parametrize("text", ["ሰላም\n", "سلام\n", "a" * 3000 + "\n", ".\n..\n", "\n"])
def test_any_script_and_any_line_arrives(post: Post, text: str) -> None:
    post.smtp().send(replace(LETTER, text=text, subject="ዋጋ % \u20ac" * 9))
    (one,) = post.taken
    assert one.message.get_content().replace("\r\n", "\n") == text
    assert one.message["Subject"] == "ዋጋ % \u20ac" * 9
    assert max(map(len, one.raw.splitlines())) < 998


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.text(max_size=8), gap=BREAKS, after=st.text(max_size=8), where=st.booleans())
def test_whatever_others_write_there_is_one_recipient_and_no_head_of_theirs(
    post: Post, before: str, gap: str, after: str, where: bool
) -> None:
    written = f"{before}{gap}{BCC}{gap}{after}"
    to, subject = ("anna@example.org", written) if where else (f"a{written}", "Hello")
    try:
        mail = Mail(to, subject, f"{written}\n{BCC}\n.\n{BCC}", MailKind.NOTICE)
    except BadMail:
        return
    post.taken.clear()
    post.smtp().send(Letter(mail.to, mail.subject, mail.text, "abc123", AT))
    (one,) = post.taken
    assert one.recipients == ["anna@example.org"]
    assert {name.lower() for name in one.message} == HEADS
    assert len(one.message.get_all("to", [])) == 1


@pytest.mark.parametrize(
    ("post_says", "error"),
    [
        ({"rcpt": "550 5.1.1 nobody of that name"}, Never),
        ({"data": "554 5.7.1 we do not like it"}, Never),
        ({"rcpt": "451 4.7.1 greylisted"}, NotNow),
        ({"rcpt": "421 4.3.2 going down"}, NotNow),
        ({"data": "452 4.2.2 mailbox full"}, NotNow),
        ({"drop": "before"}, NotNow),
        ({"slow": 2.0}, NotNow),
    ],
)
def test_each_answer_means_what_it_should(
    post: Post, post_says: dict[str, object], error: type[Exception]
) -> None:
    for name, value in post_says.items():
        setattr(post, name, value)
    with pytest.raises(error) as found:
        post.smtp(silence=0.5).send(LETTER)
    said = str(post_says.get("rcpt") or post_says.get("data") or "")
    assert said in str(found.value)


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        Smtp("127.0.0.1", free_port(), SENDER).send(LETTER)


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that says one sign at a time, and never comes to an end."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line:
                while not over.wait(0.05):
                    try:
                        line.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join(10)


def test_a_server_that_drips_has_an_end(dripping: int) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable):
        Smtp("127.0.0.1", dripping, SENDER, silence=5, deadline=0.6).send(LETTER)
    assert time.monotonic() - began < 3


def test_a_password_is_given_and_never_shown(sealed: tuple[str, str], trusting: None) -> None:
    context = server_side(*sealed)
    options = {"authenticator": knows(b"me", PASSWORD.encode()), "tls_context": context}
    with listening(Post(), **options) as post:
        right = post.smtp(user="me", password=PASSWORD, starttls=True)
        assert PASSWORD not in repr(right)
        right.send(LETTER)
        assert len(post.taken) == 1
        with pytest.raises(Unreachable, match="535"):
            replace(right, password=PASSWORD[:-1]).send(LETTER)


def test_starttls_is_required_where_it_is_asked(post: Post) -> None:
    with pytest.raises(Unreachable, match="STARTTLS"):
        post.smtp(starttls=True).send(LETTER)
    assert post.taken == []


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_certificate_that_nobody_signed_is_not_trusted(sealed: tuple[str, str], how: str) -> None:
    context = server_side(*sealed)
    options = {"tls_context": context} if how == "starttls" else {"ssl_context": context}
    with listening(Post(), **options) as post:
        with pytest.raises(Unreachable, match="CERTIFICATE"):
            post.smtp(**{how: True}).send(LETTER)
        assert post.taken == []


def test_smtps_speaks_tls_from_the_start(sealed: tuple[str, str], trusting: None) -> None:
    with listening(Post(), ssl_context=server_side(*sealed)) as post:
        post.smtp(tls=True).send(LETTER)
        assert len(post.taken) == 1


def test_a_server_is_read_from_its_address() -> None:
    found = Smtp.at("smtp://me%40x:p%3Aw@mail.example:587?starttls=required", SENDER)
    assert found == Smtp("mail.example", 587, SENDER, "me@x", "p:w", starttls=True)
    assert Smtp.at("smtps://mail.example", SENDER) == Smtp("mail.example", 465, SENDER, tls=True)
    assert Smtp.at("smtp://localhost", SENDER) == Smtp("localhost", 25, SENDER)
    assert Smtp.at("", "") is None
