"""F01, F12, F13, F19: what stands between us and a source's server."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.collect.cycle import SLOT
from tests.faults.seen import look
from tests.faults.stage import Stage, stage
from tests.faults.verdict import (
    Verdict,
    in_good_time,
    never_fresh,
    nothing_lost,
    others_arrive,
    proven,
    takes_up,
    told,
)
from tests.scrapers.http.world import Authority, Server

VICTIM, HOST = "wise", "api.wise.com"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")

Resolve = Callable[[str, int], list[tuple[str, int]]]
Fault = tuple[str, Resolve, ssl.SSLContext | None, frozenset[str]]
"""What to call it, where the name leads, whom we trust, and what the trouble is called."""


def played(faults: Iterator[Fault], url: str) -> Verdict:
    """Each in turn on the victim's way, over a client that goes to the open internet."""
    verdict = Verdict()
    with stage(url, VICTIM) as it:
        it.play()
        it.later()
        it.play()
        for label, resolve, tls, kinds in faults:
            verdict.add(_episode(it, resolve, tls, kinds), label)
    return verdict


def _episode(
    it: Stage, resolve: Resolve, tls: ssl.SSLContext | None, kinds: frozenset[str]
) -> Verdict:
    verdict, truth = Verdict(), look(it)
    it.client.exchanges(VICTIM)
    it.client.other = it.new_client(None, resolve=resolve, public=lambda _address: True, tls=tls)
    it.client.chosen = frozenset({VICTIM})
    cycles = []
    for _cycle in range(2):
        it.later()
        played = it.play()
        cycles.append((played, look(it)))
    (_, first), (_, second) = cycles
    nothing_lost(verdict, truth, second, [VICTIM])
    never_fresh(verdict, truth, first, second, VICTIM)
    verdict.notes.append(told(verdict, second, VICTIM, kinds))
    for played, seen in cycles:
        others_arrive(verdict, truth, played, seen, VICTIM)
        in_good_time(verdict, played)
    proven(verdict, it, it.client.exchanges(VICTIM))
    it.client.other.close()
    it.client.other = None
    takes_up(verdict, it, truth, [VICTIM], SLOT)
    return verdict


def nobody_there(_number: str, url: str) -> Verdict:
    """F01. A socket that listens and whose queue is full: the kernel drops who knocks, as a
    router does with an address that nobody has."""
    with black_hole() as port:
        fault = ("", _leads_to(port), None, frozenset({"timeout"}))
        return played(iter([fault]), url)


@contextmanager
def black_hole() -> Iterator[int]:
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        for _place in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield address[1]


def no_name(_number: str, url: str) -> Verdict:
    def resolve(host: str, _port: int) -> list[tuple[str, int]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known", host)

    return played(iter([("", resolve, None, frozenset({"dns"}))]), url)


def certificates(_number: str, url: str) -> Verdict:
    with tempfile.TemporaryDirectory() as name:
        return played(_certificates(Path(name)), url)


def _certificates(folder: Path) -> Iterator[Fault]:
    ours, theirs = folder / "ours", folder / "theirs"
    ours.mkdir()
    theirs.mkdir()
    authority = Authority(ours)
    contexts = {
        "expired": authority.server(HOST, days=-1),
        "another host": authority.server("wrong.example.org"),
        "unknown authority": Authority(theirs).server(HOST),
        "old protocol": _old(authority),
    }
    for label, context in contexts.items():
        server = Server(tls=context)
        try:
            yield (
                label,
                _leads_to(server.port),
                authority.trusted(),
                frozenset({"tls"}),
            )
        finally:
            server.stop()


def _leads_to(port: int) -> Resolve:
    return lambda _host, _port: [("127.0.0.1", port)]


def _old(authority: Authority) -> ssl.SSLContext:
    context = authority.server(HOST, days=29)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def proxies(_number: str, url: str) -> Verdict:
    """F19. The environment names a proxy for everything: nobody may come there, and every price
    arrives as if there were none."""
    verdict = Verdict()
    with socket.socket() as trap:
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        trap.setblocking(False)
        os.environ |= dict.fromkeys(PROXIES, f"http://127.0.0.1:{trap.getsockname()[1]}")
        with stage(url, VICTIM) as it:
            it.play()
            truth = look(it)
            it.later()
            one = it.play()
            first = look(it)
            it.later()
            it.play()
            second = look(it)
            nothing_lost(verdict, truth, second, truth.board)
            unharmed = never_fresh(verdict, truth, first, second, VICTIM)
            verdict.must("I2", unharmed, "its prices did not arrive")
            verdict.must("I3", not second.told[VICTIM].trouble, "a false alarm")
            others_arrive(verdict, truth, one, first, VICTIM)
            in_good_time(verdict, one)
            proven(verdict, it, it.client.exchanges(VICTIM))
        try:
            trap.accept()
            verdict.must("I7", False, "the proxy was asked")
        except BlockingIOError:
            verdict.notes.append("no harm")
    return verdict


DRIVERS = {"F01": nobody_there, "F12": no_name, "F13": certificates, "F19": proxies}
