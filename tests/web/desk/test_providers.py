"""Firms at the desk: closed and merged by two, licences decided by people, look-alikes flagged."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.db import audit, licence_matches, providers
from app.db.licence_matches import MatchState
from app.db.price_rows import QuoteRow
from app.domain.account import Role
from app.domain.licence import REMITTANCE, LicenceEntry
from app.domain.provider import Licence, Provider, ProviderKind, ProviderStatus
from tests.work import SignedIn, Workplace

LIST = "/desk/providers/"
DUPLICATE = "ria"
"""A firm with prices of the survey, which has no source in a database of tests."""
ASK = {"act": "close", "words": "It says so on its site.", "since": "2026-11-19"}


@pytest.fixture
def editor(work: Workplace) -> SignedIn:
    return work.by(Role.EDITOR)


@pytest.fixture
def second(work: Workplace) -> SignedIn:
    return work.by(Role.EDITOR)


def firms(work: Workplace) -> dict[str, Provider]:
    with work.database.reading() as session:
        return providers.all_providers(session)


def quotes(work: Workplace) -> set[int]:
    with work.database.reading() as session:
        return set(session.scalars(select(QuoteRow.id)))


def ask(browser: SignedIn, slug: str = DUPLICATE, **other: str) -> TestResponse:
    return browser.post(f"{LIST}firm/{slug}/ask", data=ASK | other)


def acts(work: Workplace, slug: str = DUPLICATE) -> list[str]:
    with work.database.reading() as session:
        return [entry.act for entry in audit.history(session, ("provider", slug))]


def add(work: Workplace, slug: str, name: str) -> None:
    with work.database.writing() as session:
        providers.add_provider(session, Provider(slug, name, ProviderKind.MTO), [])


def test_every_firm_is_listed(work: Workplace, editor: SignedIn) -> None:
    table = csv.reader(io.StringIO(editor.get(f"{LIST}?firms-as=csv").text))
    rows = {row[0]: row for row in table}
    assert len(rows) == len(firms(work)) + 1
    assert rows["Ria"][1:4] == [
        "ria financial services, ria money transfer",
        "open",
        "not checked yet",
    ]
    assert int(rows["Ria"][4]) > 3
    assert rows["Ria"][6] == "rpw"


def test_a_firm_is_closed_by_two_operators(
    work: Workplace, editor: SignedIn, second: SignedIn
) -> None:
    assert ask(editor).status_code == 303
    assert firms(work)["ria"].status is ProviderStatus.ACTIVE
    assert "Waits for a second operator" in editor.get(f"{LIST}firm/ria").text
    own = editor.post(f"{LIST}changes/1/confirm")
    assert own.status_code == 409
    assert "a second operator confirms it" in own.text
    assert second.post(f"{LIST}changes/1/confirm").status_code == 303
    assert firms(work)["ria"].status is ProviderStatus.CLOSED
    assert second.post(f"{LIST}changes/1/confirm").status_code == 409
    assert 'id="ria"' not in work.client().get("/en/send/nl/ma?pay=200").text
    assert ask(second, act="reopen").status_code == 303
    assert firms(work)["ria"].status is ProviderStatus.ACTIVE
    assert acts(work) == ["provider.done", "provider.done", "provider.asked"]


def test_a_second_account_of_the_same_role_is_needed_of_administrators_too(
    work: Workplace,
) -> None:
    boss = work.by(Role.ADMINISTRATOR)
    ask(boss)
    assert boss.post(f"{LIST}changes/1/confirm").status_code == 409
    assert firms(work)["ria"].status is ProviderStatus.ACTIVE


def test_what_is_refused_is_not_done(work: Workplace, editor: SignedIn, second: SignedIn) -> None:
    ask(editor)
    assert second.post(f"{LIST}changes/1/refuse", data={"words": ""}).status_code == 422
    assert second.post(f"{LIST}changes/1/refuse", data={"words": "Not so."}).status_code == 303
    assert second.post(f"{LIST}changes/1/confirm").status_code == 409
    assert firms(work)["ria"].status is ProviderStatus.ACTIVE
    assert acts(work)[0] == "provider.refused"


def test_two_are_merged_by_two_and_no_price_is_lost(
    work: Workplace, editor: SignedIn, second: SignedIn
) -> None:
    before, shown = quotes(work), work.client().get("/en/provider/ria").status_code
    assert shown == 200
    look = editor.get(f"{LIST}firm/ria/merge?into=moneygram").text
    assert "This cannot be undone." in look
    assert re.search(r"\d+ stretches of price history move along", look)
    assert quotes(work) == before
    asked = ask(editor, act="merge", into="moneygram")
    assert asked.status_code == 303
    assert "ria" in firms(work)
    assert second.post(f"{LIST}changes/1/confirm").location == f"{LIST}firm/moneygram"
    assert "ria" not in firms(work)
    assert quotes(work) == before
    moved = work.client().get("/en/provider/ria")
    assert (moved.status_code, moved.location) == (301, "/en/provider/moneygram")
    assert work.client().get("/en/provider/moneygram").status_code == 200
    assert work.client().get("/en/send/nl/ma?pay=200").status_code == 200
    assert acts(work, "moneygram") == ["provider.done", "provider.asked"]
    assert acts(work, "ria") == ["provider.done", "provider.asked"]
    with work.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QuoteRow)) == len(before)
        assert audit.broken_at(session) == ""


@pytest.mark.parametrize("into", ["", "ria", "nobody", "../wise", "%00"])
def test_a_merge_needs_two_firms(work: Workplace, editor: SignedIn, into: str) -> None:
    assert editor.get(f"{LIST}firm/ria/merge", query_string={"into": into}).status_code == 422
    assert ask(editor, act="merge", into=into).status_code == 409
    assert acts(work) == []


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"words": ""}, 422),
        ({"words": "x" * 2001}, 422),
        ({"since": ""}, 422),
        ({"since": "yesterday"}, 422),
        ({"since": "2026-11-21"}, 409),
        ({"act": "reopen"}, 409),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    work: Workplace, editor: SignedIn, other: dict[str, str], status: int
) -> None:
    response = ask(editor, **other)
    assert response.status_code == status
    assert "Nothing was kept yet" in response.text
    assert acts(work) == []


def test_what_is_no_act_is_not_done(work: Workplace, editor: SignedIn) -> None:
    assert ask(editor, act="delete").status_code == 404
    half = ask(editor, act="merge", into="moneygram", words="")
    assert half.status_code == 422
    assert "This cannot be undone." in half.text
    assert acts(work) == []


def test_a_firm_that_looks_like_another_is_flagged(work: Workplace, editor: SignedIn) -> None:
    assert "looks alike" not in editor.get(LIST).text
    add(work, "w-se", "W\u0456se")
    page = editor.get(LIST).text
    assert "looks alike" in page
    assert 'href="/desk/providers/firm/w-se"' in page
    assert "looks alike" in editor.get(f"{LIST}firm/wise").text


def propose(work: Workplace) -> int:
    may = {"NL": frozenset({REMITTANCE})}
    entry = LicenceEntry(
        "eba", "LT_LB!1", "PSD_PI", ("Ria <b>UAB</b>",), "LT", may, date(2020, 1, 1)
    )
    with work.database.writing() as session:
        number = providers.ids_by_slug(session)["ria"]
        licence_matches.propose(session, number, [("Ria", entry)], work.now)
        return licence_matches.matches(session)[0][0].id


def decide(browser: SignedIn, number: int, what: str, **given: str) -> TestResponse:
    return browser.post(f"{LIST}licences/{number}/{what}", data=given)


def test_a_licence_is_theirs_when_a_person_has_looked(work: Workplace, editor: SignedIn) -> None:
    number = propose(work)
    assert "One licence to decide" in editor.get(LIST).text
    page = editor.get(f"{LIST}licences").text
    assert "<b>UAB" not in page
    assert "LT_LB!1" not in page  # it is to be read in the register
    assert decide(editor, number, "confirm", code="LT_LB!2", words="Same.").status_code == 409
    assert decide(editor, number, "confirm", code="LT_LB!1", words="").status_code == 422
    assert firms(work)["ria"].licence is Licence.UNCHECKED
    done = decide(editor, number, "confirm", code="LT_LB!1", words="Same office.")
    assert done.status_code == 303
    assert firms(work)["ria"].licence is Licence.FOUND
    assert acts(work) == ["licence.confirmed"]
    assert decide(editor, number, "reject", words="A namesake.").status_code == 303
    assert firms(work)["ria"].licence is Licence.UNCHECKED


def test_a_namesake_is_rejected(work: Workplace, editor: SignedIn) -> None:
    number = propose(work)
    assert decide(editor, number, "reject", words="A namesake.").status_code == 303
    assert decide(editor, number, "reject", words="Again.").status_code == 409
    assert decide(editor, number + 9, "reject", words="Who?").status_code == 409
    assert decide(editor, number, "burn", words="No.").status_code == 404
    with work.database.reading() as session:
        assert licence_matches.matches(session)[0][0].state is MatchState.REJECTED
    assert "Ria" in editor.get(f"{LIST}licences?state=rejected").text


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.RESEARCHER, Role.PROVIDER])
def test_firms_are_for_editors(work: Workplace, editor: SignedIn, role: Role) -> None:
    ask(editor)
    number = propose(work)
    browser = work.by(role)
    for path in (LIST, f"{LIST}firm/ria", f"{LIST}licences", f"{LIST}firm/ria/merge?into=wise"):
        assert browser.get(path).status_code == 404
        assert work.client().get(path).status_code == 401
    assert ask(browser, "wise").status_code == 404
    assert browser.post(f"{LIST}changes/1/confirm").status_code == 404
    assert decide(browser, number, "confirm", code="LT_LB!1", words="x").status_code == 404
    assert firms(work)["ria"].status is ProviderStatus.ACTIVE


def test_a_firm_that_is_not_there_is_not_there(editor: SignedIn) -> None:
    assert editor.get(f"{LIST}firm/nobody").status_code == 404
    assert ask(editor, "nobody").status_code == 404
    assert editor.get(f"{LIST}firm/nobody/merge?into=wise").status_code == 404
