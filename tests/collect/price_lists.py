"""Price lists made up for tests, and what they put on the board."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from app.collect.tariffs import publish_tariffs
from app.db import prices
from app.db.engine import Database
from app.domain.corridor import Corridor
from app.domain.ladder import Ladder
from app.domain.money import Money
from app.domain.quote import Price
from app.domain.reach import Reach
from tests.conftest import NOW
from tests.db.made import NL_MA

HEAD = """
provider = "{slug}"
page = "https://{slug}.example/prices.pdf"
valid_from = 2026-11-01
valid_until = 2026-11-30
checked_on = 2026-11-16
checked_by = "JdB"
send_country = "NL"
send_currency = "EUR"
"""
OUR = """
[[service]]
name = "Transfer to Morocco"
to = ["MA"]
receive_currency = "MAD"
payment_instruments = ["bank_account_transfer"]
access_points = ["internet"]
pickup_methods = ["bank_account"]
charges = "OUR"
fee = "on_top"
lowest = 20
highest = 8000
margin = 2.0
margin_page = "https://bank.example/rates"

[[service.tier]]
starts_at = 0
fixed = 4.00
percent = 0.5

[[service.tier]]
starts_at = 1000
fixed = 8.00
percent = 0.1
"""
SHA = OUR.replace("OUR", "SHA").replace("Transfer", "Shared transfer")
COUNTER = (
    OUR.replace("Transfer", "Cash")
    .replace("on_top", "taken_out")
    .replace('"bank_account"', '"cash"')
    .replace("OUR", "none")
)
TO_SURINAME = OUR.replace('"MA"', '"SR"').replace("MAD", "SRD")
WITHOUT_MARGIN = "".join(line for line in OUR.splitlines(True) if "margin" not in line)
REACH = [Reach("MA", ("MAD",)), Reach("SR", ("SRD",))]

Change = tuple[str, str]


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def mad(amount: str) -> Money:
    return Money(Decimal(amount), "MAD")


def write(folder: Path, slug: str, *services: str, changes: tuple[Change, ...] = ()) -> Path:
    """A list of one firm, each `old` in it made into `new`."""
    text = HEAD.format(slug=slug) + "".join(services or (OUR,))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{slug}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def publish(database: Database, folder: Path, now: datetime = NOW) -> list[str]:
    with database.writing() as session:
        return publish_tariffs(session, folder, now)


def shown(database: Database, corridor: Corridor = NL_MA) -> list[Ladder]:
    with database.reading() as session:
        return prices.board(session, corridor)


def firms(database: Database, corridor: Corridor = NL_MA) -> list[str]:
    return sorted(ladder.service.provider for ladder in shown(database, corridor))


def rungs(database: Database) -> dict[Decimal, Price]:
    (ladder,) = shown(database)
    return {one.rung: one for one in ladder.prices}
