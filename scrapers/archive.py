"""Large JSON files in ZIP archives: checked against their sum, and read without holding them."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

import ijson

from scrapers.contract import Trouble, Unreadable

CHUNK = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
"""What reading a broken archive raises; the last two for packing and passwords unknown to us."""

MOST_UNPACKED = 2 * 10**9
"""Bytes: ten times the largest that there is."""


def check_sum(path: Path, sha256: str, where: str) -> None:
    """That `sha256` (hexadecimal) is the sum of the archive, or of the JSON file in it. Raises
    Unreadable."""
    with path.open("rb") as file:
        if _sum(file, where) == sha256:
            return
    with the_json(path, where) as file:
        if _sum(file, where) == sha256:
            return
    raise Unreadable(
        f"{where}: neither the archive nor the file in it has the sum {sha256}; "
        f"it was cut short or changed on its way",
        Trouble.BROKEN_REPLY,
    )


def objects(path: Path, prefix: str, where: str) -> Iterator[object]:
    """Each JSON value at `prefix` (of ijson) of the one JSON file in an archive, streamed.
    Raises Unreadable, also after some values, if the file ends or breaks."""
    with the_json(path, where) as file:
        try:
            yield from ijson.items(file, prefix)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            message = f"{where}: not the JSON it should be ({error})"
            raise Unreadable(message, Trouble.NOT_JSON) from error
        except BROKEN as error:
            raise _broken(where, error) from error


@contextmanager
def the_json(path: Path, where: str) -> Iterator[IO[bytes]]:
    """The one JSON file in an archive, opened. Raises Unreadable."""
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise _broken(where, error) from error
    with archive:
        names = [one for one in archive.infolist() if one.filename.lower().endswith(".json")]
        if len(names) != 1:
            raise Unreadable(f"{where}: {len(names)} JSON files in the archive, where one belongs")
        if names[0].file_size > MOST_UNPACKED:
            message = f"{where}: unpacks to {names[0].file_size} bytes"
            raise Unreadable(message, Trouble.TOO_LARGE)
        try:
            file = archive.open(names[0])
        except BROKEN as error:
            raise _broken(where, error) from error
        with file:
            yield file


def _sum(file: BinaryIO | IO[bytes], where: str) -> str:
    found = hashlib.sha256()
    try:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    except BROKEN as error:
        raise _broken(where, error) from error
    return found.hexdigest()


def _broken(where: str, error: Exception) -> Unreadable:
    return Unreadable(f"{where}: a broken archive ({error})", Trouble.BROKEN_REPLY)
