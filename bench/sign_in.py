"""The way in, measured: what the time of an answer tells, and what a crowd that signs in costs
whoever reads. `python -m bench.sign_in`"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError

from app.collect.seed import seed, survey_files
from app.db import accounts, migrate
from app.db.engine import Database
from app.domain.account import Account, AccountState, Role
from app.web.signin import passwords
from config import ROOT
from tests.conftest import running_site

TRIES = 150
CROWD = 200
PAGES = 300


def asked(site: str, email: str, number: int) -> float:
    """Seconds that a wrong password takes, from an address of its own."""
    data = urllib.parse.urlencode({"email": email, "password": f"wrong {number}"}).encode()
    headers = {"Origin": site, "X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}
    request = urllib.request.Request(f"{site}/sign-in", data, headers)  # noqa: S310  our own site
    began = time.perf_counter()
    try:
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310
    except HTTPError as error:
        error.close()
    return time.perf_counter() - began


def read(site: str, count: int) -> list[float]:
    """Seconds that each of so many pages takes."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        address = f"{site}/nl/send/nl/ma?pay={200 + number % 20}"
        urllib.request.urlopen(address, timeout=30).close()  # noqa: S310
        taken.append(time.perf_counter() - began)
    return taken


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1] * 1000


def enumeration(site: str, emails: list[str]) -> None:
    """Known and unknown addresses by turns, each guessed at a few times only."""
    known, unknown = [], []
    for number in range(TRIES):
        known.append(asked(site, emails[number % len(emails)], number))
        unknown.append(asked(site, f"nobody{number % len(emails)}@example.org", number + TRIES))
    medians = [statistics.median(some) * 1000 for some in (known, unknown)]
    apart = abs(medians[0] - medians[1])
    print(f"a wrong password: known {medians[0]:.1f} ms, unknown {medians[1]:.1f} ms (medians of")
    print(f"  {TRIES} each): {apart:.1f} ms apart, under 5 is asked for")


def crowd(site: str) -> None:
    """Readers' pages beside a crowd that signs in."""
    read(site, 40)
    alone = p95(read(site, PAGES))
    threads = [
        threading.Thread(target=asked, args=(site, f"crowd{n}@example.org", 1000 + n))
        for n in range(CROWD)
    ]
    for one in threads:
        one.start()
    beside = p95(read(site, PAGES))
    for one in threads:
        one.join()
    print(f"a reader's page, 95 of 100: {alone:.1f} ms alone, {beside:.1f} ms beside {CROWD} who")
    print(f"  sign in at once: ratio {beside / alone:.2f}")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="huiswaarts-sign-in-"))
    database = Database(f"sqlite:///{folder}/site.db")
    migrate.upgrade(database)
    now = datetime.now(UTC)
    seed(database, ROOT / "data", survey_files(ROOT / "data", None), now)
    emails = [f"known{number}@example.org" for number in range(20)]
    with database.writing() as session:
        kept = passwords.hashed("paard batterij nietje juist")
        for email in emails:
            made = accounts.add_account(session, Account(0, email, email, Role.EDITOR, None), now)
            accounts.set_password(session, made.id, kept)
            accounts.set_state(session, made.id, AccountState.ACTIVE)
    database.engine.dispose()
    with running_site(f"sqlite:///{folder}/site.db", workers=2) as site:
        enumeration(site, emails)
        crowd(site)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
