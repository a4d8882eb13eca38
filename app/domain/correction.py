"""Corrections: what stood wrong on the site, and what was done, as people write it down."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class BrokenLog(ValueError):
    """The list of corrections cannot be read. `str()` says why."""


class NoticedBy(StrEnum):
    FIRM = "firm"
    READER = "reader"
    US = "us"


@dataclass(frozen=True, slots=True)
class Correction:
    """wrong: what was wrong; where: on which page or in which data; done: what was done about it.
    All three in plain English, for readers."""

    day: date
    wrong: str
    where: str
    done: str
    noticed_by: NoticedBy


@dataclass(frozen=True, slots=True)
class CorrectionsLog:
    """since: the day from which on every correction is written down; newest first."""

    since: date
    corrections: list[Correction]


def read_corrections(toml: str) -> CorrectionsLog:
    """Read strictly: a fact that is missing, misspelt or of another kind is refused, for a log
    that drops entries is worse than none. Raises BrokenLog."""
    try:
        listed = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise BrokenLog(str(error)) from error
    unknown = sorted(listed.keys() - {"since", "correction"})
    if unknown:
        raise BrokenLog(f"unknown: {', '.join(unknown)}; there is since, [[correction]]")
    entries = listed.get("correction", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise BrokenLog("each correction begins with [[correction]]")
    since = _day(listed, "since")
    found = [_correction(entry) for entry in entries]
    if any(one.day < since for one in found):
        raise BrokenLog(f"a correction is older than the log itself, which begins on {since}")
    return CorrectionsLog(since, sorted(found, key=lambda one: one.day, reverse=True))


FACTS = ("day", "wrong", "where", "done", "noticed_by")


def _correction(entry: dict[str, Any]) -> Correction:
    unknown = sorted(entry.keys() - set(FACTS))
    if unknown:
        raise BrokenLog(f"unknown: {', '.join(unknown)}; there is {', '.join(FACTS)}")
    noticed = _text(entry, "noticed_by")
    if noticed not in list(NoticedBy):
        raise BrokenLog(f"noticed_by should be one of {', '.join(NoticedBy)}, is {noticed!r}")
    return Correction(
        day=_day(entry, "day"),
        wrong=_text(entry, "wrong"),
        where=_text(entry, "where"),
        done=_text(entry, "done"),
        noticed_by=NoticedBy(noticed),
    )


def _day(entry: dict[str, Any], name: str) -> date:
    found = entry.get(name)
    if type(found) is not date:  # a time of day would be a date as well
        raise BrokenLog(f"{name} should be a day like 2026-11-20, is {found!r}")
    return found


def _text(entry: dict[str, Any], name: str) -> str:
    found = entry.get(name)
    if not isinstance(found, str) or not found.strip():
        raise BrokenLog(f"{name} should be a text, is {found!r}")
    return found.strip()
