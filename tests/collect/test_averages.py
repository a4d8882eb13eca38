"""Loading the survey's averages: again changes nothing, and nothing bad gets in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.collect.averages import load_averages
from app.collect.seed import seed, survey_files
from app.db.averages import averages_of
from app.db.engine import Database
from scrapers.contract import Unreadable
from scrapers.prices.rpw_averages import FILE
from tests.conftest import NOW
from tests.tables import dump

HEADER = "period,source_code,destination_code,cc1 average total cost %,transparent services,basis"
GOOD = "2016_2Q,NLD,MAR,7.2291,11,World Bank DataBank"
NEWER = "2016_3Q,NLD,MAR,7.0356,11,World Bank DataBank"
BAD = "2016_2Q,NLD,SUR,seven,,World Bank DataBank"


def written(folder: Path, *rows: str, name: str = "averages.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def percents(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(one.percent) for one in averages_of(session, "NL", "MA")]


def test_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, NEWER)
    assert load_averages(database, path, NOW) == []
    before = dump(database)
    assert load_averages(database, path, NOW) == []
    assert dump(database) == before
    assert percents(database) == ["7.2291", "7.0356"]


def test_a_bad_row_is_said_once_and_the_others_are_kept(database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, BAD)
    (finding,) = load_averages(database, path, NOW)
    assert "averages.csv row 3, column 'cc1 average total cost %': 'seven'" in finding
    assert load_averages(database, path, NOW) == []
    assert percents(database) == ["7.2291"]


def test_the_last_file_counts_even_if_it_is_an_older_one_again(
    database: Database, tmp_path: Path
) -> None:
    first = written(tmp_path, GOOD, name="first.csv")
    second = written(tmp_path, NEWER, name="second.csv")
    seen = []
    for path in (first, second, first):
        load_averages(database, path, NOW)
        seen.append(percents(database))
    assert seen == [["7.2291"], ["7.0356"], ["7.2291"]]


@pytest.mark.parametrize("rows", [(), (BAD,)])
def test_a_file_without_a_good_row_leaves_what_is_there(
    database: Database, tmp_path: Path, rows: tuple[str, ...]
) -> None:
    load_averages(database, written(tmp_path, GOOD, name="good.csv"), NOW)
    before = dump(database)
    with pytest.raises(Unreadable):
        load_averages(database, written(tmp_path, *rows), NOW)
    assert dump(database) == before


def test_seeding_loads_them_and_a_lost_file_stops_nothing_else(
    database: Database, data: Path
) -> None:
    done = seed(database, data, survey_files(data, None), NOW)
    assert not done.failures
    assert len(percents(database)) == 54
    (data / FILE).unlink()
    done = seed(database, data, survey_files(data, None), NOW)
    (failure,) = done.failures
    assert failure.startswith("rpw: Unreadable: ")
    assert (done.quotes, len(percents(database))) == (350, 54)


def test_only_a_wanted_survey_brings_its_averages(database: Database, data: Path) -> None:
    seed(database, data, [], NOW, lambda slug: slug != "rpw")
    assert percents(database) == []
