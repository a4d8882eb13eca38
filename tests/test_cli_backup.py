"""Commands about copies: what they say and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.db.engine import Database
from app.factory import create_app
from tests.conftest import settings
from tests.db.test_mails import put


def site(url: str, folder: Path | None = None) -> Flask:
    return create_app(settings(url, backup_dir=folder))


def said(app: Flask, *arguments: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=[*arguments])
    app.extensions["database"].engine.dispose()
    return done.exit_code, done.output


def test_a_copy_is_made_and_put_back(database: Database, database_url: str, tmp_path: Path) -> None:
    put(database)
    code, words = said(site(database_url, tmp_path), "backup")
    (file,) = tmp_path.glob("*.zst")
    assert (code, words.startswith(f"{file}: ")) == (0, True)
    code, words = said(site(database_url), "restore", str(file))
    assert (code, "is not empty" in words) == (1, True)
    if database_url.startswith("sqlite"):
        fresh = f"sqlite:///{tmp_path}/fresh.db"
        assert said(site(fresh), "restore", str(file))[0] == 0
        assert said(site(fresh), "mail", "list")[1].endswith("1 of 1 mails.\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["backup"], "Set BACKUP_DIR"),
        (["backup", "--to", "/not/there"], "there is no folder /not/there"),
        (["restore", __file__], "the file is broken"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: list[str], why: str) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    if arguments[0] == "backup":
        assert said(site(url), "db", "upgrade")[0] == 0
    code, words = said(site(url), *arguments)
    assert (code, why in words, "Traceback" in words) == (1, True, False)
