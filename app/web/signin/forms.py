"""The forms of the way in and of one's own account."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import Field, Form, PasswordField, StringField, ValidationError

from app.domain.account import LONGEST_EMAIL, LONGEST_PERSON, Account
from app.domain.password import LONGEST, SHORTEST
from app.web.signin.passwords import is_guessable


class SignInForm(Form):  # type: ignore[misc]
    email = StringField()
    password = PasswordField()
    next = StringField()


class EmailForm(Form):  # type: ignore[misc]
    email = StringField()

    def validate_email(self, field: Field) -> None:
        if not 0 < len(field.data or "") <= LONGEST_EMAIL:
            raise ValidationError(gettext("Fill in your mail address."))


class PasswordForm(Form):  # type: ignore[misc]
    """A new password. `account` is whose it is to be."""

    password = PasswordField()
    again = PasswordField()
    account: Account | None = None
    names: tuple[str, ...] = ()
    """Of firms: whoever guesses knows them too."""

    def validate_password(self, field: Field) -> None:
        password = field.data or ""
        if len(password) < SHORTEST:
            raise ValidationError(
                gettext("A password has at least %(count)s signs.", count=SHORTEST)
            )
        if len(password) > LONGEST:
            raise ValidationError(gettext("A password has at most %(count)s signs.", count=LONGEST))
        own = (self.account.email, self.account.name) if self.account else ()
        known = (*own, *self.names)
        if is_guessable(password, *known):
            raise ValidationError(
                gettext(
                    "This is easily guessed. "
                    "Take a few words that have nothing to do with each other."
                )
            )

    def validate_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(gettext("This is not the same as above."))


class ChangePasswordForm(PasswordForm):
    current = PasswordField()


class CodeForm(Form):  # type: ignore[misc]
    code = StringField()


class NameForm(Form):  # type: ignore[misc]
    name = StringField()
    language = StringField()

    def validate_name(self, field: Field) -> None:
        if not field.data or not 0 < len(field.data.strip()) <= LONGEST_PERSON:
            raise ValidationError(gettext("Fill in a name."))
        if not field.data.isprintable():
            raise ValidationError(gettext("Write this on one line."))

    def validate_language(self, field: Field) -> None:
        if field.data not in ("nl", "en"):
            raise ValidationError(gettext("Choose a language."))
