"""A day of counting: its key, and what is remembered of each visitor until it ends.

The key is random, is nowhere but in memory, and is overwritten and unlinked at midnight UTC: from
then on no process can find out whose mark a mark was. The processes of one site share it, and what
they remember, through a file in /dev/shm, which is memory; nobody but this user may read it.

Of a visitor there are two marks, made under two keys that have nothing to do with each other: one
goes into the sketch of devices, the other into a table in memory that tells visits apart, robots
from readers, and nothing else. No mark is ever made of what somebody looks at.
"""

from __future__ import annotations

import mmap
import os
import stat
import struct
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

KEY_BYTES = 32
SLOTS = 1 << 20
SLOT = struct.Struct("<IHBB")
"""Of a visitor: part of the mark, the minute of the day in which they came last (from 1), how many
pages they opened in it, and what was found of them."""

SIZE = KEY_BYTES + SLOTS * SLOT.size
TRIED = 8
"""Slots that a mark may stand in."""

ASSET, ROBOT, FIRST = 1, 2, 4
"""What is found of a visitor: a file of ours was loaded; they were too quick for a reader. From
FIRST on their marks of a first visit are counted."""

MOST_FIRST = 8
"""Marks of a first visit that one visitor, or a house with one address and agent, is believed."""

A_VISIT = 30
"""Minutes without a page after which the next one begins a new visit."""

QUICK = 60
"""Pages in a minute that a reader may open."""


class Today:
    """mark: of the key, tells it from another and nothing more; shared: whether other processes
    have it too."""

    def __init__(self, day: date, site: str, folder: Path | None) -> None:
        self.day = day
        self._site = site.encode()
        self._file = folder / f"{_prefix(site)}{day}" if folder else None
        self._memory = self._shared() or self._own()
        key = self._memory[:KEY_BYTES]
        self.mark = blake2b(key, digest_size=8, person=b"mark").hexdigest()
        self._devices, self._pace = _keyed(key)

    def marks(self, address: str, agent: str) -> tuple[int, int]:
        """Of a visitor, for the sketch and for the table."""
        who = f"{address}\n{agent}\n".encode("utf-8", "replace") + self._site
        device, pace = self._devices.copy(), self._pace.copy()
        device.update(who)
        pace.update(who)
        return int.from_bytes(device.digest()), int.from_bytes(pace.digest())

    def came(self, pace: int, minute: int) -> bool:
        """Somebody opens a page in this minute of the day; whether a visit begins with it."""
        at = self._slot(pace)
        _tag, last, pages, found = SLOT.unpack_from(self._memory, at)
        now = minute + 1
        pages = min(pages + 1, 255) if last == now else 1
        if pages > QUICK:
            found |= ROBOT
        SLOT.pack_into(self._memory, at, _tag_of(pace), now, pages, found)
        return last == 0 or now - last > A_VISIT

    def loaded(self, pace: int) -> None:
        """A file of ours was loaded: robots seldom do."""
        self._found(pace, ASSET)

    def first(self, pace: int) -> bool:
        """A device says that this is its first visit; whether it is believed."""
        at = self._slot(pace)
        tag, last, pages, found = SLOT.unpack_from(self._memory, at)
        if found >= MOST_FIRST * FIRST:
            return False
        SLOT.pack_into(self._memory, at, tag or _tag_of(pace), last, pages, found + FIRST)
        return True

    def is_quick(self, pace: int) -> bool:
        return bool(self._memory[self._slot(pace) + SLOT.size - 1] & ROBOT)

    def has_loaded(self, pace: int) -> bool:
        return bool(self._memory[self._slot(pace) + SLOT.size - 1] & ASSET)

    def end(self) -> None:
        """The day is over: its key is gone, here and for every other process."""
        self._memory[:KEY_BYTES] = bytes(KEY_BYTES)
        self._devices, self._pace = _keyed(os.urandom(KEY_BYTES))
        if self._file:
            self._file.unlink(missing_ok=True)

    def _found(self, pace: int, what: int) -> None:
        at = self._slot(pace)
        tag, last, pages, found = SLOT.unpack_from(self._memory, at)
        if not found & what:
            SLOT.pack_into(self._memory, at, tag or _tag_of(pace), last, pages, found | what)

    def _slot(self, pace: int) -> int:
        """Where a visitor is remembered. Two that take the same place at the same moment, or find
        all of theirs taken, are taken for one: the tests say how far that puts a count off."""
        tag = _tag_of(pace)
        start = pace >> 32
        for step in range(TRIED):
            at = KEY_BYTES + (start + step) % SLOTS * SLOT.size
            there = int.from_bytes(self._memory[at : at + 4], "little")
            if there in (0, tag):
                return at
        return KEY_BYTES + start % SLOTS * SLOT.size

    def _shared(self) -> mmap.mmap | None:
        """The memory of all processes of this site; None if there is no such."""
        if self._file is None or not self._file.parent.is_dir():
            return None
        _unlink_others(self._file, str(self.day))
        try:
            _make(self._file)
            opened = os.open(self._file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            about = os.fstat(opened)
            ours = about.st_uid == os.geteuid() and stat.S_IMODE(about.st_mode) == 0o600  # noqa: PLR2004
            return mmap.mmap(opened, SIZE) if ours and about.st_size == SIZE else None
        finally:
            os.close(opened)

    def _own(self) -> mmap.mmap:
        self._file = None
        memory = mmap.mmap(-1, SIZE)
        memory[:KEY_BYTES] = os.urandom(KEY_BYTES)
        return memory

    @property
    def shared(self) -> bool:
        return self._file is not None


def forget(site: str, folder: Path) -> None:
    """Unlink what a site that will not start again has left in memory."""
    for file in folder.glob(f"{_prefix(site)}*"):
        file.unlink(missing_ok=True)


def _make(file: Path) -> None:
    """Whole or not at all, and by one process: the others find it made."""
    if file.exists():
        return
    new = file.with_name(f"{file.name}.{token_hex(8)}")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    opened = os.open(new, flags, 0o600)
    try:
        os.fchmod(opened, 0o600)
        os.ftruncate(opened, SIZE)
        os.write(opened, os.urandom(KEY_BYTES))
        with suppress(FileExistsError):
            os.link(new, file)
    finally:
        os.close(opened)
        new.unlink()


def _unlink_others(file: Path, day: str) -> None:
    """What a site left that did not run at midnight."""
    for other in file.parent.glob(f"{file.name.removesuffix(day)}*"):
        if not other.name.startswith(file.name):
            with suppress(OSError):
                other.unlink()


def _prefix(site: str) -> str:
    return f"huiswaarts-{blake2b(site.encode(), digest_size=6).hexdigest()}-"


def _keyed(key: bytes) -> tuple[blake2b, blake2b]:
    """For the sketch and for the table: neither mark says anything of the other."""
    return (
        blake2b(digest_size=8, key=key, person=b"devices"),
        blake2b(digest_size=8, key=key, person=b"pace"),
    )


def _tag_of(pace: int) -> int:
    return (pace & 0xFFFFFFFF) or 1
