"""What an editor says of a campaign. Where it leads is chosen from fields: there is no field for an
address, so none can lead away from this site."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from flask_babel import gettext, lazy_gettext
from wtforms import Field, Form, StringField, ValidationError

from app.domain.amount import AmountFault, BadAmount, payable
from app.domain.campaign import (
    CURRENCY,
    HIGHEST_COST,
    LONGEST_NAME,
    LONGEST_NOTES,
    Campaign,
    CampaignKind,
    is_code,
)
from app.domain.money import Money
from app.web.amounts import typed_amount
from app.web.compare.addresses import plainly
from app.web.compare.forms import amount_message
from app.web.learn.forms import plain
from app.web.locale import LANGUAGES
from app.web.work.versions import version_in

KINDS = {
    CampaignKind.FLYER: lazy_gettext("Flyer"),
    CampaignKind.RADIO: lazy_gettext("Radio"),
    CampaignKind.BANNER: lazy_gettext("Banner"),
    CampaignKind.EVENT: lazy_gettext("Event"),
    CampaignKind.NEWSLETTER: lazy_gettext("Newsletter"),
    CampaignKind.OTHER: lazy_gettext("Something else"),
}


class CampaignForm(Form):  # type: ignore[misc]
    """target is "" for the home page, or a country and a currency, like "SR-USD"."""

    name = StringField(filters=[plain])
    code = StringField(filters=[plain])
    kind = StringField(default=CampaignKind.FLYER.value)
    language = StringField(default="nl")
    target = StringField(default="")
    amount = StringField(filters=[plain])
    starts = StringField(filters=[plain])
    ends = StringField(filters=[plain])
    cost = StringField(filters=[plain])
    notes = StringField(filters=[plain])
    version = StringField()

    targets: tuple[str, ...] = ()
    """Those that there are, the main currency of a country before its others."""

    @classmethod
    def of(cls, one: Campaign) -> CampaignForm:
        """Filled in with what is kept."""
        target = f"{one.country}-{one.currency}" if one.country else ""
        return cls(
            name=one.name,
            code=one.code,
            kind=one.kind.value,
            language=one.language,
            target=target,
            amount=plainly(Money(one.amount, CURRENCY)) if one.amount is not None else "",
            starts=one.starts.isoformat(),
            ends=one.ends.isoformat() if one.ends else "",
            cost=plainly(Money(one.cost, CURRENCY)),
            notes=one.notes,
            version=str(one.version),
        )

    def validate_name(self, field: Field) -> None:
        _line(field, LONGEST_NAME)
        if not field.data:
            raise ValidationError(gettext("Give it a name, so that others know which one it is."))

    def validate_code(self, field: Field) -> None:
        if field.data and not is_code(field.data):
            raise ValidationError(
                gettext("A code has 2 to 30 signs: small letters a to z, figures and hyphens.")
            )

    def validate_kind(self, field: Field) -> None:
        _one_of(field, [kind.value for kind in CampaignKind])

    def validate_language(self, field: Field) -> None:
        _one_of(field, list(LANGUAGES))

    def validate_target(self, field: Field) -> None:
        _one_of(field, ["", *self.targets])

    def validate_amount(self, field: Field) -> None:
        if not self.target.data:
            return
        try:
            payable(typed_amount(field.data, CURRENCY))
        except BadAmount as error:
            raise ValidationError(amount_message(error.fault, CURRENCY)) from error

    def validate_starts(self, field: Field) -> None:
        if _day(field) is None:
            raise ValidationError(gettext("Fill in the first day."))

    def validate_ends(self, field: Field) -> None:
        last, first = _day(field), _day_or_none(self.starts.data)
        if last and first and last < first:
            raise ValidationError(gettext("The last day comes before the first one."))

    def validate_cost(self, field: Field) -> None:
        field.data = (field.data or "").strip()
        self._cost()

    def validate_notes(self, field: Field) -> None:
        if len(field.data) > LONGEST_NOTES:
            raise ValidationError(gettext("Write at most %(most)s signs.", most=LONGEST_NOTES))

    def _cost(self) -> Decimal:
        """Nothing filled in is nothing paid."""
        if not self.cost.data:
            return Decimal(0)
        try:
            cost = typed_amount(self.cost.data, CURRENCY).amount
        except BadAmount as error:
            fault = AmountFault.UNREADABLE if error.fault is AmountFault.TOO_LOW else error.fault
            raise ValidationError(amount_message(fault, CURRENCY)) from error
        if cost > HIGHEST_COST:
            raise ValidationError(gettext("This is too much to be true."))
        return cost

    def campaign(self, was: Campaign | None, code: str) -> Campaign:
        """As it was filled in, on a validated form; `was` is what it changes."""
        country, _mark, currency = str(self.target.data).partition("-")
        starts = date.fromisoformat(self.starts.data)
        made = Campaign(
            code=code,
            name=self.name.data,
            kind=CampaignKind(self.kind.data),
            language=self.language.data,
            starts=starts,
            ends=_day_or_none(self.ends.data),
            country=country,
            currency=currency,
            amount=payable(typed_amount(self.amount.data, CURRENCY)).amount if country else None,
            cost=self._cost(),
            notes=self.notes.data,
        )
        if was is None:
            return made
        return replace(
            made, id=was.id, ended_at=was.ended_at, version=version_in(self.version.data)
        )


def _one_of(field: Field, known: list[str]) -> None:
    if field.data not in known or len(field.raw_data or ()) > 1:
        raise ValidationError(gettext("Choose one from the list."))


def _line(field: Field, longest: int) -> None:
    if len(field.data) > longest or "\n" in field.data:
        raise ValidationError(gettext("Write one line of at most %(most)s signs.", most=longest))


def _day_or_none(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _day(field: Field) -> date | None:
    found = _day_or_none(field.data)
    if field.data and (found is None or not 2000 <= found.year < 2200):  # noqa: PLR2004
        raise ValidationError(gettext("Write a day like 2026-11-20."))
    return found
