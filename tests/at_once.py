"""Doing the same several times at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

SAVERS = 4


def at_once(work: Callable[[int], object]) -> None:
    """`work(0)`, `work(1)`, ... begin together, each in its own thread; none may fail."""
    barrier = Barrier(SAVERS)

    def begin(saver: int) -> None:
        barrier.wait(20)
        work(saver)

    with ThreadPoolExecutor(SAVERS) as pool:
        for done in [pool.submit(begin, saver) for saver in range(SAVERS)]:
            done.result(60)
