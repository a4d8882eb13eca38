"""Many at once through the pages themselves, on both databases: one act, however many ask."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db.engine import Database
from app.db.providers import add_provider
from app.db.reach import keep_reach
from app.domain.account import Role
from app.domain.provider import Provider, ProviderKind
from app.domain.reach import Reach
from tests.conftest import NOW
from tests.web.portal.firm import FIRM, count, decide, find, propose, shown, staff
from tests.web.portal.test_keys import lines, make, send
from tests.work import Workplace


@pytest.fixture
def place(database_url: str) -> Iterator[Workplace]:
    """A site with one firm, one country and nothing else, on each database."""
    made = Workplace(database_url, NOW)
    with made.database.writing() as session:
        add_provider(session, Provider(FIRM, "Profee", ProviderKind.MTO), [])
        keep_reach(session, [Reach("MA", ("MAD",))])
    yield made
    _close(made.database)


def _close(database: Database) -> None:
    database.engine.dispose()


def test_a_hundred_programs_send_the_same_request_at_once(place: Workplace) -> None:
    key = make(staff(place))

    def one(_number: int) -> tuple[int, bytes]:
        answer = send(place.app.test_client(), key, lines())
        return answer.status_code, answer.data

    with ThreadPoolExecutor(100) as pool:
        answers = set(pool.map(one, range(100)))
    assert [status for status, _body in answers] == [201]
    assert count(place) == 1


def test_fifty_operators_approve_at_once_and_it_is_published_once(place: Workplace) -> None:
    number = propose(staff(place))
    sha256 = find(place, number).sha256
    operators = [place.client(place.account(Role.EDITOR)) for _number in range(50)]

    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(lambda one: decide(one, number, sha256=sha256).status_code, operators)
        )
    assert sorted(answers) == [303] + [409] * 49
    assert len(shown(place)) == 1
