"""Settings: read from the environment once, frozen, handed to whoever needs them.

Every name is explained in docs/settings.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).parent
LONGEST_WORDS = 300
"""Signs of what stands on a page as it was set."""

MAIL_ADDRESS = re.compile(r"[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class BadSetting(ValueError):
    """A setting that the site must not start with. `str()` says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """database_url  SQLAlchemy URL
    secret_key    signs what must not be forged; required when public_url is not this machine
    public_url    where readers find the site, without a slash at its end
    rpw_file      the World Bank's full workbook, .xlsx or .csv; None for the shipped extract
    sources       slugs of the sources that are on, "all" for all; None for those on by default
    contact       how firms reach whoever runs this: an address of mail or of a page; "" for none
    owner         who runs this copy of the site, in words for readers; "" if they do not say
    funding       who pays for it, likewise
    lab_url       where requests to sources go instead, for demonstration; "" for the real ones
    smtp_url      the server that takes our mail, smtp://user:password@host:587?starttls=required or
                  smtps://; "" if mails are only kept, and shown at the desk
    mail_from     the address that mails come from
    backup_dir    folder for the nightly copies of the database; None for no copies
    page_cache    whether finished pages are kept in memory for some seconds
    data          the data shipped with the project

    What may hold a password is not shown when settings are printed.
    """

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    public_url: str
    rpw_file: Path | None = None
    sources: frozenset[str] | None = None
    contact: str = ""
    owner: str = ""
    funding: str = ""
    lab_url: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    backup_dir: Path | None = None
    page_cache: bool = True
    data: Path = ROOT / "data"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Raises BadSetting."""
        public_url = env.get("PUBLIC_URL", "").rstrip("/") or "http://127.0.0.1:8000"
        rpw_file = env.get("RPW_FILE", "")
        backup_dir = env.get("BACKUP_DIR", "")
        sources = [slug.strip() for slug in env.get("SOURCES", "").split(",") if slug.strip()]
        return cls(
            database_url=_database_url(env.get("DATABASE_URL", "")),
            secret_key=_secret_key(env.get("SECRET_KEY", ""), public_url),
            public_url=public_url,
            rpw_file=Path(rpw_file) if rpw_file else None,
            sources=frozenset(sources) or None,
            contact=_contact(env.get("CONTACT", "").strip()),
            owner=_words("OWNER", env.get("OWNER", "")),
            funding=_words("FUNDING", env.get("FUNDING", "")),
            lab_url=_lab_url(env.get("LAB_URL", "").rstrip("/")),
            smtp_url=_smtp_url(env.get("SMTP_URL", "").strip()),
            mail_from=_mail_from(env.get("MAIL_FROM", "").strip(), env.get("SMTP_URL", "").strip()),
            backup_dir=Path(backup_dir) if backup_dir else None,
            page_cache=env.get("PAGE_CACHE", "") != "0",
        )


def _database_url(given: str) -> str:
    if not given:
        return f"sqlite:///{ROOT / 'var/huiswaarts.db'}"
    try:
        known = make_url(given).get_backend_name() in ("sqlite", "postgresql")
    except ArgumentError:
        known = False
    if not known:
        example = "postgresql://user:password@host/name"
        raise BadSetting(f"DATABASE_URL must be like {example} or sqlite:////path/to/file.db")
    return given


def _secret_key(given: str, public_url: str) -> str:
    host = _host(public_url)
    if not host:
        raise BadSetting(f"PUBLIC_URL must be like https://huiswaarts.example, not {public_url!r}")
    if given:
        return given
    if host not in LOCAL_HOSTS:
        raise BadSetting("SECRET_KEY must be set when PUBLIC_URL is not this machine")
    return os.urandom(32).hex()


def _contact(given: str) -> str:
    """It goes into a header, so it must be one line of plain text."""
    if not (given.isascii() and given.isprintable()) or set(given) & set("();"):
        raise BadSetting(f"CONTACT must be an address in plain text, not {given!r}")
    return given


def _words(name: str, given: str) -> str:
    """One line that stands on a page as it is."""
    words = given.strip()
    if not words.isprintable() or len(words) > LONGEST_WORDS:
        raise BadSetting(f"{name} must be one line of at most {LONGEST_WORDS} signs")
    return words


def _lab_url(given: str) -> str:
    if given and not _host(given):
        raise BadSetting(f"LAB_URL must be like http://127.0.0.1:9000, not {given!r}")
    return given


def _smtp_url(given: str) -> str:
    """A password may only go over a line that nobody else can read."""
    if not given:
        return ""
    example = "smtps://user:password@host or smtp://user:password@host:587?starttls=required"
    try:
        parts = urlsplit(given)
        good = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError:
        raise BadSetting(f"SMTP_URL must be like {example}") from None
    extra = (parts.path.strip("/"), parts.fragment, parts.query not in ("", "starttls=required"))
    if not good or any(extra) or (parts.username is None) != (parts.password is None):
        raise BadSetting(f"SMTP_URL must be like {example}")
    open_line = parts.scheme == "smtp" and not parts.query
    if parts.password and open_line and parts.hostname not in LOCAL_HOSTS:
        raise BadSetting("SMTP_URL with a password needs smtps:// or ?starttls=required")
    if parts.scheme == "smtps" and parts.query:
        raise BadSetting("SMTP_URL has smtps:// or ?starttls=required, not both")
    return given


def _mail_from(given: str, smtp_url: str) -> str:
    if smtp_url and not given:
        raise BadSetting("MAIL_FROM must be set when SMTP_URL is: the address that mails come from")
    if given and not MAIL_ADDRESS.fullmatch(given):
        raise BadSetting(
            f"MAIL_FROM must be one address like post@huiswaarts.example, not {given!r}"
        )
    return given


def _host(url: str) -> str:
    """The name of the machine; "" if this is no address of a site."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:  # half an IPv6 address, or a port that is no number
        return ""
    return parts.hostname or "" if known else ""
