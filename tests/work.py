"""The portal and the desk in tests: a site of its own, accounts, and browsers signed in."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import accounts, sessions
from app.db.engine import Database
from app.db.providers import all_providers
from app.domain.account import Account, AccountState, Role
from app.factory import create_app
from tests.checked_page import faults
from tests.conftest import running_site, settings

ORIGIN = "http://localhost"


class SignedIn(FlaskClient):
    """A browser with a session: its forms come from a page of ours, with what proves it; and every
    page that it is given is looked at."""

    token = ""

    @property
    def csrf(self) -> str:
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if kwargs.get("method", "GET") not in ("GET", "HEAD"):
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Origin", ORIGIN)
            if self.token:
                headers.setdefault("X-CSRF-Token", self.csrf)
            kwargs["headers"] = headers
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303):
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            found = faults(response.text)
            assert not found, f"{response.request.path}: {found}"
        return response


class Workplace:
    """now: what the site's clock says; move it freely. language: of new accounts."""

    def __init__(self, url: str, now: datetime, **other: Any) -> None:
        self.url = url
        self.now = now
        self.language = "en"
        self.app: Flask = create_app(settings(url, **other))
        self.app.extensions["clock"] = lambda: self.now
        self.database: Database = self.app.extensions["database"]
        self._numbers = count(1)

    def account(
        self,
        role: Role = Role.ADMINISTRATOR,
        provider: str | None = None,
        email: str = "",
        state: AccountState = AccountState.ACTIVE,
        language: str = "",
    ) -> Account:
        """A new one. Staff of a provider without a slug works for the first firm there is."""
        address = email or f"{role.value}{next(self._numbers)}@example.org"
        with self.database.writing() as session:
            if role is Role.PROVIDER and provider is None:
                provider = min(all_providers(session))
            name = address.partition("@")[0].title()
            wanted = Account(0, address, name, role, provider, language or self.language)
            made = accounts.add_account(session, wanted, self.now)
            accounts.set_state(session, made.id, state)
            found = accounts.find_account(session, made.id)
        assert found is not None
        return found

    def token(self, account: Account, stage: sessions.Stage = sessions.Stage.FULL) -> str:
        """Of a new session."""
        token = f"{account.id}-{next(self._numbers)}-token-of-a-session"
        with self.database.writing() as session:
            sessions.begin(session, token, account.id, stage, "Firefox, Linux", self.now)
        return token

    def client(
        self, account: Account | None = None, stage: sessions.Stage = sessions.Stage.FULL
    ) -> SignedIn:
        """Signed in as this account; without one a browser that is not."""
        self.app.test_client_class = SignedIn
        made: SignedIn = self.app.test_client()  # type: ignore[assignment]
        if account is not None:
            made.token = self.token(account, stage)
            made.set_cookie("work", made.token)
        return made

    def by(self, role: Role, **facts: Any) -> SignedIn:
        """Signed in as a new account of this role."""
        return self.client(self.account(role, **facts))

    def cookie(self, account: Account, address: str) -> Any:
        """For a real browser's context, at the address of `running`. The server's clock is the
        real one."""
        before, self.now = self.now, datetime.now(UTC)
        try:
            token = self.token(account)
        finally:
            self.now = before
        return {"name": "work", "value": token, "url": address}

    @contextmanager
    def running(self, **variables: str) -> Iterator[str]:
        """The site behind its real web server; its address."""
        secret = {"SECRET_KEY": self.app.config["SECRET_KEY"]}
        with running_site(self.url, **secret | variables) as address:
            yield address

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)


@contextmanager
def workplace(seeded_file: Path, folder: Path, now: datetime, **other: Any) -> Iterator[Workplace]:
    """On a copy of the shipped data."""
    file = folder / "work.db"
    shutil.copy(seeded_file, file)
    made = Workplace(f"sqlite:///{file}", now, **other)
    yield made
    made.database.engine.dispose()
