"""What an operator fills in about a firm."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from wtforms import Field, Form, StringField, ValidationError

from app.review.deciding import LONGEST_WORDS
from app.web.learn.forms import plain


class WordsForm(Form):  # type: ignore[misc]
    words = StringField(filters=[plain])

    def validate_words(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Say why, in a few words: others will read it later."))
        if len(field.data) > LONGEST_WORDS:
            raise ValidationError(gettext("Write at most %(most)s signs.", most=LONGEST_WORDS))


class ChangeForm(WordsForm):
    act = StringField()
    into = StringField(default="")
    since = StringField(filters=[plain])

    def validate_since(self, field: Field) -> None:
        try:
            date.fromisoformat(field.data or "")
        except ValueError as error:
            raise ValidationError(gettext("Write a day like 2026-11-20.")) from error

    @property
    def day(self) -> date:
        """On a validated form."""
        return date.fromisoformat(self.since.data)


class MatchForm(WordsForm):
    code = StringField(filters=[plain])
