"""How we work: what the page says is what the program does, and what is counted is counted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.asked import Asked, Outcome, note_asked
from app.db.corridors import add_corridor
from app.db.providers import ids_by_slug, set_status
from app.domain import ranking
from app.domain.comparison import Question
from app.domain.money import Money
from app.domain.provider import ProviderStatus
from app.domain.quote import Age
from app.domain.ranking import RULES, Criterion, Priority
from app.domain.reach import SEND_COUNTRY, WhyNotAsked
from app.domain.report import ReportState
from app.domain.service import Speed
from app.web.learn.covering import Line, lines
from app.web.learn.rules import CRITERIA
from app.web.lookup import find_place, look_up
from config import ROOT
from tests.conftest import NOW
from tests.db.made import NL_MA, NOON, SERVICE, price, save
from tests.db.test_reports import MADE, answered, keep
from tests.domain.test_correction import ENTRY, SINCE
from tests.domain.test_ranking import offer, order
from tests.web.living import Living, fill, living
from tests.web.reading import Reader, plain, section
from tests.web.test_ledger import hold_one
from tests.web.test_queries import MOST
from tests.web.test_queries import asked as statements_of

PAGES = ["how-we-work", "how-we-work/checks", "coverage", "corrections", "complain?price=1"]
ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', re.DOTALL)
PLACE = re.compile(r'<td class="num">(?:(\d+)|<span aria-hidden.*?)</td>', re.DOTALL)


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        yield made


def published(html: str) -> dict[Priority, list[str]]:
    """The rule of each order, as a reader of the page finds it: the words in the order of their
    numbers."""
    found: dict[Priority, dict[int, str]] = {priority: {} for priority in Priority}
    table = section(html, '<table class="rules">', "</table>").partition("<tbody>")[2]
    for words, cells in ROW.findall(table):
        for priority, place in zip(Priority, PLACE.findall(cells), strict=True):
            if place:
                assert int(place) not in found[priority]
                found[priority][int(place)] = words
    return {
        priority: [places[number] for number in range(1, len(places) + 1)]
        for priority, places in found.items()
    }


def ruled(app: Flask) -> dict[Priority, list[str]]:
    with app.test_request_context("/en/"):
        return {
            priority: [str(CRITERIA[criterion]) for criterion in rule]
            for priority, rule in ranking.RULES.items()
        }


def how(app: Flask) -> str:
    response = app.test_client().get("/en/how-we-work")
    assert response.status_code == 200
    return str(response.text)


def test_the_page_lists_the_criteria_that_sort_answers(app: Flask) -> None:
    assert published(how(app)) == ruled(app)


@pytest.mark.parametrize("priority", Priority)
def test_what_is_taken_out_of_a_rule_or_moved_in_it_changes_order_and_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch, priority: Priority
) -> None:
    """The faster way against the one by which more arrives."""
    offers = [offer(1, "1990", speed=Speed.TWO_DAYS), offer(2, "1960", speed=Speed.SAME_DAY)]
    pages, orders = [], []
    deciding = (Criterion.SPEED, Criterion.RECEIVED)
    for rule in [*permutations(deciding), (Criterion.SPEED,), (Criterion.RECEIVED,)]:
        made = (Criterion.AGE, *rule, Criterion.LONGEST)
        monkeypatch.setattr(ranking, "RULES", {**RULES, priority: made})
        assert published(how(app)) == ruled(app)
        pages.append(tuple(published(how(app))[priority]))
        orders.append(order(offers, priority))
    assert orders == [[2, 1], [1, 2], [2, 1], [1, 2]]
    assert len(set(pages)) == 4


def test_every_criterion_has_words() -> None:
    assert set(CRITERIA) == set(Criterion)


def test_the_four_questions_and_the_old_anchors_are_there(client: FlaskClient) -> None:
    html = client.get("/en/how-we-work").text
    for anchor in ("who", "earn", "comparison", "complete", "owner", "order", "via", "data", "sum"):
        assert f'id="{anchor}"' in html


def test_an_operator_who_says_nothing_is_said_to_say_nothing(site: Living) -> None:
    text = Reader(site.client.get("/en/how-we-work").text).text
    assert "The operator of this copy has not said who they are." in text
    assert "The operator of this copy has not said who pays for it." in text


def test_an_operator_who_speaks_is_quoted(templates: dict[str, str], tmp_path: Path) -> None:
    said = {"owner": "Stichting <b>Thuis</b>", "funding": "its members", "contact": "a@b.example"}
    with living(templates, tmp_path, **said) as made:
        html = made.client.get("/en/how-we-work").text
        checks = made.client.get("/en/how-we-work/checks").text
    assert "Stichting &lt;b&gt;Thuis&lt;/b&gt;" in html
    text = Reader(html).text
    assert "It is paid for by: its members." in text
    assert "a@b.example" in text
    assert "has not said" not in text + Reader(checks).text
    assert verdicts(checks)["(3b) It is clear who owns it"] == "Met"


def verdicts(html: str) -> dict[str, str]:
    """What is asked -> our answer, from the tables of the self-check."""
    found = {}
    for asked, cell in ROW.findall(html):
        words = re.search(r'<strong class="verdict.*?>(.*?)</strong>', cell)
        assert words is not None
        found[plain(re.sub(r'<span class="num">\d+\.</span>', "", asked))] = words[1]
    return found


TWO = "Prices for two amounts, about 200 and 500 US dollars, on every corridor"
TIME = "How long a transfer takes"
FRESH = "(3e) Correct and up to date, with the time of the last reading"


def test_every_requirement_is_answered_and_every_proof_is_there(client: FlaskClient) -> None:
    html = client.get("/en/how-we-work/checks").text
    counts = [len(ROW.findall(table)) for table in html.split("<table")[1:]]
    assert counts == [12, 9, 6, 2]
    answers = verdicts(html)
    assert set(answers.values()) == {"Met", "Partly met", "Not yet", "Not ours to do"}
    for honest in ("Prices are checked by people", "Firms that together have at least 60"):
        assert next(said for asked, said in answers.items() if honest in asked) == "Not yet"
    proofs = set(re.findall(r'<a href="(/en/[^"]*)">Look', html))
    assert len(proofs) > 6
    for address in proofs:
        path, _mark, anchor = address.partition("#")
        page = client.get(path)
        assert page.status_code == 200, address
        assert not anchor or f'id="{anchor}"' in page.text, address


def test_what_is_counted_follows_what_is_known(site: Living) -> None:
    def answers() -> dict[str, str]:
        return verdicts(site.client.get("/en/how-we-work/checks").text)

    assert (answers()[TWO], answers()[FRESH]) == ("Not yet", "Not yet")
    save(site.database, price(rung="140"))
    assert (answers()[TWO], answers()[FRESH], answers()[TIME]) == ("Not yet", "Met", "Met")
    save(site.database, price(replace(SERVICE, provider="beta", speed=None), rung="345"))
    assert (answers()[TWO], answers()[TIME]) == ("Met", "Partly met")
    site.at(NOON + timedelta(hours=2))
    save(site.database, price(rung="140", at=NOON + timedelta(hours=2)))
    assert answers()[FRESH] == "Partly met"
    site.at(NOON + timedelta(days=30))
    assert answers()[TWO] == "Not yet"


def test_the_shipped_survey_has_both_amounts_on_eight_corridors_of_all(client: FlaskClient) -> None:
    html = client.get("/en/how-we-work/checks").text
    assert verdicts(html)[TWO] == "Partly met"
    assert re.search(
        r"€140 and €345 from the Netherlands, are known on 8 of the 7\d", Reader(html).text
    )


def counted(site: Living) -> dict[str, Line]:
    """Of the ledger of all corridors, by currency."""
    with site.database.reading() as session:
        now = site.app.extensions["clock"]()
        return {one.corridor.receive_currency: one for one in lines(session, SEND_COUNTRY, now)}


def test_every_corridor_counts_as_its_own_page_does(app: Flask) -> None:
    """Against the ledger below each list, for an amount that every price there reaches."""
    with app.test_request_context("/en/"), app.extensions["database"].reading() as session:
        every = lines(session, SEND_COUNTRY, NOW)
        assert len(every) > 60
        for line in every:
            asked = Question(line.corridor, Money(Decimal(150), "EUR"))
            place = find_place(session, SEND_COUNTRY, line.corridor.receive_country)
            found = look_up(session, place, asked, Priority.CHEAP, NOW)
            assert line.asked == found.ledger.looked
            if not line.priced:
                assert line.missing == found.ledger.without, line.corridor


def test_ages_are_those_of_each_firm_s_newest_price(site: Living) -> None:
    fill(site, NOON)
    dirham = counted(site)["MAD"]
    assert dirham.firms == {Age.FRESH: 1, Age.OLDER: 1, Age.DATED: 2}
    assert dirham.answered_at is None
    assert dirham.newest is not None
    dollars = counted(site)["USD"]
    assert (dollars.priced, dollars.currency) == (1, "USD")
    assert counted(site)["PHP"].newest is None


def test_the_last_answer_is_the_newest_of_any_source(site: Living) -> None:
    site.reached()
    for slug, hours in (("wise", 5), ("ria", 2)):
        site.source(slug)
        at = NOON - timedelta(hours=hours)
        one = Asked(slug, NL_MA, Decimal(200), at, Outcome.ANSWERED, answered_at=at)
        with site.database.writing() as session:
            note_asked(session, {NL_MA: add_corridor(session, NL_MA).id}, [one])
    site.asked("ria", Outcome.FAILED)
    assert counted(site)["MAD"].answered_at == NOON - timedelta(hours=2)
    assert "2 hours ago" in Reader(site.client.get("/en/coverage").text).text


def test_missing_firms_are_those_without_a_price_and_not_closed(site: Living) -> None:
    """epsilon and zeta are not asked, paysend failed, ria is off; omega sends no money any more."""
    fill(site, NOON)
    assert counted(site)["MAD"].missing == 4
    html = site.client.get("/en/send/nl/ma?pay=203.10").text
    assert "4 firms have no price here." in Reader(html).text
    assert counted(site)["PHP"].missing == 8


def test_sources_are_counted_where_they_were_asked(site: Living) -> None:
    fill(site, NOON)
    assert counted(site)["MAD"].asked == 2 + len({"wise_comparisons", "rpw"})
    site.asked("ria", Outcome.ANSWERED)
    assert counted(site)["MAD"].asked == 4, "ria is off: it does not count"


def test_what_others_tell_does_not_make_a_firm_fresh_that_tells_its_own(site: Living) -> None:
    hours = NOON - timedelta(hours=3)
    other = replace(SERVICE, pay_in="GP", payment_instruments=())
    save(site.database, price(at=hours))
    save(site.database, price(other, via="wise", source="wise_comparisons"))
    assert counted(site)["MAD"].firms == {Age.FRESH: 0, Age.OLDER: 1, Age.DATED: 0}


def test_a_memory_is_no_price_and_a_closed_country_has_none(site: Living) -> None:
    site.reached()
    save(site.database, price())
    iran = replace(NL_MA, receive_country="IR", receive_currency="IRR")
    save(site.database, price(replace(SERVICE, corridor=iran)), corridor=iran)
    assert counted(site)["IRR"].priced == 0
    assert counted(site)["MAD"].priced == 1
    site.at(NOON + timedelta(days=15))
    assert counted(site)["MAD"].priced == 0


def test_the_coverage_page_lists_every_corridor_those_with_a_price_first(site: Living) -> None:
    fill(site, NOON)
    html = site.client.get("/en/coverage").text
    names = [plain(re.sub("<.*?>", " ", row)) for row, _cells in ROW.findall(html)]
    assert names[:2] == ["Morocco", "Suriname (US dollars)"]
    assert names[2:] == ["Iran closed", "Philippines", "Suriname", "Syria limited"]
    assert "3 hours ago" not in html
    text = Reader(html).text
    assert "There is a price for 2 of the 6 countries and currencies in this table." in text
    assert "We do not know how large a part of the market these firms have" in text


def test_a_site_without_anything_covers_nothing(site: Living) -> None:
    assert "There are no prices yet." in Reader(site.client.get("/en/coverage").text).text
    assert site.client.get("/en/how-we-work/checks").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_few_questions_and_write_nothing(
    app: Flask, client: FlaskClient, path: str
) -> None:
    with statements_of(app) as statements:
        assert client.get(f"/nl/{path}").status_code == 200
    assert len(statements) <= MOST
    assert {one.split()[0] for one in statements} <= {"SELECT", "BEGIN"}


def test_more_corridors_ask_no_more(site: Living, app: Flask) -> None:
    counts = set()
    for made in (site.app, app):
        with statements_of(made) as statements:
            made.test_client().get("/en/coverage")
        counts.add(len(statements))
    assert len(counts) == 1


def with_log(folder: Path, templates: dict[str, str], toml: str | None) -> str:
    """The page of corrections, where this is the list."""
    data = folder / "data"
    data.mkdir()
    for file in (ROOT / "data").glob("*.toml"):
        shutil.copy(file, data)
    (data / "corrections.toml").unlink()
    if toml is not None:
        (data / "corrections.toml").write_text(toml, encoding="utf-8")
    with living(templates, folder, data=data) as made:
        response = made.client.get("/en/corrections")
    assert response.status_code == 200
    return str(response.text)


def test_nothing_was_corrected_yet(templates: dict[str, str], tmp_path: Path) -> None:
    text = Reader(with_log(tmp_path, templates, "since = 2026-11-20")).text
    assert "Nothing yet, since 20 November 2026." in text
    assert "No report has been answered yet." in text


def test_corrections_are_told_with_day_and_who_noticed(
    templates: dict[str, str], tmp_path: Path
) -> None:
    html = with_log(tmp_path, templates, SINCE + ENTRY.replace("twice", "<script>"))
    text = Reader(html).text
    for words in ("21 November 2026", "noticed by a reader", "It is shown once.", "<script>"):
        assert words in text
    assert "<script>" not in html
    assert "Nothing yet" not in text


@pytest.mark.parametrize("toml", [None, "since = yesterday", "[[correction]]\nwrong = 1"])
def test_a_list_that_cannot_be_read_is_not_called_empty(
    templates: dict[str, str], tmp_path: Path, toml: str | None
) -> None:
    text = Reader(with_log(tmp_path, templates, toml)).text
    assert "We cannot read our own list of corrections at this moment." in text
    assert "Nothing yet" not in text


def test_answers_to_reports_are_public_and_what_readers_wrote_is_not(site: Living) -> None:
    number = keep(site.database)
    keep(site.database, link="open")
    answered(site.database, number, ReportState.UNCHANGED, "The rate was right, <b>at noon</b>.")
    html = site.client.get("/en/corrections").text
    text = Reader(html).text
    assert "The rate was right, <b>at noon</b>." in text
    assert f"Report {number}" in text
    assert "<b>at noon" not in html
    for theirs in (MADE.message.splitlines()[0], MADE.seen, MADE.email, "Report 2"):
        assert theirs not in text


def test_a_firm_that_is_not_asked_is_missing(site: Living) -> None:
    save(site.database, price())
    assert counted(site)["MAD"].missing == 0
    site.not_asked(("zeta", WhyNotAsked.NOT_YET), ("alpha", WhyNotAsked.NOT_YET))
    assert counted(site)["MAD"].missing == 1


@pytest.mark.parametrize("over", [True, False])
def test_a_firm_whose_only_reading_is_held_is_missing(site: Living, over: bool) -> None:
    save(site.database, price())
    hold_one(site, "beta", "wise_comparisons", over=over)
    assert counted(site)["MAD"].missing == (0 if over else 1)


@pytest.mark.parametrize("status", [ProviderStatus.CLOSED, ProviderStatus.UNLICENSED])
def test_a_firm_that_is_not_offered_is_neither_counted_nor_missing(
    site: Living, status: ProviderStatus
) -> None:
    save(site.database, price(), price(replace(SERVICE, provider="beta")))
    assert counted(site)["MAD"].priced == 2
    with site.database.writing() as session:
        set_status(session, ids_by_slug(session)["beta"], status)
    dirham = counted(site)["MAD"]
    assert (dirham.priced, dirham.missing) == (1, 0)
