"""A mail: to one person, in plain text, about one thing.

Whatever is written into it by others, it has one recipient and no header of theirs: an address or
a subject in which a line could end, or a second address hide, is refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.foreign import is_tidy, tidy

LONGEST_ADDRESS = 254
"""As RFC 5321 allows, with its brackets left out."""

LONGEST_SUBJECT = 150
LONGEST_TEXT = 20_000
LONGEST_ABOUT = 40

NO_ADDRESS = r"\s@<>()\[\],;:\"\\"
"""What no part of an address has: signs that begin another address, a name or a road."""

ADDRESS = re.compile(
    rf"(?!.*%0[ad])[^{NO_ADDRESS}]+@[^{NO_ADDRESS}.]+(\.[^{NO_ADDRESS}.]+)+", re.IGNORECASE
)
"""%0a is a line's end to whoever reads an address as if it stood in a link."""

TEXT_KEPT = timedelta(days=30)
"""How long the words of a mail are kept; that it was sent, when, and about what stays known."""

TRIED_FOR = timedelta(days=5)
"""How long a mail is tried that the server of its recipient does not take (RFC 5321, 4.5.4.1)."""


class BadMail(ValueError):
    """A mail that must not be sent. `str()` says why, without the words of whoever tried."""


class MailKind(StrEnum):
    """What a mail is about.

    invitation, reset, confirmation  carry a link that lets somebody in
    security      something about your account was changed, or somebody tried
    proposal      what was decided about what you proposed
    report        what came of a report
    stamp         your prices were last confirmed long ago
    offers        an offer of yours ends soon
    silent, heartbeat, unsent, unsaved  alarms: a source says nothing, the scheduler stands still,
                  mails could not be sent, the backup failed
    notice        anything else
    """

    INVITATION = "invitation"
    RESET = "reset"
    CONFIRMATION = "confirmation"
    SECURITY = "security"
    PROPOSAL = "proposal"
    REPORT = "report"
    STAMP = "stamp"
    OFFERS = "offers"
    SILENT = "silent"
    HEARTBEAT = "heartbeat"
    UNSENT = "unsent"
    UNSAVED = "unsaved"
    NOTICE = "notice"

    @property
    def is_secret(self) -> bool:
        """Whether whoever reads it gets in: its words are forgotten as soon as it is sent."""
        return self in SECRET

    @property
    def is_to_reader(self) -> bool:
        """Whether it goes to somebody without an account: their address is forgotten too."""
        return self in (MailKind.REPORT, MailKind.CONFIRMATION)

    @property
    def tried_for(self) -> timedelta:
        """How long it is of use to send it. A link to a new password is dead after half an
        hour."""
        return timedelta(minutes=30) if self is MailKind.RESET else TRIED_FOR


SECRET = frozenset({MailKind.INVITATION, MailKind.RESET, MailKind.CONFIRMATION})
ALARMS = (MailKind.SILENT, MailKind.HEARTBEAT, MailKind.UNSENT, MailKind.UNSAVED)


class MailState(StrEnum):
    """WAITING for its next try; SENDING: somebody has it; the others are ends."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Mail:
    """to       one address, without a name
    subject  one line
    text     plain text, with line feeds; signs that no page could show are left out
    about    which one of several, like "12", where a reader is to get one mail about each
    """

    to: str
    subject: str
    text: str
    kind: MailKind
    about: str = ""

    def __post_init__(self) -> None:
        if not is_address(self.to):
            raise BadMail("a mail goes to one address, like name@example.org")
        if not is_subject(self.subject):
            raise BadMail(f"a subject is one line of at most {LONGEST_SUBJECT} signs")
        object.__setattr__(self, "kind", MailKind(self.kind))
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n")
        object.__setattr__(self, "text", tidy(lines, LONGEST_TEXT))


def is_address(text: str) -> bool:
    """Whether this is one address of mail, and nothing but that."""
    plain = text.isprintable() and is_tidy(text, LONGEST_ADDRESS)
    return plain and ADDRESS.fullmatch(text) is not None


def is_subject(text: str) -> bool:
    plain = text.isprintable() and is_tidy(text, LONGEST_SUBJECT)
    return plain and bool(text.strip())
