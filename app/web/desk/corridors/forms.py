"""What an operator decides of a country."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from flask_babel import gettext
from wtforms import Field, Form, StringField, ValidationError

from app.db.reach import LONGEST_NOTE, ReachRow
from app.domain.reach import Reach, ReachState, Why
from app.web.learn.forms import plain

LONGEST_SOURCE = 300
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.ASCII)
ADDRESS = re.compile(r"[A-Za-z0-9:/.?=&_%~+,;@!#-]+", re.ASCII)


class ReachForm(Form):  # type: ignore[misc]
    """Why, where that stands and since when it was read: of a country that is open nothing."""

    state = StringField()
    reason = StringField(default="")
    source = StringField(filters=[plain])
    checked_on = StringField(filters=[plain])
    note = StringField(filters=[plain])
    version = StringField()

    today = date.max

    @classmethod
    def of(cls, row: ReachRow) -> ReachForm:
        return cls(
            state=row.state.value,
            reason=row.reason.value if row.reason else "",
            source=row.source,
            checked_on=row.checked_on.isoformat() if row.checked_on else "",
            note=row.note,
            version=str(row.version),
        )

    @property
    def is_open(self) -> bool:
        return bool(self.state.data == ReachState.OPEN)

    def validate_state(self, field: Field) -> None:
        if field.data not in list(ReachState):
            raise ValidationError(gettext("Choose one from the list."))

    def validate_reason(self, field: Field) -> None:
        if not self.is_open and field.data not in list(Why):
            raise ValidationError(gettext("Choose why it is not simply open: readers see it."))

    def validate_source(self, field: Field) -> None:
        if not self.is_open and not _is_address(field.data):
            raise ValidationError(gettext("Fill in the address of a page that says so: https://…"))

    def validate_checked_on(self, field: Field) -> None:
        if self.is_open:
            return
        try:
            day = date.fromisoformat(field.data or "")
        except ValueError as error:
            raise ValidationError(gettext("Write a day like 2026-11-20.")) from error
        if day > self.today:
            raise ValidationError(gettext("This day lies ahead."))

    def validate_note(self, field: Field) -> None:
        if len(field.data) > LONGEST_NOTE:
            raise ValidationError(gettext("Write at most %(most)s signs.", most=LONGEST_NOTE))

    def said(self, row: ReachRow) -> Reach:
        """Of that country, on a validated form."""
        currencies = tuple(row.currencies.split())
        if self.is_open:
            return Reach(row.receive_country, currencies)
        return Reach(
            row.receive_country,
            currencies,
            ReachState(self.state.data),
            Why(self.reason.data),
            self.source.data,
            date.fromisoformat(self.checked_on.data),
        )


def _is_address(text: str) -> bool:
    """Plainly a page on the web: it stands on readers' pages as a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    good = parts.scheme in ("https", "http") and HOST.fullmatch(parts.netloc) is not None
    return good and len(text) <= LONGEST_SOURCE and ADDRESS.fullmatch(text) is not None
