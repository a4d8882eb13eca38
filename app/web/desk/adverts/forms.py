"""What an advert is asked for with. The sectors are a closed list, and nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from flask import request
from flask_babel import gettext
from wtforms import Field, Form, SelectMultipleField, StringField, ValidationError

from app.domain.advert import (
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_RUN_DAYS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_PAID,
    Advert,
    Sector,
    is_latin,
    is_safe_link,
)
from app.domain.amount import BadAmount
from app.domain.reach import SEND_CURRENCY
from app.web.amounts import example_amount, typed_amount, western
from app.web.learn.forms import plain
from app.web.locale import LANGUAGES

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
NOTHING = re.compile(r"0+([.,]0{1,2})?", re.ASCII)


def one_line(text: str | None) -> str:
    return " ".join(plain(text).split())


class WhyForm(Form):  # type: ignore[misc]
    reason = StringField(filters=[plain])

    def validate_reason(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Say why, so that others understand it later."))
        _short(field, LONGEST_REASON)


class AdvertForm(Form):  # type: ignore[misc]
    """`today` is the day on which it is filled in."""

    advertiser = StringField(filters=[one_line])
    sector = StringField(default="")
    title = StringField(filters=[one_line])
    text = StringField(filters=[one_line])
    link = StringField(filters=[plain])
    languages = SelectMultipleField(choices=list(LANGUAGES), validate_choice=False)
    starts = StringField(filters=[plain])
    ends = StringField(filters=[plain])
    paid = StringField(filters=[plain])
    today: date

    def validate_advertiser(self, field: Field) -> None:
        _short(field, LONGEST_NAME)
        if not is_latin(field.data):
            raise ValidationError(
                gettext("Write the name in Latin letters, as a register of companies has it.")
            )

    def validate_sector(self, field: Field) -> None:
        if field.data not in set(Sector):
            raise ValidationError(gettext("Choose a sector from the list."))

    def validate_title(self, field: Field) -> None:
        _short(field, LONGEST_TITLE)

    def validate_text(self, field: Field) -> None:
        _short(field, LONGEST_TEXT)

    def validate_link(self, field: Field) -> None:
        if not is_safe_link(field.data or ""):
            raise ValidationError(
                gettext("Write a plain address that begins with https:// and a site's name.")
            )

    def validate_languages(self, field: Field) -> None:
        if not field.data or not set(field.data) <= set(LANGUAGES):
            raise ValidationError(gettext("Choose at least one language."))

    def validate_starts(self, field: Field) -> None:
        if day_of(field) is None:
            raise ValidationError(gettext("Write a day like 2026-11-20."))

    def validate_ends(self, field: Field) -> None:
        starts, ends = day_of(self.starts), day_of(field)
        if ends is None:
            raise ValidationError(gettext("Write a day like 2026-11-20."))
        if ends < self.today:
            raise ValidationError(gettext("This day is over."))
        if starts is not None and not (
            timedelta(0) <= ends - starts < timedelta(days=LONGEST_RUN_DAYS)
        ):
            raise ValidationError(
                gettext(
                    "The last day comes after the first, at most %(days)s days later.",
                    days=LONGEST_RUN_DAYS,
                )
            )

    def validate_paid(self, field: Field) -> None:
        paid = _paid(field)
        if paid is None or paid > MOST_PAID:
            raise ValidationError(
                gettext("Write an amount like %(example)s.", example=example_amount())
            )

    def advert(self, number: int = 0, version: int = 1) -> Advert:
        """Of a form that is good."""
        starts, ends, paid = day_of(self.starts), day_of(self.ends), _paid(self.paid)
        if starts is None or ends is None or paid is None:
            raise RuntimeError("this form was not looked at")
        return Advert(
            advertiser=self.advertiser.data,
            sector=Sector(self.sector.data),
            title=self.title.data,
            text=self.text.data,
            link=self.link.data,
            languages=tuple(code for code in LANGUAGES if code in self.languages.data),
            starts=starts,
            ends=ends,
            paid=paid,
            number=number,
            version=version,
        )


def filled(advert: Advert) -> AdvertForm:
    """As it was filled in last."""
    form = AdvertForm()
    for name in ("advertiser", "title", "text", "link", "languages"):
        getattr(form, name).data = getattr(advert, name)
    form.sector.data = advert.sector.value
    form.starts.data, form.ends.data = advert.starts.isoformat(), advert.ends.isoformat()
    form.paid.data = f"{advert.paid:f}"
    return form


def day_of(field: Field) -> date | None:
    text = field.data or ""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _paid(field: Field) -> Decimal | None:
    text = western(field.data or "").strip()
    if NOTHING.fullmatch(text):
        return Decimal(0)
    try:
        return typed_amount(text, SEND_CURRENCY).amount
    except BadAmount:
        return None


def _short(field: Field, longest: int) -> None:
    if not field.data:
        raise ValidationError(gettext("Fill this in."))
    if len(field.data) > longest:
        raise ValidationError(
            gettext("This is too long. Write at most %(longest)s signs.", longest=longest)
        )


def version() -> int:
    """Of what was on the page from which this was sent."""
    return request.form.get("version", 0, type=int)
