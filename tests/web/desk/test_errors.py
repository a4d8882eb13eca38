"""What goes wrong for somebody at work is said at work, and in words that fit it."""

from __future__ import annotations

import pytest

from app.domain.account import Role
from tests.work import Workplace

LEFT = 'class="subjects"'
"""The menu of portal and desk."""

FIRM = "remitly"


@pytest.mark.parametrize("address", ["/desk/proposals/999", "/desk/keys", "/desk/never-was"])
def test_what_does_not_exist_leaves_one_at_the_desk(work: Workplace, address: str) -> None:
    response = work.by(Role.EDITOR).get(address)
    assert response.status_code == 404
    assert LEFT in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_page_of_another_role_looks_as_one_that_never_was(work: Workplace) -> None:
    staff = work.by(Role.PROVIDER, provider=FIRM)
    other, never = staff.get("/desk/proposals"), staff.get("/desk/never-was")
    assert (other.status_code, other.text) == (never.status_code, never.text)


def test_who_is_not_signed_in_gets_the_readers_page(work: Workplace) -> None:
    response = work.client().get("/desk/never-was")
    assert response.status_code == 404
    assert LEFT not in response.text


def test_too_much_is_called_that(work: Workplace) -> None:
    staff = work.by(Role.PROVIDER, provider=FIRM)
    response = staff.post("/portal/keys", data={"name": "x" * 70_000})
    assert response.status_code == 413
    assert "too much to read" in response.text
    assert LEFT in response.text
