"""Recorded replies with fields changed by their paths."""

from __future__ import annotations

import json

from scrapers.contract import Http
from tests.lab.direct import DirectHttp
from tests.lab.wire import example
from tests.lab.world import World
from tests.scrapers.prices.spoiled import MIDS, Spoiled

Path = tuple[str | int, ...]


def recorded() -> DirectHttp:
    return DirectHttp(World(MIDS, recorded=True))


def saying(body: str | bytes, status: int = 0) -> Http:
    """Answers with `body`, whatever is asked that the lab knows."""
    text = body if isinstance(body, str) else body.decode()
    return Spoiled(recorded(), "", text, status=status)


def changed(name: str, *changes: tuple[Path, object]) -> Http:
    """Answers with an example, the value at each path replaced; ... takes the field away."""
    shape = json.loads(example(name))
    for path, value in changes:
        at = shape
        for step in path[:-1]:
            at = at[step]
        if value is ...:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return saying(json.dumps(shape))
