"""Handing one mail to a mail server, and what it can answer, named by what is to be done."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from threading import Timer
from urllib.parse import parse_qs, unquote, urlsplit

SILENCE = 20.0
"""Seconds that a server may be silent."""

DEADLINE = 45.0
"""Seconds for a whole mail, however steadily a server drips."""

NAME = "Huiswaarts"
"""Who it is from, beside the address."""

READY = 220
BUSY, NEVER = 400, 500
"""From here on an answer means "not now", and from there "never" (RFC 5321, 4.2.1)."""

PORTS = {"smtp": 25, "smtps": 465}


class _AsWritten(EmailPolicy):
    """The standard library's, but that it loses spaces where it breaks a long subject in letters
    outside ASCII (github.com/python/cpython/issues/92081)."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() != "subject" or value.isascii():
            return super().fold_binary(name, value)
        folded = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode()


ON_THE_WIRE = _AsWritten(linesep="\r\n", cte_type="7bit")
"""Whatever the words are, what goes over the line is ASCII: any server can take it."""


class NotNow(Exception):
    """The server has an objection to this mail that may pass."""


class Never(Exception):
    """This mail will not arrive, however often it is tried."""


class Unreachable(Exception):
    """No mail can be sent at all now: the line, the server, or what was set about it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes over the line. mark names it for ever: it is the same at every try."""

    to: str
    subject: str
    text: str
    mark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. sender is the address that mails come from.

    Its password is not shown when it is printed.
    """

    host: str
    port: int
    sender: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False
    silence: float = SILENCE
    deadline: float = DEADLINE

    @classmethod
    def at(cls, url: str, sender: str) -> Smtp | None:
        """As it was set, which config.py has looked at; None if no server is set."""
        if not url:
            return None
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            sender=sender,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "smtps",
            starttls=parse_qs(parts.query).get("starttls") == ["required"],
        )

    def send(self, letter: Letter) -> str:
        """What the server said when it took the letter. Raises NotNow, Never or Unreachable."""
        line = self._line()
        end = Timer(self.deadline, _cut, (line,))
        end.daemon = True
        end.start()
        try:
            self._reach(line)
            return self._hand_over(line, letter)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            end.cancel()
            line.close()

    def _line(self) -> smtplib.SMTP:
        domain = self.sender.rpartition("@")[2]
        if self.tls:
            trust = ssl.create_default_context()
            return smtplib.SMTP_SSL(local_hostname=domain, timeout=self.silence, context=trust)
        return smtplib.SMTP(local_hostname=domain, timeout=self.silence)

    def _reach(self, line: smtplib.SMTP) -> None:
        """Whatever goes wrong up to here is not the mail's fault."""
        # SMTP_SSL checks the certificate against the name that it was made with.
        line._host = self.host  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            code, said = line.connect(self.host, self.port)
            if code != READY:
                raise Unreachable(_words(code, said))
            if self.starttls:
                line.starttls(context=ssl.create_default_context())
            if self.user:
                line.login(self.user, self.password)
            line.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            raise Unreachable(_words(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def _hand_over(self, line: smtplib.SMTP, letter: Letter) -> str:
        message = self.message(letter)
        utf8 = not letter.to.isascii()
        if utf8 and not line.has_extn("smtputf8"):
            raise Never("our mail server takes no address with letters outside ASCII")
        options = ["SMTPUTF8"] if utf8 else []
        whole = message.as_bytes(policy=ON_THE_WIRE.clone(utf8=utf8))
        try:
            code, said = line.mail(self.sender, options)
            if code >= BUSY:  # the sender is ours, so the next mail would fare no better
                raise Unreachable(_words(code, said))
            _judge(*line.rcpt(letter.to))
            return _judge(*line.data(whole))
        except smtplib.SMTPResponseException as error:
            return _judge(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(f"{type(error).__name__}: {error}") from error

    def message(self, letter: Letter) -> EmailMessage:
        """It says that a machine wrote it, so that no other machine answers (RFC 3834)."""
        made = EmailMessage(policy=ON_THE_WIRE)
        made["From"] = f"{NAME} <{self.sender}>"
        made["To"] = letter.to
        made["Subject"] = letter.subject
        made["Date"] = format_datetime(letter.at)
        made["Message-ID"] = f"<{letter.mark}@{self.sender.rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"
        made["X-Auto-Response-Suppress"] = "All"
        made.set_content(letter.text)
        return made


def _judge(code: int, said: bytes | str) -> str:
    """The server's words if it agrees."""
    words = _words(code, said)
    if code >= NEVER:
        raise Never(words)
    if code >= BUSY or code < 0:
        raise NotNow(words)
    return words


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"


def _cut(line: smtplib.SMTP) -> None:
    """End a line from outside: whoever reads from it gets an error at once."""
    if line.sock is not None:
        with suppress(OSError):
            line.sock.shutdown(2)
