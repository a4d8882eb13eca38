"""Lists that people keep: where money can be sent to (data/corridors.toml), which firms are not
asked (data/not_asked.toml), and where licences are to be found (data/licences.toml)."""

from __future__ import annotations

from pathlib import Path

from app.collect.toml_file import Entry, entries
from app.domain.licence import ListedLicence
from app.domain.reach import NotAsked, Reach, ReachState, Why, WhyNotAsked


def listed_corridors(path: Path) -> list[Reach]:
    """Every country in the file, in its order. Raises Unreadable, which names file and entry."""
    return [_reach(entry) for entry in entries(path)]


def not_asked(path: Path) -> list[NotAsked]:
    """Every firm in the file, in its order. Raises Unreadable, which names file and entry."""
    return [_not_asked(entry) for entry in entries(path)]


def listed_licences(path: Path) -> list[ListedLicence]:
    """One for each code in data/licences.toml, and one without a code for each provider that
    nobody has looked up. Raises Unreadable, which names file and entry."""
    return [licence for entry in entries(path) for licence in _licences(entry)]


def _licences(entry: Entry) -> list[ListedLicence]:
    entry.only("codes", "name", "source", "checked", "note")
    codes = entry.texts("codes") or [""]
    return [ListedLicence(entry.key, code, entry.text("name")) for code in codes]


def _reach(entry: Entry) -> Reach:
    entry.only("currencies", "state", "reason", "source", "checked_on")
    said = entry.facts.keys()
    try:
        return Reach(
            country=entry.key,
            currencies=tuple(entry.texts("currencies")),
            state=entry.word("state", ReachState) if "state" in said else ReachState.OPEN,
            reason=entry.word("reason", Why) if "reason" in said else None,
            source=entry.address("source") if "source" in said else "",
            checked_on=entry.day("checked_on") if "checked_on" in said else None,
        )
    except ValueError as error:
        raise entry.wrong(error) from error


def _not_asked(entry: Entry) -> NotAsked:
    entry.only("name", "reason", "source", "checked_on")
    return NotAsked(
        provider=entry.key,
        name=entry.text("name"),
        reason=entry.word("reason", WhyNotAsked),
        source=entry.address("source"),
        checked_on=entry.day("checked_on"),
    )
