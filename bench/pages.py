"""The corridor page against a bare Flask page of the same bytes, on the same server.

Both answer from granian with one worker; rounds alternate, so that whatever else the machine
does hits both alike. The figure is the ratio of the medians of requests per second: once for a
page from memory, once for one that is made from the database each time (PAGE_CACHE=0).

Then a mix of pages is asked for at a steady pace, from two workers. What is counted is the time
from the moment at which a request was due, so that one that waits for another counts its waiting.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import local

from tests.conftest import running_site, wait_until
from tests.postgres import free_port

ROUNDS = 5
SECONDS = 1.0
"""How long each round asks."""

PAGE = "/nl/send/nl/ma?pay=200"
PACES, PACED_SECONDS = (10, 100), 20
"""Requests a second, and for how long: as long as a page lives in memory."""

MIX = [
    f"/{lang}/send/nl/{to}?pay={amount}"
    for to in ("ma", "sr", "tr", "gh")
    for lang in ("nl", "en")
    for amount in (100, 200, 345)
]

BARE = """
from pathlib import Path
from flask import Flask, Response
app = Flask(__name__)
page = Path({file!r}).read_bytes()
@app.get("/")
def bare():
    return Response(page, mimetype="text/html")
"""


def measure(database_url: str) -> dict[str, float]:
    """Requests per second of both, and their ratio; milliseconds at a steady pace."""
    figures: dict[str, float] = {}
    for name, cache in (("from memory", "1"), ("from the database", "0")):
        with running_site(database_url, PAGE_CACHE=cache) as site:
            size, ours, theirs = _against_bare(site)
        figures["bytes, packed"] = size
        figures[f"{name}, requests/s"] = round(ours, 1)
        figures[f"{name}, bare Flask, requests/s"] = round(theirs, 1)
        figures[f"{name}, ratio"] = round(ours / theirs, 3)
    with running_site(database_url, workers=2) as site:
        _at_a_pace(site, PACES[0])  # until each worker has read its templates and catalogues
        for pace in PACES:
            taken = _at_a_pace(site, pace)
            figures[f"{pace} a second, p50, ms"] = round(median(taken) * 1000, 1)
            figures[f"{pace} a second, p99, ms"] = round(quantiles(taken, n=100)[98] * 1000, 1)
    return figures


def _against_bare(site: str) -> tuple[int, float, float]:
    """Bytes of the page, and requests per second of ours and of a bare one."""
    body = _get(_connection(site), PAGE)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page"
        page.write_bytes(body)
        (Path(folder) / "bare.py").write_text(BARE.format(file=str(page)))
        with _bare(Path(folder)) as bare:
            rates = [(_rate(site, PAGE), _rate(bare, "/")) for _round in range(ROUNDS)]
    return len(body), median(ours for ours, _ in rates), median(theirs for _, theirs in rates)


def _at_a_pace(site: str, pace: int) -> list[float]:
    """Seconds that each request took from when it was due."""
    own = local()
    start = time.perf_counter() + 1

    def ask(number: int) -> float:
        if not hasattr(own, "connection"):
            own.connection = _connection(site)
        due = start + number / pace
        time.sleep(max(0.0, due - time.perf_counter()))
        _get(own.connection, MIX[number % len(MIX)])
        return time.perf_counter() - due

    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(ask, range(pace * PACED_SECONDS)))


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
    start = now = time.perf_counter()
    requests = 0
    while now - start < SECONDS:
        _get(connection, path)
        requests += 1
        now = time.perf_counter()
    return requests / (now - start)


def _connection(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
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
