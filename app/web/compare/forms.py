"""The question, as a form and as an address: "I pay 200 euro from the Netherlands to Morocco"."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField, ValidationError

from app.domain.amount import HIGHEST, LOWEST, AmountFault, BadAmount, payable
from app.domain.choices import Choice, UnknownChoice
from app.domain.comparison import Question
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.money import Money
from app.domain.ranking import Priority
from app.web.amounts import example_amount, typed_amount
from app.web.locale import money

PAY, RECEIVE = "pay", "receive"
SIDES = (PAY, RECEIVE)
ECHOED = 40
"""How much of what was typed is shown back."""

ONCE = lazy_gettext("This was asked twice in one address. Ask it once.")


class QuestionForm(Form):  # type: ignore[misc]
    """A GET form: its answer has an address that can be kept and shared."""

    side = SelectField(choices=SIDES, default=PAY, validate_choice=False)
    amount = StringField()
    from_country = SelectField(name="from", default="NL", validate_choice=False)
    to_country = SelectField(name="to", default="", validate_choice=False)
    receive_in = StringField(name="currency", default="")

    payouts: tuple[str, ...] = ()
    """Currencies that are paid out in the receiver's country, the main one first, where we know."""

    @classmethod
    def asked_at(cls, send: str, receive: str, query: MultiDict[str, str]) -> QuestionForm:
        """The form as the address of a result page says it: /send/nl/ma?pay=200."""
        side = RECEIVE if RECEIVE in query and PAY not in query else PAY
        pairs = [("side", side), ("from", send), ("to", receive)]
        pairs += [("amount", text) for text in query.getlist(side)]
        pairs += [("currency", text) for text in query.getlist("currency")]
        if PAY in query and RECEIVE in query:
            pairs.append(("side", RECEIVE))
        return cls(MultiDict(pairs))

    def validate_side(self, field: SelectField) -> None:
        _once(field)
        if field.data not in SIDES:
            raise ValidationError(gettext("Choose whether you pay or they receive this amount."))

    def validate_from_country(self, field: SelectField) -> None:
        _known_country(field)

    def validate_to_country(self, field: SelectField) -> None:
        _known_country(field)
        if field.data.upper() == self.from_country.data.upper():
            raise ValidationError(gettext("Choose two different countries."))

    def validate_amount(self, field: StringField) -> None:
        _once(field)
        try:
            self.money()
        except BadAmount as error:
            raise ValidationError(amount_message(error.fault, self.currency())) from error

    @property
    def other_currency(self) -> str | None:
        """The currency that was chosen, if it is paid out there and not the main one."""
        chosen = str(self.receive_in.data or "").upper()
        return chosen if chosen in self.payouts[1:] else None

    def currency(self) -> str:
        """That the amount is in: the sender's or the receiver's."""
        if self.side.data == RECEIVE:
            return self.receiver_currency or self.sender_currency
        return self.sender_currency

    def money(self) -> Money:
        """Raises BadAmount."""
        found = typed_amount(self.amount.data or "", self.currency())
        return payable(found) if self.side.data == PAY else found

    def question(self, corridor: Corridor) -> Question:
        """Only on a validated form."""
        return Question(corridor, self.money(), pays=self.side.data == PAY)

    @property
    def sender_currency(self) -> str:
        return PAYOUT_CURRENCY.get(str(self.from_country.data).upper(), "EUR")

    @property
    def receiver_currency(self) -> str | None:
        """The one chosen, else the main one; a choice that is not paid out there is no choice."""
        if self.payouts:
            return self.other_currency or self.payouts[0]
        return PAYOUT_CURRENCY.get(str(self.to_country.data).upper())

    @property
    def typed(self) -> str:
        """What was typed, to show back."""
        return (self.amount.data or "")[:ECHOED]


def priority_of(query: MultiDict[str, str]) -> Priority | None:
    """What the visitor chose; None if nothing yet. Raises ValidationError."""
    chosen = query.getlist("first")
    if not chosen:
        return None
    if len(chosen) > 1 or chosen[0] not in list(Priority):
        raise ValidationError(gettext("Choose what counts first: safe, fast or cheap."))
    return Priority(chosen[0])


def choices_of(query: MultiDict[str, str]) -> tuple[Choice, ...]:
    """Which ways the visitor wants to see, each once. Raises ValidationError."""
    chosen = dict.fromkeys(text for text in query.getlist("by") if text)
    try:
        return tuple(Choice.read(text) for text in chosen)
    except UnknownChoice as error:
        raise ValidationError(
            gettext("We do not know one of the choices in this address. Choose again.")
        ) from error


def known_currency(query: MultiDict[str, str], payouts: tuple[str, ...]) -> None:
    """Raises ValidationError if an address names a currency that is not paid out there."""
    chosen = query.getlist("currency")
    if chosen and (len(chosen) > 1 or chosen[0].upper() not in payouts):
        raise ValidationError(gettext("We know of no payout in this currency there."))


def amount_message(fault: AmountFault, currency: str, *, plain: bool = False) -> str:
    """What to do about an amount that cannot be used. `plain` is how programs write it."""
    example = "200.50" if plain else example_amount()
    if MINOR_DIGITS[currency] == 0:
        example = "200"
    if fault is AmountFault.MISSING:
        return gettext("Fill in an amount.")
    if fault is AmountFault.UNREADABLE:
        return gettext("Write the amount in figures, like %(example)s.", example=example)
    if fault is AmountFault.TOO_PRECISE:
        return gettext(
            "This amount has too many decimals for its currency. Write it like %(example)s.",
            example=example,
        )
    if fault is AmountFault.TOO_LOW:
        lowest = money(Money(LOWEST, currency))
        return gettext("Fill in an amount of at least %(lowest)s.", lowest=lowest)
    highest = money(Money(HIGHEST, currency))
    return gettext("Fill in an amount of at most %(highest)s.", highest=highest)


def _once(field: StringField | SelectField) -> None:
    if len(field.raw_data or ()) > 1:
        raise ValidationError(str(ONCE))


def _known_country(field: SelectField) -> None:
    _once(field)
    if not field.data:
        raise ValidationError(gettext("Choose a country."))
    if not field.data.isascii() or field.data.upper() not in PAYOUT_CURRENCY:
        raise ValidationError(gettext("We do not know this country. Choose one from the list."))
