"""What an operator fills in to decide about held quotes."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import Field, Form, StringField, TextAreaField, ValidationError

from app.review.deciding import LONGEST_WORDS

MOST_AT_ONCE = 500
LONGEST_NUMBER = 9


class DecisionForm(Form):  # type: ignore[misc]
    """`act` is "release" or "refuse"."""

    act = StringField()
    words = TextAreaField()

    def validate_act(self, field: Field) -> None:
        if field.data not in ("release", "refuse"):
            raise ValidationError(gettext("Choose whether to release or to refuse."))

    def validate_words(self, field: Field) -> None:
        words = (field.data or "").strip()
        if not words:
            raise ValidationError(gettext("Say why, in a few words: others will read it later."))
        if len(words) > LONGEST_WORDS:
            raise ValidationError(gettext("At most %(count)s signs.", count=LONGEST_WORDS))


def numbers_in(texts: list[str]) -> list[int]:
    """Those that are numbers, each once; no more than anybody ticks."""
    plain = [one for one in texts if one.isascii() and one.isdigit() and len(one) <= LONGEST_NUMBER]
    return list(dict.fromkeys(map(int, plain)))[:MOST_AT_ONCE]
