"""Keys at the portal, and prices from programs: the same act once, however often it is sent."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import api_keys
from app.domain.account import Role
from app.domain.price_csv import MOST_BYTES
from app.domain.proposal import State
from app.domain.submitted import MOST_LINES
from tests.tables import dump
from tests.web.portal.firm import FIRM, OTHER, count, decide, find, row, shown, staff
from tests.work import SignedIn, Workplace

ADDRESS = "/api/v1/provider/prices"


def make(browser: SignedIn, name: str = "price system") -> str:
    page = browser.post("/portal/keys", data={"name": name})
    assert page.status_code == 201
    found = re.search(r'<p class="code" dir="ltr">(hw_[\w-]+)</p>', page.text)
    assert found
    return found[1]


def send(
    client: FlaskClient, key: str, body: object, once: str = "one", **headers: str
) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Authorization": f"Bearer {key}", "Idempotency-Key": once} | headers
    return client.post(ADDRESS, data=data, content_type="application/json", headers=sent)


def lines(*rows: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"lines": list(rows or [row()])} | more


def test_a_key_is_shown_once_and_kept_nowhere(work: Workplace) -> None:
    browser = staff(work)
    key = make(browser)
    assert key not in browser.get("/portal/keys").text
    assert key[: api_keys.SHOWN] in browser.get("/portal/keys").text
    assert key not in str(dump(work.database))


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\u202eb"])
def test_a_key_has_a_name(work: Workplace, name: str) -> None:
    assert staff(work).post("/portal/keys", data={"name": name}).status_code == 422


def test_prices_from_a_program_are_a_proposal_like_any_other(work: Workplace) -> None:
    key = make(staff(work))
    answer = send(work.client(), key, lines(words="autumn"))
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    said = answer.get_json()
    one = find(work, said["proposal"])
    assert (one.provider, one.state, one.made_by) == (FIRM, State.PROPOSED, None)
    assert (said["sha256"], said["words"], shown(work)) == (one.sha256, "autumn", [])
    decide(work.by(Role.EDITOR), one.id)
    told = work.client().get(said["url"], headers={"Authorization": f"Bearer {key}"}).get_json()
    assert told["state"] == "approved"
    assert len(shown(work)) == 1


def test_the_gates_speak_to_programs_too(work: Workplace) -> None:
    said = send(work.client(), make(staff(work)), lines(row(), row(rate="5.00", pay_in="x")))
    assert said.get_json()["needs_two"] is True
    assert {"line": 2, "gate": "reference"}.items() <= said.get_json()["findings"][0].items()


def test_the_same_key_with_another_body_is_refused(work: Workplace) -> None:
    key, client = make(staff(work)), work.client()
    send(client, key, lines())
    answer = send(client, key, lines(row(rate="10.50")))
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.get_json()["parameter"] == "Idempotency-Key"
    assert count(work) == 1
    assert send(client, key, lines(row(rate="10.50")), "two").status_code == 201


def test_it_is_remembered_for_a_day_and_of_one_firm(work: Workplace) -> None:
    ours, theirs, client = make(staff(work)), make(staff(work, OTHER)), work.client()
    first = send(client, ours, lines())
    work.now += timedelta(hours=24)
    assert send(client, ours, lines()).data == first.data
    assert send(client, theirs, lines()).get_json()["proposal"] != first.get_json()["proposal"]
    assert count(work) == 2


@pytest.mark.parametrize("once", ["", "x" * 256, "\x7f"])
def test_a_request_needs_a_key_of_its_own(work: Workplace, once: str) -> None:
    assert send(work.client(), make(staff(work)), lines(), once).status_code == 400
    assert count(work) == 0


GOOD = row()
BAD: list[tuple[object, str]] = [
    (b"", "no JSON"),
    (b"{", "no JSON"),
    (b"\xff\xfe{}", "no JSON"),
    (b"[" * 100_000, "no JSON"),
    (b'{"lines": ' + b"[" * 100_000, "no JSON"),
    (b'{"lines": [' + b"9" * 5000 + b"]}", "line 1"),
    (b'{"lines": [{"rate": ' + b"9" * 5000 + b"}]}", "line 1, rate"),
    (b'{"lines": [{"paid": 1' + b"0" * 5000 + b".5e99999999}]}", "line 1, paid"),
    (b'{"lines": ' + b"9" * 5000 + b"}", "lines"),
    (b"9" * 5000, "object"),
    ({"lines": [GOOD | {"from": "DE"}]}, "we do not show this country"),
    (b"[]", "object"),
    (b"PK\x03\x04", "no JSON"),
    ({}, "lines"),
    ({"lines": []}, "lines"),
    ({"lines": "all"}, "lines"),
    ({"lines": [1]}, "line 1"),
    ({"lines": [GOOD | {"rate": "NaN"}]}, "line 1, rate"),
    (b'{"lines": [{"rate": NaN}]}', "NaN"),
    (b'{"lines": [], "lines": []}', "twice"),
    ({"lines": [GOOD | {"rate": 10.6}]}, "line 1, rate"),
    ({"lines": [GOOD | {"fee": None}]}, "line 1, fee"),
    ({"lines": [GOOD, GOOD]}, "line 2, paid"),
    ({"lines": [GOOD | {"received": "1.00"}]}, "line 1, received"),
    ({"lines": [GOOD | {"pay_in": "=1+1"}]}, "line 1, pay_in"),
    ({"lines": [GOOD | {"provider": "ria"}]}, "line 1, provider"),
    ({"lines": [GOOD | {"approved": "1"}]}, "line 1, approved"),
    ({"lines": [GOOD], "approved": 1}, "unknown: approved"),
    ({"lines": [GOOD], "provider_id": 1}, "unknown: provider_id"),
    ({"lines": [GOOD], "role": "administrator"}, "unknown: role"),
    ({"lines": [GOOD], "state": "approved"}, "unknown: state"),
    ({"lines": [GOOD], "words": 1}, "words"),
    ({"lines": [GOOD], "stated_at": "yesterday"}, "stated_at"),
    (json.dumps({"lines": [GOOD]}).encode()[:-1] + b', "stated_at": ' + b"9" * 5000 + b"}", "time"),
    ({"lines": [GOOD], "stated_at": "2026-11-20T12:00:00"}, "zone"),
    ({"lines": [GOOD], "stated_at": "2026-11-20T13:00:00Z"}, "future"),
    ({"lines": [GOOD], "stated_at": "2026-10-01T12:00:00Z"}, "31 days"),
    ({"lines": [GOOD] * (MOST_LINES + 1)}, "in parts"),
]


@pytest.mark.parametrize(("body", "words"), BAD)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(
    work: Workplace, body: object, words: str
) -> None:
    key = make(staff(work))
    answer = send(work.client(), key, body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert words in answer.get_json()["detail"]
    assert count(work) == 0
    assert send(work.client(), key, lines()).status_code == 201


def test_a_body_that_is_too_large_is_refused(work: Workplace) -> None:
    assert send(work.client(), make(staff(work)), b" " * (MOST_BYTES + 1)).status_code == 413


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer x", "Basic aHdfOg==", "Bearer hw_" + "x" * 43]
)
def test_without_a_key_there_is_nothing(work: Workplace, value: str) -> None:
    headers = {"Authorization": value, "Idempotency-Key": "one"}
    answer = work.client().post(ADDRESS, data=b"{}", headers=headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert work.client().get("/api/v1/provider/proposals/1").status_code == 401


def test_a_session_is_no_key_and_a_key_no_session(work: Workplace) -> None:
    browser = staff(work)
    key = make(browser)
    assert browser.post(ADDRESS, data=b"{}", headers={"Idempotency-Key": "1"}).status_code == 401
    headers = {"Authorization": f"Bearer {key}"}
    assert work.client().get("/portal/prices", headers=headers).status_code == 401


def test_a_key_that_was_taken_back_opens_nothing(work: Workplace) -> None:
    browser = staff(work)
    key = make(browser)
    assert staff(work, OTHER).post("/portal/keys/1/revoke").status_code == 404
    assert send(work.client(), key, lines()).status_code == 201
    assert browser.post("/portal/keys/1/revoke").status_code == 303
    assert send(work.client(), key, lines(), "two").status_code == 401
    assert browser.post("/portal/keys/1/revoke").status_code == 404


def test_a_proposal_of_another_firm_does_not_exist(work: Workplace) -> None:
    ours, theirs = make(staff(work)), make(staff(work, OTHER))
    address = send(work.client(), ours, lines()).get_json()["url"]
    for key, status in ((ours, 200), (theirs, 404)):
        headers = {"Authorization": f"Bearer {key}"}
        assert work.client().get(address, headers=headers).status_code == status


def test_no_form_of_keys_takes_more_than_its_name(work: Workplace) -> None:
    sent = {"name": "mine", "provider": OTHER, "provider_id": "1", "made_by": "1", "role": "x"}
    browser = staff(work)
    browser.post("/portal/keys", data=sent)
    with work.database.reading() as session:
        assert [one.name for one in api_keys.keys_of(session, FIRM)] == ["mine"]
        assert api_keys.keys_of(session, OTHER) == []


def test_the_same_prices_again_are_the_proposal_that_waits(work: Workplace) -> None:
    key, body = make(staff(work)), lines(stated_at=work.now.isoformat())
    first = send(work.client(), key, body)
    work.now += timedelta(minutes=1)
    again = send(work.client(), key, body, once="two")
    assert (first.status_code, again.status_code, count(work)) == (201, 200, 1)
    assert again.get_json() == first.get_json()
    bearer = {"Authorization": f"Bearer {key}"}
    told = work.client().get(first.get_json()["url"], headers=bearer).get_json()
    assert told == first.get_json()
    assert {"needs_two", "reasons", "findings"} <= set(told)
    read = work.client().get(ADDRESS, headers=bearer)
    assert (read.status_code, read.get_json()["detail"]) == (
        405,
        "This address takes OPTIONS, POST.",
    )
