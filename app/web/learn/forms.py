"""The form with which a reader tells what is wrong."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, StringField, TextAreaField, ValidationError

from app.domain.foreign import tidy
from app.domain.report import (
    LONGEST_EMAIL,
    LONGEST_MESSAGE,
    LONGEST_PAGE,
    LONGEST_SEEN,
    About,
)

ABOUT = {
    About.PRICE: lazy_gettext("A price that is wrong"),
    About.SITE: lazy_gettext("Something else on this site"),
    About.FIRM: lazy_gettext("How a firm treated me"),
}
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
PRICE_PAGE = re.compile(r"/[a-z]{2}/price/([1-9][0-9]{0,8})", re.ASCII)
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(\.[^\s@<>()\[\],;:\"\\.]+)+")


def plain(text: str | None) -> str:
    """What was typed, as it can be kept and shown: one kind of line end, no control signs."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return tidy(lines, len(lines)).strip()


class ReportForm(Form):  # type: ignore[misc]
    about = StringField()
    which = StringField(filters=[plain])
    seen = StringField(filters=[plain])
    message = TextAreaField(filters=[plain])
    email = StringField(filters=[plain])
    homepage = StringField(filters=[plain])
    """A trap: no reader sees it, and a program that fills in all that it finds fills it in."""

    hosts: tuple[str, ...] = ()
    """Names of this site, as addresses of its pages have them."""

    @classmethod
    def begun_at(cls, query: MultiDict[str, str]) -> ReportForm:
        """As a link to it fills it in: ?price=123 or ?page=/en/send/nl/ma."""
        price, page = query.get("price", ""), query.get("page", "")
        pairs = [("about", About.PRICE.value)] if price else []
        return cls(MultiDict([*pairs, ("which", (price or page)[:LONGEST_PAGE])]))

    def validate_about(self, field: Field) -> None:
        if field.data == About.FIRM and len(field.raw_data or ()) == 1:
            raise ValidationError(
                gettext("We cannot help with that, and have kept nothing. Below stands who can.")
            )
        if len(field.raw_data or ()) != 1 or field.data not in list(About):
            raise ValidationError(gettext("Choose what it is about."))

    def validate_which(self, field: Field) -> None:
        _one_line(field, LONGEST_PAGE)
        if self.about.data == About.FIRM:
            return
        if field.data and self.price is None and not self.page:
            raise ValidationError(
                gettext("Fill in the number of a price, or the address of a page of this site.")
            )
        if not field.data and self.about.data == About.PRICE:
            raise ValidationError(
                gettext("Fill in the number of a price, or the address of a page of this site.")
            )

    def validate_seen(self, field: Field) -> None:
        _one_line(field, LONGEST_SEEN)

    def validate_message(self, field: Field) -> None:
        _once(field)
        _at_most(field, LONGEST_MESSAGE)
        if not field.data and not self.seen.data:
            raise ValidationError(gettext("Write what is wrong."))

    def validate_email(self, field: Field) -> None:
        _one_line(field, LONGEST_EMAIL)
        if field.data and not EMAIL.fullmatch(field.data):
            raise ValidationError(
                gettext(
                    "This is not a mail address. Write it like %(example)s, or leave it empty.",
                    example="name@example.org",
                )
            )

    def validate_homepage(self, field: Field) -> None:
        if field.data:
            raise ValidationError(gettext("Leave this empty."))

    @property
    def price(self) -> int | None:
        """The number of the price that it is about, if it names one."""
        text = str(self.which.data or "")
        found = NUMBER.fullmatch(text)
        if found is not None:
            return int(text)
        found = PRICE_PAGE.fullmatch(urlsplit(self.page).path)
        return int(found[1]) if found else None

    @property
    def page(self) -> str:
        """Path and question of the page that it is about; "" if it names none of ours."""
        text = str(self.which.data or "")
        try:
            parts = urlsplit(text)
        except ValueError:  # half an IPv6 address
            return ""
        ours = not (parts.scheme or parts.netloc) or (
            parts.scheme in ("http", "https") and parts.netloc in self.hosts
        )
        odd = re.search(r"[\s\\]", text) or not parts.path.startswith("/") or "//" in parts.path
        if odd or not ours:
            return ""
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _once(field: Field) -> None:
    if len(field.raw_data or ()) > 1:
        raise ValidationError(gettext("This was filled in twice. Fill it in once."))


def _one_line(field: Field, longest: int) -> None:
    _once(field)
    _at_most(field, longest)
    if "\n" in field.data or "\t" in field.data:
        raise ValidationError(gettext("Write this on one line."))


def _at_most(field: Field, longest: int) -> None:
    if len(field.data) > longest:
        raise ValidationError(
            gettext("This is too long. Write at most %(longest)s signs.", longest=longest)
        )
