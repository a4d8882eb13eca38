"""Loading what ships with the project, and survey files. Again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.collect.averages import load_averages
from app.collect.content import load_content
from app.collect.lists import listed_corridors, not_asked
from app.collect.providers import load_providers
from app.collect.publish import publish_rounds
from app.collect.rates import collect_rates
from app.collect.survey import Loaded, load_survey
from app.collect.tariffs import publish_tariffs
from app.db import reach, surveys
from app.db.engine import Database
from scrapers import SHIPPED_RATES, SURVEYS, TARIFFS
from scrapers.contract import SourceError, SurveySource
from scrapers.prices import rpw, rpw_averages
from scrapers.shipped import ShippedReplies

SHIPPED_SURVEYS = {"rpw": "rpw/rpw_nl_2025_3Q.csv"}
"""Survey source -> the extract of it that ships with the project, under data/."""


@dataclass(slots=True)
class Seeded:
    """What loading did. `failures` and `findings` are sentences to show."""

    providers: int = 0
    readings: int = 0
    quotes: int = 0
    changed: int = 0
    articles: int = 0
    surveys: list[Loaded] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def seed(
    database: Database,
    data: Path,
    survey_files: Iterable[tuple[SurveySource, Path]],
    now: datetime,
    wanted: Callable[[str], bool] = lambda _slug: True,
    corridor: str | None = None,
    *,
    shipped_rates: bool = True,
) -> Seeded:
    """Load every wanted source, then publish. One's failure touches no other."""
    done = Seeded()
    _load_lists(database, data, done)
    _load_content(database, data, now, done)
    rate_sources = [source for source in SHIPPED_RATES if shipped_rates and wanted(source.SLUG)]
    done.readings, failures = collect_rates(database, ShippedReplies(data), rate_sources)
    done.failures += map(str, failures)
    files = [one for one in survey_files if wanted(one[0].SLUG)]
    last = dict(files)
    for source, path in files:
        _load(database, source, path, now, done, last=last[source] == path)
    if wanted(rpw.SLUG):
        _load_averages(database, data, now, done)
    with database.writing() as session:
        published = publish_rounds(session, surveys.send_countries(session), now, corridor)
        published.findings += publish_tariffs(session, TARIFFS, now)
    done.quotes, done.changed = published.quotes, published.changed
    done.findings += published.findings
    return done


def survey_files(data: Path, rpw_file: Path | None) -> list[tuple[SurveySource, Path]]:
    """The shipped extract of each survey, and the World Bank's full workbook if there is one."""
    files = [(source, data / SHIPPED_SURVEYS[source.SLUG]) for source in SURVEYS]
    if rpw_file:
        files += [(source, rpw_file) for source in SURVEYS if source.SLUG == "rpw"]
    return files


def _load_lists(database: Database, data: Path, done: Seeded) -> None:
    """The lists that people keep by hand: firms, countries, and whom we do not ask."""
    try:
        with database.writing() as session:
            done.providers = load_providers(session, data / "providers.toml")
            reach.keep_reach(session, listed_corridors(data / "corridors.toml"))
            reach.keep_not_asked(session, not_asked(data / "not_asked.toml"))
    except SourceError as error:
        done.failures.append(f"{type(error).__name__}: {error}")


def _load_content(database: Database, data: Path, now: datetime, done: Seeded) -> None:
    try:
        with database.writing() as session:
            done.articles = load_content(session, data / "content", now)
    except SourceError as error:
        done.failures.append(f"{type(error).__name__}: {error}")


def _load(
    database: Database,
    source: SurveySource,
    path: Path,
    now: datetime,
    done: Seeded,
    *,
    last: bool,
) -> None:
    try:
        done.surveys.append(load_survey(database, source, path, now, last=last))
    except SourceError as error:
        done.failures.append(f"{source.SLUG}: {type(error).__name__}: {error}")


def _load_averages(database: Database, data: Path, now: datetime, done: Seeded) -> None:
    try:
        done.findings += load_averages(database, data / rpw_averages.FILE, now)
    except SourceError as error:
        done.failures.append(f"{rpw.SLUG}: {type(error).__name__}: {error}")
