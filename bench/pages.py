"""The corridor page against a bare Flask page of the same bytes, on the same server.

Both answer from granian with one worker; rounds alternate, so that whatever else the machine
does hits both alike. The figure is the ratio of the medians of requests per second.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.conftest import running_site, wait_until
from tests.postgres import free_port

ROUNDS = 5
REQUESTS = 150
PAGE = "/nl/send/nl/ma?pay=200"

BARE = """
from pathlib import Path
from flask import Flask
app = Flask(__name__)
page = Path({file!r}).read_text()
@app.get("/")
def bare():
    return page
"""


def measure(database_url: str) -> dict[str, float]:
    """Requests per second of both, and their ratio."""
    with running_site(database_url) as site, tempfile.TemporaryDirectory() as folder:
        body = _get(_connection(site), PAGE)
        page = Path(folder) / "page.html"
        page.write_bytes(body)
        (Path(folder) / "bare.py").write_text(BARE.format(file=str(page)))
        with _bare(Path(folder)) as bare:
            ours, theirs = [], []
            for _round in range(ROUNDS):
                ours.append(_rate(site, PAGE))
                theirs.append(_rate(bare, "/"))
    return {
        "bytes": len(body),
        "corridor page, requests/s": round(median(ours), 1),
        "bare Flask page, requests/s": round(median(theirs), 1),
        "ratio": round(median(ours) / median(theirs), 3),
    }


@contextmanager
def _bare(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", "4", "bare:app"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _up(address))
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _rate(address: str, path: str) -> float:
    connection = _connection(address)
    _get(connection, path)
    start = time.perf_counter()
    for _request in range(REQUESTS):
        _get(connection, path)
    return REQUESTS / (time.perf_counter() - start)


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != http.client.OK:
        raise RuntimeError(f"{path} answered {response.status}")
    return body


def _up(address: str) -> bool:
    try:
        return bool(_get(_connection(address), "/"))
    except OSError:
        return False
