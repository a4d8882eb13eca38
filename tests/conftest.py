"""What tests share: databases of both kinds, the seeded site, a browser, and no way out."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from app.collect.seed import seed, survey_files
from app.db import migrate
from app.db.engine import Database
from app.factory import create_app
from app.web.counting.gate import MEMORY
from app.web.counting.today import forget
from config import ROOT, Settings
from tests.checked_page import faults
from tests.lab.server import Lab, lab_world
from tests.messages import extracted
from tests.postgres import emptied, free_port, running_postgres

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def templates(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One migrated, empty database of each kind, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    _create(postgres, "template_empty")
    urls = {"sqlite": f"sqlite:///{file}", "postgresql": f"{postgres}/template_empty"}
    for url in urls.values():
        database = Database(url)
        migrate.upgrade(database)
        database.engine.dispose()
    return urls


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, templates: dict[str, str], tmp_path: Path
) -> Iterator[str]:
    """A migrated database of its own for one test, on SQLite and again on PostgreSQL."""
    template = templates[request.param]
    if request.param == "sqlite":
        file = tmp_path / "test.db"
        shutil.copy(template.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    url = _spare.pop() if _spare else new_database(template.rpartition("/")[0], "template_empty")
    yield url
    if emptied(url):
        _spare.append(url)


_spare: list[str] = []
"""PostgreSQL databases as good as new: emptying one is quicker than making one."""


def new_database(address: str, template: str = "template1") -> str:
    """The address of a new PostgreSQL database, without a table unless `template` has them."""
    name = f"test_{next(_numbers)}"
    _create(address, name, template)
    return f"{address}/{name}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the shipped data. Tests only read it."""
    file = tmp_path_factory.mktemp("seeded") / "seeded.db"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    done = seed(database, ROOT / "data", survey_files(ROOT / "data", None), NOW)
    assert not done.failures, done.failures
    database.engine.dispose()
    return file


def settings(url: str, **other: Any) -> Settings:
    """Without copies of pages in memory, unless a test asks for them: its clock stands still."""
    chosen: dict[str, Any] = {
        "secret_key": "for tests",
        "public_url": "http://127.0.0.1:8000",
        "page_cache": False,
    }
    return Settings(database_url=url, **chosen | other)


@pytest.fixture(scope="session")
def app(seeded_file: Path) -> Iterator[Flask]:
    """The site with the shipped data."""
    made = create_app(settings(f"sqlite:///{seeded_file}"))
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """A site whose database has no table yet."""
    made = create_app(settings(f"sqlite:///{tmp_path}/empty.db"))
    yield made
    made.extensions["database"].engine.dispose()


class CheckedClient(FlaskClient):
    """A client that looks at every page it is given, whatever a test wants of it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert "Set-Cookie" not in response.headers, "readers get no cookie"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        redirected = response.status_code in (301, 302, 303, 304, 308)
        bare = response.request.method in ("HEAD", "OPTIONS")
        if response.mimetype == "text/html" and not redirected and not bare:
            lang = response.request.path.split("/")[1]
            found = faults(response.text, lang if lang in ("nl", "en") else None)
            assert not found, f"{response.request.path}: {found}"
        return response


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = CheckedClient
    return app.test_client()


@contextmanager
def running_site(url: str, *, workers: int = 1, **variables: str) -> Iterator[str]:
    """The site behind its real web server, with these in its environment; its address. `{port}` in
    them becomes the port that it has."""
    port = free_port()
    command = [Path(sys.executable).parent / "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--blocking-threads", "4"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "wsgi:app"]
    given = {name: value.replace("{port}", str(port)) for name, value in variables.items()}
    environment = {"DATABASE_URL": url, "PATH": "/usr/bin:/bin"} | given
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(f"{address}/health/live"))
        yield address
    finally:
        process.terminate()
        process.wait(20)
        forget(url, MEMORY)  # it will not start again today


@pytest.fixture(scope="session")
def site(seeded_file: Path) -> Iterator[str]:
    with running_site(f"sqlite:///{seeded_file}") as address:
        yield address


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A stand-in for every endpoint that sources ask."""
    with Lab(lab_world()) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        )
        yield opened
        opened.close()


def wait_until(ready: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for another process, looking often; fail if it never is."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "what the test waits for did not come"
        time.sleep(0.02)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _create(address: str, name: str, template: str = "template1") -> None:
    engine = create_engine(
        f"{address}/postgres".replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every message of the site that can be translated."""
    return extracted(tmp_path_factory.mktemp("messages"))


@pytest.fixture
def work(seeded_file: Path, tmp_path: Path) -> Iterator[Any]:
    """The portal and the desk on a copy of the shipped data: a `tests.work.Workplace`."""
    from tests.work import workplace  # noqa: PLC0415  it builds on what stands here

    with workplace(seeded_file, tmp_path, NOW) as made:
        yield made
