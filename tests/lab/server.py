"""The lab as a real server: every endpoint of tests/lab/sources behind a socket.

`https://host/path` is served as `/__as/host/path`, which is where `LAB_URL` sends it. Only this
machine can reach it.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from threading import Lock, Thread
from typing import Self

from app.domain.currencies import MINOR_DIGITS
from app.domain.midrate import PEGS
from tests.lab import control
from tests.lab.answers import Case
from tests.lab.direct import answer
from tests.lab.faults import FAULTS, AnswerFault, Fault, MeaningFault, WireFault
from tests.lab.listening import Deed, Listener
from tests.lab.meaning import About
from tests.lab.tree import parse, written
from tests.lab.wire import LabReply, LabRequest, example
from tests.lab.world import World

RATES_FILE = Path(__file__).parents[2] / "data/fx/fawazahmed0_eur_2026-09-29.json"
CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")

TEXT = "text/plain"
WISE_ROBOTS = LabReply(example("wise_robots.txt"), 200, TEXT)
NO_ROBOTS = LabReply(b"not found", 404, TEXT)
ROBOTS = {
    "wise.com": WISE_ROBOTS,
    "api.wise.com": WISE_ROBOTS,
    "api.taptapsend.com": LabReply(b"User-agent: *\nDisallow:\n", 200, TEXT),
}
"""What is known of them; other hosts have none, as is usual for an API."""


def lab_world(*, moving: bool = False) -> World:
    """Mid rates of one day in September 2026, and pegs as the law has them."""
    found = parse(RATES_FILE.read_bytes())
    assert isinstance(found, dict)
    mids = {code.upper(): rate for code, rate in found["eur"].items()}
    known = {code: mids[code] for code in MINOR_DIGITS if code in mids}
    for code, (anchor, units) in PEGS.items():
        known[code] = units * known.get(anchor, Decimal(1))
    return World(known, moving=moving)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came.

    at          time.monotonic()
    connection  number of its connection: two requests with the same one came over the same
    at_once     how many requests of its host were being answered, this one included; those
                with a fault of transport count until their connection ends
    """

    request: LabRequest
    at: float
    connection: int
    at_once: int


@dataclass(slots=True)
class Active:
    """A fault that is switched on. `path`: only for paths that begin so; "" for all but
    robots.txt. `bites`: how often it made a difference."""

    fault: Fault
    variant: str
    pace: float
    path: str
    count: int = 0
    bites: int = 0
    kept: dict[Hashable, LabReply] = field(default_factory=dict)

    def meets(self, request: LabRequest) -> bool:
        if self.path:
            return request.path.startswith(self.path)
        return (request.path == "/robots.txt") == (self.fault.id == "F30")


class Lab:
    """`with Lab() as lab:` serves on `lab.url` until the block ends. Raises there what an
    endpoint raised."""

    def __init__(self, world: World | None = None, *, port: int = 0) -> None:
        self.world = world or lab_world()
        self._port = port
        self._active: dict[str, Active] = {}
        self._robots = dict(ROBOTS)
        self._seen: list[Seen] = []
        self._under_way: Counter[str] = Counter()
        self._lock = Lock()

    def start(self) -> None:
        self._listener = Listener(self._port, self)
        self._thread = Thread(target=self._listener.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """At once, whatever is under way."""
        self._listener.stop()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close()
        if error is None and self._listener.errors:
            raise self._listener.errors[0]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def seen(self) -> list[Seen]:
        with self._lock:
            return list(self._seen)

    @property
    def requests(self) -> list[LabRequest]:
        """All of them, in the order they came; host is "" for what no endpoint was asked."""
        return [seen.request for seen in self.seen]

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._seen.clear()

    def fault(
        self, host: str, number: str, variant: str = "", *, pace: float = 0.5, path: str = ""
    ) -> None:
        """From now on `host` has this fault, and no other. Raises KeyError, ValueError.

        variant  one of the fault's; "" for its first
        pace     seconds between two bytes that drip
        path     only for paths that begin so, robots.txt too; "" for all but robots.txt
        """
        fault = FAULTS[number]
        if variant and variant not in fault.variants:
            raise ValueError(f"{number} has no variant {variant!r}: {fault.variants}")
        with self._lock:
            self._active[host] = Active(fault, variant or fault.variants[0], pace, path)

    def heal(self, host: str = "") -> None:
        """No fault any more; "" for every host."""
        with self._lock:
            for name in [host] if host else list(self._active):
                self._active.pop(name, None)

    def bites(self, host: str) -> int:
        """How many requests the host's fault has made a difference to."""
        with self._lock:
            return self._active[host].bites if host in self._active else 0

    def active(self) -> dict[str, Active]:
        """By host."""
        with self._lock:
            return dict(self._active)

    def robots(self, host: str, text: str, status: int = 200) -> None:
        """What the host's robots.txt says from now on."""
        with self._lock:
            self._robots[host] = LabReply(text.encode(), status, TEXT)

    def deed(self, request: LabRequest, connection: int) -> Deed:
        """What the listener does with a request."""
        with self._lock:
            self._under_way[request.host] += 1
            at_once = self._under_way[request.host]
            self._seen.append(Seen(request, time.monotonic(), connection, at_once))
            active = self._active.get(request.host)
            if active is not None and active.meets(request):
                active.count += 1
            else:
                active = None
            place = active.count if active else 0
        if not request.host:
            return Deed(control.answer(self, request))
        world = replace(self.world, now=self.world.clock())
        good = self._good(request, world)
        if active is None:
            return Deed(_unless_known(request, good))
        return self._faulty(active, place, request, good, world)

    def done(self, request: LabRequest) -> None:
        with self._lock:
            self._under_way[request.host] -= 1

    def _good(self, request: LabRequest, world: World) -> LabReply:
        if request.path == "/robots.txt":
            with self._lock:
                return self._robots.get(request.host, NO_ROBOTS)
        return answer(request, world)

    def _faulty(
        self, active: Active, place: int, request: LabRequest, good: LabReply, world: World
    ) -> Deed:
        fault, reply = active.fault, good
        if isinstance(fault, WireFault):
            deed = Deed(good, fault.does, active.variant, active.pace, fault.spares_first)
        elif isinstance(fault, AnswerFault):
            case = Case(request, good, active.variant, place, world.clock(), self.url, active.kept)
            deed = Deed(reply := fault.does(case))
        else:
            about = About(active.variant, asked_currency(request), world)
            deed = Deed(reply := _bent(fault, good, about))
        with self._lock:
            active.bites += isinstance(fault, WireFault) or reply is not good
        return deed


def asked_currency(request: LabRequest) -> str:
    """The receive currency that a question names; "" if none."""
    said = [request.path, *request.query.values(), request.body.decode(errors="replace")]
    codes = [code for text in said for code in CODE.findall(text)]
    codes += [text.upper() for name, text in request.query.items() if "urrency" in name]
    return next((code for code in codes if code in MINOR_DIGITS and code != "EUR"), "")


def _bent(fault: Fault, good: LabReply, about: About) -> LabReply:
    """`good` itself if the fault does not apply: no JSON, no success, or no such field."""
    if not isinstance(fault, MeaningFault) or good.status != 200:
        return good
    try:
        tree = parse(good.body)
    except ValueError:
        return good
    before = written(tree)
    fault.does(tree, about)
    after = written(tree)
    return good if after == before else replace(good, body=after.encode(), headers={})


def _unless_known(request: LabRequest, reply: LabReply) -> LabReply:
    """304 if the client has this very answer already."""
    headers = {name.lower(): value for name, value in reply.headers.items()}
    tags = [tag.strip().removeprefix("W/") for tag in _asked(request, "if-none-match").split(",")]
    tag, day = headers.get("etag", ""), headers.get("last-modified", "")
    if any(tags):
        known = bool(tag) and (tag.removeprefix("W/") in tags or "*" in tags)
    else:
        known = bool(day) and _asked(request, "if-modified-since") == day
    return replace(reply, body=b"", status=304) if known and reply.status == 200 else reply


def _asked(request: LabRequest, name: str) -> str:
    return request.headers.get(name, "")
