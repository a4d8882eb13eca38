"""A copy of the whole database in one packed file, and back.

A file gets its name when it is whole, checked and on the disk: until then it ends in .part, and
what stays of a copy that was cut short never looks like one. Zstandard's own checksum tells a file
that was cut off or changed later.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import IO

import zstandard
from sqlalchemy import URL, inspect

from app.db.backups import KEPT, Backup, note_backup
from app.db.engine import Database

PACKING = 6
CHUNK = 1 << 20
LONGEST = 50 * 60
"""Seconds that PostgreSQL's program may take."""

ABANDONED = 24 * 60 * 60
"""Seconds after which a part of a copy is nobody's any more."""

SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP"
"""How an unpacked copy of each begins."""


class NoCopy(Exception):
    """A copy could not be made or read. `str()` says why."""


def back_up(database: Database, folder: Path, now: datetime) -> Backup:
    """Make a copy and note it. A failure is noted too, and leaves nothing that looks like one."""
    try:
        done = make_copy(database, folder, now)
    except (NoCopy, OSError, sqlite3.Error) as error:
        done = Backup(now, said=_words(error))
    with database.writing() as session:
        note_backup(session, done)
    return done


def make_copy(database: Database, folder: Path, now: datetime) -> Backup:
    """Raises NoCopy, OSError or sqlite3.Error."""
    if not folder.is_dir():
        raise NoCopy(f"there is no folder {folder}")
    kind = database.engine.dialect.name
    file = folder / f"huiswaarts-{now:%Y%m%dT%H%M%SZ}.{kind}.zst"
    if file.exists():
        raise NoCopy(f"there is a copy of this second: {file.name}")
    _clear(folder)
    raw, part = (
        file.with_suffix(f".{os.getpid()}.raw.part"),
        file.with_suffix(f".{os.getpid()}.part"),
    )
    try:
        with _unpacked(database, raw) as source:
            size, sha256 = _pack(source, part)
        part.rename(file)
        _settle(folder)
    finally:
        raw.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    for old in _copies(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return Backup(now, file.name, size, sha256)


def _copies(folder: Path) -> list[Path]:
    """The newest first."""
    return sorted(folder.glob("huiswaarts-*Z.*.zst"), reverse=True)


def _clear(folder: Path) -> None:
    """Take away what a copy that was killed left."""
    newest = datetime.now().timestamp() - ABANDONED  # noqa: DTZ005  as the disk counts
    for part in folder.glob("huiswaarts-*.part"):
        if part.stat().st_mtime < newest:
            part.unlink(missing_ok=True)


@contextmanager
def _unpacked(database: Database, raw: Path) -> Iterator[IO[bytes]]:
    """The copy as the database makes it."""
    if database.engine.dialect.name == "postgresql":
        with _dumped(database.engine.url) as pipe:
            yield pipe
        return
    _copy_sqlite(database, raw)
    with raw.open("rb") as file:
        yield file


def _copy_sqlite(database: Database, raw: Path) -> None:
    """In one step, of one moment; who writes meanwhile does not wait."""
    os.close(os.open(raw, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with database.engine.connect() as connection, closing(sqlite3.connect(raw)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101  for mypy
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    _check_sqlite(raw)


def _check_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise NoCopy(f"the copy is not whole: {said}")


@contextmanager
def _dumped(url: URL) -> Iterator[IO[bytes]]:
    command = [*_program("pg_dump"), "--format=custom", "--compress=0", "--no-owner"]
    command += ["--no-privileges", f"--dbname={_address(url)}"]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603
            command, env=_environment(url), stdout=subprocess.PIPE, stderr=errors
        ) as running,
    ):
        end = Timer(LONGEST, running.kill)
        end.daemon = True
        end.start()
        try:
            assert running.stdout is not None  # noqa: S101  for mypy
            yield running.stdout
            failed = running.wait() != 0
        except BaseException:
            running.kill()
            raise
        finally:
            end.cancel()
        if failed:
            raise NoCopy(_said("pg_dump", errors))


def _pack(source: IO[bytes], part: Path) -> tuple[int, str]:
    """Size and hash of what was written, which is on the disk then."""
    packer = zstandard.ZstdCompressor(level=PACKING, write_checksum=True).compressobj()
    seen = hashlib.sha256()
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as target:
        while chunk := source.read(CHUNK):
            packed = packer.compress(chunk)
            seen.update(packed)
            target.write(packed)
        packed = packer.flush()
        seen.update(packed)
        target.write(packed)
        target.flush()
        os.fsync(target.fileno())
        return target.tell(), seen.hexdigest()


def _settle(folder: Path) -> None:
    """A name is safe when its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def restore(database: Database, file: Path) -> None:
    """Fill an empty database from a copy, whole or not at all. Raises NoCopy, and OSError where
    the file cannot be read."""
    if inspect(database.engine).get_table_names():
        raise NoCopy("the database is not empty: a copy is only put back into an empty one")
    with tempfile.TemporaryDirectory(prefix="huiswaarts-") as folder:
        raw = Path(folder) / "unpacked"
        _unpack(file, raw)
        with raw.open("rb") as unpacked:
            begins = unpacked.read(len(SQLITE))
        postgresql = database.engine.dialect.name == "postgresql"
        if not begins.startswith(POSTGRESQL if postgresql else SQLITE):
            raise NoCopy("this is no copy of a database of this kind")
        if postgresql:
            _restore_postgresql(database.engine.url, raw)
        else:
            _restore_sqlite(database, raw)


def _unpack(file: Path, raw: Path) -> None:
    """All of it, before anything is put back: a copy that was cut off has no end."""
    reader = zstandard.ZstdDecompressor().decompressobj()
    try:
        with file.open("rb") as source, raw.open("wb") as target:
            while chunk := source.read(CHUNK):
                target.write(reader.decompress(chunk))
    except zstandard.ZstdError as error:
        raise NoCopy(f"the file is broken: {error}") from error
    if not reader.eof or reader.unused_data:
        raise NoCopy("the file is broken: it has no end")


def _restore_sqlite(database: Database, raw: Path) -> None:
    _check_sqlite(raw)
    with database.engine.connect() as connection, closing(sqlite3.connect(raw)) as source:
        target = connection.connection.driver_connection
        assert isinstance(target, sqlite3.Connection)  # noqa: S101  for mypy
        source.backup(target)
    database.engine.dispose()  # what comes next sets the file up as it should be


def _restore_postgresql(url: URL, raw: Path) -> None:
    command = [*_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner"]
    command += ["--no-privileges", f"--dbname={_address(url)}", str(raw)]
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(  # noqa: S603
            command, env=_environment(url), stdout=errors, stderr=errors, check=False
        )
        if done.returncode != 0:
            raise NoCopy(_said("pg_restore", errors))


def _program(name: str) -> list[str]:
    found = shutil.which(name)
    if found is None:
        raise NoCopy(f"{name} is not installed: it comes with PostgreSQL")
    return [found]


def _address(url: URL) -> str:
    """Without its password, which everybody on the machine could read in the list of processes."""
    return url._replace(drivername="postgresql", password=None).render_as_string()


def _environment(url: URL) -> dict[str, str]:
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    return dict(os.environ) | {"PGCONNECT_TIMEOUT": "10"} | password


def _said(program: str, errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read(2_000).decode("utf-8", "replace").split("\n")
    return f"{program}: {' '.join(line.strip() for line in lines if line.strip()) or 'failed'}"


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, NoCopy) else f"{type(error).__name__}: {error}"
