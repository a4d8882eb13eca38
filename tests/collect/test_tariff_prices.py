"""What a price list says: at any amount and mid rate, and to a reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.db import rates
from app.db.engine import Database
from app.db.evidence import find_evidence
from app.db.reach import keep_reach
from app.domain.ladder import Answer, Outside
from app.domain.midrate import MidReading
from app.domain.quote import Observed, Origin, Precision
from app.factory import create_app
from tests.collect.made import add_rates
from tests.collect.price_lists import (
    COUNTER,
    OUR,
    REACH,
    TO_SURINAME,
    eur,
    firms,
    mad,
    publish,
    rungs,
    shown,
    write,
)
from tests.conftest import NOW, settings
from tests.db.made import NL_SR, SERVICE, history, price, save, stock
from tests.tables import dump
from tests.web.reading import Reader, section


def test_a_new_mid_rate_moves_the_price_and_begins_no_history(
    known: Database, folder: Path
) -> None:
    write(folder, "alpha")
    publish(known, folder)
    with known.reading() as session:
        before = [(row.id, row.ended_at) for row in history(session)]
    add_rates(known, {"MAD": "10.95"}, days=1)
    publish(known, folder, NOW + timedelta(days=1))
    one = rungs(known)[Decimal(200)]
    assert (one.quote.rate, one.quote.received) == (Decimal("10.731"), mad("2146.20"))
    assert one.observed.day.isoformat() == "2026-11-16"
    with known.reading() as session:
        assert [(row.id, row.ended_at) for row in history(session)] == before


def test_no_price_without_a_mid_rate(database: Database, folder: Path) -> None:
    stock(database)
    add_rates(database, {"SRD": "43"})
    with database.writing() as session:
        keep_reach(session, REACH)
    write(folder, "alpha", OUR, TO_SURINAME.replace("Transfer", "Other"))
    assert publish(database, folder) == []
    assert (firms(database), firms(database, NL_SR)) == ([], ["alpha"])


def test_when_mid_rates_contradict_each_other_prices_stay_until_their_list_ends(
    known: Database, folder: Path
) -> None:
    for slug in ("alpha", "beta"):
        write(folder, slug)
    publish(known, folder)
    add_rates(known, {"MAD": "1090"}, days=1)
    with known.writing() as session:
        other = MidReading("other", "other", "MAD", Decimal("10.9"), NOW + timedelta(days=1))
        rates.add_readings(session, "other", [other])
    before = dump(known)
    publish(known, folder, NOW + timedelta(days=1))
    assert dump(known) == before
    write(folder, "beta", changes=(("2026-11-30", "2026-11-19"),))
    publish(known, folder, NOW + timedelta(days=1))
    assert firms(known) == ["alpha"]


@pytest.mark.parametrize(
    ("sent", "paid", "received"),
    [
        ("20", "24.10", "213.64"),
        ("123.45", "128.07", "1318.69"),
        ("999.99", "1008.99", "10681.89"),
        ("1000.01", "1009.01", "10682.10"),
        ("7654.32", "7669.97", "81763.44"),
        ("8000", "8016.00", "85456.00"),
    ],
)
def test_any_amount_within_a_list_is_exact(
    known: Database, folder: Path, sent: str, paid: str, received: str
) -> None:
    write(folder, "alpha")
    publish(known, folder)
    (ladder,) = shown(known)
    asked = eur(sent)
    for found in (ladder.at_sent(asked), ladder.at_paid(eur(paid))):
        assert isinstance(found, Answer)
        assert found.exact
        assert (found.paid, found.sent) == (eur(paid), asked)
        assert found.received == mad(received)


@pytest.mark.parametrize("sent", ["19.99", "8000.01"])
def test_no_price_beyond_a_list(known: Database, folder: Path, sent: str) -> None:
    write(folder, "alpha")
    publish(known, folder)
    (ladder,) = shown(known)
    found = ladder.at_sent(eur(sent))
    assert isinstance(found, Outside)
    assert (found.lowest, found.highest) == (eur("20"), eur("8000"))


def test_a_fee_that_is_taken_out_is_exact_at_the_amounts_that_were_worked_out(
    known: Database, folder: Path
) -> None:
    write(folder, "alpha", COUNTER)
    publish(known, folder)
    one = rungs(known)[Decimal(200)].quote
    assert (one.paid, one.fee, one.received) == (eur("200"), eur("5"), mad("2082.99"))
    between = shown(known)[0].at_paid(eur("217"))
    assert isinstance(between, Answer)
    assert not between.exact


def test_the_list_itself_is_the_evidence(known: Database, folder: Path) -> None:
    path = write(folder, "alpha")
    publish(known, folder)
    number = rungs(known)[Decimal(200)].evidence
    with known.reading() as session:
        proof = find_evidence(session, number)
    assert proof is not None
    assert (proof.source, proof.title) == ("tariff", "https://alpha.example/prices.pdf")
    assert proof.read_at == datetime(2026, 11, 16, tzinfo=UTC)
    site = create_app(settings(known.engine.url.render_as_string(hide_password=False)))
    response = site.test_client().get(f"/evidence/{number}")
    site.extensions["database"].engine.dispose()
    assert response.data == path.read_bytes()
    assert response.mimetype == "application/toml"
    assert f'"{number[:16]}.toml"' in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("lang", "survey", "quarter", "words"),
    [
        ("en", "World Bank survey", "1 way (3rd quarter 2026)", "price list of the firm itself"),
        ("nl", "Wereldbank", "1 manier (3e kwartaal 2026)", "prijslijst van het bedrijf zelf"),
    ],
)
def test_a_reader_is_told_that_it_is_a_price_list(
    known: Database, folder: Path, lang: str, survey: str, quarter: str, words: str
) -> None:
    """Beside it stands no quarter: that is the survey's."""
    write(folder, "alpha")
    publish(known, folder)
    beta = replace(SERVICE, provider="beta")
    summer = Observed(datetime(2026, 7, 1, tzinfo=UTC), Precision.QUARTER)
    save(known, price(beta, source="rpw", origin=Origin.SURVEY, observed=summer))
    site = create_app(settings(known.engine.url.render_as_string(hide_password=False)))
    site.extensions["clock"] = lambda: NOW
    html = site.test_client().get(f"/{lang}/send/nl/ma?pay=203.10").text
    site.extensions["database"].engine.dispose()
    ledger = Reader(section(html, 'id="missing"', "</section>")).text
    assert survey in ledger
    assert ledger.endswith(f"{quarter} {words}{quarter.partition(' (')[0]}")
