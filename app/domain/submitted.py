"""Prices that a provider states itself: one line for each service and amount, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.domain.amount import HIGHEST, LOWEST
from app.domain.corridor import Corridor
from app.domain.countries import PAYOUT_CURRENCY
from app.domain.currencies import MINOR_DIGITS
from app.domain.foreign import is_tidy
from app.domain.money import Money
from app.domain.published import number
from app.domain.quote import IncoherentQuote, Quote
from app.domain.service import (
    AccessPoint,
    Coverage,
    PaymentInstrument,
    PickupMethod,
    Service,
    Speed,
)

MOST_LINES = 5000
"""Of one proposal: more than any firm has services and amounts."""

LONGEST_PAY_IN = 40
LONGEST_CELL = 200
"""Signs of what a line says of one thing."""

PLACES = ("from", "send_currency", "to", "receive_currency")
METHODS = ("payment_instrument", "access_point", "pickup_method")
NUMBERS = ("paid", "fee", "rate", "received")
OPTIONAL = ("pay_in", "speed", "coverage", "variant")
REQUIRED = (*PLACES, *METHODS, *NUMBERS)
NAMES = (*PLACES, *METHODS, "pay_in", *NUMBERS, "speed", "coverage", "variant")
"""What a line says, in the order of a file's columns. The API's answers have the same names."""

VARIANT = re.compile(r"[1-9][0-9]?", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


class Wrong(StrEnum):
    """What is wrong with one thing that a line says."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_A_NUMBER = "not_a_number"
    TOO_PRECISE = "too_precise"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    INCOHERENT = "incoherent"
    TWICE = "twice"
    NAMED_TWICE = "named_twice"
    NO_SUCH_NAME = "no_such_name"
    NOT_TEXT = "not_text"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class Fault:
    """row counts as a spreadsheet does: the names of the columns are row 1; 0 for none. `column`
    is one of NAMES, or what stands in its place; `seen` is what was given, or says more."""

    row: int
    column: str
    wrong: Wrong
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What a provider states of one service and one amount. Its quote is coherent.

    service  with its speed and reach
    paid     all that leaves the sender, fee included
    """

    service: Service
    paid: Decimal
    fee: Decimal
    rate: Decimal
    received: Decimal

    def __post_init__(self) -> None:
        """Raises IncoherentQuote."""
        self.quote()

    @property
    def rung(self) -> Decimal:
        """The amount that it stands on the board at: what is sent, where the fee comes on top of a
        whole amount, as "200 and a fee of 2.99"; else what is paid."""
        sent = self.paid - self.fee
        on_top = self.paid != self.paid.to_integral_value() and sent == sent.to_integral_value()
        return sent.quantize(Decimal(1)) if on_top else self.paid

    def quote(self) -> Quote:
        corridor = self.service.corridor
        return Quote(
            service=self.service,
            paid=Money(self.paid, corridor.send_currency),
            fee=Money(self.fee, corridor.send_currency),
            received=Money(self.received, corridor.receive_currency),
            rate=self.rate,
        )

    def named(self) -> dict[str, str]:
        """By NAMES, as texts: what is read back as the same line."""
        return identity_of(self.service) | {
            "paid": number(self.paid),
            "fee": number(self.fee),
            "rate": number(self.rate),
            "received": number(self.received),
            "speed": self.service.speed or "",
            "coverage": self.service.coverage or "",
        }


def identity_of(service: Service) -> dict[str, str]:
    """By NAMES, what tells a service apart from every other."""
    corridor = service.corridor
    return {
        "from": corridor.send_country,
        "send_currency": corridor.send_currency,
        "to": corridor.receive_country,
        "receive_currency": corridor.receive_currency,
        "payment_instrument": "+".join(service.payment_instruments),
        "access_point": "+".join(service.access_points),
        "pickup_method": "+".join(service.pickup_methods),
        "pay_in": service.pay_in,
        "variant": variant_text(service),
    }


def variant_text(service: Service) -> str:
    """Nothing for nearly all: it only tells apart services that are alike in all else."""
    return "" if service.variant == 1 else str(service.variant)


def line_of(row: int, given: Mapping[str, str], provider: str) -> Line | list[Fault]:
    """The line that these texts say, or all that is wrong with them. `given` is by NAMES; numbers
    have a decimal point, and nothing between thousands."""
    reading = _Reading(row, {name: given.get(name, "").strip() for name in NAMES})
    corridor = reading.corridor()
    numbers = {name: reading.number(name) for name in NUMBERS}
    instruments = reading.words("payment_instrument", PaymentInstrument)
    access = reading.words("access_point", AccessPoint)
    pickup = reading.words("pickup_method", PickupMethod)
    pay_in = reading.pay_in()
    speed = reading.word("speed", Speed)
    coverage = reading.word("coverage", Coverage)
    variant = reading.variant()
    if corridor is not None and not reading.faults:
        reading.amounts(corridor, numbers)
    if reading.faults or corridor is None:
        return sorted(reading.faults, key=lambda one: NAMES.index(one.column))
    service = Service(
        provider,
        corridor,
        instruments,
        access,
        pickup,
        variant=variant,
        pay_in=pay_in,
        speed=speed,
        coverage=coverage,
    )
    try:
        return Line(service, **numbers)
    except IncoherentQuote as error:
        return [Fault(row, "received", Wrong.INCOHERENT, str(error))]


def twice(lines: Mapping[int, Line]) -> list[Fault]:
    """By row: lines that say the price of one service and amount again."""
    seen: dict[object, int] = {}
    faults = []
    for row, line in lines.items():
        first = seen.setdefault((line.service.identity, line.rung), row)
        if first != row:
            faults.append(Fault(row, "paid", Wrong.TWICE, str(first)))
    return faults


Word = TypeVar("Word", bound=StrEnum)


class _Reading:
    """Reads one line, and keeps what is wrong with it."""

    def __init__(self, row: int, given: dict[str, str]) -> None:
        self._row, self._given = row, given
        self.faults: list[Fault] = []
        for name, text in given.items():
            self._look_at(name, text)

    def _look_at(self, name: str, text: str) -> None:
        if len(text) > LONGEST_CELL:
            self._fault(name, Wrong.TOO_LONG)
        elif text[:1] in ("=", "+", "-", "@", "\t", "\r"):
            self._fault(name, Wrong.FORMULA, text)
        elif name in REQUIRED and not text:
            self._fault(name, Wrong.MISSING)

    def _fault(self, name: str, wrong: Wrong, seen: str = "") -> None:
        if not any(fault.column == name for fault in self.faults):
            self.faults.append(Fault(self._row, name, wrong, seen[:LONGEST_PAY_IN]))

    def corridor(self) -> Corridor | None:
        codes = {name: self._given[name].upper() for name in PLACES}
        for name, code in codes.items():
            known = PAYOUT_CURRENCY if name in ("from", "to") else MINOR_DIGITS
            if code and code not in known:
                self._fault(name, Wrong.UNKNOWN, self._given[name])
        wrong = {fault.column for fault in self.faults}
        return None if wrong & set(PLACES) else Corridor(*codes.values())

    def number(self, name: str) -> Decimal:
        text = self._given[name]
        if NUMBER.fullmatch(text) is None:
            self._fault(name, Wrong.NOT_A_NUMBER, text)
            return Decimal(0)
        return Decimal(text)

    def words(self, name: str, kind: Callable[[str], Word]) -> tuple[Word, ...]:
        """One or several with a plus between them, in any order."""
        found: set[Word] = set()
        for text in self._given[name].lower().split("+"):
            try:
                found.add(kind(text.strip()))
            except ValueError:
                self._fault(name, Wrong.UNKNOWN, text.strip())
        order = list(kind)  # type: ignore[call-overload]
        return tuple(sorted(found, key=order.index))

    def word(self, name: str, kind: Callable[[str], Word]) -> Word | None:
        text = self._given[name].lower()
        if text in ("", "unknown"):
            return None
        try:
            return kind(text)
        except ValueError:
            self._fault(name, Wrong.UNKNOWN, text)
            return None

    def pay_in(self) -> str:
        text = self._given["pay_in"]
        if not is_tidy(text, LONGEST_PAY_IN):
            self._fault("pay_in", Wrong.TOO_LONG)
        return text

    def variant(self) -> int:
        text = self._given["variant"] or "1"
        if VARIANT.fullmatch(text) is None:
            self._fault("variant", Wrong.UNKNOWN, text)
            return 1
        return int(text)

    def amounts(self, corridor: Corridor, numbers: Mapping[str, Decimal]) -> None:
        """No finer than the currency's smallest unit, and in the range that can be asked."""
        for name in ("paid", "fee", "received"):
            currency = corridor.receive_currency if name == "received" else corridor.send_currency
            exponent = int(numbers[name].normalize().as_tuple().exponent)
            if -exponent > MINOR_DIGITS[currency]:
                self._fault(name, Wrong.TOO_PRECISE, self._given[name])
        if not LOWEST <= numbers["paid"] <= HIGHEST:
            self._fault("paid", Wrong.OUT_OF_RANGE, self._given["paid"])
        if numbers["fee"] >= numbers["paid"]:
            self._fault("fee", Wrong.OUT_OF_RANGE, self._given["fee"])
        for name in ("rate", "received"):
            if numbers[name] == 0:
                self._fault(name, Wrong.OUT_OF_RANGE, self._given[name])
