"""The site behind its real web server, with several processes, a clock that can be moved, and all
that it says written down."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.web.counting.gate import MEMORY
from app.web.counting.today import forget
from config import ROOT
from tests.conftest import wait_until
from tests.postgres import free_port
from tests.web.counted import READER

MODULE = """
from datetime import UTC, datetime, timedelta
from pathlib import Path
import wsgi

def now():
    seconds = float(Path({offset!r}).read_text() or 0)
    return datetime.now(UTC) + timedelta(seconds=seconds)

app = wsgi.app
app.extensions["clock"] = now
"""


class Served:
    """log: all that the server and the site say; offset: file with the seconds that its clock is
    ahead."""

    def __init__(self, url: str, folder: Path, workers: int) -> None:
        self.url, self.log, self.offset = url, folder / "log", folder / "offset"
        self.port = free_port()
        self.ahead(0)
        (folder / "served_site.py").write_text(MODULE.format(offset=str(self.offset)))
        command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws"]
        command += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", str(workers), "--log-level", "debug", "served_site:app"]
        path = os.pathsep.join((str(ROOT), str(folder)))
        environment = {"DATABASE_URL": url, "PATH": "/usr/bin:/bin", "PYTHONPATH": path}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        wait_until(lambda: self._started(workers), 90)

    def _started(self, workers: int) -> bool:
        """Every worker, for a server is deaf to its end while one starts."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        return said.count("Started worker-") >= workers

    def ahead(self, seconds: float) -> None:
        new = self.offset.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.offset)

    def ask(
        self, path: str, who: str = "203.0.113.7", *, data: bytes | None = None, **headers: str
    ) -> int:
        """As a proxy on this machine hands on what somebody asked; the status of the answer."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=data,
            headers=READER | {"X-Forwarded-For": who, "Connection": "close"} | given,
        )
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=60) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def memory(self) -> list[Path]:
        """What it has in memory that processes share."""
        name = hashlib.blake2b(self.url.encode(), digest_size=6).hexdigest()
        return sorted(MEMORY.glob(f"huiswaarts-{name}-*"))

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(60)


class Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else."""

    def redirect_request(self, *_given: object) -> None:
        return None


@contextmanager
def served(url: str, folder: Path, workers: int = 2) -> Iterator[Served]:
    it = Served(url, folder, workers)
    try:
        yield it
    finally:
        if it.process.poll() is None:
            it.process.kill()
            it.process.wait(20)
        forget(url, MEMORY)
