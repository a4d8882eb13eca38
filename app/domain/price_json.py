"""Prices as a provider's program sends them: JSON with the names of a file's columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.submitted import MOST_LINES, NAMES, REQUIRED, Fault, Line, Wrong, line_of, twice

KNOWN = ("lines", "stated_at", "words")
STATED_WITHIN = timedelta(days=31)
"""How long ago a price may have been stated: an older one is a memory."""

LONGEST_WORDS = 2000


class BadBody(ValueError):
    """The body as a whole cannot be read. `str()` says why, for a programmer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """lines: the good ones; faults: rows count from 1; stated_at: None if it was left out."""

    lines: list[Line]
    faults: list[Fault]
    stated_at: datetime | None
    words: str


def read(body: bytes, provider: str, now: datetime) -> Sent:
    """Raises BadBody. Every name must be known, every value a text: what is not read is refused
    and not ignored."""
    found = _object(body)
    rows = found.get("lines")
    if not isinstance(rows, list) or not rows:
        raise BadBody('"lines" must be a list of at least one price')
    if len(rows) > MOST_LINES:
        raise BadBody(f"more than {MOST_LINES} lines: send them in parts")
    lines: dict[int, Line] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows, 1):
        line = _line(number, row, provider)
        if isinstance(line, Line):
            lines[number] = line
        else:
            faults += line
    stated_at = _time(found.get("stated_at"), now)
    words = found.get("words", "")
    if not isinstance(words, str) or len(words) > LONGEST_WORDS:
        raise BadBody(f'"words" must be a text of at most {LONGEST_WORDS} signs')
    return Sent(list(lines.values()), faults + twice(lines), stated_at, words)


def _object(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_number,
        )
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadBody("the body is no JSON in UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadBody(f"the body is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadBody('the body must be an object with "lines"')
    unknown = sorted(set(found) - set(KNOWN))
    if unknown:
        raise BadBody(f"unknown: {', '.join(unknown)[:200]}; known are {', '.join(KNOWN)}")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadBody("a name stands twice in one object")
    return made


def _no_constant(text: str) -> object:
    raise BadBody(f"{text} is no JSON")


def _number(text: str) -> object:
    """No number is looked at, and one of thousands of digits must not be: values are texts."""
    return Decimal(text)


def _line(number: int, row: object, provider: str) -> Line | list[Fault]:
    if not isinstance(row, dict):
        return [Fault(number, "", Wrong.NOT_TEXT)]
    unknown = [Fault(number, name[:40], Wrong.NO_SUCH_NAME) for name in row if name not in NAMES]
    if unknown:
        return unknown
    wrong = [
        Fault(number, name, Wrong.NOT_TEXT)
        for name, value in row.items()
        if not isinstance(value, str) and (value is not None or name in REQUIRED)
    ]
    if wrong:
        return wrong
    return line_of(number, {name: value or "" for name, value in row.items()}, provider)


def _time(text: object, now: datetime) -> datetime | None:
    """ISO 8601 with its zone."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadBody('"stated_at" must be a time like 2026-11-20T12:00:00Z') from error
    if at.tzinfo is None:
        raise BadBody('"stated_at" needs its zone, like 2026-11-20T12:00:00Z')
    if at > now:
        raise BadBody('"stated_at" is in the future')
    if at < now - STATED_WITHIN:
        raise BadBody(f'"stated_at" is more than {STATED_WITHIN.days} days ago')
    return at
