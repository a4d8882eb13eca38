"""What a source is, how it reaches the outside, and how it fails.

A source is a module with a few facts and one function. No `try`, no clock, no logger and no
database in it: the caller stamps time and evidence, and knows what to do with each error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.domain.midrate import MidReading
from app.domain.quote import Origin
from app.domain.survey import SurveyRow


class SourceError(Exception):
    """A source could not be read. `str()` is shown to the operator as it is."""


class Unreachable(SourceError):
    """No answer. Nobody needs to act: it is tried again."""


class Refused(SourceError):
    """An answer, but not a success: blocked, limited or gone. An operator decides."""


class Unreadable(SourceError):
    """A success that does not say what it should. A developer acts, or whoever made the file."""


class NotOffered(SourceError):
    """The source does not serve this question. Normal; recorded, never alerted."""


class Stance(StrEnum):
    """Whether a source may be asked. Amber is off until an operator turns it on."""

    GREEN = "green"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Terms:
    stance: Stance
    checked_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for `url`, byte for byte."""

    url: str
    body: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Http(Protocol):
    """The only way out. Raises Unreachable, Refused or Unreadable."""

    def get(self, url: str) -> Reply: ...


class RateSource(Protocol):
    """One source of mid rates. `AUTHORITY` is who vouches for them: "ecb" outranks the rest."""

    SLUG: str
    SITE: str
    AUTHORITY: str
    TERMS: Terms
    URL: str

    def read(self, reply: Reply) -> list[MidReading]:
        """Every rate in the reply, one euro in each currency in use today. Raises Unreadable."""
        ...


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be used: where it stands (`row` counts from 1, as a spreadsheet
    shows it), which column is to blame, and why. `country` and `period` say of which round it
    was: ISO 3166-1 alpha-2 and like 2025_3Q, "" where even that cannot be read."""

    sheet: str
    row: int
    column: str
    reason: str
    country: str = field(default="", compare=False)
    period: str = field(default="", compare=False)


class SurveySource(Protocol):
    """A survey that is published as one file."""

    SLUG: str
    SITE: str
    ORIGIN: Origin
    TERMS: Terms

    def read(self, path: Path) -> Iterator[SurveyRow | RefusedRow]:
        """Each row of each data sheet, streamed, refused ones too.

        Raises Unreadable, naming file, sheet, row and column, if the file as a whole is no
        survey: missing, of another kind, cut short or without a needed column.
        """
        ...
