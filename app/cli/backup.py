"""Commands about copies of the database: backup, restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.common import the_database, the_settings, usable
from app.db.copies import NoCopy, back_up, restore


@click.command("backup")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Instead of BACKUP_DIR.")
@with_appcontext
@usable
def backup(folder: Path | None) -> None:
    """Copy the whole database into one packed file, and note it. The newest 14 are kept."""
    chosen = folder or the_settings().backup_dir
    if chosen is None:
        raise click.ClickException("where to? Set BACKUP_DIR, or say --to FOLDER")
    done = back_up(the_database(), chosen, datetime.now(UTC))
    if not done.ok:
        raise click.ClickException(f"no copy was made: {done.said}")
    click.echo(f"{chosen / done.file}: {done.bytes} bytes, sha256 {done.sha256}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
@usable
def restore_command(file: Path) -> None:
    """Fill an EMPTY database (DATABASE_URL) from a copy. Then run `flask db upgrade`."""
    try:
        restore(the_database(), file)
    except (NoCopy, OSError) as error:
        raise click.ClickException(f"nothing was put back: {error}") from error
    click.echo("The copy is back. Run `flask db upgrade` if this release is newer than it.")


COMMANDS = (backup, restore_command)
