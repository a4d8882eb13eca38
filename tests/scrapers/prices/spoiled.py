"""Replies of the lab with something wrong in them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from app.domain.quote import Quote
from app.domain.service import Service
from scrapers.contract import Http, Reply, Trouble

MIDS = {
    "BHD": Decimal("0.4361"),
    "BRL": Decimal("5.8721"),
    "GBP": Decimal("0.8714"),
    "INR": Decimal("110.212"),
    "JOD": Decimal("0.8214"),
    "MAD": Decimal("10.7516"),
    "NGN": Decimal("1597.09"),
    "PHP": Decimal("70.2977"),
    "PKR": Decimal("323.01"),
    "SRD": Decimal("44.7"),
    "TND": Decimal("3.38"),
    "TRY": Decimal("56.3021"),
    "VND": Decimal("30105.5"),
    "XOF": Decimal("655.957"),
}

PLACES = [
    ("BH", "BHD"),
    ("IN", "INR"),
    ("JO", "JOD"),
    ("MA", "MAD"),
    ("NG", "NGN"),
    ("SN", "XOF"),
    ("TN", "TND"),
    ("VN", "VND"),
]

BODIES = pytest.mark.parametrize(
    ("body", "trouble", "says"),
    [
        ("{}", Trouble.EMPTY, "an empty answer"),
        ("[]", Trouble.EMPTY, "an empty answer"),
        ("null", Trouble.EMPTY, "an empty answer"),
        ("", Trouble.NOT_JSON, "not the JSON it should be"),
        ("<html>Just a moment</html>", Trouble.NOT_JSON, "not the JSON it should be"),
        ('{"a": 1', Trouble.NOT_JSON, "not the JSON it should be"),
        ('{"a": NaN}', Trouble.NOT_JSON, "NaN is no number"),
        ('{"a": 1e3}', Trouble.NOT_JSON, "1e3 has an exponent"),
        ('{"a": 1, "a": 2}', Trouble.NOT_JSON, "'a' is there twice"),
        ('{"message": "down for repairs"}', Trouble.SCHEMA, "no field"),
        ('["down for repairs"]', Trouble.SCHEMA, "should be an object"),
    ],
)
"""Bodies that no source can make sense of."""


@dataclass(slots=True)
class Spoiled:
    """An Http that exchanges `old` for `new` wherever a reply of `where` has it, which it must;
    the whole body if `old` is "". `where` is a part of the address."""

    http: Http
    old: str
    new: str
    where: str = ""
    status: int = 0

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        return self._spoil(self.http.get(url, params=params, headers=headers, also=also))

    def post(
        self,
        url: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> Reply:
        return self._spoil(self.http.post(url, json=json, headers=headers, also=also))

    def _spoil(self, reply: Reply) -> Reply:
        if self.where not in reply.url:
            return reply
        body = reply.body.decode()
        assert self.old in body, f"{self.old!r} is not in the reply"
        changed = body.replace(self.old, self.new) if self.old else self.new
        return replace(reply, body=changed.encode(), status=self.status or reply.status)


def adds_up(quote: Quote) -> bool:
    """The identity again, by hand: within a minor unit of either currency."""
    exact = (quote.paid.amount - quote.fee.amount) * quote.rate
    unit = max(quote.received.minor_unit, Decimal("0.01") * quote.rate)
    return abs(exact - quote.received.amount) <= unit


def ways(service: Service) -> tuple[str, str, str]:
    """To pay, to buy and to be paid, as words."""
    parts = (service.payment_instruments, service.access_points, service.pickup_methods)
    return ("+".join(parts[0]), "+".join(parts[1]), "+".join(parts[2]))
