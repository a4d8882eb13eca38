"""What a new service can be: the words of a line, with what each is called."""

from __future__ import annotations

from app.domain.currencies import MINOR_DIGITS
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed
from app.web.labels import label
from app.web.locale import countries

Options = list[tuple[str, str]]


def choices() -> dict[str, Options]:
    """By the names of app.domain.submitted: what may stand there, and its words."""
    places = [(code, f"{name} ({code})") for code, name in countries()]
    currencies = [(code, code) for code in sorted(MINOR_DIGITS)]
    unknown = [("", label(None))]
    return {
        "from": places,
        "send_currency": currencies,
        "to": places,
        "receive_currency": currencies,
        "payment_instrument": [(one, label(one)) for one in PaymentInstrument],
        "access_point": [(one, label(one)) for one in AccessPoint],
        "pickup_method": [(one, label(one)) for one in PickupMethod],
        "speed": unknown + [(one, label(one)) for one in Speed],
        "coverage": unknown + [(one, label(one)) for one in Coverage],
    }
