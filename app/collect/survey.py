"""Loading a survey file: every row kept or refused with its reason, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy.orm import Session

from app.db import evidence, surveys
from app.db.base import batched
from app.db.engine import Database, take_turn
from app.db.evidence import Evidence
from app.db.providers import ProviderNames
from app.domain.survey import SurveyRow
from scrapers.contract import RefusedRow, SurveySource, Unreadable

USUAL_SHARE = 0.7
"""A file with a smaller share of a round's rows than we have already is not trusted."""


class SurveyShrunk(Unreadable):
    """A file that has lost much of a round. Nothing of it is loaded."""


@dataclass(slots=True)
class Loaded:
    """What loading a file did. `skipped` if the very same file was loaded before."""

    name: str
    rows: int = 0
    skipped: bool = False
    refused: list[RefusedRow] = field(default_factory=list)


def load_survey(
    database: Database, source: SurveySource, path: Path, now: datetime, *, last: bool = False
) -> Loaded:
    """Load a survey file; the rounds in it take the place of what older files said of them.

    A file that was loaded before is skipped. If it is the `last` word of its source, and another
    file was loaded since, it is loaded anew.

    One transaction: if anything is wrong with the file as a whole, the database stays as it
    was, with its good prices. Raises Unreadable, naming file, row and column.
    """
    loaded = Loaded(path.name)
    sha256 = file_hash(path)
    with database.writing() as session, TemporaryFile("w+", encoding="utf-8") as waiting:
        take_turn(session)
        if surveys.is_loaded(session, sha256):
            if not last or surveys.is_newest(session, sha256):
                loaded.skipped = True
                return loaded
            surveys.forget_file(session, sha256)
        file = surveys.add_file(session, sha256, source.SLUG, path.name, now)
        raws = _Raws(f"{path.name} (sha256 {sha256}) #", source.SLUG, now, waiting)
        names = ProviderNames(session)
        for batch in batched(_usable(source.read(path), loaded)):
            rows = [
                (row, names.id_of(row.firm, row.firm_types[0]), raws.keep(row)) for row in batch
            ]
            surveys.add_rows(session, file.id, rows)
            loaded.rows += len(rows)
        surveys.add_refusals(session, file.id, map(refusal, loaded.refused))
        file.rows, file.refused = loaded.rows, len(loaded.refused)
        _replace_rounds(session, file.id, loaded)
        evidence.add_evidence(session, raws.newest())
    return loaded


def _usable(rows: Iterator[SurveyRow | RefusedRow], loaded: Loaded) -> Iterator[SurveyRow]:
    for row in rows:
        if isinstance(row, RefusedRow):
            loaded.refused.append(row)
        else:
            yield row


def _replace_rounds(session: Session, file_id: int, loaded: Loaded) -> None:
    """The rounds in this file take the place of what older files said about them."""
    if loaded.rows == 0:
        raise Unreadable(f"{loaded.name}: no row could be used{_reasons(loaded)}")
    new = surveys.count_rounds(session, file_id=file_id, others=False)
    old = surveys.count_rounds(session, file_id=file_id, others=True)
    for (country, period), had in old.items():
        has = new.get((country, period))
        if has is not None and has < USUAL_SHARE * had:
            raise SurveyShrunk(
                f"{loaded.name}: {country} {period} has {has} usable rows, and there were {had}; "
                f"nothing was loaded{_reasons(loaded)}"
            )
    surveys.drop_older(session, file_id, new)


def _reasons(loaded: Loaded) -> str:
    if not loaded.refused:
        return ""
    first = loaded.refused[0]
    return (
        f"; {len(loaded.refused)} were refused, the first at {first.sheet} row {first.row}, "
        f"column {first.column!r}: {first.reason}"
    )


def refusal(row: RefusedRow) -> surveys.Refusal:
    return surveys.Refusal(row.sheet, row.row, row.column, row.reason, row.country, row.period)


class _Raws:
    """The raw text of rows, needed only for each country's newest round: the one that is shown.

    Which round that is, is known at the end of the file. Until then the texts wait on disk: a
    quarter of a million of them would not fit in memory.
    """

    def __init__(self, title: str, source: str, now: datetime, waiting: IO[str]) -> None:
        self._title, self._source, self._now = title, source, now
        self._waiting = waiting
        self._newest: dict[str, str] = {}

    def keep(self, row: SurveyRow) -> str:
        """The sha256 of the row's raw text."""
        body = row.evidence
        if row.period >= self._newest.get(row.send_country, ""):
            self._newest[row.send_country] = row.period
            waiting = (row.send_country, row.period, row.row, body.decode())
            self._waiting.write(json.dumps(waiting) + "\n")
        return hashlib.sha256(body).hexdigest()

    def newest(self) -> Iterator[Evidence]:
        self._waiting.seek(0)
        for line in self._waiting:
            country, period, row, body = json.loads(line)
            if period == self._newest[country]:
                title = f"{self._title}{row}"
                yield Evidence(self._source, title, "text/csv", body.encode(), self._now)


def file_hash(path: Path) -> str:
    """Its sha256. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unreadable(
            f"{path}: cannot be read ({error.strerror}). Give the file's path."
        ) from error
