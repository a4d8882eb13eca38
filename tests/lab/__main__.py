"""`python -m tests.lab`: serve the lab, for building where there is no network.

python -m tests.lab [--port 8100]             until Ctrl-C
python -m tests.lab [--port 8100] -- COMMAND  while COMMAND runs, with LAB_URL set for it
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from tests.lab.faults import FAULTS
from tests.lab.server import Lab, lab_world

BY_SIGNAL = 128
"""What shells add to the number of the signal that ended a command."""


def main() -> int:
    """The exit status: the command's if there is one."""
    arguments = _arguments()
    told = Event()
    _when_told(lambda *_: told.set())
    try:
        lab = Lab(lab_world(moving=True), port=arguments.port)
        lab.start()
    except OSError as error:
        print(f"Port {arguments.port} cannot be had: {error.strerror}", file=sys.stderr)
        return 1
    try:
        _introduce(lab)
        if arguments.command:
            return _beside(lab, arguments.command, told)
        told.wait()
    finally:
        lab.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=0, help="default: any that is free")
    parser.add_argument("command", nargs="*", metavar="-- COMMAND")
    return parser.parse_args()


def _introduce(lab: Lab) -> None:
    print(f"LAB_URL={lab.url}", flush=True)
    print(f"{len(FAULTS)} faults: {lab.url}/__lab/", flush=True)
    print(f"for example: curl '{lab.url}/__lab/fault?host=api.wise.com&id=F23'", flush=True)


def _beside(lab: Lab, command: list[str], told: Event) -> int:
    """Runs `command` in a group of its own, so that whoever ends the lab ends all that the
    command has started, with SIGTERM, and once."""
    environment = os.environ | {"LAB_URL": lab.url}
    try:
        process = subprocess.Popen(command, env=environment, start_new_session=True)
    except OSError as error:
        print(f"{command[0]} cannot be started: {error.strerror}", file=sys.stderr)
        return 127

    def end(*_: object) -> None:
        told.set()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)

    _when_told(end)
    if told.is_set():
        end()
    status = process.wait()
    if told.is_set():
        return 0
    return status if status >= 0 else BY_SIGNAL - status


def _when_told(do: Callable[..., None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, do)


if __name__ == "__main__":
    sys.exit(main())
