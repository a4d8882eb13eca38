"""Health: how a source does, and who must act when it does badly.

A source is silent when it is on and had no success for more than two of its own intervals. What it
said last stays on the board with its age, so that silence is seen there as prices growing old.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SLOT = timedelta(minutes=15)
"""No source is asked more often than that."""

SILENT_AFTER = 2
"""Intervals without a success, after which a person looks."""

GRACE = timedelta(minutes=5)
"""A run takes a while: a success comes that much later than its slot."""


class Failing(StrEnum):
    """What kind of trouble, by who must act."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    HELD = "held"
    OURS = "ours"


class Actor(StrEnum):
    NOBODY = "nobody"
    OPERATOR = "operator"
    DEVELOPER = "developer"


FAILING = {
    Failing.UNREACHABLE: ("timeout", "dns", "connection", "tls", "broken_reply", "server_error"),
    Failing.REFUSED: ("limited", "blocked", "robots", "gone", "redirected", "private_address"),
    Failing.UNREADABLE: (
        *("not_json", "empty", "schema", "contradiction", "incomplete"),
        *("too_large", "not_offered"),
    ),
    Failing.HELD: ("held",),
    Failing.OURS: ("broken", "hung", "cut_short"),
}
"""The words that runs leave. What is in none of these is a developer's."""

ACTS = {
    Failing.UNREACHABLE: Actor.NOBODY,
    Failing.REFUSED: Actor.OPERATOR,
    Failing.UNREADABLE: Actor.DEVELOPER,
    Failing.HELD: Actor.OPERATOR,
    Failing.OURS: Actor.DEVELOPER,
}

_KINDS = {word: kind for kind, words in FAILING.items() for word in words}


class State(StrEnum):
    """Worst first."""

    SILENT = "silent"
    TROUBLED = "troubled"
    NEW = "new"
    WELL = "well"
    OFF = "off"


WORST_FIRST = {state: place for place, state in enumerate(State)}


LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a source; times are aware UTC.

    trouble   the word of its last run; "" if that went well
    on_since  when an operator turned it on; None if nobody did
    """

    is_on: bool
    interval: timedelta
    last_try: datetime | None
    last_success: datetime | None
    trouble: str = ""
    trouble_since: datetime | None = None
    on_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """since: of silence the last success, or when it began to be asked; of trouble its first run;
    None where nothing is the matter."""

    state: State
    failing: Failing | None = None
    since: datetime | None = None

    @property
    def actor(self) -> Actor:
        return ACTS[self.failing] if self.failing else Actor.NOBODY

    def order(self) -> tuple[int, datetime]:
        """For sorting: the worst first, and of those the longest."""
        return WORST_FIRST[self.state], self.since or LONG_AGO


def failing(trouble: str) -> Failing | None:
    """What kind a run's word is of; None for ""."""
    return _KINDS.get(trouble, Failing.OURS) if trouble else None


def quiet_for(interval: timedelta) -> timedelta:
    """How long a source of this interval may be without success."""
    return SILENT_AFTER * max(interval, SLOT) + GRACE


def health(seen: Seen, now: datetime) -> Health:
    """A source that was just turned on is given the time that every other one has."""
    if not seen.is_on:
        return Health(State.OFF)
    kind = failing(seen.trouble)
    heard = [one for one in (seen.last_success, seen.on_since) if one is not None]
    if not heard:
        if kind is None or seen.trouble_since is None:
            return Health(State.NEW)
        heard = [seen.trouble_since]
    if now - max(heard) > quiet_for(seen.interval):
        return Health(State.SILENT, kind, seen.last_success or max(heard))
    if kind is not None:
        return Health(State.TROUBLED, kind, seen.trouble_since)
    return Health(State.WELL if seen.last_success else State.NEW)
