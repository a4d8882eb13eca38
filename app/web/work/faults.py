"""What is wrong with what was typed, in words, beside the field that it is about."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from wtforms import Form

from app.domain.content import Fault

WORDS = {
    Fault.MISSING: lazy_gettext("Fill this in."),
    Fault.TOO_LONG: lazy_gettext("This is too long."),
    Fault.SEVERAL_LINES: lazy_gettext("Write this on one line."),
    Fault.UNSEEN_SIGNS: lazy_gettext(
        "There is a sign in this that nobody sees and that turns other words round. "
        "Type it anew instead of pasting it."
    ),
    Fault.NOT_A_SLUG: lazy_gettext("Use small letters, digits and hyphens, like your-rights."),
    Fault.NOT_A_LINK: lazy_gettext("Fill in a web address, like https://example.org/."),
    Fault.IN_THE_FUTURE: lazy_gettext("This day has yet to come."),
    Fault.ENDS_BEFORE_IT_BEGINS: lazy_gettext("It would end before it begins."),
    Fault.UNKNOWN: lazy_gettext("We do not know this."),
    Fault.TOO_FAR: lazy_gettext("This is too far from today. Is the year right?"),
    Fault.TOO_FAR_AHEAD: lazy_gettext("This is more than two years from today. Is the year right?"),
    Fault.NOT_A_NUMBER: lazy_gettext("Write it in digits, like 2.50."),
}


def tell(form: Form, faults: Mapping[str, Fault]) -> bool:
    """Put each fault beside its field; whether there was any."""
    for name, fault in faults.items():
        form[name].errors = [WORDS[fault]]
    return bool(faults)


def typed(text: str | None) -> str:
    """What was typed, with one kind of line end and nothing around it. Nothing is taken out of
    it: what may not be in it is refused, so that nobody loses a sign without knowing."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def in_one_paragraph(text: str | None) -> str:
    """As `typed`, of what is one paragraph however its lines were broken."""
    return " ".join(typed(text).split())
