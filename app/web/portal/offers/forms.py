"""The form of an offer: its days, for where it holds, and its words in each language."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from wtforms import Form, SelectMultipleField, StringField, TextAreaField

from app.domain.offer import OfferWords, Terms, terms_faults
from app.web.locale import LANGUAGES
from app.web.work.faults import tell, typed

PARTS = ("title", "words", "terms")


class OfferForm(Form):  # type: ignore[misc]
    """With title_nl, words_nl and terms_nl, and the same of every other language: see below."""

    starts = StringField(filters=[typed])
    ends = StringField(filters=[typed])
    to = SelectMultipleField(validate_choice=False, choices=[])
    fee = StringField(filters=[typed])
    rate = StringField(filters=[typed])
    version = StringField()

    @classmethod
    def of(cls, terms: Terms, version: int) -> OfferForm:
        words = {
            f"{part}_{code}": getattr(text, part)
            for code, text in terms.texts.items()
            for part in PARTS
        }
        return cls(
            starts=terms.starts.isoformat(),
            ends=terms.ends.isoformat(),
            to=list(terms.to),
            fee=terms.fee,
            rate=terms.rate,
            version=str(version),
            **words,
        )

    def read(self, today: date) -> Terms | None:
        """What was filled in; None if something is wrong with it, which is then said."""
        starts, ends = _day(self.starts.data), _day(self.ends.data)
        for field, found in ((self.starts, starts), (self.ends, ends)):
            if found is None:
                field.errors = [gettext("Write a day, like 2026-11-20.")]
        if starts is None or ends is None:
            return None
        made = Terms(
            starts,
            ends,
            dict(self._texts()),
            tuple(sorted(set(self.to.data or ()))),
            _figure(self.fee.data),
            _figure(self.rate.data),
        )
        faults = terms_faults(made, today)
        if "texts" in faults:  # it has no field of its own: said at the first that there is
            faults["title_nl"] = faults.pop("texts")
        return None if tell(self, faults) else made

    def _texts(self) -> list[tuple[str, OfferWords]]:
        """Of the languages in which anything was filled in."""
        found = []
        for code in LANGUAGES:
            parts = [self[f"{part}_{code}"].data for part in PARTS]
            if any(parts):
                found.append((code, OfferWords(*parts)))
        return found


for _code in LANGUAGES:
    setattr(OfferForm, f"title_{_code}", StringField(filters=[typed]))
    setattr(OfferForm, f"words_{_code}", TextAreaField(filters=[typed]))
    setattr(OfferForm, f"terms_{_code}", TextAreaField(filters=[typed]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-20") else None
    except ValueError:
        return None


def _figure(text: str) -> str:
    """With a point, where a comma was typed as Dutch does."""
    return text.replace(",", ".") if "." not in text else text
