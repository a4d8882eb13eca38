"""Reading JSON replies field by field: exact numbers, strict types, and errors that say where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from scrapers.contract import Reply, Trouble, Unreadable
from scrapers.strict import json_value

DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
LONGEST = 40
"""Signs of a wrong value that are shown."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value in a JSON reply, and the way to it. Every reader raises Unreadable."""

    value: object
    path: str

    def __getitem__(self, key: str) -> Field:
        """A field that must be there; it may be null."""
        found = self._object()
        if key not in found:
            raise Unreadable(f"{self.path}: no field {key!r}")
        return Field(found[key], f"{self.path}.{key}")

    def get(self, key: str) -> Field | None:
        """A field that may be missing or null."""
        value = self._object().get(key)
        return None if value is None else Field(value, f"{self.path}.{key}")

    def only(self, *known: str) -> Field:
        """Itself, if it has no field but these: where another could change what these mean."""
        if unknown := sorted(set(self._object()) - set(known)):
            raise Unreadable(f"{self.path}: a field that we do not know, {unknown[0]!r}")
        return self

    def each(self) -> Iterator[Field]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self._wrong("a list")
        for place, item in enumerate(self.value):
            yield Field(item, f"{self.path}[{place}]")

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self._wrong("a text")
        return self.value

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self._wrong("true or false")
        return self.value

    def number(self) -> Decimal:
        """A JSON number."""
        if not isinstance(self.value, Decimal):
            raise self._wrong("a number")
        return self.value

    def decimal(self) -> Decimal:
        """A number written as a text, like "10.54": ASCII digits and a point."""
        if not isinstance(self.value, str) or not DECIMAL.fullmatch(self.value):
            raise self._wrong("a number in quotes, like 10.54")
        return Decimal(self.value)

    def time(self) -> datetime:
        """A time in ISO 8601 with its zone, in UTC."""
        try:
            found = datetime.fromisoformat(self.text())
        except ValueError:
            raise self._wrong("a time like 2026-11-19T09:30:00Z") from None
        if found.tzinfo is None:
            raise self._wrong("a time with its zone")
        return found.astimezone(UTC)

    def echoes(self, asked: str | Decimal) -> None:
        """That the source answered what was asked. Numbers may be written in any way."""
        value = self.decimal() if isinstance(asked, Decimal) and self._is_text() else self.value
        if value != asked:
            raise Unreadable(
                f"{self.path}: asked for {asked}, answered for {str(self.value)[:LONGEST]}",
                Trouble.CONTRADICTION,
            )

    def _is_text(self) -> bool:
        return isinstance(self.value, str)

    def _object(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        return self.value

    def _wrong(self, expected: str) -> Unreadable:
        shown = type(self.value).__name__ if isinstance(self.value, dict | list) else self.value
        return Unreadable(f"{self.path}: should be {expected}, is {str(shown)[:LONGEST]!r}")


def fields(reply: Reply) -> Field:
    """The whole of a JSON reply. Raises Unreadable."""
    value = json_value(reply)
    if value in ({}, [], None):
        raise Unreadable(f"{reply.url}: an empty answer", Trouble.EMPTY)
    return Field(value, "reply")
