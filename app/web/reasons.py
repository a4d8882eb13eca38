"""Why there is no price, and what to know of a country's money: one sentence each, plain, without
technical detail."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext, lazy_gettext

from app.db.sources import SourceRow
from app.domain.country_notes import NoteKind
from app.domain.reach import Why, WhyNotAsked

NOT_ASKED = {
    WhyNotAsked.TERMS_FORBID: lazy_gettext(
        "Not asked: this firm does not want machines to read its prices."
    ),
    WhyNotAsked.BOT_WALL: lazy_gettext(
        "Not asked: this firm turns machines away, and we do not get round that."
    ),
    WhyNotAsked.OBFUSCATED: lazy_gettext(
        "Not asked: this firm hides the figures in its answers on purpose."
    ),
    WhyNotAsked.EXCHANGE_ONLY: lazy_gettext(
        "Not asked: this firm tells its exchange rate, but not what a transfer costs."
    ),
    WhyNotAsked.NO_ENDPOINT: lazy_gettext(
        "Not asked: we looked for prices of this firm that a machine can read, "
        "and found none of its own."
    ),
    WhyNotAsked.REPUTATION: lazy_gettext(
        "Not asked: the group that this firm belongs to is under sanctions somewhere."
    ),
    WhyNotAsked.NOT_YET: lazy_gettext(
        "Not asked yet: its prices can be read, but we have not built that."
    ),
}

REACH = {
    Why.SANCTIONS: lazy_gettext("Sanctions: firms may send money there with a permit only."),
    Why.FEW_FORMAL_CHANNELS: lazy_gettext(
        "Few banks or firms pay out there, or most money goes by other ways."
    ),
    Why.NO_RATE: lazy_gettext(
        "No mid-market rate can be trusted there, so no price can be weighed."
    ),
}

NOTES = {
    NoteKind.FOREIGN_PAYOUT: lazy_gettext(
        "Money can arrive there in another currency than the country's own. Whoever changes it "
        "there pays for an exchange a second time."
    ),
    NoteKind.OWN_MONEY_ONLY: lazy_gettext(
        "The central bank has ordered that money from abroad is paid out in the country's own "
        "currency. There can be exceptions: ask the firm."
    ),
    NoteKind.RESTRICTED: lazy_gettext("Dollars are not paid out freely there: ask the firm."),
    NoteKind.STREET_RATE: lazy_gettext(
        "Outside the banks, money is changed there at another rate than the official one. Our "
        "mid-market rate is near the official one."
    ),
    NoteKind.NEW_UNIT: lazy_gettext(
        "New money is worth many times as much as old money with the same name. Ask the firm "
        "which of the two it means."
    ),
    NoteKind.NEW_CURRENCY: lazy_gettext(
        "A new currency has taken the place of the old one. One unit of the new is one unit of "
        "the old."
    ),
}
"""What somebody who sends money should know of a country's own money."""

UNREACHED = lazy_gettext("We asked, and got no answer. We keep trying.")
REFUSED = lazy_gettext("We asked, and were turned away. We do not get round that.")
UNREAD = lazy_gettext("We asked, and could not read the answer. We are looking into it.")
UNTRUSTED = lazy_gettext("We have a price, but do not trust it yet.")

TROUBLE = {
    **dict.fromkeys(
        ("timeout", "dns", "connection", "tls", "broken_reply", "too_large", "server_error"),
        UNREACHED,
    ),
    **dict.fromkeys(
        ("limited", "blocked", "robots", "private_address", "redirected", "gone"), REFUSED
    ),
    **dict.fromkeys(("not_json", "empty", "schema", "contradiction", "incomplete"), UNREAD),
    "held": UNTRUSTED,
}
"""By the kind of trouble that a source is in, as the collector calls it."""


def failed(trouble: str) -> str:
    """Why a question has no answer. A source can be well again, or in trouble of another kind, by
    the time that one looks: what is not known is not named."""
    return str(TROUBLE.get(trouble, UNREACHED))


def off(source: SourceRow) -> str:
    """Why a source is not asked at all."""
    if source.stance == "green":
        return gettext("We do not ask this source at present.")
    return gettext("We ask this source only with permission, and we do not have that yet.")


def setup(app: Flask) -> None:
    app.jinja_env.filters.update(
        reach_reason=lambda reason: str(REACH[reason]),
        not_asked_reason=lambda reason: str(NOT_ASKED[reason]),
        money_note=lambda kind: str(NOTES[kind]),
        failed_reason=failed,
        off_reason=off,
    )
