"""What each fault of HTTP answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime

import pytest

from tests.lab.answers import METADATA
from tests.lab.control import SECRET
from tests.lab.faults import FAULTS
from tests.lab.server import Lab, lab_world
from tests.lab.talking import HOST, PATH, connected, message, one_reply, told
from tests.lab.tree import parse

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def lab() -> Iterator[Lab]:
    world = lab_world()
    world.now = NOW
    with Lab(world) as running:
        yield running


def test_a_redirect_to_itself(lab: Lab) -> None:
    lab.fault(HOST, "F17")
    heard = told(lab)
    assert (heard.status, heard.headers["location"]) == (302, f"https://{HOST}{PATH}")


def test_redirects_inside_lead_to_something_that_can_be_read(lab: Lab) -> None:
    lab.fault(HOST, "F18", "loopback")
    target = told(lab).headers["location"]
    assert target == f"{lab.url}/__lab/secret"
    with connected(lab) as sock:
        sock.sendall(b"GET /__lab/secret HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one_reply(sock).body == SECRET
    assert lab.requests[-1].path == "/__lab/secret"

    lab.fault(HOST, "F18", "metadata")
    assert told(lab).headers["location"] == METADATA


def test_too_many_requests_in_seconds(lab: Lab) -> None:
    lab.fault(HOST, "F20")
    heard = told(lab)
    assert (heard.status, heard.headers["retry-after"]) == (429, "120")


def test_too_many_requests_in_seven_other_spellings(lab: Lab) -> None:
    waits = {}
    for variant in FAULTS["F21"].variants:
        lab.fault(HOST, "F21", variant)
        heard = told(lab)
        assert heard.status == 429
        waits[variant] = heard.headers["retry-after"]

    assert len(set(waits.values())) == 7
    assert parsedate_to_datetime(waits["date"]) == NOW + timedelta(minutes=2)
    assert parsedate_to_datetime(waits["date past"]) == NOW - timedelta(days=1)
    assert waits["old date"] == "Friday, 20-Nov-26 12:02:00 GMT"
    assert [waits[name] for name in ("negative", "huge", "word", "empty")] == [
        "-5",
        "99999999999",
        "soon",
        "",
    ]


def test_a_storm_lets_every_second_request_through(lab: Lab) -> None:
    lab.fault(HOST, "F22")
    assert [told(lab).status for _ in range(5)] == [503, 200, 503, 200, 503]


@pytest.mark.parametrize(
    ("number", "variant", "status", "sign"),
    [
        ("F23", "akamai", 403, b"Access Denied"),
        ("F23", "cloudflare", 403, b"Just a moment"),
        ("F23", "datadome", 403, b"captcha"),
        ("F24", "header", 200, b"Just a moment"),
        ("F24", "script", 200, b"_cf_chl_opt"),
        ("F25", "", 200, b"type=password"),
        ("F26", "as html", 200, b"Maintenance"),
        ("F26", "as json", 200, b"Maintenance"),
        ("F29", "soft 404", 200, b"Page not found"),
    ],
)
def test_pages_instead_of_prices(
    number: str, variant: str, status: int, sign: bytes, lab: Lab
) -> None:
    lab.fault(HOST, number, variant)
    heard = told(lab)
    assert heard.status == status
    assert sign in heard.body
    json_said = variant in ("datadome", "as json")
    expected = "application/json" if json_said else "text/html; charset=utf-8"
    assert heard.headers["content-type"] == expected


def test_whose_page_it_is_stands_in_the_headers(lab: Lab) -> None:
    seen = {}
    for number, variant in (("F23", "akamai"), ("F23", "cloudflare"), ("F24", "header")):
        lab.fault(HOST, number, variant)
        headers = told(lab).headers
        seen[number, variant] = headers["server"], headers.get("cf-mitigated")
    assert list(seen.values()) == [
        ("AkamaiGHost", None),
        ("cloudflare", "challenge"),
        ("cloudflare", "challenge"),
    ]


def test_other_encodings(lab: Lab) -> None:
    good = told(lab).body
    lab.fault(HOST, "F27", "latin-1")
    latin = told(lab)
    assert latin.headers["content-type"] == "application/json; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        latin.body.decode()
    assert parse(latin.body.decode("latin-1").encode())["operator"] == "Société Générale"  # type: ignore[index]

    lab.fault(HOST, "F27", "utf-16")
    assert told(lab).body.decode("utf-16").startswith('{"')
    lab.fault(HOST, "F27", "byte order mark")
    assert told(lab).body == b"\xef\xbb\xbf" + good


def test_nothing_in_four_ways(lab: Lab) -> None:
    bodies = []
    for variant in FAULTS["F28"].variants:
        lab.fault(HOST, "F28", variant)
        heard = told(lab)
        assert heard.status == 200
        bodies.append(heard.body)
    assert bodies == [b"", b"[]", b"{}", b"null"]


def test_a_site_that_has_moved_leads_to_a_home_page_that_is_well(lab: Lab) -> None:
    lab.fault(HOST, "F29")
    heard = told(lab)
    assert (heard.status, heard.headers["location"]) == (301, f"https://{HOST}/")
    home = told(lab, "/", method="GET")
    assert (home.status, home.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_robots_that_close_the_site_while_the_endpoint_goes_on(lab: Lab) -> None:
    lab.fault(HOST, "F30", "disallow")
    assert told(lab, "/robots.txt", method="GET").body == b"User-agent: *\nDisallow: /\n"
    assert told(lab).status == 200
    lab.fault(HOST, "F30", "server error")
    assert told(lab, "/robots.txt", method="GET").status == 500


def test_other_faults_leave_robots_alone_unless_asked(lab: Lab) -> None:
    lab.fault(HOST, "F23")
    assert told(lab, "/robots.txt", method="GET").status == 200
    lab.fault(HOST, "F23", path="/robots.txt")
    assert told(lab, "/robots.txt", method="GET").status == 403
    assert told(lab).status == 200
    lab.fault(HOST, "F23", path="/v3")
    assert told(lab).status == 403
    assert told(lab, "/v4", method="GET").status == 404


def test_a_fault_is_of_one_host_until_it_is_healed(lab: Lab) -> None:
    lab.fault(HOST, "F23")
    assert told(lab, "/", "api.remitly.io", method="GET").status == 404
    assert told(lab).status == 403
    assert lab.bites(HOST) == 1
    lab.heal(HOST)
    assert told(lab).status == 200
    assert lab.bites(HOST) == 0


def test_a_frozen_body_stays_while_the_world_moves(lab: Lab) -> None:
    lab.fault(HOST, "F45")
    first = told(lab).body
    lab.world.drift = Decimal("1.01")
    assert told(lab).body == first
    assert lab.bites(HOST) == 1
    assert told(lab, "/v4/comparisons/?x=1", method="GET").body != first
    lab.heal()
    assert told(lab).body != first


def test_unknown_faults_and_variants_are_errors(lab: Lab) -> None:
    with pytest.raises(KeyError):
        lab.fault(HOST, "F01")
    with pytest.raises(ValueError, match="no variant 'green'"):
        lab.fault(HOST, "F23", "green")
    with connected(lab) as sock:
        sock.sendall(message(keep=True))
        assert one_reply(sock).status == 200
