"""Robots by name: what calls itself one, fetches without a reader, or looks after sites."""

from __future__ import annotations

import re
from functools import lru_cache

from crawleruseragents import is_crawler

OWN = re.compile(
    r"(?<!cu)bot\b|crawl|spider|headless|phantom|lighthouse|playwright|puppeteer|selenium|monitor"
    r"|uptime|pingdom|statuscake|healthcheck|probe|prometheus|wget|python|okhttp|java/|libwww",
    re.IGNORECASE,
)
"""What the public list of robots leaves out; it wants their very names."""

NAMED = 4096
"""How many agents are known by heart. They are in memory alone, and forgotten each midnight."""


@lru_cache(maxsize=NAMED)
def is_robot(agent: str) -> bool:
    """Whoever does not say what they are is one: every browser does."""
    return not agent.strip() or OWN.search(agent) is not None or is_crawler(agent)
