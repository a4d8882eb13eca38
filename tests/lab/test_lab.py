"""The lab as a server: what it serves, keeps and forgets, and how it ends."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from config import ROOT
from tests.conftest import wait_until
from tests.lab import direct
from tests.lab.server import Lab, lab_world
from tests.lab.talking import HOST, PATH, connected, message, one_reply, told
from tests.lab.tree import parse
from tests.lab.wire import LabReply, LabRequest, example
from tests.lab.world import World

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def lab() -> Iterator[Lab]:
    world = lab_world()
    world.now = NOW
    with Lab(world) as running:
        yield running


def served(monkeypatch: pytest.MonkeyPatch, reply: LabReply) -> None:
    """One endpoint only: example.org answers `reply` to everything."""
    endpoint(monkeypatch, lambda *_: reply)


def endpoint(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[LabRequest, World], LabReply]
) -> None:
    made = SimpleNamespace(HOST="example.org", answer=answer)
    monkeypatch.setattr(direct, "endpoints", lambda: [made])


def test_an_endpoint_answers_over_the_wire_what_it_answers_directly(lab: Lab) -> None:
    heard = told(lab)
    request = lab.requests[0]

    assert (request.method, request.host, request.path) == ("POST", HOST, PATH)
    assert heard.status == 200
    assert heard.body == direct.answer(request, lab.world).body
    assert parse(heard.body)["rate"] == round(lab.world.mid("NGN"), 6)  # type: ignore[index]


@pytest.mark.parametrize("module", direct.endpoints(), ids=lambda module: module.__name__)
def test_every_endpoint_keeps_the_contract(module: ModuleType, lab: Lab) -> None:
    assert module.HOST.lower() == module.HOST
    assert "/" not in module.HOST
    nowhere = LabRequest("GET", module.HOST, "/no/such/path", {}, {}, b"")
    assert module.answer(nowhere, lab.world) is None
    assert told(lab, "/no/such/path", module.HOST, method="GET").status == 404


def test_a_query_is_decoded_and_headers_are_in_lower_case(lab: Lab) -> None:
    told(lab, "/a%20b?x=EUR%3A1&empty=", method="GET", headers="X-Device-Id: web")

    request = lab.requests[0]
    assert request.path == "/a%20b"
    assert request.query == {"x": "EUR:1", "empty": ""}
    assert request.headers["x-device-id"] == "web"


def test_unknown_hosts_and_paths_are_not_there(lab: Lab) -> None:
    assert told(lab, "/", "nobody.example", method="GET").status == 404
    with connected(lab) as sock:
        sock.sendall(b"GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one_reply(sock).status == 404


def test_a_connection_is_kept_and_a_new_one_is_another(lab: Lab) -> None:
    with connected(lab) as sock:
        for _ in range(2):
            sock.sendall(message(keep=True))
            assert one_reply(sock).status == 200
    told(lab)

    first, second, third = (seen.connection for seen in lab.seen)
    assert first == second != third


def test_gzip_only_for_those_who_ask(lab: Lab) -> None:
    plain = told(lab)
    packed = told(lab, headers="Accept-Encoding: br, gzip;q=1.0")
    refused = told(lab, headers="Accept-Encoding: gzip;q=0")

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) == int(packed.headers["content-length"]) < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body == refused.body


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ('If-None-Match: "v1"', 304),
        ('If-None-Match: W/"v1", "v0"', 304),
        ("If-None-Match: *", 304),
        ('If-None-Match: "v2"', 200),
        ("If-Modified-Since: Thu, 19 Nov 2026 14:57:00 GMT", 304),
        ("If-Modified-Since: Wed, 18 Nov 2026 14:57:00 GMT", 200),
        ('If-None-Match: "v2"\nIf-Modified-Since: Thu, 19 Nov 2026 14:57:00 GMT', 200),
        ("", 200),
    ],
)
def test_what_a_client_has_already_is_not_sent_again(
    asked: str, status: int, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {"ETag": 'W/"v1"', "Last-Modified": "Thu, 19 Nov 2026 14:57:00 GMT"}
    served(monkeypatch, LabReply(b'{"rate":1}', headers=marks))

    heard = told(lab, "/rates", "example.org", method="GET", headers=asked)

    assert heard.status == status
    assert heard.body == (b"" if status == 304 else b'{"rate":1}')
    assert heard.headers["etag"] == 'W/"v1"'


def test_robots_as_they_were_recorded_and_as_a_test_wants_them(lab: Lab) -> None:
    def robots(host: str) -> tuple[int, bytes]:
        heard = told(lab, "/robots.txt", host, method="GET")
        return heard.status, heard.body

    for host in ("wise.com", "api.wise.com"):
        assert robots(host) == (200, example("wise_robots.txt"))
    assert robots("api.remitly.io")[0] == 404
    lab.robots("api.remitly.io", "User-agent: *\nDisallow: /", 200)
    assert robots("api.remitly.io") == (200, b"User-agent: *\nDisallow: /")
    lab.robots("api.remitly.io", "", 503)
    assert robots("api.remitly.io")[0] == 503


def test_requests_are_forgotten_on_demand(lab: Lab) -> None:
    told(lab)
    told(lab)
    assert [seen.at_once for seen in lab.seen] == [1, 1]
    lab.clear()
    assert lab.requests == []


def test_requests_of_a_host_that_are_under_way_are_counted(lab: Lab) -> None:
    lab.fault(HOST, "F02", pace=60)
    with connected(lab) as first, connected(lab) as second:
        first.sendall(message())
        assert first.recv(1)
        second.sendall(message())
        assert second.recv(1)
    assert [seen.at_once for seen in lab.seen] == [1, 2]


def test_the_world_of_the_lab_has_mid_rates_and_pegs() -> None:
    world = lab_world()
    assert world.mid("MAD") == Decimal("10.96078761")
    assert world.mid("XOF") == Decimal("655.957")
    assert world.mid("XCG") == Decimal("1.79") * world.mid("USD")
    assert world.mid("EUR") == 1


def test_a_moving_world_moves_slowly_the_same_way_each_time_and_pegs_do_not() -> None:
    still, moving = lab_world(), lab_world(moving=True)
    rates = []
    for hour in range(48):
        moving.now = NOW + timedelta(hours=hour)
        rates.append(moving.mid("MAD"))
        assert moving.mid("XOF") == still.mid("XOF")
        assert abs(moving.mid("XCG") / moving.mid("USD") - Decimal("1.79")) < Decimal("0.0001")

    middle = still.mid("MAD")
    assert all(abs(rate / middle - 1) <= Decimal("0.0031") for rate in rates)
    steps = [abs(after / before - 1) for before, after in pairwise(rates)]
    assert max(steps) < Decimal("0.0015")
    assert max(rates) / min(rates) - 1 > Decimal("0.003")
    moving.now = NOW
    assert moving.mid("MAD") == rates[0]


def test_an_answer_is_of_one_moment(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.world = lab_world(moving=True)
    clocks: list[datetime] = []

    def answer(request: LabRequest, world: World) -> LabReply:
        clocks.extend([world.clock(), world.clock()])
        return LabReply(b"{}")

    endpoint(monkeypatch, answer)
    told(lab, "/", "example.org", method="GET")
    assert clocks[0] == clocks[1]


def test_a_client_that_hangs_up_does_no_harm(lab: Lab) -> None:
    for number in ("F02", "F03", "F04", "F05"):
        lab.fault(HOST, number, pace=0.001)
        with connected(lab) as sock:
            sock.sendall(message())
            assert sock.recv(1)
    with connected(lab) as sock:
        sock.sendall(message()[:40])

    lab.heal()
    assert told(lab).status == 200


def test_closing_takes_no_time_whatever_is_under_way() -> None:
    lab = Lab()
    lab.start()
    with connected(lab) as idle, connected(lab) as dripping, connected(lab) as endless:
        lab.fault(HOST, "F02", pace=60)
        dripping.sendall(message())
        assert dripping.recv(1)
        lab.fault(HOST, "F04")
        endless.sendall(message())
        assert endless.recv(1)
        lab.heal()
        idle.sendall(message(keep=True))
        assert one_reply(idle).status == 200

        began = time.monotonic()
        lab.close()
        assert time.monotonic() - began < 2
    with pytest.raises(ConnectionRefusedError), connected(lab):
        pass


def test_what_an_endpoint_raises_comes_out_where_the_lab_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing: dict[str, LabReply] = {}
    endpoint(monkeypatch, lambda *_: nothing["missing"])

    with pytest.raises(KeyError, match="missing"), Lab() as lab:
        assert told(lab, "/", "example.org", method="GET").data == b""
    assert "KeyError" in capsys.readouterr().err


def test_faults_are_switched_through_the_control_path(lab: Lab) -> None:
    def control(target: str) -> tuple[int, dict[str, object]]:
        with connected(lab) as sock:
            sock.sendall(f"GET /__lab/{target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            heard = one_reply(sock)
        return heard.status, json.loads(heard.body)

    status, state = control("fault?host=api.wise.com&id=F23&variant=datadome")
    on = {"id": "F23", "variant": "datadome", "says": "403 and a page that blocks"}
    assert (status, state["on"]) == (200, {HOST: on})
    assert told(lab).headers["x-datadome"] == "protected"

    assert control("fault?host=api.wise.com&id=F99")[0] == 400
    assert control("fault?host=api.wise.com&id=F23&variant=other")[0] == 400
    assert control("fault?id=F23")[0] == 400
    assert control("fault?host=api.wise.com&id=F02&pace=quick")[0] == 400
    assert told(lab).status == 403

    faults = control("")[1]["faults"]
    assert isinstance(faults, dict)
    assert "F50" in faults
    assert control("heal?host=api.remitly.io")[1]["on"] == {HOST: on}
    assert control("heal")[1]["on"] == {}
    assert told(lab).status == 200


def test_the_command_serves_while_another_one_runs() -> None:
    inner = "import os, urllib.request as u; "
    inner += "print(u.urlopen(os.environ['LAB_URL'] + '/__as/wise.com/robots.txt').read()[:14]); "
    inner += "raise SystemExit(3)"
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab", "--", sys.executable, "-c", inner],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "b'User-agent: *\\n'" in done.stdout


def test_a_command_that_a_signal_ends_is_told_of_as_shells_do() -> None:
    command = [sys.executable, "-m", "tests.lab", "--", "sh", "-c", "kill -TERM $$"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_ends_when_told(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.lab"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        assert said[0].startswith("LAB_URL=http://127.0.0.1:")
        process.send_signal(number)
        wait_until(lambda: process.poll() is not None, 20)
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_the_command_has_started_ends_with_it(number: signal.Signals) -> None:
    script = "sleep 600 & echo started $!; wait"
    command = [sys.executable, "-m", "tests.lab", "--", "sh", "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
        grandchild = Path(f"/proc/{int(said[3].split()[1])}")
        assert grandchild.exists()
        process.send_signal(number)
        wait_until(lambda: process.poll() is not None, 20)
    assert process.returncode == 0
    wait_until(lambda: not grandchild.exists() or "(zombie)" in (grandchild / "status").read_text())
