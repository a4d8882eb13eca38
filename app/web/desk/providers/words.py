"""What is said of firms at the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext

from app.db.licence_matches import MatchState
from app.db.provider_changes import ProviderAct
from app.domain.licence import LicenceResult
from app.domain.provider import Licence, ProviderStatus
from app.review.deciding import Undecidable

STATUSES = {
    ProviderStatus.ACTIVE: lazy_gettext("open"),
    ProviderStatus.CLOSED: lazy_gettext("closed"),
    ProviderStatus.UNLICENSED: lazy_gettext("without a licence"),
}
TONES = {
    ProviderStatus.ACTIVE: "good",
    ProviderStatus.CLOSED: "warn",
    ProviderStatus.UNLICENSED: "bad",
}
LICENCES = {
    Licence.FOUND: lazy_gettext("found in the register"),
    Licence.UNCHECKED: lazy_gettext("not checked yet"),
    Licence.NOT_FOUND: lazy_gettext("not in the register"),
}
RESULTS = {
    LicenceResult.FOUND: lazy_gettext("found"),
    LicenceResult.NOT_FOUND: lazy_gettext("not found"),
    LicenceResult.WITHDRAWN: lazy_gettext("withdrawn"),
    LicenceResult.ANOTHER_NAME: lazy_gettext("of another name"),
    LicenceResult.UNCHECKED: lazy_gettext("not checked yet"),
}
MATCHES = {
    MatchState.PROPOSED: lazy_gettext("to be decided"),
    MatchState.CONFIRMED: lazy_gettext("theirs"),
    MatchState.REJECTED: lazy_gettext("of somebody else"),
}
ACTS = {
    ProviderAct.CLOSE: lazy_gettext("Close"),
    ProviderAct.REOPEN: lazy_gettext("Open again"),
    ProviderAct.MERGE: lazy_gettext("Merge into another firm"),
}

REASONS = {
    "Say why, in a few words: others will read it later.": lazy_gettext(
        "Say why, in a few words: others will read it later."
    ),
    "You asked for this yourself: a second operator confirms it.": lazy_gettext(
        "You asked for this yourself: a second operator confirms it."
    ),
    "This was decided already.": lazy_gettext("This was decided already."),
    "Somebody else decided at the same time.": lazy_gettext(
        "Somebody else decided at the same time."
    ),
    "Nothing of the kind was asked.": lazy_gettext("Nothing of the kind was asked."),
    "There is no such firm.": lazy_gettext("There is no such firm."),
    "Choose two firms that are here.": lazy_gettext("Choose two firms that are here."),
    "This firm is no longer here.": lazy_gettext("This firm is no longer here."),
    "This firm is closed already.": lazy_gettext("This firm is closed already."),
    "This firm is open already.": lazy_gettext("This firm is open already."),
    "This day is too far ahead.": lazy_gettext("This day is too far ahead."),
    "This takes effect at once: the day cannot lie ahead.": lazy_gettext(
        "This takes effect at once: the day cannot lie ahead."
    ),
    "Something else waits for a second operator about this firm.": lazy_gettext(
        "Something else waits for a second operator about this firm."
    ),
    "This firm has a source of its own: merge the other one into it instead.": lazy_gettext(
        "This firm has a source of its own: merge the other one into it instead."
    ),
    "A price list of ours names this firm: merge the other one into it instead.": lazy_gettext(
        "A price list of ours names this firm: merge the other one into it instead."
    ),
    "Somebody of this firm can sign in: disable that account first.": lazy_gettext(
        "Somebody of this firm can sign in: disable that account first."
    ),
    "A program of this firm has a key: take that back first.": lazy_gettext(
        "A program of this firm has a key: take that back first."
    ),
    "This is not the code of the holder that stands here.": lazy_gettext(
        "This is not the code of the holder that stands here."
    ),
    "There is no such licence.": lazy_gettext("There is no such licence."),
    "This was confirmed already.": lazy_gettext("This was confirmed already."),
    "This was rejected already.": lazy_gettext("This was rejected already."),
}
"""What stands in the way, as app/review says it -> in the language of the page."""


def hindrance(what: Undecidable | str) -> str:
    return str(REASONS.get(str(what), what))
