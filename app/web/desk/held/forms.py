"""What an operator fills in to decide about held quotes."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import Field, Form, StringField, TextAreaField, ValidationError

from app.review.deciding import LONGEST_WORDS

MOST_AT_ONCE = 500
MOST_OF_GROUP = 1000
"""Of a whole group, in one transaction: some seconds."""

ACTS = ("release", "refuse")
WHOLE = "_group"
LONGEST_NUMBER = 9


class DecisionForm(Form):  # type: ignore[misc]
    """`act` is "release" or "refuse", or one of them with "_group" behind it: then it is about all
    of `source` that `gate` held."""

    act = StringField()
    source = StringField(default="")
    gate = StringField(default="")
    words = TextAreaField()

    @property
    def is_whole(self) -> bool:
        return (self.act.data or "").endswith(WHOLE)

    @property
    def wanted(self) -> str:
        """ "release" or "refuse", on a validated form."""
        return (self.act.data or "").removesuffix(WHOLE)

    def validate_act(self, _field: Field) -> None:
        if self.wanted not in ACTS:
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
