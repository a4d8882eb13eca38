"""Reading the lists in data/ that people write: typed, entry by entry, errors that say where."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from scrapers.contract import Unreadable

ADDRESS = re.compile(r"https://[^\s/]+\.[^\s/]+/\S*", re.ASCII)
LONGEST_ADDRESS = 200
"""Signs, as for the addresses that are stored."""

Words = TypeVar("Words", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file. Every reader raises Unreadable."""

    file: str
    key: str
    facts: dict[str, object]

    def only(self, *names: str) -> None:
        """That it says nothing else: a fact with a misspelt name would be lost."""
        unknown = sorted(set(self.facts) - set(names))
        if unknown:
            raise self.wrong(f"unknown: {', '.join(unknown)}; there is {', '.join(names)}")

    def text(self, name: str) -> str:
        found = self.facts.get(name)
        if not isinstance(found, str) or not found.strip():
            raise self.wrong(f"{name} should be a text, is {found!r}")
        return found

    def texts(self, name: str) -> list[str]:
        """Empty if it is not there."""
        found = self.facts.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.wrong(f"{name} should be a list of texts, is {found!r}")
        return found

    def word(self, name: str, words: type[Words]) -> Words:
        found = self.text(name)
        if found not in list(words):
            raise self.wrong(f"{name} should be one of {', '.join(words)}, is {found!r}")
        return words(found)

    def address(self, name: str) -> str:
        found = self.text(name)
        if not ADDRESS.fullmatch(found) or len(found) > LONGEST_ADDRESS:
            raise self.wrong(f"{name} should be an address like https://wise.com/, is {found!r}")
        return found

    def day(self, name: str) -> date:
        found = self.facts.get(name)
        if type(found) is not date:  # a time of day would be a date as well
            raise self.wrong(f"{name} should be a day like 2026-11-20, is {found!r}")
        return found

    def wrong(self, why: object) -> Unreadable:
        return Unreadable(f"{self.file}: [{self.key}] {why}")


def entries(path: Path) -> list[Entry]:
    """Each table of a TOML file, in the file's order. Raises Unreadable."""
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path.name} cannot be read: {error}") from error
    found = [
        Entry(path.name, key, facts) for key, facts in listed.items() if isinstance(facts, dict)
    ]
    if len(found) != len(listed):
        stray = sorted(listed.keys() - {entry.key for entry in found})
        raise Unreadable(
            f"{path.name}: {', '.join(stray)} should be an entry with facts of its own"
        )
    return found
