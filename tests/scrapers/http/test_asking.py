"""What a source sees of the client, and what is kept for those who ask later."""

from __future__ import annotations

import hashlib
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scrapers.client.evidence import Question, shown, written
from scrapers.client.kept import Kept
from scrapers.contract import Http, Refused, Reply, SourceError, Trouble, Unreachable, Unreadable
from tests.scrapers.http.conftest import Connect, Lab, Serve
from tests.scrapers.http.world import AGENT, BUDGET, JSON, URL, gzipped, in_turn, raw, reply

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJndWVzdCJ9.c2lnbmF0dXJl"  # noqa: S105


def test_same_question_is_asked_once(lab: Lab) -> None:
    server, http = lab()
    first = http.get(URL, params={"a": "1"}, headers={"X-A": "b"})
    assert http.get(f"{URL}?a=1", headers={"x-a": "b"}) is first
    http.get(URL, params={"a": "2"}, headers={"X-A": "b"})
    http.get(URL, params={"a": "1"}, headers={"X-A": "c"})
    http.post(URL, json={"a": Decimal("1.0")})
    http.post(URL, json={"a": Decimal("1.00")})
    http.post(URL, json={"a": Decimal("1.0")})
    assert len(server.asked) == 5
    assert len(http.exchanges) == http.requests == 6


def test_another_run_asks_anew(serve: Serve, connect: Connect) -> None:
    server = serve()
    client = connect(server.url)
    for _ in range(2):
        client.asking("example", BUDGET).get(URL)
    assert len(server.asked) == 2


def test_a_failed_question_is_asked_once_more(lab: Lab) -> None:
    server, http = lab(reply(b"", "404 Not Found"))
    said = set()
    for _ in range(4):
        with pytest.raises(Refused) as caught:
            http.get(URL)
        assert caught.value.trouble is Trouble.GONE
        said.add(str(caught.value))
    assert len(server.asked) == 2
    assert len(said) == 1


def test_known_answer_only_for_those_who_can_read_it(lab: Lab) -> None:
    _, http = lab(reply(JSON, "404 Not Found"))
    assert http.get(URL, also=(404,)).status == 404
    assert http.get(URL, also=range(400, 500)).status == 404
    with pytest.raises(Refused):
        http.get(URL)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"amount": Decimal(500)}, '{"amount":500}'),
        ({"amount": Decimal("200.50")}, '{"amount":200.50}'),
        ({"amount": Decimal("5E+2")}, '{"amount":500}'),
        (Decimal("0.000000001"), "0.000000001"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        ([1, 'é "\n', None, True], '[1,"é \\"\\n",null,true]'),
        ((), "[]"),
        ({}, "{}"),
    ],
)
def test_json(lab: Lab, value: object, text: str) -> None:
    server, http = lab()
    http.post(URL, json=value)
    assert server.asked[0].body == text.encode()
    assert server.asked[0].headers["content-type"] == "application/json"
    assert server.asked[0].headers["accept"] == "application/json"


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, b"x", {1, 2}, object()])
def test_what_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        written(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "sNaN"])
def test_no_number(value: str) -> None:
    with pytest.raises(ValueError, match="no JSON number"):
        written(Decimal(value))


def test_a_post_without_a_body(lab: Lab) -> None:
    server, http = lab()
    http.post(URL)
    assert "content-type" not in server.asked[0].headers
    assert server.asked[0].body == b""


def test_parameters_and_headers(lab: Lab) -> None:
    server, http = lab()
    http.get(f"{URL}?a=1", params={"b": "x y&z=é/+", "c": ""}, headers={"Accept": "text/xml"})
    assert server.asked[0].target.endswith("/prices?a=1&b=x%20y%26z%3D%C3%A9%2F%2B&c=")
    assert server.asked[0].headers["accept"] == "text/xml"


@pytest.mark.parametrize("name", ["User-Agent", "Cookie", "Host", "Accept-Encoding"])
def test_headers_that_are_ours(lab: Lab, name: str) -> None:
    server, http = lab()
    with pytest.raises(ValueError, match=f"may not set {name.lower()}"):
        http.get(URL, headers={name: "Mozilla/5.0"})
    assert server.connections == 0


def test_no_cookies(lab: Lab) -> None:
    server, http = lab(reply(set_cookie="id=1; Path=/"))
    assert "set-cookie" not in http.get(f"{URL}/1").headers
    http.get(f"{URL}/2")
    assert "cookie" not in server.asked[1].headers
    assert "set-cookie" not in http.exchanges[-1].headers


def test_unchanged(serve: Serve, connect: Connect) -> None:
    """A 304 is a fresh answer with the words of the last."""
    good = reply(etag='"v1"', last_modified="Fri, 20 Nov 2026 11:00:00 GMT")
    nothing = b'HTTP/1.1 304 Not Modified\r\netag: "v2"\r\ncontent-length: 0\r\n\r\n'
    server = serve(in_turn(good, nothing, nothing, reply(b"[]")))
    client = connect(server.url)
    made = [client.asking("example", BUDGET) for _ in range(4)]
    replies = [http.get(URL, params={"a": "b"}) for http in made]
    assert [one.body for one in replies] == [JSON, JSON, JSON, b"[]"]
    assert [one.status for one in replies] == [200] * 4
    assert replies[1].headers["etag"] == '"v2"'
    asked = [one.headers.get("if-none-match") for one in server.asked]
    assert asked == [None, '"v1"', '"v2"', '"v2"']
    assert server.asked[1].headers["if-modified-since"] == "Fri, 20 Nov 2026 11:00:00 GMT"
    kept = made[1].exchanges[-1]
    assert (kept.status, kept.body, kept.failed) == (304, JSON, "")
    assert kept.sha256 == replies[1].sha256


@pytest.mark.parametrize("answer", [reply(), reply(etag='"x"', cache_control="private, No-Store")])
def test_not_kept(serve: Serve, connect: Connect, answer: bytes) -> None:
    server = serve(answer)
    client = connect(server.url)
    for _ in range(2):
        client.asking("example", BUDGET).get(URL)
    assert "if-none-match" not in server.asked[1].headers


def test_what_is_kept_is_bounded() -> None:
    kept = Kept(most=1000)
    questions = [Question("GET", f"{URL}/{number}", {}) for number in range(5)]
    for question in questions:
        kept.put(question, Reply(question.url, b"x" * 400, "", headers={"etag": "1"}))
        kept.put(question, Reply(question.url, b"x" * 400, "", headers={"etag": "2"}))
        kept.get(questions[0])
    there = [place for place, question in enumerate(questions) if kept.get(question)]
    assert there == [0, 4]


@pytest.mark.parametrize(
    "newer",
    [
        Reply(URL, b"x" * 4_000_001, "", headers={"etag": "2"}),
        Reply(URL, b"x", "", status=201, headers={"etag": "2"}),
        Reply(URL, b"x", ""),
    ],
)
def test_what_is_not_kept_replaces_what_was(newer: Reply) -> None:
    kept, question = Kept(), Question("GET", URL, {})
    kept.put(question, Reply(URL, b"x" * 4_000_000, "", headers={"etag": "1"}))
    assert kept.get(question) is not None
    kept.put(question, newer)
    assert kept.get(question) is None


def test_evidence(lab: Lab) -> None:
    body = b'{"rate":10.5,"token":"' + TOKEN.encode() + b'"}'
    _, http = lab(
        reply(
            gzipped(body),
            content_encoding="gzip",
            set_cookie="session=1",
            authorization=f"Bearer {TOKEN}",
            date="Fri, 20 Nov 2026 12:00:00 GMT",
            x_other="1",
        )
    )
    answer = http.post(
        f"{URL}?apiKey=hidden&amount=5",
        json={"amount": Decimal("5.00"), "jwt": TOKEN},
        headers={
            "Authorization": f"Bearer {TOKEN}",
            "X-Platform": "hidden",
            "Accept-Language": "nl",
        },
    )
    assert TOKEN in answer.body.decode()
    assert answer.headers["authorization"] == f"Bearer {TOKEN}", "for a source that needs it"
    kept = http.exchanges[-1]
    assert kept.method == "POST"
    assert kept.url == f"{URL}?apiKey=[removed]&amount=5"
    assert kept.asked_at == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert kept.request_headers == {
        "accept": "application/json",
        "accept-encoding": "gzip",
        "accept-language": "nl",
        "authorization": "[removed]",
        "content-type": "application/json",
        "user-agent": AGENT,
        "x-platform": "[removed]",
    }
    assert kept.request_body == '{"amount":5.00,"jwt":"[token removed]"}'
    assert kept.headers == {
        "content-encoding": "gzip",
        "content-length": str(len(gzipped(body))),
        "content-type": "application/json",
        "date": "Fri, 20 Nov 2026 12:00:00 GMT",
    }
    assert (kept.status, kept.media_type, kept.cut, kept.failed) == (
        200,
        "application/json",
        False,
        "",
    )
    assert kept.body == b'{"rate":10.5,"token":"[token removed]"}'
    assert kept.sha256 == answer.sha256 == hashlib.sha256(kept.body).hexdigest()
    assert TOKEN not in repr(http.exchanges)
    assert "hidden" not in repr(http.exchanges)


def test_evidence_of_failures_is_cut(lab: Lab) -> None:
    page = b"x" * (64 * 1024 - 20) + TOKEN.encode() + b" " * 2000
    _, http = lab(reply(page, "500 Oh"))
    with pytest.raises(Unreachable):
        http.get(URL)
    kept = http.exchanges[-1]
    assert (len(kept.body), kept.cut) == (64 * 1024, True)
    assert b"eyJ" not in kept.body, "a token is not cut in two and kept by half"


def test_good_answers_are_kept_whole(lab: Lab) -> None:
    _, http = lab(reply(b"x" * 300_000))
    http.get(URL)
    assert (len(http.exchanges[-1].body), http.exchanges[-1].cut) == (300_000, False)


def test_no_secret_in_messages(lab: Lab) -> None:
    _, http = lab(reply(b"", "404 Not Found"))
    with pytest.raises(Refused) as caught:
        http.get(URL, params={"access_token": "hidden", "t": TOKEN})
    assert "hidden" not in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://user:word@example.org/x", "https://example.org/x"),
        (
            "https://example.org/x?a=1&Session_Id=5#y",
            "https://example.org/x?a=1&Session_Id=[removed]",
        ),
        ("https://example.org/x?a=%20b", "https://example.org/x?a=%20b"),
        (f"https://example.org/{TOKEN}/x", "https://example.org/[token removed]/x"),
    ],
)
def test_addresses_as_they_are_shown(url: str, seen: str) -> None:
    assert shown(url) == seen


def test_every_failure_has_evidence(lab: Lab) -> None:
    _, http = lab(raw(b""))
    with pytest.raises(SourceError) as caught:
        http.get(URL)
    kept = http.exchanges[-1]
    assert (kept.status, kept.body, kept.failed) == (None, b"", str(caught.value))


def test_download(lab: Lab, tmp_path: Path) -> None:
    content = b"PK" + bytes(range(256)) * 20_000
    server, http = lab(in_turn(reply(b"not this", "302 F", location="/b"), reply(content, kind="")))
    path = tmp_path / "register.zip"
    answer = http.download(URL, path, most=6_000_000)
    assert path.read_bytes() == content
    assert (answer.body, answer.status) == (b"", 200)
    assert answer.headers["content-length"] == str(len(content))
    assert http.exchanges[-1].body == b""
    assert server.asked[0].headers["accept"] == "*/*"
    assert [one.name for one in tmp_path.iterdir()] == ["register.zip"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(b"x" * 1001), Unreadable),
        (reply(gzipped(b"x" * 1001), content_encoding="gzip"), Unreadable),
        (raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"), Unreachable),
        (reply(b"", "404 No"), Refused),
        (reply(b"<title>Just a moment...</title>", kind="text/html"), Refused),
    ],
)
def test_no_file_unless_it_is_whole(
    lab: Lab, tmp_path: Path, answer: bytes, kind: type[SourceError]
) -> None:
    path = tmp_path / "register.zip"
    path.write_bytes(b"the last one")
    _, http = lab(answer)
    with pytest.raises(kind):
        http.download(URL, path, most=1000)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"the last one"]


def test_large_files_are_not_held_in_memory(lab: Lab, tmp_path: Path) -> None:
    _, http = lab(reply(bytes(20_000_000), kind="application/zip"))
    tracemalloc.start()
    http.download(URL, tmp_path / "file", most=25_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert (tmp_path / "file").stat().st_size == 20_000_000


def test_it_is_an_http(lab: Lab) -> None:
    _, asking = lab()
    http: Http = asking
    assert http.get(URL).status == 200
