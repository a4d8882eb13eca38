"""Whose form is believed, and how many: other sites are refused, and nobody fills the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from app.web.senders import ALL, EACH, WINDOW, Throttle, is_our_own, visitor_of
from tests.db.made import NOON
from tests.tables import dump
from tests.web.living import Living, living
from tests.web.reading import Reader
from tests.web.test_complaints import FORM, GOOD, OURS, kept, post


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        yield made


FOREIGN: dict[str, dict[str, str]] = {
    "nothing said": {},
    "another origin": {"Origin": "https://evil.example"},
    "no origin": {"Origin": "null"},
    "our name inside": {"Origin": "http://localhost.evil.example"},
    "our name as a user": {"Origin": "http://localhost@evil.example"},
    "another port": {"Origin": "http://localhost:81"},
    "no address": {"Origin": "localhost"},
    "half an address": {"Origin": "http://[::1"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    "typed": {"Sec-Fetch-Site": "none"},
    "both, one of them foreign": {
        "Sec-Fetch-Site": "same-origin",
        "Origin": "https://evil.example",
    },
    "referrer only": {"Referer": "http://localhost/en/complain"},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_a_form_from_another_site_is_refused_and_not_repeated(
    site: Living, headers: dict[str, str]
) -> None:
    response = post(site, GOOD, headers)
    assert response.status_code == 403
    assert kept(site) == []
    assert "This form did not come from our page" in Reader(response.text).text
    assert GOOD["message"] not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://127.0.0.1:8000"},
    ],
    ids=str,
)
def test_a_form_of_our_own_is_believed(site: Living, headers: dict[str, str]) -> None:
    """By its origin, by what the browser says of it, or by the address that readers know."""
    assert post(site, GOOD, headers).status_code == 303


def test_nothing_is_changed_by_looking(site: Living) -> None:
    assert site.client.get(FORM, query_string=GOOD).status_code == 200
    assert site.client.head(FORM).status_code == 200
    for method in ("put", "delete", "patch"):
        assert getattr(site.client, method)(FORM, data=GOOD, headers=OURS).status_code == 405
    assert kept(site) == []


def test_one_visitor_cannot_fill_the_list(site: Living) -> None:
    for _ in range(EACH):
        assert post(site, GOOD).status_code == 303
    refused = post(site, GOOD | {"message": "One more."})
    assert refused.status_code == 429
    assert "Too many reports are coming in at this moment" in Reader(refused.text).text
    assert "One more." in refused.text
    assert len(kept(site)) == EACH
    site.at(NOON + WINDOW)
    assert post(site, GOOD).status_code == 303


def test_what_is_not_kept_does_not_count(site: Living) -> None:
    for _ in range(EACH + 1):
        assert post(site, {"about": "site"}).status_code == 422
    assert post(site, GOOD).status_code == 303


def test_all_visitors_together_have_a_measure_too() -> None:
    throttle = Throttle(each=2, all_of_them=3)
    at = [NOON + timedelta(minutes=number) for number in range(4)]
    assert [throttle.lets(str(number), at[number]) for number in range(4)] == [True] * 3 + [False]
    assert throttle.lets("3", NOON + WINDOW)
    assert EACH < ALL


def test_no_address_is_remembered() -> None:
    throttle = Throttle()
    throttle.lets("203.0.113.77", NOON)
    remembered = repr(list(throttle._sent))
    assert "203.0.113.77" not in remembered
    other = Throttle()
    other.lets("203.0.113.77", NOON)
    assert list(other._sent) != list(throttle._sent), "the key dies with the process"


def test_no_address_of_a_visitor_is_stored(site: Living) -> None:
    post(site, GOOD, OURS | {"X-Forwarded-For": "203.0.113.77", "User-Agent": "CANARY/1.0"})
    stored = str(dump(site.database))
    assert GOOD["message"] in stored
    for trace in ("203.0.113.77", "CANARY", "127.0.0.1"):
        assert trace not in stored


def asking(remote: str, **headers: str) -> Request:
    named = [(name.replace("_", "-"), text) for name, text in headers.items()]
    made = EnvironBuilder(headers=Headers(named))
    return Request(made.get_environ() | {"REMOTE_ADDR": remote})


@pytest.mark.parametrize(
    ("remote", "handed", "visitor"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("8.8.8.8", "1.1.1.1", "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        ("10.0.0.2", "8.8.4.4", "8.8.4.4"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "8.8.8.8", ""),
        ("unix:", "", "unix:"),
    ],
)
def test_who_sends_is_who_our_own_proxy_saw(remote: str, handed: str, visitor: str) -> None:
    assert visitor_of(asking(remote, X_Forwarded_For=handed)) == visitor


def test_a_household_is_one_visitor() -> None:
    one, same, other = ("2a02:a400:1:2::5", "2a02:a400:1:2:9:9:9:9", "2a02:a400:1:3::5")
    assert visitor_of(asking(one)) == visitor_of(asking(same)) != visitor_of(asking(other))
    mapped = [visitor_of(asking(f"::ffff:8.8.8.{last}")) for last in (1, 2)]
    assert mapped[0] != mapped[1]


def test_an_origin_is_compared_whole() -> None:
    asked = asking("8.8.8.8", Origin="https://huiswaarts.example")
    assert is_our_own(asked, "https://huiswaarts.example")
    assert not is_our_own(asked, "https://huiswaarts.example.evil")
