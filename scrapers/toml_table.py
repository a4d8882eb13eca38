"""Reading a hand-written TOML table strictly: each error names file, place and field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from scrapers.contract import Unreadable

Member = TypeVar("Member", bound=StrEnum)
LONGEST = 40
"""Signs of a wrong value that are shown."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and where it stands. Every reader raises Unreadable, which says what to do."""

    found: Mapping[str, object]
    where: str

    def called(self, name: str) -> Table:
        """The same table, known by its name instead of by its number."""
        return Table(self.found, f"{self.where.partition(':')[0]}: service {name!r}")

    def wrong(self, field: str, what: str) -> Unreadable:
        return Unreadable(f"{self.where}: {field}: {what}")

    def only(self, names: Collection[str]) -> None:
        """That no field has a name that nobody reads, for a typing error would hide a figure."""
        for name in self.found:
            if name not in names:
                raise self.wrong(name, f"no such field; they are {', '.join(names)}")

    def has(self, field: str) -> bool:
        return field in self.found

    def value(self, field: str) -> object:
        if field not in self.found:
            raise self.wrong(field, "is missing; add it")
        return self.found[field]

    def text(self, field: str) -> str:
        value = self.value(field)
        if not isinstance(value, str) or not value.strip():
            raise self._not(field, "a text in quotes")
        return value

    def texts(self, field: str) -> list[str]:
        value = self.value(field)
        texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        if not isinstance(value, list) or not texts or len(texts) < len(value):
            raise self._not(field, 'a list of texts, like ["MA"]')
        if len(set(texts)) < len(texts):
            raise self.wrong(field, "names one twice; take one out")
        return texts

    def number(self, field: str) -> Decimal:
        """Zero or more, exactly as written."""
        value = self.value(field)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self._not(field, "a number without quotes, like 1000 or 0.5")
        if value < 0:
            raise self.wrong(field, f"is {value}, below zero; check the sign")
        return Decimal(value)

    def day(self, field: str) -> date:
        value = self.value(field)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._not(field, "a day without quotes, like 2026-11-20")
        return value

    def code(self, field: str, known: Collection[str]) -> str:
        """Of a country or a currency."""
        text = self.text(field)
        if text not in known:
            raise self.wrong(field, f"{text[:LONGEST]!r} is not known; a code like MA or MAD")
        return text

    def member(self, field: str, kind: type[Member]) -> Member:
        return self._member(field, self.text(field), kind)

    def members(self, field: str, kind: type[Member]) -> tuple[Member, ...]:
        """In the order of the enumeration, so that two writers make the same service."""
        found = {self._member(field, text, kind) for text in self.texts(field)}
        return tuple(member for member in kind if member in found)

    def _member(self, field: str, text: str, kind: type[Member]) -> Member:
        if text not in list(kind):
            known = ", ".join(kind)
            raise self.wrong(field, f"{text[:LONGEST]!r} is not known; one of {known}")
        return kind(text)

    def tables(self, field: str) -> list[Table]:
        """Each [[field]] of the file, at least one."""
        value = self.value(field)
        tables = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if not isinstance(value, list) or not tables or len(tables) < len(value):
            raise self._not(field, f"one or more tables, each under [[{field}]]")
        return [
            Table(one, f"{self.where}: {field} {number}") for number, one in enumerate(tables, 1)
        ]

    def _not(self, field: str, expected: str) -> Unreadable:
        return self.wrong(field, f"should be {expected}, is {str(self.value(field))[:LONGEST]!r}")
