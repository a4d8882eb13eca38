"""A firm's right of reply: what it says to a report about a price of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_REPLY = 1_000
"""Signs."""


class ReplyState(StrEnum):
    """WAITING until an operator has read it; only a PUBLIC one is seen by readers."""

    WAITING = "waiting"
    PUBLIC = "public"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reply:
    """report    number of the report
    provider  slug; name as readers know the firm
    why       why it was refused, for the firm to read; "" otherwise
    version   counts from 1; what an operator lets go is the version that they read
    """

    report: int
    provider: str
    name: str
    text: str
    at: datetime
    state: ReplyState = ReplyState.WAITING
    why: str = ""
    version: int = 1
