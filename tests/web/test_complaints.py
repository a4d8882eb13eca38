"""Telling us what is wrong: the form, what it refuses, whom it believes, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.db import reports
from app.domain.report import About, Report, ReportState
from tests.conftest import running_site
from tests.db.made import NOON, on_board, price, save
from tests.db.test_reports import answered
from tests.tables import dump
from tests.web.browsing import opened
from tests.web.living import Living, living
from tests.web.reading import Reader
from tests.web.test_bad_input import HTML, MEGABYTE

FORM = "/en/complain"
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
GOOD = {"about": "site", "message": "The page says two things."}
SCRIPT = HTML.replace("{{7*7}}", "")
RTL = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        save(made.database, price())
        yield made


def check_text_only(html: str) -> None:
    """What was sent stands on the page as text, or not at all."""
    assert "<script>" not in html
    assert "<img" not in html
    assert len(html) < 50_000


def post(site: Living, data: Any, headers: dict[str, str] | None = None) -> TestResponse:
    given = OURS if headers is None else headers
    body = data if isinstance(data, (str, bytes)) else urlencode(data, doseq=True)
    kind = "application/x-www-form-urlencoded"
    return site.client.post(FORM, data=body, content_type=kind, headers=given)


def kept(site: Living) -> list[Report]:
    with site.database.reading() as session:
        return reports.reports(session)


def wrong(response: TestResponse) -> set[str]:
    """Fields that are marked as wrong."""
    return set(re.findall(r'name="(\w+)"[^>]*aria-invalid="true"', response.text))


def test_a_report_is_kept_and_has_a_page_of_its_own(site: Living) -> None:
    (one,) = on_board(site.database)
    sent = {
        "about": "price",
        "which": str(one.id),
        "seen": "MAD 2,100 at the counter",
        "message": "The fee is higher.\r\nSince Monday.",
        "email": "reader@example.org",
    }
    response = post(site, sent)
    assert response.status_code == 303
    assert re.fullmatch(r"/en/report/[\w-]{32}", response.location)
    (report,) = kept(site)
    assert (report.about, report.price_id, report.language) == (About.PRICE, one.id, "en")
    assert (report.seen, report.email, report.at) == (sent["seen"], sent["email"], NOON)
    assert report.message == "The fee is higher.\nSince Monday."
    page = site.client.get(response.location)
    text = Reader(page.text).text
    for words in (f"Report {report.number}", "Received. Nobody has looked at it yet.", "Monday"):
        assert words in text
    assert f"/en/price/{one.id}" in page.text
    assert "reader@example.org" not in page.text


def test_the_page_of_a_report_follows_it(site: Living) -> None:
    address = post(site, GOOD).location
    for state, said in (
        (ReportState.LOOKED_INTO, "We are looking into it."),
        (ReportState.CORRECTED, "Corrected."),
    ):
        answered(site.database, 1, state, "We had\nan <i>old</i> page.")
        text = Reader(site.client.get(address).text).text
        assert said in text
        assert "an <i>old</i> page." in text
    assert "Keep the address of this page" not in text


def test_the_page_of_a_report_is_for_whoever_has_its_link(site: Living) -> None:
    address = post(site, GOOD).location
    response = site.client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert 'rel="canonical"' not in response.text
    token = address.rpartition("/")[2]
    for other in (token.swapcase(), token[:-1], token + "a", "1", "%00" * 32):
        assert site.client.get(f"/en/report/{other}").status_code == 404
    assert token not in str(dump(site.database))


@pytest.mark.parametrize(
    ("query", "which", "about"),
    [
        ({}, "", []),
        ({"price": "1"}, "1", ["price"]),
        ({"page": "/en/coverage"}, "/en/coverage", []),
        ({"price": SCRIPT}, SCRIPT, ["price"]),
        ({"page": "x" * 5000}, "x" * 300, []),
        ({"price": f"1{RTL}"}, "1", ["price"]),
        ({"price": "999999999"}, "999999999", ["price"]),
    ],
    ids=str,
)
def test_a_link_fills_the_form_in(
    site: Living, query: dict[str, str], which: str, about: list[str]
) -> None:
    response = site.client.get(FORM, query_string=query)
    assert response.status_code == 200
    check_text_only(response.text)
    assert Reader(response.text).fields["which"] == which
    assert re.findall(r'value="(\w+)" checked', response.text) == about


def test_the_page_shows_which_price_it_is(site: Living) -> None:
    (one,) = on_board(site.database)
    text = Reader(site.client.get(f"{FORM}?price={one.id}").text).text
    assert "€203.10 → MAD 2,158.20" in text


BAD = {
    "nothing": ({}, {"about", "message"}),
    "no choice": ({"about": "", "message": "x"}, {"about"}),
    "another choice": ({"about": "theft", "message": "x"}, {"about"}),
    "two choices": ({"about": ["site", "price"], "message": "x"}, {"about"}),
    "about no price": ({"about": "price", "message": "x"}, {"which"}),
    "spaces": (GOOD | {"message": " \n\t "}, {"message"}),
    "nothing but control signs": (GOOD | {"message": f"\0\x07{RTL}"}, {"message"}),
    "too long": (GOOD | {"message": "x" * 2001}, {"message"}),
    "two messages": (GOOD | {"message": ["x", "y"]}, {"message"}),
    "seen too long": (GOOD | {"seen": "x" * 201}, {"seen"}),
    "seen on two lines": (GOOD | {"seen": "a\r\nb"}, {"seen"}),
    "two seen": (GOOD | {"seen": ["a", "b"]}, {"seen"}),
    "two addresses of mail": (GOOD | {"email": ["a@b.example", "c@d.example"]}, {"email"}),
    "another site": (GOOD | {"which": "https://evil.example/en/price/1"}, {"which"}),
    "no scheme": (GOOD | {"which": "//evil.example/en"}, {"which"}),
    "backslash": (GOOD | {"which": "/\\evil.example"}, {"which"}),
    "script": (GOOD | {"which": "javascript:alert(1)"}, {"which"}),
    "words": (GOOD | {"which": "the first one"}, {"which"}),
    "number zero": (GOOD | {"which": "0"}, {"which"}),
    "minus": (GOOD | {"which": "-1"}, {"which"}),
    "too large a number": (GOOD | {"which": "9" * 10}, {"which"}),
    "arabic number": (GOOD | {"which": "\N{ARABIC-INDIC DIGIT ONE}"}, {"which"}),
    "half an address": (GOOD | {"which": "http://[::1"}, {"which"}),
    "long address": (GOOD | {"which": "/" + "x" * 300}, {"which"}),
    "trap": (GOOD | {"homepage": "https://buy.example"}, {"homepage"}),
}


@pytest.mark.parametrize(("data", "fields"), BAD.values(), ids=BAD)
def test_a_form_that_is_not_clear_comes_back_as_it_was(
    site: Living, data: dict[str, Any], fields: set[str]
) -> None:
    response = post(site, data)
    assert response.status_code == 422
    assert wrong(response) == fields
    assert 'role="alert"' in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert kept(site) == []
    if data.get("message") == GOOD["message"]:
        assert GOOD["message"] in response.text


EMAILS = [
    *("reader", "reader@", "@example.org", "reader@example", "a@b@c.example", "a b@c.example"),
    *(
        "a@b.example\nBcc: c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
    ),
    *("Name <a@b.example>", "a@b..example", "a@.example", "a@b.example;c", '"a"@b.example'),
    *("a@[127.0.0.1]", "a@b.example\u2028c", f"{'x' * 250}@b.example", "a%0a@b.example\tc"),
]


@pytest.mark.parametrize("email", EMAILS)
def test_what_is_no_single_address_of_mail_is_refused(site: Living, email: str) -> None:
    response = post(site, GOOD | {"email": email})
    assert response.status_code == 422
    assert wrong(response) == {"email"}
    assert kept(site) == []


@pytest.mark.parametrize(
    "email", ["reader@example.org", "a.b+c@sub.example.org", "yusuf@örnek.example", " a@b.example "]
)
def test_an_address_of_mail_is_kept(site: Living, email: str) -> None:
    assert post(site, GOOD | {"email": email}).status_code == 303
    assert [one.email for one in kept(site)] == [email.strip()]


PAGES = {
    "/en/send/nl/ma?pay=200": (None, "/en/send/nl/ma?pay=200"),
    "http://localhost/en/price/1": (1, "/en/price/1"),
    "http://127.0.0.1:8000/nl/price/1?pay=200": (1, "/nl/price/1?pay=200"),
    "/en/send/nl/ma?pay=<script>": (None, "/en/send/nl/ma?pay=<script>"),
    "1": (1, ""),
    f" 1{RTL} ": (1, ""),
    "/en/provider/wise#fees": (None, "/en/provider/wise"),
}


@pytest.mark.parametrize(("which", "expected"), PAGES.items(), ids=PAGES)
def test_a_price_or_a_page_of_ours_is_understood(
    site: Living, which: str, expected: tuple[int | None, str]
) -> None:
    response = post(site, GOOD | {"which": which})
    assert response.status_code == 303
    (report,) = kept(site)
    assert (report.price_id, report.page) == expected
    check_text_only(site.client.get(response.location).text)


def test_a_price_that_is_not_there_is_not_reported(site: Living) -> None:
    response = post(site, GOOD | {"which": "77"})
    assert response.status_code == 422
    assert "We know of no price with this number." in Reader(response.text).text
    assert kept(site) == []


@pytest.mark.parametrize("field", ["about", "which", "seen", "message", "email", "homepage", "x"])
def test_html_in_any_field_is_text(site: Living, field: str) -> None:
    response = post(site, GOOD | {field: SCRIPT})
    check_text_only(response.text)
    assert response.status_code in (303, 422)
    if response.status_code == 303:
        answered(site.database, 1, ReportState.CORRECTED, SCRIPT)
        for address in (response.location, "/en/corrections"):
            check_text_only(site.client.get(address).text)


def test_a_template_in_a_field_is_text(site: Living) -> None:
    site.app.test_client_class = FlaskClient  # the checked one takes braces for a mistake of ours
    for field in ("which", "seen", "message", "email"):
        response = post(site, GOOD | {"about": "", field: "{{7*7}}{% raw %}"})
        assert "{{7*7}}{% raw %}" in response.text
    response = post(site, GOOD | {"message": "{{7*7}}"})
    assert "{{7*7}}" in site.client.get(response.location).text


def test_signs_that_turn_words_round_or_that_no_database_keeps_are_left_out(site: Living) -> None:
    odd = f"tw\0o {RTL}words\x1b[2J\N{LEFT-TO-RIGHT ISOLATE} and \ufeffno more\x85"
    assert post(site, {"about": "site", "message": odd, "seen": odd}).status_code == 303
    (report,) = kept(site)
    assert report.message == report.seen == "two words[2J and no more"


@pytest.mark.parametrize("words", ["سعر", "ዋጋ ጌጋ እዩ", "می\u200cشود", "Zu teuer 😀"])
def test_every_language_is_kept_as_it_was_written(site: Living, words: str) -> None:
    post(site, GOOD | {"message": words})
    assert [one.message for one in kept(site)] == [words]


def test_bytes_that_are_no_text_are_borne(site: Living) -> None:
    assert post(site, b"about=site&message=%ff%fe%00ok").status_code == 303
    assert kept(site)[0].message.endswith("ok")


def test_parameters_that_nobody_asked_for_change_nothing(site: Living) -> None:
    """A reader cannot answer or close their own report, nor name its number."""
    more = {"state": "corrected", "outcome": "Paid.", "closed_at": "2026-11-20", "number": "9"}
    post(site, GOOD | more)
    (report,) = kept(site)
    assert (report.state, report.outcome, report.number) == (ReportState.RECEIVED, "", 1)


def test_how_a_firm_treated_somebody_is_not_kept_and_help_is_named(site: Living) -> None:
    response = post(site, {"about": "firm", "message": "They lost my transfer 123."})
    assert response.status_code == 422
    assert kept(site) == []
    assert "lost my transfer" not in str(dump(site.database))
    assert "They lost my transfer 123." in response.text
    page = Reader(response.text)
    assert "We cannot help with that, and have kept nothing." in page.text
    assert "https://www.kifid.nl/" in page.links


@pytest.mark.parametrize("size", [70_000, MEGABYTE, 5 * MEGABYTE])
def test_too_much_is_not_read(site: Living, size: int) -> None:
    response = post(site, {"about": "site", "message": "x" * size})
    assert response.status_code == 413
    assert "This was too much to read" in Reader(response.text).text
    assert len(response.data) < 50_000
    assert kept(site) == []


def test_thousands_of_parts_are_not_read(site: Living) -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="x{n}"\r\n\r\n\r\n' for n in range(1100)
    )
    kind = "multipart/form-data; boundary=b"
    response = site.client.post(FORM, data=f"{parts}--b--", content_type=kind, headers=OURS)
    assert response.status_code == 413
    response = post(site, "message=x&" * 6000)
    assert response.status_code == 422
    assert len(response.data) < 50_000


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data"])
def test_a_body_of_another_kind_is_an_empty_form(site: Living, kind: str) -> None:
    response = site.client.post(
        FORM, data='{"about": "site", "message": "x"}', content_type=kind, headers=OURS
    )
    assert response.status_code == 422
    assert kept(site) == []


def test_a_report_that_cannot_be_kept_is_not_lost(
    site: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(reports, "add_report", fails)
    response = post(site, GOOD)
    assert response.status_code == 503
    assert GOOD["message"] in response.text
    assert "We could not keep your report: that is our mistake." in Reader(response.text).text


def test_the_form_works_in_a_real_browser(
    templates: dict[str, str], tmp_path: Path, browser: Browser
) -> None:
    """Which sends what it says of itself, under the policy that the page has; and the trap is
    out of a person's way."""
    with living(templates, tmp_path) as made, running_site(made.url) as address:
        with opened(browser, viewport={"width": 360, "height": 800}) as (page, watch):
            page.goto(f"{address}{FORM}")
            assert page.locator(".trap").bounding_box()["width"] <= 1  # type: ignore[index]
            page.get_by_label("Something else on this site").check()
            page.get_by_label("What is wrong?").fill("<img src=x onerror=alert(1)>\nTwo.")
            page.get_by_role("button", name="Send").click()
            page.wait_for_url("**/report/*")
            assert page.locator("dd.said").inner_text() == "<img src=x onerror=alert(1)>\nTwo."
            assert watch.errors == []
        assert len(kept(made)) == 1


def test_no_cookie_is_set(site: Living, client: FlaskClient) -> None:
    for response in (post(site, GOOD), client.get(FORM)):
        assert "Set-Cookie" not in response.headers
