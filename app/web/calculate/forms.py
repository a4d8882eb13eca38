"""What is filled in: a receipt, which is posted, and two questions that live in their address."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Self

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField, ValidationError

from app.domain.amount import AmountFault, BadAmount
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.receipt import BadReceipt, Receipt, ReceiptFault, written_day
from app.domain.together import FEWEST, MOST, most_each
from app.web.amounts import DECIMAL, typed_amount, western
from app.web.compare.forms import ECHOED, PAY, QuestionForm, amount_message
from app.web.locale import money, rate

NOTHING = re.compile(rf"0+([.,{DECIMAL}]0{{1,2}})?", re.ASCII)
RATE = re.compile(rf"([0-9]{{1,9}})([.,{DECIMAL}]([0-9]{{1,9}}))?", re.ASCII)
"""A rate has one mark at most, and that is a decimal one."""

PEOPLE = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
EXAMPLE_DAY, EXAMPLE_RATE = "2026-11-10", Decimal("10.85")


def typed_rate(text: str) -> Decimal:
    """Raises BadAmount."""
    found = RATE.fullmatch(western(text).strip())
    value = Decimal(f"{found[1]}.{found[3] or 0}") if found else Decimal(0)
    if not value:
        raise BadAmount(AmountFault.UNREADABLE)
    return value


def receipt_message(fault: ReceiptFault) -> str:
    """What to do about a receipt that cannot be so."""
    if fault is ReceiptFault.FEE_TOO_HIGH:
        return gettext("The fee must be less than what you paid in all.")
    if fault is ReceiptFault.NOTHING_ARRIVED:
        return gettext("Fill in what arrived, or the exchange rate and the fee.")
    if fault is ReceiptFault.TO_COME:
        return gettext("This day is still to come.")
    return gettext("Write the day like %(example)s.", example=EXAMPLE_DAY)


def rate_message() -> str:
    return gettext("Write the amount in figures, like %(example)s.", example=rate(EXAMPLE_RATE))


class ReceiptForm(Form):  # type: ignore[misc]
    """Posted, so that no amount stands in an address or a log. Nothing of it is kept."""

    from_country = SelectField(name="from", default="NL", validate_choice=False)
    to_country = SelectField(name="to", default="", validate_choice=False)
    chosen = StringField(name="currency", default="")
    paid = StringField(default="")
    fee = StringField(default="")
    received = StringField(default="")
    rate = StringField(default="")
    day = StringField(default="")

    main_currency = "EUR"
    """That is paid out in the receiver's country, unless another was chosen."""

    def validate_from_country(self, field: SelectField) -> None:
        _known_country(field)

    def validate_to_country(self, field: SelectField) -> None:
        _known_country(field)

    def validate_chosen(self, field: StringField) -> None:
        if field.data and field.data not in MINOR_DIGITS:
            raise ValidationError(gettext("Give a currency, like %(code)s.", code="EUR"))

    def validate_paid(self, field: StringField) -> None:
        _amount(field, self.send_currency)

    def validate_fee(self, field: StringField) -> None:
        if typed(field) and self._fee() is None:
            _amount(field, self.send_currency)

    def validate_received(self, field: StringField) -> None:
        if typed(field):
            _amount(field, self.receive_currency)
        elif not (typed(self.rate) and typed(self.fee)):
            raise ValidationError(receipt_message(ReceiptFault.NOTHING_ARRIVED))

    def validate_rate(self, field: StringField) -> None:
        try:
            if typed(field):
                typed_rate(field.data)
        except BadAmount as error:
            raise ValidationError(rate_message()) from error

    def validate_day(self, field: StringField) -> None:
        try:
            if typed(field):
                written_day(typed(field))
        except BadReceipt as error:
            raise ValidationError(receipt_message(error.fault)) from error

    @property
    def send_currency(self) -> str:
        return PAYOUT_CURRENCY.get(str(self.from_country.data).upper(), "EUR")

    @property
    def receive_currency(self) -> str:
        return str(self.chosen.data) if self.chosen.data in MINOR_DIGITS else self.main_currency

    def receipt(self) -> Receipt:
        """Only on a validated form. Raises BadReceipt."""
        paid = typed_amount(typed(self.paid), self.send_currency)
        fee = self._fee()
        if typed(self.received):
            return Receipt(paid, typed_amount(typed(self.received), self.receive_currency), fee)
        if fee is None:
            raise BadReceipt(ReceiptFault.NOTHING_ARRIVED)
        return Receipt.at_rate(paid, fee, typed_rate(typed(self.rate)), self.receive_currency)

    def _fee(self) -> Money | None:
        """None if it was left empty or cannot be read. There are transfers without a fee."""
        text = typed(self.fee)
        if NOTHING.fullmatch(text):
            return Money(Decimal(0), self.send_currency)
        try:
            return typed_amount(text, self.send_currency)
        except BadAmount:
            return None


class RepeatedForm(QuestionForm):
    """ "I pay 200 from the Netherlands to Morocco", more than once: ?from=NL&to=MA&pay=200."""

    also: tuple[str, ...] = ()
    """Names of what else its address says."""

    @classmethod
    def asked(cls, query: MultiDict[str, str]) -> Self:
        pairs = [("side", PAY), *(("amount", text) for text in query.getlist(PAY))]
        names = ("from", "to", "currency", *cls.also)
        return cls(
            MultiDict(pairs + [(name, text) for name in names for text in query.getlist(name)])
        )


class YearForm(RepeatedForm):
    also = ("now",)
    now = StringField(default="")
    """Slug of the firm that the visitor uses."""


class TogetherForm(RepeatedForm):
    also = ("people",)
    people = StringField(default="")

    def validate_people(self, field: StringField) -> None:
        text = typed(field)
        if not PEOPLE.fullmatch(text) or not FEWEST <= int(text) <= MOST:
            raise ValidationError(
                gettext(
                    "Fill in how many people send, from %(fewest)s to %(most)s.",
                    fewest=FEWEST,
                    most=MOST,
                )
            )

    def validate_amount(self, field: StringField) -> None:
        super().validate_amount(field)
        text = typed(self.people)
        if PEOPLE.fullmatch(text) and FEWEST <= int(text) <= MOST:
            most = most_each(int(text), self.sender_currency)
            if self.money() > most:
                raise ValidationError(
                    gettext("Fill in an amount of at most %(highest)s.", highest=money(most))
                )

    @property
    def count(self) -> int:
        """Only on a validated form."""
        return int(typed(self.people))


def script_messages() -> dict[str, str]:
    """By name, what the script says beside a field: what the server would say there. Only a
    currency without decimals can be given too many."""
    faults = {fault.value: receipt_message(fault) for fault in ReceiptFault}
    return faults | {
        "missing": amount_message(AmountFault.MISSING, "EUR"),
        "unreadable": amount_message(AmountFault.UNREADABLE, "EUR"),
        "too_precise": amount_message(AmountFault.TOO_PRECISE, "JPY"),
        "unreadable_rate": rate_message(),
        "no_country": gettext("Choose a country."),
    }


def typed(field: StringField) -> str:
    """With figures of any of our languages as plain ones."""
    return western(field.data or "").strip()


def echo(field: StringField) -> str:
    """What was typed, to show back."""
    return (field.data or "")[:ECHOED]


def _amount(field: StringField, currency: str) -> None:
    """Raises ValidationError. Any amount above zero can stand on a receipt."""
    try:
        typed_amount(typed(field), currency)
    except BadAmount as error:
        fault = AmountFault.MISSING if error.fault is AmountFault.TOO_LOW else error.fault
        raise ValidationError(amount_message(fault, currency)) from error


def _known_country(field: SelectField) -> None:
    if not field.data:
        raise ValidationError(gettext("Choose a country."))
    if field.data not in PAYOUT_CURRENCY:
        raise ValidationError(gettext("We do not know this country. Choose one from the list."))
