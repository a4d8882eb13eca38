"""A scheduler in a process of its own, whose clock is moved by another one.

`python -m tests.schedule.worker URL FOLDER`. All of Scheduler but for APScheduler's part, which
would wait for real quarters of an hour: here the slot's cycle starts as soon as the clock shows it.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from app.db.engine import Database
from app.db.runs import SLOT, slot_of
from app.schedule import Scheduler
from tests.schedule.cast import PriceStandIn, RateStandIn, cast

SOURCES = ("mids", "one", "two")
CLOCK, ASKED = "clock", "asked"
SECONDS = struct.Struct("d")


class SharedClock:
    """Aware UTC, kept in a file that several processes have in memory."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(SECONDS.size))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SECONDS.size)

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(SECONDS.unpack_from(self._memory)[0], UTC)

    def set(self, moment: datetime) -> None:
        SECONDS.pack_into(self._memory, 0, moment.timestamp())


def main(url: str, folder: Path) -> None:
    clock = SharedClock(folder / CLOCK)
    asked = os.open(folder / ASKED, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(slug: str) -> None:
        slot = slot_of(clock(), SLOT)
        os.write(asked, f"{slot.isoformat()} {slug} {os.getpid()}\n".encode())

    prices = tuple(PriceStandIn(slug, note) for slug in SOURCES[1:])
    rates = (RateStandIn(SOURCES[0], note, clock),)
    who = f"worker-{os.getpid()}"
    scheduler = Scheduler(cast(Database(url), prices, rates, clock, who))
    worked: datetime | None = None
    while True:
        slot = slot_of(clock(), SLOT)
        if slot != worked and scheduler.cycle() is not None:
            worked = slot
        else:
            time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
