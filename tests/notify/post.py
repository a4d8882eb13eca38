"""A mail server of the tests' own, that takes, refuses, hangs up or drips, as it is told."""

from __future__ import annotations

import asyncio
import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from app.notify.smtp import Smtp
from tests.postgres import free_port

SENDER = "post@huiswaarts.example"


@dataclass
class Taken:
    recipients: list[str]
    message: EmailMessage
    raw: bytes


@dataclass
class Post:
    """rcpt, data  what it answers; "" to take the mail
    drop        hang up in the midst of the mail, or "after" it has taken it
    slow        seconds before it answers the mail
    """

    rcpt: str = ""
    data: str = ""
    drop: str = ""
    slow: float = 0
    taken: list[Taken] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.drop == "before":
            _hang_up(server)
        if self.data or self.drop == "before":
            return self.data or "250 OK"
        raw = cast("bytes", envelope.content)
        message: Message = email.message_from_bytes(raw, policy=default)
        self.taken.append(Taken(list(envelope.rcpt_tos), cast("EmailMessage", message), raw))
        if self.drop == "after":
            _hang_up(server)
        return "250 2.0.0 taken as A1"

    def smtp(self, **other: Any) -> Smtp:
        return Smtp("127.0.0.1", self.port, SENDER, **other)


def _hang_up(server: SMTP) -> None:
    cast("asyncio.Transport", server.transport).abort()


@contextmanager
def listening(post: Post, **options: Any) -> Iterator[Post]:
    post.port = free_port()
    control = Controller(post, hostname="127.0.0.1", port=post.port, **options)
    control.start()
    try:
        yield post
    finally:
        control.stop()


def knows(user: bytes, password: bytes) -> Any:
    def check(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        right = (given.login, given.password) == (user, password)
        return AuthResult(success=right, handled=False)

    return check


def server_side(certificate: str, key: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made
