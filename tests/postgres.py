"""A PostgreSQL server of the tests' own: unprivileged, in a temporary folder, on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, inspect, text

from app.db.models import Base

USER = "postgres"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def emptied(url: str) -> bool:
    """Whether a migrated database could be made as good as new."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(END_OTHERS))
        if {*inspect(connection).get_table_names()} != {*Base.metadata.tables, "alembic_version"}:
            return False
        tables = ", ".join(Base.metadata.tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return True


END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a fresh server, up to and without the name of a database."""
    bin_folder = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="huiswaarts-postgres-"))
    user = USER if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data, port = folder / "data", free_port()

    def run(*command: object) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    initdb = (bin_folder / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8")
    run(*initdb, "--locale=C.UTF-8", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = (bin_folder / "pg_ctl", "-D", data, "-w")
    run(*control, "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgresql://{USER}@127.0.0.1:{port}"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)
