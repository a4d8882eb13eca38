"""What is wrong with a file or a line of prices, in words, for the portal and for programs."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from app.domain.price_csv import MOST_BYTES, BadFile, RefusedFile
from app.domain.proposal import Hindrance, Obstacle, State
from app.domain.submitted import MOST_LINES, Fault, Wrong
from app.web.locale import country, day

WRONG = {
    Wrong.MISSING: lazy_gettext("Something must stand here."),
    Wrong.UNKNOWN: lazy_gettext("We do not know this word. Take one from the list of words."),
    Wrong.NOT_A_NUMBER: lazy_gettext(
        "This is no number as we read them: digits and one decimal point, nothing else."
    ),
    Wrong.TOO_PRECISE: lazy_gettext("This is finer than the smallest coin of the currency."),
    Wrong.OUT_OF_RANGE: lazy_gettext(
        "This amount cannot be: paid is from 10 to 10,000, the fee is less than that, and rate "
        "and received are above zero."
    ),
    Wrong.TOO_LONG: lazy_gettext("This is too long, or has signs that nobody can see."),
    Wrong.FORMULA: lazy_gettext("This begins as a formula does. Write the value itself."),
    Wrong.INCOHERENT: lazy_gettext(
        "These numbers contradict each other: paid less the fee, times the rate, is not received."
    ),
    Wrong.TWICE: lazy_gettext("This service and amount stands here already, in this row:"),
    Wrong.NAMED_TWICE: lazy_gettext("This name stands here twice."),
    Wrong.NO_SUCH_NAME: lazy_gettext("There is no such name here; leave it out."),
    Wrong.NOT_TEXT: lazy_gettext("Write this as a text, in quotes."),
    Wrong.CELLS: lazy_gettext("This row has more or fewer cells than there are columns:"),
}
FILES = {
    BadFile.EMPTY: lazy_gettext("There are no prices in this file."),
    BadFile.TOO_LARGE: lazy_gettext("This file is larger than 2 MB. Send it in parts."),
    BadFile.NOT_CSV: lazy_gettext(
        "This is no text file but a workbook, a packed file or something else. Save your table as "
        "CSV (UTF-8) and send that."
    ),
    BadFile.ENCODING: lazy_gettext(
        "The letters of this file are written in a way that we do not guess. Save it as CSV UTF-8."
    ),
    BadFile.TOO_MANY_ROWS: lazy_gettext("This file has too many rows. Send it in parts of at most"),
    BadFile.BROKEN: lazy_gettext("This file breaks off, or a quote in it is not closed, at line"),
    BadFile.COLUMNS_MISSING: lazy_gettext("These columns are missing:"),
    BadFile.COLUMNS_UNKNOWN: lazy_gettext("We do not know these columns; take them out:"),
    BadFile.COLUMNS_TWICE: lazy_gettext("These columns are there twice:"),
    BadFile.MIXED_DECIMALS: lazy_gettext(
        "Some numbers have a decimal comma and others a point, so that we would have to guess. "
        "Use the point everywhere. The first comma is at row"
    ),
    BadFile.UNCLEAR_DECIMALS: lazy_gettext(
        "A comma here could stand between thousands or before decimals, so that we would have to "
        "guess. Use a decimal point, and nothing between thousands. The first comma is at row"
    ),
}
STATES = {
    State.PROPOSED: lazy_gettext("Waits for us"),
    State.SENT_BACK: lazy_gettext("Sent back"),
    State.APPROVED: lazy_gettext("Approved"),
    State.REFUSED: lazy_gettext("Refused"),
    State.WITHDRAWN: lazy_gettext("Withdrawn"),
}
TONES = {
    State.PROPOSED: "",
    State.SENT_BACK: "warn",
    State.APPROVED: "good",
    State.REFUSED: "bad",
    State.WITHDRAWN: "",
}
LIMITS = {"most_lines": MOST_LINES, "most_bytes": MOST_BYTES}


def hindrance_words(hindrance: Hindrance) -> str:
    """Why a price cannot be published, and what would let it be, for people."""
    corridor = hindrance.corridor
    about = {
        "sender": country(corridor.send_country),
        "receiver": country(corridor.receive_country),
        "pair": f"{corridor.send_currency}/{corridor.receive_currency}",
    }
    if hindrance.obstacle is Obstacle.NOT_SHOWN:
        return gettext(
            "From %(sender)s to %(receiver)s (%(pair)s): we do not show this country. No price for "
            "it can be proposed or published.",
            **about,
        )
    if hindrance.rate_of is not None:
        return gettext(
            "The mid-market rates of %(pair)s are too old: the newest is of %(day)s. A price can "
            "be approved when a rate of the last 7 days is there; the schedule fetches rates by "
            "itself.",
            day=day(hindrance.rate_of),
            **about,
        )
    return gettext(
        "There is no mid-market rate of %(pair)s that we trust, so that a price cannot be weighed. "
        "It can be approved when there is one; the schedule fetches rates by itself.",
        **about,
    )


def file_words(refused: RefusedFile) -> str:
    words = str(FILES[refused.why])
    return f"{words} {refused.seen}" if refused.seen and words[-1] not in ".!" else words


def fault_words(fault: Fault) -> str:
    words = str(WRONG[fault.wrong])
    if not fault.seen:
        return words
    if words.endswith(":"):
        return f"{words} {fault.seen}"
    return gettext("%(what)s It says: %(seen)s", what=words, seen=fault.seen)
