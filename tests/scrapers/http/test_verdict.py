"""What an answer is worth."""

from __future__ import annotations

import pytest

from scrapers.contract import Refused, SourceError, Trouble, Unreachable, Unreadable
from scrapers.fields import fields
from scrapers.strict import text
from tests.lab.wire import example
from tests.scrapers.http.conftest import Lab
from tests.scrapers.http.world import JSON, URL, raw, reply


@pytest.mark.parametrize(
    ("status", "kind", "trouble"),
    [
        ("400 Bad Request", Refused, Trouble.SCHEMA),
        ("401 Unauthorized", Refused, Trouble.BLOCKED),
        ("403 Forbidden", Refused, Trouble.BLOCKED),
        ("404 Not Found", Refused, Trouble.GONE),
        ("405 Method Not Allowed", Refused, Trouble.SCHEMA),
        ("410 Gone", Refused, Trouble.GONE),
        ("422 Unprocessable Entity", Refused, Trouble.SCHEMA),
        ("429 Too Many Requests", Refused, Trouble.LIMITED),
        ("451 Unavailable For Legal Reasons", Refused, Trouble.BLOCKED),
        ("500 Internal Server Error", Unreachable, Trouble.SERVER_ERROR),
        ("503 Service Unavailable", Unreachable, Trouble.SERVER_ERROR),
        ("599 Whatever", Unreachable, Trouble.SERVER_ERROR),
        ("300 Multiple Choices", Refused, Trouble.REDIRECTED),
        ("304 Not Modified", Refused, Trouble.REDIRECTED),
        ("206 Partial Content", Unreachable, Trouble.BROKEN_REPLY),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_statuses(
    lab: Lab, status: str, kind: type[SourceError], trouble: Trouble, method: str
) -> None:
    body = b"" if status.startswith("304") else JSON
    _, http = lab(reply(body, status))
    with pytest.raises(kind) as caught:
        getattr(http, method)(URL)
    assert type(caught.value) is kind
    assert caught.value.trouble is trouble
    assert "api.example.org" in str(caught.value)
    assert http.exchanges[-1].failed == str(caught.value)
    assert http.exchanges[-1].status == int(status[:3])


@pytest.mark.parametrize("status", ["400 Bad", "403 No", "404 No", "422 No", "429 No", "500 Oh"])
def test_statuses_that_the_source_reads_itself(lab: Lab, status: str) -> None:
    _, http = lab(reply(b'{"error":"x"}', status))
    answer = http.post(URL, json={}, also=(400, 403, 404, 422, 429, 500))
    assert (answer.status, answer.body) == (int(status[:3]), b'{"error":"x"}')
    assert http.exchanges[-1].failed == ""


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "203 Non-Authoritative"])
def test_successes(lab: Lab, status: str) -> None:
    _, http = lab(reply(JSON, status))
    assert http.get(URL).status == int(status[:3])


@pytest.mark.parametrize(
    ("answer", "who"),
    [
        (reply(example("generic_cloudflare_challenge_403.html"), kind="text/html"), "Cloudflare"),
        (
            reply(example("generic_cloudflare_challenge_403.html"), "403 Forbidden", "text/html"),
            "Cloudflare",
        ),
        (reply(example("westernunion_akamai_403.html"), "403 No", "text/html"), "Akamai"),
        (reply(example("westernunion_akamai_403.html"), kind="text/html"), "Akamai"),
        (reply(example("moneygram_captcha_403.json"), "403 Forbidden"), "DataDome"),
        (reply(example("moneygram_captcha_403.json")), "DataDome"),
        (reply(b"", "403 Forbidden", "text/html", cf_mitigated="challenge"), "Cloudflare"),
        (reply(JSON, cf_mitigated="challenge"), "Cloudflare"),
        (reply(b"<script>window._cf_chl_opt={}</script>", kind="text/html"), "Cloudflare"),
        (reply(b"<script>window._cf_chl_opt={}</script>", kind=""), "Cloudflare"),
        (reply(b"<TITLE>Just a Moment...</TITLE>", "503 Oh", "text/html"), "Cloudflare"),
        (reply(b"<div id=px-captcha>", kind="text/html"), "PerimeterX"),
        (reply(b"<iframe src=/_Incapsula_Resource?x>", kind="text/html"), "Imperva"),
        (reply(b"<div class='g-recaptcha'>", kind="text/html"), "a captcha"),
    ],
)
@pytest.mark.parametrize("also", [(), (200, 403, 503)])
def test_challenges(lab: Lab, answer: bytes, who: str, also: tuple[int, ...]) -> None:
    """F23, F24: with any status, and whatever statuses the source reads."""
    server, http = lab(answer)
    with pytest.raises(Refused, match=f"{who} wants to know whether we are people") as caught:
        http.get(URL, also=also)
    assert caught.value.trouble is Trouble.BLOCKED
    assert http.waiting is not None
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"note":"Just a moment...","x":"_cf_chl_opt"}', "application/json"),
        (b"<p>Protected by <div class=g-recaptcha>", "text/html"),
        (b"<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js>", "text/html"),
    ],
)
def test_no_challenge(lab: Lab, body: bytes, kind: str) -> None:
    _, http = lab(reply(body, kind=kind))
    assert http.get(URL, headers={"accept": "text/html, */*"}).body == body


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (example("generic_html_200_instead_of_json.html"), "Maintenance"),  # F26
        (b"<html><title>Log in</title><input type=password>", "Log in"),  # F25
    ],
)
def test_pages_instead_of_json(lab: Lab, body: bytes, title: str) -> None:
    _, http = lab(reply(body, kind="text/html; charset=UTF-8"))
    with pytest.raises(Unreadable, match=rf"an HTML page \('{title}'\)") as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.NOT_JSON
    assert http.exchanges[-1].body == body
    assert http.waiting is None


def test_pages_for_those_who_ask_for_pages(lab: Lab) -> None:
    _, http = lab(reply(b"<html>", kind="text/html"))
    assert http.get(URL, headers={"Accept": "text/html"}).media_type == "text/html"


def test_page_without_a_type_is_seen_by_the_reader(lab: Lab) -> None:
    _, http = lab(reply(b"<html>", kind=""))
    with pytest.raises(Unreadable) as caught:
        fields(http.get(URL))
    assert caught.value.trouble is Trouble.NOT_JSON


def test_wrong_letters(lab: Lab) -> None:
    """F27: bytes go through as they are, and are read strictly."""
    _, http = lab(reply("é".encode("latin-1"), kind="application/json; charset=utf-8"))
    answer = http.get(URL)
    assert (answer.body, answer.media_type) == (b"\xe9", "application/json")
    with pytest.raises(Unreadable, match="not text in UTF-8"):
        text(answer)


def test_status_counts_more_than_a_broken_body(lab: Lab) -> None:
    server, http = lab(raw(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 99\r\n\r\nhalf"))
    with pytest.raises(Refused) as caught:
        http.get(URL)
    assert caught.value.trouble is Trouble.BLOCKED
    assert http.exchanges[-1].body == b"half"
    assert len(server.asked) == 1
