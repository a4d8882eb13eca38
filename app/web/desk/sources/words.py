"""A source's state in words: what is the matter, since when, and who must do what."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from app.db.sources import SourceRow
from app.db.wishes import WishRow, WishState, WishWhy
from app.domain.health import Failing, Health, State
from app.web.ages import ago
from app.web.locale import moment

STATES = {
    State.SILENT: (lazy_gettext("silent"), "bad"),
    State.TROUBLED: (lazy_gettext("in trouble"), "warn"),
    State.NEW: (lazy_gettext("not asked yet"), ""),
    State.WELL: (lazy_gettext("well"), "good"),
    State.OFF: (lazy_gettext("off"), ""),
}
FAILINGS = {
    Failing.UNREACHABLE: lazy_gettext("unreachable"),
    Failing.REFUSED: lazy_gettext("refused"),
    Failing.UNREADABLE: lazy_gettext("unreadable"),
    Failing.HELD: lazy_gettext("held"),
    Failing.OURS: lazy_gettext("our own fault"),
}
KINDS = {
    "price": lazy_gettext("prices"),
    "rate": lazy_gettext("exchange rates"),
    "licence": lazy_gettext("licences"),
    "survey": lazy_gettext("survey"),
}
STANCES = {"green": lazy_gettext("green"), "amber": lazy_gettext("amber")}


def advice(row: SourceRow, found: Health) -> str:
    """What is the matter and what to do, in one or two sentences."""
    if found.state is State.OFF:
        return _off(row)
    if found.state is State.NEW:
        return gettext("It was not asked yet. Its turn comes within a quarter of an hour.")
    if found.state is State.WELL:
        if row.last_success is None or row.kind == "survey":
            return gettext("It comes as a file, and is loaded with a command.")
        return gettext("All is well. Its last good answer: %(ago)s.", ago=ago(row.last_success))
    since = moment(row.trouble_since or found.since) if found.since else ""
    if found.failing is None:
        return gettext(
            "Silent since %(moment)s: nothing came, and nothing went wrong either. Look whether "
            "the schedule runs.",
            moment=since,
        )
    return _failing(found.failing, since)


def _failing(kind: Failing, since: str) -> str:
    if kind is Failing.UNREACHABLE:
        return gettext(
            "Unreachable since %(moment)s: no answer. Nobody has to act, it is tried again at "
            "every turn. If it lasts for a day, look whether their site still exists.",
            moment=since,
        )
    if kind is Failing.REFUSED:
        return gettext(
            "Refused since %(moment)s: they do not let us in. An operator decides: wait, write to "
            "them, or turn the source off.",
            moment=since,
        )
    if kind is Failing.UNREADABLE:
        return gettext(
            "Unreadable since %(moment)s: the site changed its reply. A developer must look; the "
            "last good price stays, with its age.",
            moment=since,
        )
    if kind is Failing.HELD:
        return gettext(
            "Held since %(moment)s: our checks do not believe its prices. An operator looks at "
            "them, and releases or refuses.",
            moment=since,
        )
    return gettext(
        "Failed on our side since %(moment)s. A developer must look at the log of the schedule.",
        moment=since,
    )


def _off(row: SourceRow) -> str:
    if row.stance not in STANCES:
        return gettext("Off: its terms do not let it be asked.")
    if not row.may_be_on:
        return gettext("Off: the setting SOURCES of this copy does not name it.")
    if row.turned and row.turned_at is not None:
        return gettext(
            "Off since %(moment)s, by an operator. What it said last stays, with its age.",
            moment=moment(row.turned_at),
        )
    return gettext("Off until an operator turns it on: its terms leave room for doubt.")


def wish_words(wish: WishRow, *, stands: bool) -> str:
    """What came of the wish to ask a source now. `stands`: nobody is there to take it up."""
    if stands and wish.state is WishState.WAITING:
        return gettext("Waiting: the schedule stands still, so that nobody takes it up.")
    if wish.state is WishState.RUNNING:
        return gettext("It is being asked now.")
    if wish.state is WishState.WAITING:
        return _waiting(wish)
    return _ended(wish)


def _waiting(wish: WishRow) -> str:
    until = moment(wish.not_before) if wish.not_before else ""
    if wish.why is WishWhy.BUDGET:
        return gettext("Waiting: this hour's budget is used up. There is room at %(at)s.", at=until)
    if wish.why is WishWhy.LEFT_ALONE:
        return gettext("Waiting: it asked to be left alone until %(at)s.", at=until)
    if wish.why is WishWhy.UNDER_WAY:
        return gettext("Waiting for the run that is under way.")
    return gettext("Waiting: the schedule takes it up within some seconds.")


def _ended(wish: WishRow) -> str:
    at = moment(wish.ended_at) if wish.ended_at else ""
    if wish.why is WishWhy.RAN:
        return gettext("Done: asked as wished, %(at)s. What came of it stands below.", at=at)
    if wish.why is WishWhy.NOTHING_DUE:
        if wish.next_at is None:
            return gettext("Not asked (%(at)s): nothing is due.", at=at)
        return gettext(
            "Not asked (%(at)s): everything has an answer that is new enough. The first question "
            "is due again at %(next)s.",
            at=at,
            next=moment(wish.next_at),
        )
    if wish.why is WishWhy.OFF:
        return gettext("Not asked (%(at)s): it is off.", at=at)
    return gettext("It ended without a word (%(at)s): the schedule was stopped meanwhile.", at=at)
