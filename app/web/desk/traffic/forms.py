"""What an operator writes about a day on which nothing was counted."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from wtforms import Field, Form, StringField, ValidationError

from app.db.counting import LONGEST_NOTE
from app.web.learn.forms import plain


class ReasonForm(Form):  # type: ignore[misc]
    day = StringField(filters=[plain])
    words = StringField(filters=[plain])
    today = date.max

    def validate_day(self, field: Field) -> None:
        try:
            good = date.fromisoformat(field.data) <= self.today
        except ValueError:
            good = False
        if not good:
            raise ValidationError(gettext("Write a day that is not to come, like 2026-11-29."))

    def validate_words(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Say what happened, in a few words."))
        if len(field.data) > LONGEST_NOTE:
            raise ValidationError(gettext("Write at most %(most)s signs.", most=LONGEST_NOTE))
