"""Settings: read once, frozen, and no start without what is needed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from config import ROOT, BadSetting, Settings

SECRET = {"SECRET_KEY": "a secret that was given"}
PUBLIC = {"PUBLIC_URL": "https://huiswaarts.example"}


def test_nothing_needs_to_be_set() -> None:
    found = Settings.from_env({})
    assert found.database_url == f"sqlite:///{ROOT}/var/huiswaarts.db"
    assert found.public_url == "http://127.0.0.1:8000"
    assert len(found.secret_key) >= 32
    assert (found.rpw_file, found.sources, found.data) == (None, None, ROOT / "data")


def test_empty_is_not_set() -> None:
    names = ("DATABASE_URL", "PUBLIC_URL", "RPW_FILE", "SOURCES", "SECRET_KEY")
    found = Settings.from_env(dict.fromkeys(names, ""))
    other = Settings.from_env({})
    same = [one.name for one in fields(Settings) if one.name != "secret_key"]
    assert [getattr(found, name) for name in same] == [getattr(other, name) for name in same]


def test_every_setting_is_read() -> None:
    env = {
        "DATABASE_URL": "postgresql://db.example/huiswaarts",
        "PUBLIC_URL": "https://huiswaarts.example/",
        "RPW_FILE": "/srv/rpw.xlsx",
        "SOURCES": "rpw, ecb_history",
        "SMTP_URL": "smtps://me:hunter2@mail.example",
        "MAIL_FROM": "post@huiswaarts.example",
        "BACKUP_DIR": "/srv/copies",
    }
    assert Settings.from_env(env | SECRET) == Settings(
        database_url="postgresql://db.example/huiswaarts",
        secret_key=SECRET["SECRET_KEY"],
        public_url="https://huiswaarts.example",
        rpw_file=Path("/srv/rpw.xlsx"),
        sources=frozenset({"rpw", "ecb_history"}),
        smtp_url="smtps://me:hunter2@mail.example",
        mail_from="post@huiswaarts.example",
        backup_dir=Path("/srv/copies"),
    )


def test_settings_never_change() -> None:
    found = Settings.from_env({})
    with pytest.raises(FrozenInstanceError):
        found.public_url = "https://other.example"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        found.extra = 1  # type: ignore[attr-defined]


def test_the_environment_is_not_changed() -> None:
    env: dict[str, str] = {}
    Settings.from_env(env)
    assert env == {}


@pytest.mark.parametrize("sources", [" ", ",", "rpw,", ",rpw , "])
def test_commas_too_many_are_no_source(sources: str) -> None:
    found = Settings.from_env({"SOURCES": sources}).sources
    assert found == (frozenset({"rpw"}) if "rpw" in sources else None)


@pytest.mark.parametrize(
    "url", [*PUBLIC.values(), "http://huiswaarts.example", "http://127.0.0.1.evil.example"]
)
def test_a_public_site_does_not_start_without_its_secret(url: str) -> None:
    with pytest.raises(BadSetting, match="SECRET_KEY must be set"):
        Settings.from_env({"PUBLIC_URL": url})
    with pytest.raises(BadSetting, match="SECRET_KEY must be set"):
        Settings.from_env({"PUBLIC_URL": url, "SECRET_KEY": ""})
    assert Settings.from_env({"PUBLIC_URL": url} | SECRET).secret_key == SECRET["SECRET_KEY"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:8000"])
def test_this_machine_makes_its_own_secret(url: str) -> None:
    first, second = (Settings.from_env({"PUBLIC_URL": url}) for _ in range(2))
    assert first.secret_key != second.secret_key


@pytest.mark.parametrize(
    "url",
    [
        *("huiswaarts.example", "ftp://huiswaarts.example", "https://", "https:///path", "://"),
        *("https://[::1", "https://huiswaarts.example:port", "x"),
    ],
)
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(BadSetting, match=r"PUBLIC_URL must be like https://huiswaarts\.example"):
        Settings.from_env({"PUBLIC_URL": url} | SECRET)


def test_a_secret_is_not_shown() -> None:
    """What is printed or logged must give away no key and no password."""
    smtp = {"SMTP_URL": "smtps://me:hunter2@mail.example", "MAIL_FROM": "post@huis.example"}
    url = {"DATABASE_URL": "postgresql://me:hunter2@db/x"}
    shown = repr(Settings.from_env(SECRET | url | smtp))
    assert SECRET["SECRET_KEY"] not in shown
    assert "hunter2" not in shown


def test_who_runs_and_pays_is_said_in_one_line() -> None:
    found = Settings.from_env({"OWNER": " Stichting Huis, Zwolle ", "FUNDING": "ኣባላት"})
    assert (found.owner, found.funding) == ("Stichting Huis, Zwolle", "ኣባላት")
    assert (Settings.from_env({}).owner, Settings.from_env({}).funding) == ("", "")


@pytest.mark.parametrize("name", ["OWNER", "FUNDING"])
@pytest.mark.parametrize("words", ["two\nlines", "a\x1b[2J", "turned \u202e round", "x" * 301])
def test_what_is_no_line_of_words_stops_the_start(name: str, words: str) -> None:
    with pytest.raises(BadSetting, match=f"{name} must be one line of at most 300 signs"):
        Settings.from_env({name: words})


@pytest.mark.parametrize("url", ["foo", "mysql://x/y", "postgresql", "://", "http://db"])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="DATABASE_URL must be like"):
        Settings.from_env({"DATABASE_URL": url})


FROM = {"MAIL_FROM": "post@huiswaarts.example"}


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example",
        "smtp://mail.example:2525/",
        "smtps://me:p%40ss@mail.example:465",
        "smtp://me:p@mail.example:587?starttls=required",
        "smtp://me:p@127.0.0.1:1025",
    ],
)
def test_a_mail_server_is_taken_as_it_was_set(url: str) -> None:
    assert Settings.from_env(FROM | {"SMTP_URL": url}).smtp_url == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.example", "must be like"),
        ("http://mail.example", "must be like"),
        ("smtp://", "must be like"),
        ("smtp://mail.example:port", "must be like"),
        ("smtp://mail.example:0", "must be like"),
        ("smtp://[::1", "must be like"),
        ("smtp://me@mail.example?starttls=required", "must be like"),
        ("smtp://mail.example?starttls=maybe", "must be like"),
        ("smtp://mail.example/inbox", "must be like"),
        ("smtp://me:hunter2@mail.example", "needs smtps"),
        ("smtps://mail.example?starttls=required", "not both"),
    ],
)
def test_a_mail_server_that_cannot_be_right_stops_the_start(url: str, said: str) -> None:
    with pytest.raises(BadSetting, match=f"^SMTP_URL .*{said}") as found:
        Settings.from_env(FROM | {"SMTP_URL": url})
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    "address",
    ["", "post", "Post <post@huis.example>", "a@b.example,c@d.example", "a@b.example\nX: y"],
)
def test_mail_comes_from_one_address(address: str) -> None:
    with pytest.raises(BadSetting, match=r"^MAIL_FROM must be"):
        Settings.from_env({"SMTP_URL": "smtp://mail.example", "MAIL_FROM": address})


def test_a_bad_setting_is_one_sentence() -> None:
    """No traceback: who starts the site is not who wrote it."""
    command = [sys.executable, "-c", "import wsgi"]
    environment = {"DATABASE_URL": "foo", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Huiswaarts cannot start: DATABASE_URL must be like")
    assert "Traceback" not in done.stderr
