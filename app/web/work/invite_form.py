"""The form to invite somebody: at the desk to any role, at the portal to one's own firm."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import Field, StringField, ValidationError

from app.domain.account import OPERATORS, BadEmail, Role, plain_email
from app.web.signin.forms import NameForm


class ColleagueForm(NameForm):
    email = StringField()

    def validate_email(self, field: Field) -> None:
        try:
            field.data = plain_email(field.data or "")
        except BadEmail as error:
            raise ValidationError(
                gettext("Fill in one mail address, like %(example)s.", example="name@example.org")
            ) from error


class InviteForm(ColleagueForm):
    """known: slugs of the firms that there are."""

    role = StringField()
    provider = StringField()
    known: frozenset[str] = frozenset()

    def validate_role(self, field: Field) -> None:
        if field.data not in list(Role):
            raise ValidationError(gettext("Choose a role."))

    def validate_provider(self, field: Field) -> None:
        if self.role.data == Role.PROVIDER and field.data not in self.known:
            raise ValidationError(gettext("Choose the firm that this person works for."))
        if self.role.data in OPERATORS and field.data:
            raise ValidationError(
                gettext("Who runs this site works for no firm: leave the firm empty.")
            )
