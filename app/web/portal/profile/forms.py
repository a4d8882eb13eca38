"""The form of a firm's profile."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import gettext, lazy_gettext
from wtforms import Form, StringField, TextAreaField, ValidationError

from app.db.profiles import LONGEST_CONTACT, Profile
from app.domain.foreign import is_tidy
from app.domain.spoofing import Forged, forged
from app.web.locale import LANGUAGES

LONGEST_WEBSITE = 200
LONGEST_TEXT = 2000
FORGED = {
    Forged.EMPTY: lazy_gettext("Write the name of your firm."),
    Forged.TOO_LONG: lazy_gettext("This name is too long: 120 signs at most."),
    Forged.TURNS: lazy_gettext(
        "There is a hidden sign in this name that turns the words after it round. Type it anew."
    ),
    Forged.HIDDEN: lazy_gettext("There is a sign in this name that nobody can see. Type it anew."),
    Forged.MARKS: lazy_gettext("Too many marks stand on one letter of this name."),
    Forged.CONTROL: lazy_gettext("There is a sign in this name that is no letter. Type it anew."),
}


def _stripped(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class ProfileForm(Form):  # type: ignore[misc]
    name = StringField(filters=[_stripped])
    website = StringField(filters=[_stripped])
    contact = StringField(filters=[_stripped])
    version = StringField()

    def validate_name(self, field: StringField) -> None:
        wrong = forged(field.data)
        if wrong is not None:
            raise ValidationError(str(FORGED[wrong]))

    def validate_website(self, field: StringField) -> None:
        """An address of a site by https, in plain ASCII: nothing that shows one name and leads to
        another."""
        if field.data and not _is_site(field.data):
            raise ValidationError(
                gettext("Write the whole address of your site: https://www.example.com/")
            )

    def validate_contact(self, field: StringField) -> None:
        if not is_tidy(field.data, LONGEST_CONTACT):
            raise ValidationError(gettext("This is too long, or has signs that nobody can see."))

    def profile(self) -> Profile:
        """Of a validated form."""
        said = {lang: self[f"about_{lang}"].data for lang in LANGUAGES}
        return Profile(
            self.name.data,
            self.website.data,
            self.contact.data,
            {lang: text for lang, text in said.items() if text},
        )


def _text(_form: Form, field: TextAreaField) -> None:
    if not is_tidy(field.data, LONGEST_TEXT):
        raise ValidationError(gettext("This is too long, or has signs that nobody can see."))


for _lang in LANGUAGES:
    setattr(ProfileForm, f"about_{_lang}", TextAreaField(filters=[_stripped], validators=[_text]))


def _is_site(text: str) -> bool:
    if not (text.isascii() and text.isprintable()) or len(text) > LONGEST_WEBSITE or " " in text:
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        named = host.rpartition(".")[2].isalpha() or host.rpartition(".")[2].startswith("xn--")
        plain = parts.username is None and parts.password is None and parts.port is None
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host and named and plain
