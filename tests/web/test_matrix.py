"""Every route x everybody: who is let in, what forged forms do, what firms see of each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.web.access import Audience
from app.web.work import guard
from tests.matrix.cells import Actor, Result, actors, forged, nothing_breaks, send, who_is_let_in
from tests.matrix.routes import closed_routes
from tests.matrix.tenants import between_firms, own_view
from tests.work import Workplace

Check = Callable[[Workplace, list[Actor]], Result]


@pytest.mark.parametrize("check", [who_is_let_in, forged, nothing_breaks])
def test_nobody_sees_or_does_what_is_not_theirs(work: Workplace, check: Check) -> None:
    found = check(work, actors(work))
    assert found.cells > 50
    assert found.leaks == []


def test_no_firm_sees_or_changes_what_another_has(work: Workplace) -> None:
    found = between_firms(work)
    assert found.cells > 20
    assert found.leaks == []


def test_a_firm_does_see_its_own(work: Workplace) -> None:
    """Else the test above could not fail."""
    assert own_view(work) >= 3


def test_the_routes_are_all_there(work: Workplace) -> None:
    found = closed_routes(work.app)
    assert {route.audience for route in found} >= {Audience.DESK, Audience.PORTAL, Audience.SIGN_IN}
    assert {route.method for route in found} == {"GET", "POST"}
    open_ones = [
        one for one in work.app.url_map.iter_rules() if one.rule.startswith(("/desk", "/portal"))
    ]
    assert {one.endpoint for one in open_ones} <= {route.endpoint for route in found}


def test_what_goes_wrong_inside_tells_nothing(work: Workplace) -> None:
    """A view that breaks closes the door: a plain page, no trace, no words from inside."""
    everybody = actors(work)
    views: dict[str, Any] = work.app.view_functions
    for endpoint, view in list(views.items()):
        if view.audience is not Audience.ANYBODY:
            views[endpoint] = broken(view)
    tried = 0
    for route in closed_routes(work.app):
        for actor in everybody:
            answer = send(actor, route, route.addresses[0])
            assert "Traceback" not in answer.text
            assert "a secret from inside" not in answer.text
            if actor.role is not None and actor.role in route.roles:
                assert answer.status_code == 500, route
                tried += 1
    assert tried > 30


def broken(view: Callable[..., object]) -> Callable[..., object]:
    def breaks(**_values: object) -> str:
        raise RuntimeError("a secret from inside")

    breaks.__dict__.update(view.__dict__)
    return breaks


def test_a_page_that_says_no_audience_is_open_to_nobody(work: Workplace) -> None:
    everybody = actors(work)
    work.app._got_first_request = False
    work.app.add_url_rule("/desk/hole", "desk_hole.index", lambda: "secret")
    told = {actor.browser.get("/desk/hole").status_code for actor in everybody}
    assert told == {401, 404}


def test_a_door_that_is_left_open_is_found(work: Workplace) -> None:
    everybody = actors(work)
    work.app.before_request_funcs[None].remove(guard._admit)
    leaks = who_is_let_in(work, everybody).leaks
    assert any("anonymous: GET /desk/audit gave" in leak for leak in leaks)
    assert any("editor: GET /desk/audit gave 200" in leak for leak in leaks)
    assert forged(work, everybody[-1:]).leaks
