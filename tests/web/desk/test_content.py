"""Texts at the desk: written and translated, shown when let go, compared, brought back; of two who
write at the same time neither loses a word."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.db import audit, content
from app.domain.account import Role
from app.domain.content import LONGEST_BODY, Article, Kind
from app.web.locale import LANGUAGES
from tests.web.attacks import ATTACKS
from tests.work import SignedIn, Workplace

TEXT = {"title": "Een ding", "summary": "Waar het over gaat.", "body": "# Kop\n\n**Vet** woord."}
NEWS = {"kind": "news", "language": "nl", "slug": "a-thing"}


@pytest.fixture
def editor(work: Workplace) -> SignedIn:
    return work.by(Role.EDITOR)


def made(client: FlaskClient, **facts: str) -> int:
    """A new article without a text; its number."""
    response = client.post("/desk/content/new", data=NEWS | facts)
    assert response.status_code == 303, response.text
    found = re.fullmatch(r"/desk/content/(\d+)/[a-z]{2}", response.location)
    assert found
    return int(found[1])


def saved(client: FlaskClient, number: int, code: str = "nl", version: int = 0, **text: str) -> int:
    """Of a text of that version; the status."""
    data = TEXT | {"version": str(version), "made_from": "1"} | text
    return client.post(f"/desk/content/{number}/{code}", data=data).status_code


def article(work: Workplace, number: int) -> Article:
    with work.database.reading() as session:
        found = content.find_article(session, number)
    assert found is not None
    return found


def published(client: FlaskClient, work: Workplace, number: int) -> int:
    data = {"version": str(article(work, number).version)}
    return client.post(f"/desk/content/{number}/publish", data=data).status_code


def test_from_nothing_to_what_readers_see(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    reader = work.app.test_client()
    assert "bold" not in editor.get(f"/desk/content/{number}").text
    assert saved(editor, number) == 303
    preview = editor.get(f"/desk/content/{number}/nl/preview").text
    assert "<h2>Kop</h2>" in preview
    assert "<strong>Vet</strong>" in preview
    assert reader.get("/nl/news/a-thing").status_code == 404
    assert published(editor, work, number) == 303
    page = reader.get("/nl/news/a-thing").text
    written = re.findall(r'<article class="article written".*?</article>', page, re.DOTALL)
    assert written == re.findall(
        r'<article class="article written".*?</article>', preview, re.DOTALL
    )
    version = {"version": str(article(work, number).version)}
    assert editor.post(f"/desk/content/{number}/end", data=version).status_code == 303
    assert reader.get("/nl/news/a-thing").status_code == 404
    with work.database.reading() as session:
        acts = [one.act for one in audit.history(session, ("article", number))]
    assert acts == ["article.ended", "article.published", "article.text_saved", "article.made"]


def test_a_text_is_let_go_one_by_one(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    saved(editor, number)
    published(editor, work, number)
    reader = work.app.test_client()
    assert saved(editor, number, version=1, title="Twee") == 303
    assert "Twee" not in reader.get("/nl/news").text
    assert "newer version that readers do not see" in editor.get("/desk/content").text
    assert saved(editor, number, version=2, title="Drie", then="show") == 303
    assert "Drie" in reader.get("/nl/news").text
    shown = editor.post(f"/desk/content/{number}/nl/show", data={"version": "2"})
    assert shown.status_code == 303
    assert "Twee" in reader.get("/nl/news").text


def test_a_translation_has_its_source_beside_it_and_falls_behind(
    work: Workplace, editor: SignedIn
) -> None:
    number = made(editor)
    saved(editor, number)
    form = editor.get(f"/desk/content/{number}/en").text
    assert "Een ding" in form
    assert '<input type="hidden" name="made_from" value="1">' in form
    assert saved(editor, number, "en", title="A thing") == 303
    assert "What needs you" not in editor.get("/desk/content").text
    saved(editor, number, version=1, body="# Kop\n\nHeel anders.")
    assert "was changed after this was translated" in editor.get("/desk/content").text
    form = editor.get(f"/desk/content/{number}/en").text
    assert re.search(r"<ins>\s*Heel anders\.\s*</ins>", form)
    assert re.search(r"<del>\s*\*\*Vet\*\* woord\.\s*</del>", form)
    saved(editor, number, "en", version=1, title="A thing", made_from="2")
    assert article(work, number).stale() == []


def test_a_translation_is_made_from_a_version_that_there_is(
    work: Workplace, editor: SignedIn
) -> None:
    number = made(editor)
    saved(editor, number)
    for given in ("9", "-1", "x", ""):
        saved(editor, number, "en", version=0 if given == "9" else 1, made_from=given)
        assert article(work, number).stale() == ["en"]


def test_the_grid_has_every_language(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    saved(editor, number)
    page = editor.get("/desk/content").text
    for code in LANGUAGES:
        assert f'href="/desk/content/{number}/{code}"' in page
    table = editor.get("/desk/content?texts-as=csv")
    assert table.mimetype == "text/csv"
    assert "Een ding" in table.text


def test_of_two_editors_neither_loses_a_word(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    other = work.by(Role.EDITOR)
    assert saved(editor, number) == 303
    assert saved(editor, number, version=1, title="Van haar") == 303
    late = other.post(
        f"/desk/content/{number}/nl", data=TEXT | {"title": "Van hem", "version": "1"}
    )
    assert late.status_code == 409
    assert "Van haar" in late.text
    assert 'value="Van hem"' in late.text
    assert '<input type="hidden" name="version" value="2">' in late.text
    assert saved(other, number, version=2, title="Van beiden") == 303
    with work.database.reading() as session:
        titles = [one.words.title for one in content.versions(session, number, "nl")]
    assert titles == ["Van beiden", "Van haar", "Een ding"]


def test_of_two_who_change_the_facts_one_is_told(work: Workplace, editor: SignedIn) -> None:
    number, other = made(editor), work.by(Role.EDITOR)
    facts = {"slug": "a-thing", "version": "1", "publish_at": "", "end_at": ""}
    mine = editor.post(f"/desk/content/{number}", data=facts | {"link": "https://a.example/"})
    assert mine.status_code == 303
    late = other.post(f"/desk/content/{number}", data=facts | {"link": "https://b.example/"})
    assert late.status_code == 409
    assert "https://a.example/" in late.text
    assert "https://b.example/" in late.text
    assert article(work, number).facts.link == "https://a.example/"
    for act in ("publish", "end"):
        saved(editor, number)
        again = other.post(f"/desk/content/{number}/{act}", data={"version": "1"})
        assert again.status_code == 409
    assert article(work, number).schedule.publish_at is None


def test_it_is_planned_and_ends_by_itself(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    saved(editor, number)
    begin, end = work.now + timedelta(hours=1), work.now + timedelta(hours=2)
    facts = {"slug": "a-thing", "version": "1"}
    facts |= {"publish_at": f"{begin:%Y-%m-%dT%H:%M}", "end_at": f"{end:%Y-%m-%dT%H:%M}"}
    assert editor.post(f"/desk/content/{number}", data=facts).status_code == 303
    reader = work.app.test_client()
    seen = []
    for _hour in range(4):
        seen.append(reader.get("/nl/news/a-thing").status_code)
        work.later(hours=1)
    assert seen == [404, 200, 404, 404]


def test_a_version_is_looked_at_compared_and_brought_back(
    work: Workplace, editor: SignedIn
) -> None:
    number = made(editor)
    for version, title in enumerate(("Een", "Twee", "Drie")):
        saved(editor, number, version=version, title=title)
    assert "Een" in editor.get(f"/desk/content/{number}/nl/preview?version=1").text
    compared = editor.get(f"/desk/content/{number}/nl/versions?old=1&new=3").text
    assert re.search(r"<del>\s*Een\s*</del>", compared)
    assert re.search(r"<ins>\s*Drie\s*</ins>", compared)
    address = f"/desk/content/{number}/nl/bring-back"
    assert editor.post(address, data={"version": "1", "base": "3"}).status_code == 303
    with work.database.reading() as session:
        newest = content.newest_version(session, number, "nl")
    assert newest is not None
    assert (newest.number, newest.words.title, newest.brought_back) == (4, "Een", 1)
    late = editor.post(address, data={"version": "2", "base": "3"})
    assert late.status_code == 409
    assert 'value="Twee"' in late.text
    for bad in ("0", "9", "x", ""):
        assert editor.post(address, data={"version": bad, "base": "4"}).status_code == 404


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ({"title": ""}, "Fill this in."),
        ({"title": "x" * 151}, "This is too long."),
        ({"title": "a\nb"}, "Write this on one line."),
        ({"summary": " \n"}, "Fill this in."),
        ({"body": "a\u202eb"}, "a sign in this that nobody sees"),
        ({"title": "a\u2066b"}, "a sign in this that nobody sees"),
        ({"body": "x" * (LONGEST_BODY + 1)}, "This is too long."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    work: Workplace, editor: SignedIn, text: dict[str, str], told: str
) -> None:
    number = made(editor)
    response = editor.post(f"/desk/content/{number}/nl", data=TEXT | {"version": "0"} | text)
    assert response.status_code == 422
    assert told in unescape(response.text)
    assert next(iter(text.values()))[:100].strip() in unescape(response.text)
    assert article(work, number).texts == {}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"slug": "A thing"}, "Use small letters"),
        ({"slug": ""}, "Use small letters"),
        ({"kind": "advert"}, "Choose what it is."),
        ({"language": "xx"}, "Choose a language."),
        ({"link": "javascript:alert(1)"}, "Fill in a web address"),
        ({"kind": "guide"}, "Fill this in."),
        ({"kind": "guide", "source": "x", "checked_on": "2999-01-01"}, "has yet to come"),
        ({"checked_on": "yesterday"}, "Write a day"),
        ({"slug": "read-a-price"}, "Another text stands at this address"),
    ],
)
def test_a_new_article_is_one_that_can_be(
    work: Workplace, editor: SignedIn, facts: dict[str, str], told: str
) -> None:
    with work.database.reading() as session:
        before = content.count_articles(session)
    response = editor.post("/desk/content/new", data=NEWS | facts)
    assert response.status_code in (409, 422)
    assert told in unescape(response.text)
    with work.database.reading() as session:
        assert content.count_articles(session) == before


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"publish_at": "soon"}, "Write a day and a time"),
        ({"end_at": "2026-11-30T12:00"}, "Fill this in."),
        (
            {"publish_at": "2026-11-30T12:00", "end_at": "2026-11-30T12:00"},
            "It would end before it begins.",
        ),
        ({"slug": "read-a-price"}, "Another text stands at this address"),
    ],
)
def test_a_schedule_is_one_that_can_be(editor: SignedIn, facts: dict[str, str], told: str) -> None:
    number = made(editor)
    response = editor.post(
        f"/desk/content/{number}", data={"slug": "a-thing", "version": "1"} | facts
    )
    assert response.status_code in (409, 422)
    assert told in unescape(response.text)


def test_a_text_of_a_script_of_three_bytes_a_sign_fits(work: Workplace, editor: SignedIn) -> None:
    number = made(editor, language="ti")
    assert saved(editor, number, "ti", body="\u1230" * LONGEST_BODY) == 303
    assert saved(editor, number, "ti", version=1, body="x" * 450_000) == 413


def test_nothing_is_assigned_that_no_field_is_for(work: Workplace, editor: SignedIn) -> None:
    number = made(editor, publish_at="2020-01-01T00:00", version="99", id="1")
    assert saved(editor, number, shown="1", saved_by="1", id="7", brought_back="1") == 303
    found = article(work, number)
    assert (found.version, found.schedule.publish_at) == (1, None)
    assert found.texts["nl"].shown is None


def test_without_a_text_nothing_is_published(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    assert published(editor, work, number) == 303
    assert article(work, number).schedule.publish_at is None


@pytest.mark.parametrize(
    "path",
    ["0", "999999", "1/xx", "1/NL", "1/nl/preview?version=99", "1/ti/versions", "1/ti/preview"],
)
def test_what_is_not_there_is_not_there(editor: SignedIn, path: str) -> None:
    assert editor.get(f"/desk/content/{path}").status_code == 404


LEFT_OVER = re.compile(r"\{\{|\{%|\{#|&lt;|<a href")
"""What looks like something that a template left, which every page is searched for."""

PATHS = ("", "/new", "/1", "/1/en", "/1/en/preview", "/1/en/versions")
ACTS = ("/new", "/1", "/1/publish", "/1/end", "/1/en", "/1/en/show", "/1/en/bring-back")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.RESEARCHER, Role.MODERATOR])
def test_texts_are_for_editors(work: Workplace, role: Role) -> None:
    client = work.by(role)
    assert [client.get(f"/desk/content{path}").status_code for path in PATHS] == [404] * len(PATHS)
    with work.database.reading() as session:
        before = content.find_article(session, 1)
    given = NEWS | TEXT | {"version": "1", "base": "1", "then": "show"}
    found = [client.post(f"/desk/content{path}", data=given).status_code for path in ACTS]
    assert found == [404] * len(ACTS)
    assert article(work, 1) == before


def test_texts_are_for_those_who_are_signed_in(work: Workplace) -> None:
    nobody = work.client()
    for path in PATHS:
        assert nobody.get(f"/desk/content{path}").status_code == 401
    for path in ACTS:
        assert nobody.post(f"/desk/content{path}").status_code == 401


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
def test_editors_and_administrators_see_all_of_it(work: Workplace, role: Role) -> None:
    client = work.by(role)
    assert [client.get(f"/desk/content{path}").status_code for path in PATHS] == [200] * len(PATHS)


def test_a_form_from_elsewhere_changes_nothing(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    for headers in ({"Origin": "https://evil.example"}, {"X-CSRF-Token": "wrong"}):
        for path in ("/new", f"/{number}", f"/{number}/publish", f"/{number}/nl"):
            response = editor.post(f"/desk/content{path}", data=NEWS | TEXT, headers=headers)
            assert response.status_code == 403
    assert article(work, number).texts == {}


def test_what_is_written_is_text_at_the_desk_too(work: Workplace, editor: SignedIn) -> None:
    number = made(editor)
    for version, attack in enumerate(one for one in ATTACKS if not LEFT_OVER.search(one)):
        text = {"title": attack[:150], "summary": attack, "body": f"{attack}\n\n[x]({attack})"}
        assert saved(editor, number, version=version, **text) == 303
        for path in ("", "/nl", "/nl/preview", "/nl/versions"):
            html = editor.get(f"/desk/content/{number}{path}").text
            assert not re.search(r"<(script(?! src=\"/static)|img|iframe|svg on|body on)", html)
            assert not re.search(r"<a [^>]*href=\"(?!/|#|https?://)", html)


def test_what_ships_is_left_alone_once_an_editor_touched_it(work: Workplace) -> None:
    with work.database.reading() as session:
        found = content.find_by_slug(session, "scams", list(Kind))
    assert found is not None
    assert found.texts["nl"].shown == 1
