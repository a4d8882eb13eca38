"""What a researcher fills in: the eight questions of the Swedish method, and what is about them.

The questions are those that Money from Sweden, the Swedish Consumer Agency's comparison, has its
collectors ask as a customer.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import gettext
from wtforms import Field, Form, SelectMultipleField, StringField, ValidationError

from app.db.shopping import Task, Version
from app.domain.amount import AmountFault, BadAmount
from app.domain.money import Money
from app.domain.quote import MOST_DIGITS
from app.domain.service import AccessPoint, Coverage, PickupMethod, Speed
from app.domain.shopping import (
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_RECEIPT,
    BadResult,
    Figures,
    Heard,
    Result,
    ResultFault,
    rate_of,
)
from app.domain.shopping_sample import LARGEST
from app.web.amounts import example_amount, typed_amount, western
from app.web.learn.forms import plain
from app.web.locale import locale

Word = TypeVar("Word", bound=StrEnum)

HERE = ZoneInfo("Europe/Amsterdam")
"""Where researchers ask, and so by which clock they write."""

RATE = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}([.,][0-9]{{1,{MOST_DIGITS}}})?", re.ASCII)
NOTHING = re.compile(r"0+([.,]0{1,3})?", re.ASCII)
AT = "%Y-%m-%dT%H:%M"
"""As a field for a day and a time has it."""


class SampleForm(Form):  # type: ignore[misc]
    size = StringField(filters=[plain])

    def validate_size(self, field: Field) -> None:
        text = western(field.data)
        if not re.fullmatch(r"[1-9][0-9]{0,2}", text) or int(text) > LARGEST:
            raise ValidationError(gettext("Write a whole number from 1 to %(most)s.", most=LARGEST))


class ReasonForm(Form):  # type: ignore[misc]
    reason = StringField(filters=[plain])

    def validate_reason(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Say why, so that others understand it later."))
        _short(field, LONGEST_REASON)


class ResultForm(Form):  # type: ignore[misc]
    """`seen` is the number of the version that was on the page when it was filled in."""

    heard = StringField(default="")
    asked_at = StringField(filters=[plain])
    bought = StringField(default="")
    receipt = StringField(filters=[plain])
    paid = StringField(filters=[plain])
    fee = StringField(filters=[plain])
    received = StringField(filters=[plain])
    rate = StringField(filters=[plain])
    speed = StringField(default="")
    access_points = SelectMultipleField(choices=list(AccessPoint), validate_choice=False)
    pickup_methods = SelectMultipleField(choices=list(PickupMethod), validate_choice=False)
    coverage = StringField(default="")
    receiver_charge = StringField(filters=[plain])
    note = StringField(filters=[plain])
    reason = StringField(filters=[plain])
    seen = 0

    def validate_receipt(self, field: Field) -> None:
        _short(field, LONGEST_RECEIPT)

    def validate_note(self, field: Field) -> None:
        _short(field, LONGEST_NOTE)

    def validate_reason(self, field: Field) -> None:
        if self.seen and not field.data:
            raise ValidationError(gettext("Say why, so that others understand it later."))
        _short(field, LONGEST_REASON)


def read(form: ResultForm, task: Task) -> Result | None:
    """What was filled in; None if something of it cannot be, which its fields then say."""
    good = form.validate()
    reading = Reading(form)
    heard = reading.word(form.heard, Heard)
    if heard is None:
        reading.wrong(form.heard, gettext("Say what came of it."))
    made = Result(
        heard=heard or Heard.NOT_TOLD,
        asked_at=reading.time(task),
        bought=form.bought.data == "yes",
        figures=reading.figures(task) if heard is Heard.PRICE else None,
        speed=reading.word(form.speed, Speed),
        access_points=reading.words(form.access_points, AccessPoint),
        pickup_methods=reading.words(form.pickup_methods, PickupMethod),
        coverage=reading.word(form.coverage, Coverage),
        note=form.note.data or "",
        reason=form.reason.data or "",
    )
    return made if good and not reading.faults else None


class Reading:
    """Reads the fields of a form; what it cannot read is a fault of that field."""

    def __init__(self, form: ResultForm) -> None:
        self.form = form
        self.faults = 0

    def wrong(self, field: Field, what: str) -> None:
        field.errors = [*field.errors, what]
        self.faults += 1

    def word(self, field: Field, kind: type[Word]) -> Word | None:
        try:
            return kind(field.data) if field.data else None
        except ValueError:
            self.wrong(field, gettext("Choose one from the list."))
            return None

    def words(self, field: Field, kind: type[Word]) -> tuple[Word, ...]:
        chosen = set(field.data or ())
        if not chosen <= {one.value for one in kind}:
            self.wrong(field, gettext("Choose from the list."))
        return tuple(one for one in kind if one.value in chosen)

    def time(self, task: Task) -> datetime:
        """When it was asked; when the task was begun if that is not said."""
        field = self.form.asked_at
        begun = task.begun_at or task.drawn_at
        known = task.newest.result.asked_at if task.newest else begun
        if not field.data or field.data == _clock(known):
            return known
        try:
            here = datetime.strptime(field.data, AT).replace(tzinfo=HERE)
        except ValueError:
            self.wrong(field, gettext("Write the day and the time, like 2026-11-20T14:30."))
            return begun
        return here.astimezone(UTC)

    def figures(self, task: Task) -> Figures | None:
        corridor, form = task.corridor, self.form
        paid = self._amount(form.paid, corridor.send_currency)
        fee = self._amount(form.fee, corridor.send_currency)
        received = self._amount(form.received, corridor.receive_currency)
        charge = None
        if form.receiver_charge.data:
            charge = self._amount(form.receiver_charge, corridor.receive_currency)
        if paid is None or fee is None or received is None:
            return None
        rate = self._rate(paid, fee, received)
        return Figures(paid, fee, received, rate, charge) if rate is not None else None

    def _amount(self, field: Field, currency: str) -> Money | None:
        text = western(field.data or "").strip()
        if NOTHING.fullmatch(text) and field in (self.form.fee, self.form.receiver_charge):
            return Money(Decimal(0), currency)
        try:
            return typed_amount(text, currency)
        except BadAmount as error:
            missing = error.fault is AmountFault.MISSING
            self.wrong(
                field,
                gettext("Fill in this amount.")
                if missing
                else gettext("Write an amount like %(example)s.", example=example_amount()),
            )
            return None

    def _rate(self, paid: Money, fee: Money, received: Money) -> Decimal | None:
        """As it was told; worked out if it was not."""
        field = self.form.rate
        text = western(field.data or "").replace(" ", "")
        if text and not RATE.fullmatch(text):
            self.wrong(
                field, gettext("Write a rate in figures with one decimal mark, like 10.791.")
            )
            return None
        try:
            return Decimal(text.replace(",", ".")) if text else rate_of(paid, fee, received)
        except BadResult as error:
            self.wrong(*trouble(self.form, error))
            return None


def trouble(form: ResultForm, error: BadResult) -> tuple[Field, str]:
    """Which field is wrong, and what with it."""
    return {
        ResultFault.AMOUNT: (
            form.paid,
            gettext("This is far from the amount that was drawn. Ask for that amount."),
        ),
        ResultFault.SUM: (
            form.received,
            gettext(
                "These figures do not fit each other: what is paid less the fee, times the rate, "
                "is what arrives."
            ),
        ),
        ResultFault.FUTURE: (form.asked_at, gettext("This time has not come yet.")),
        ResultFault.EARLY: (form.asked_at, gettext("This is before the task was drawn.")),
        ResultFault.MISSING: (
            form.heard,
            gettext("Fill in what it costs, or say what came of it."),
        ),
    }[error.fault]


def filled(version: Version | None) -> ResultForm:
    """As it was filled in last; empty where it never was."""
    form = ResultForm()
    if version is None:
        return form
    result, figures = version.result, version.result.figures
    form.seen = version.number
    for name in ("heard", "access_points", "pickup_methods", "note"):
        getattr(form, name).data = getattr(result, name)
    form.speed.data, form.coverage.data = result.speed or "", result.coverage or ""
    form.bought.data = "yes" if result.bought else ""
    form.asked_at.data = _clock(result.asked_at)
    if figures is not None:
        charge = figures.receiver_charge
        form.paid.data, form.fee.data = _typed(figures.paid), _typed(figures.fee)
        form.received.data = _typed(figures.received)
        form.rate.data = f"{figures.rate.normalize():f}"
        form.receiver_charge.data = _typed(charge) if charge else ""
    return form


def _clock(moment: datetime) -> str:
    """By the clock of whoever asks."""
    return moment.astimezone(HERE).strftime(AT)


def _typed(money: Money) -> str:
    """As somebody types it in the language of the page."""
    return format_decimal(money.amount, format="0.##", locale=locale())


def _short(field: Field, longest: int) -> None:
    if len(field.data or "") > longest:
        raise ValidationError(
            gettext("This is too long. Write at most %(longest)s signs.", longest=longest)
        )
