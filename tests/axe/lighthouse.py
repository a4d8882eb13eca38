"""`python -m tests.axe.lighthouse`: what Lighthouse says of the main pages on a slow phone.

It is no part of the project and is not installed by it: LIGHTHOUSE is the command that runs it,
"npx --yes lighthouse" unless it is set. Node 18 or newer and Chromium must be there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.axe.sites import running
from tests.web.browsing import PAGES

KINDS = ("home", "result", "price", "firm")
COMMAND = os.environ.get("LIGHTHOUSE", "npx --yes lighthouse")
FLAGS = ["--quiet", "--form-factor=mobile", "--output=json", "--output-path=stdout"]
CHROMIUM = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"


def told_of(address: str) -> dict[str, Any]:
    """Scores by category, and the audits that fail."""
    command = [*COMMAND.split(), address, *FLAGS, CHROMIUM]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def lines(kind: str, told: dict[str, Any]) -> list[str]:
    scores = {name: round(one["score"] * 100) for name, one in told["categories"].items()}
    found = [f"{kind}: " + ", ".join(f"{name} {score}" for name, score in scores.items())]
    for name, category in told["categories"].items():
        for one in category["auditRefs"]:
            audit = told["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 1:
                value = audit.get("displayValue", "")
                found.append(f"  {name}, {one['id']}: {audit['score']} {value}".rstrip())
    return found


def main() -> int:
    least = 100
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), datetime.now(UTC)) as (seeded, _live),
    ):
        for kind in KINDS:
            address = seeded + PAGES[kind].format(lang="nl")
            urlopen(address).close()
            told = told_of(address)
            print(*lines(kind, told), sep="\n", flush=True)
            scores = [one["score"] * 100 for one in told["categories"].values()]
            least = min(least, *map(round, scores))
    print(f"{len(KINDS)} pages, lowest score {least}")
    return int(least < 100)


if __name__ == "__main__":
    sys.exit(main())
