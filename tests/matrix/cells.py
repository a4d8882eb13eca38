"""The cells: one actor at one address, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from app.db import sessions
from app.domain.account import AccountState, Role
from app.web.access import Audience
from tests.matrix.routes import Route, closed_routes
from tests.work import SignedIn, Workplace

OUT = ("anonymous", "half way in", "invited", "disabled", "old cookie")
"""Who is not in, whatever they once were."""

NOT_IN, NOT_THERE, REFUSED = 401, 404, 403
BROKEN = 500


@dataclass(slots=True)
class Actor:
    """`role` is None for whoever is not in."""

    name: str
    role: Role | None
    browser: SignedIn


@dataclass(slots=True)
class Result:
    """leaks: in words, one for each cell in which somebody saw or did what is not theirs."""

    cells: int = 0
    leaks: list[str] = field(default_factory=list)

    def note(self, good: bool, words: str) -> None:
        self.cells += 1
        if not good:
            self.leaks.append(words)


def actors(work: Workplace) -> list[Actor]:
    """One of each."""
    states = {"invited": AccountState.INVITED, "disabled": AccountState.DISABLED}
    found = [Actor("anonymous", None, work.client())]
    half = work.client(work.account(Role.ADMINISTRATOR), sessions.Stage.HALF)
    found.append(Actor("half way in", None, half))
    for name, state in states.items():
        account = work.account(Role.ADMINISTRATOR, state=state)
        found.append(Actor(name, None, work.client(account)))
    gone = work.client(work.account(Role.ADMINISTRATOR))
    with work.database.writing() as session:
        sessions.end(session, sessions.hash_of(gone.token))
    found.append(Actor("old cookie", None, gone))
    found += [Actor(role.value, role, work.by(role)) for role in Role if role is not Role.PROVIDER]
    firms = ("wise", "ria")
    found += [
        Actor(f"staff of {slug}", Role.PROVIDER, work.by(Role.PROVIDER, provider=slug))
        for slug in firms
    ]
    return found


def send(actor: Actor, route: Route, address: str, **headers: str) -> TestResponse:
    return actor.browser.open(address, method=route.method, headers=headers or None)


def who_is_let_in(work: Workplace, everybody: list[Actor]) -> Result:
    """Every closed route for everybody who may not see it: out is 401, another role is 404; and
    a program's address wants a key."""
    result = Result()
    for route in closed_routes(work.app):
        if route.audience is Audience.SIGN_IN:
            continue
        for actor in everybody:
            wanted = _wanted(route, actor)
            if wanted is None:
                continue
            for address in route.addresses:
                status = send(actor, route, address).status_code
                words = f"{actor.name}: {route.method} {address} gave {status}, not {wanted}"
                result.note(status == wanted, words)
    return result


def _wanted(route: Route, actor: Actor) -> int | None:
    if route.audience is Audience.API_KEY or actor.role is None:
        return NOT_IN
    return None if actor.role in route.roles else NOT_THERE


def nothing_breaks(work: Workplace, everybody: list[Actor]) -> Result:
    """Whoever may see a page gets an answer, also to an empty form and for what is not there."""
    result = Result()
    for route, actor, address in _allowed(work, everybody):
        if route.endpoint == "sign_in.sign_out":
            continue
        status = send(actor, route, address).status_code
        words = f"{actor.name}: {route.method} {address} gave {status}"
        result.note(status < BROKEN and status not in (NOT_IN, REFUSED), words)
    return result


def forged(work: Workplace, everybody: list[Actor]) -> Result:
    """Every form from elsewhere: without the session's mark, or from another site's page."""
    result = Result()
    marks = {"no mark": {"X-CSRF-Token": ""}, "another site": {"Origin": "https://evil.example"}}
    for route, actor, address in _allowed(work, everybody):
        if route.method == "GET":
            continue
        for name, headers in marks.items():
            status = send(actor, route, address, **headers).status_code
            words = f"{name}: {actor.name}: {route.method} {address} gave {status}"
            result.note(status == REFUSED, words)
    return result


def _allowed(work: Workplace, everybody: list[Actor]) -> Iterator[tuple[Route, Actor, str]]:
    for route in closed_routes(work.app):
        for actor in everybody:
            if actor.role is not None and actor.role in route.roles:
                for address in route.addresses:
                    yield route, actor, address
