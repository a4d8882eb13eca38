"""What an operator fills in about a source."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import Field, Form, HiddenField, StringField, TextAreaField, ValidationError

from app.db.sources import LONGEST_WORDS
from app.db.switches import LONGEST_NOTE

LONGEST_VERSION = 9


class Versioned(Form):  # type: ignore[misc]
    """`version` is the one of the source that its writer had before them."""

    version = HiddenField()

    @property
    def number(self) -> int:
        """-1 for what is no version: nothing has that one."""
        text = self.version.data or ""
        known = text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION
        return int(text) if known else -1


class SwitchForm(Versioned):
    why = StringField()

    def validate_why(self, field: Field) -> None:
        words = (field.data or "").strip()
        if not words:
            raise ValidationError(gettext("Say why, in a few words: others will read it later."))
        if len(words) > LONGEST_WORDS:
            raise ValidationError(gettext("At most %(count)s signs.", count=LONGEST_WORDS))


class NoteForm(Versioned):
    note = TextAreaField()

    def validate_note(self, field: Field) -> None:
        if len(field.data or "") > LONGEST_NOTE:
            raise ValidationError(gettext("At most %(count)s signs.", count=LONGEST_NOTE))
