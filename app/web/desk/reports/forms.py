"""What an operator fills in about a report."""

from __future__ import annotations

import hashlib

from flask_babel import gettext
from wtforms import Field, Form, HiddenField, StringField, TextAreaField, ValidationError

from app.domain.foreign import is_tidy
from app.domain.reply import LONGEST_REPLY
from app.domain.report import CLOSED, LONGEST_MESSAGE, Report, ReportState
from app.web.learn.forms import plain
from app.web.work.versions import version_in

ANSWERS = [state for state in ReportState if state is not ReportState.RECEIVED]


def mark_of(report: Report) -> str:
    """What tells whether somebody else answered since a form was opened."""
    said = f"{report.state}\n{report.outcome}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class AnswerForm(Form):  # type: ignore[misc]
    """`mark` is of the answer that its writer had before them."""

    state = StringField()
    words = TextAreaField(filters=[plain])
    mark = HiddenField()

    def validate_state(self, field: Field) -> None:
        if field.data not in ANSWERS:
            raise ValidationError(gettext("Choose how far it is."))

    def validate_words(self, field: Field) -> None:
        if self.state.data in CLOSED and not field.data:
            raise ValidationError(
                gettext("Say in public what was done: closing a report needs words.")
            )
        _fits(field, LONGEST_MESSAGE)


class TellForm(Form):  # type: ignore[misc]
    told = TextAreaField(filters=[plain])

    def validate_told(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Write what the firm is to read."))
        _fits(field, LONGEST_MESSAGE)


class JudgeForm(Form):  # type: ignore[misc]
    """`why` is needed to refuse a reply. `version` is the one that was read."""

    why = TextAreaField(filters=[plain])
    act = StringField()
    version = HiddenField()

    def validate_why(self, field: Field) -> None:
        if self.act.data != "let_go" and not field.data:
            raise ValidationError(gettext("Say why, for the firm to read."))
        _fits(field, LONGEST_REPLY)

    @property
    def number(self) -> int:
        return version_in(self.version.data)


def _fits(field: Field, longest: int) -> None:
    if not is_tidy(field.data, longest):
        raise ValidationError(gettext("Write at most %(longest)s signs.", longest=longest))
