"""The `flask` commands. Each says what it did; a failure says what to do and exits with 1."""

from __future__ import annotations

from app.cli import backup, collecting, data, mail, operators, reports, traffic

COMMANDS = (
    *data.COMMANDS,
    *collecting.COMMANDS,
    *reports.COMMANDS,
    *mail.COMMANDS,
    *backup.COMMANDS,
    *operators.COMMANDS,
    *traffic.COMMANDS,
)
