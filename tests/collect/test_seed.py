"""A round of collecting: everything wanted is asked, nothing else; again changes nothing."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select, update

from app.collect.providers import listed_providers, load_providers
from app.collect.seed import Seeded, seed, survey_files
from app.db.engine import Database
from app.db.price_rows import QuoteRow
from app.db.providers import ProviderNames, ProviderRow, all_providers, plain_name
from app.domain.provider import ProviderKind
from config import ROOT
from tests.at_once import at_once
from tests.collect.made import on_board
from tests.conftest import NOW
from tests.tables import dump

PROVIDERS = ROOT / "data/providers.toml"


def run(database: Database, data: Path, *wanted: str, corridor: str | None = None) -> Seeded:
    files = survey_files(data, None)
    return seed(database, data, files, NOW, lambda slug: slug in (wanted or slug), corridor)


def test_a_first_round_fills_the_board(database: Database, data: Path) -> None:
    done = run(database, data)
    assert (done.failures, done.findings) == ([], [])
    assert (done.quotes, done.changed) == (350, 8)
    assert done.providers == len(tomllib.loads(PROVIDERS.read_text(encoding="utf-8")))
    assert len(on_board(database)) == 350


def test_a_second_round_changes_nothing(database: Database, data: Path) -> None:
    run(database, data)
    before = dump(database)
    done = run(database, data)
    assert (done.providers, done.readings, done.quotes, done.changed) == (0, 0, 350, 0)
    assert [loaded.skipped for loaded in done.surveys] == [True]
    assert dump(database) == before


def test_several_rounds_at_once_do_what_one_does(database: Database, data: Path) -> None:
    """Whoever comes second finds that everything is there."""
    at_once(lambda _: run(database, data))
    assert len(on_board(database)) == 350
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QuoteRow)) == 350
    before = dump(database)
    run(database, data)
    assert dump(database) == before


def test_only_wanted_sources_are_asked(database: Database, data: Path) -> None:
    done = run(database, data, "ecb_history")
    assert (done.surveys, done.quotes, done.readings) == ([], 0, 3 * 29)
    done = run(database, data, "rpw")
    assert ([loaded.rows for loaded in done.surveys], done.readings) == ([175], 0)
    countries = {one.quote.service.corridor.receive_country for one in on_board(database)}
    assert countries == {"ID", "SO", "TR"}, "the European Central Bank has no other money"
    assert len(done.findings) == 5


def test_only_the_wanted_corridor_moves(database: Database, data: Path) -> None:
    assert run(database, data, corridor="NL-MA").quotes == 50
    assert len(on_board(database)) == 50


def test_a_rate_source_that_fails_keeps_no_price_away(database: Database, data: Path) -> None:
    (data / "fx/ecb_eurofxref_2024-01-02_2026-10-30.csv").write_text("no", encoding="utf-8")
    done = run(database, data)
    assert done.quotes == 350
    (failure,) = done.failures
    assert failure.startswith("ecb_history: Unreadable: ")


def test_the_workbook_comes_after_the_shipped_extract(data: Path) -> None:
    extract, workbook = survey_files(data, data / "full.xlsx")
    assert extract[1] == data / "rpw/rpw_nl_2025_3Q.csv"
    assert workbook[1] == data / "full.xlsx"
    assert extract[0] is workbook[0]


def test_a_broken_list_of_providers_is_named(database: Database, data: Path) -> None:
    """What is known stays, and everything else is still done."""
    run(database, data)
    before, listed = dump(database), data / "providers.toml"
    for broken in ("wise = ", "[wise]\nkind = 'mto'", "[wise]\nname = 'W'", "w = 1", None):
        if broken is None:
            listed.unlink()
        else:
            listed.write_text(broken, encoding="utf-8")
        (failure,) = run(database, data).failures
        assert "providers.toml" in failure
        assert dump(database) == before


def test_no_two_listed_providers_share_a_name() -> None:
    names = [
        name
        for provider, others in listed_providers(PROVIDERS)
        for name in {plain_name(one) for one in (provider.name, *others)}
    ]
    assert len(names) == len(set(names))


def test_a_firm_that_was_named_before_it_was_listed_stays_one(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        first = ProviderNames(session).id_of("Xoom (a PayPal service)", ProviderKind.MTO)
    listed = tmp_path / "providers.toml"
    listed.write_text(
        '[xoom]\nname = "Xoom"\nkind = "mto"\nnames = ["Xoom, a PayPal service"]\n',
        encoding="utf-8",
    )
    for _ in range(2):
        with database.writing() as session:
            assert load_providers(session, listed) == 0
            names = ProviderNames(session)
            assert names.id_of("XOOM", ProviderKind.OTHER) == first
            assert list(all_providers(session)) == ["xoom-a-paypal-service"]


def test_what_is_known_of_a_provider_is_left_as_it_is(database: Database) -> None:
    with database.writing() as session:
        load_providers(session, PROVIDERS)
        mended = replace(all_providers(session)["wise"], name="Wise Europe")
        session.execute(
            update(ProviderRow).where(ProviderRow.slug == "wise").values(name="Wise Europe")
        )
    with database.writing() as session:
        assert load_providers(session, PROVIDERS) == 0
        assert all_providers(session)["wise"] == mended
