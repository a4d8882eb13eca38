"""Price lists in files: read strictly, and each fault is named with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.corridor import Corridor
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.midrate import MidRate
from app.domain.service import AccessPoint, PaymentInstrument, PickupMethod, Speed
from app.domain.tariff import ChargeOption, FeeModel, Tariff, tariff_quotes
from scrapers.contract import Unreadable
from scrapers.tariff_files import ABOUT, FOLDER, SERVICE, TIER, read_tariff, read_tariffs

TODAY = date(2026, 11, 20)
EXAMPLE = FOLDER / "example.toml.txt"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """The example as a file that is loaded, each `old` in it (once at least) made into `new`."""

    def written(*changes: tuple[str, str], name: str = "example.toml") -> Path:
        text = EXAMPLE.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"the example has no {old!r}"
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_the_example(write: Write) -> None:
    path = write()
    tariff = read_tariff(path, TODAY)
    assert tariff.provider == "example"
    assert tariff.page == "https://bank.example/price-list.pdf"
    assert (tariff.valid_from, tariff.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (tariff.checked_on, tariff.checked_by) == (TODAY, "JdB")
    assert (tariff.send_country, tariff.send_currency) == ("NL", "EUR")
    assert tariff.evidence == path.read_bytes()
    shared, sender, counter = tariff.services
    assert shared.name == "World payment in foreign currency, shared costs"
    assert shared.to is None
    assert shared.receive_currency == "MAD"
    assert shared.payment_instruments == (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
    assert shared.access_points == (AccessPoint.INTERNET, AccessPoint.MOBILE_APP)
    assert shared.pickup_methods == (PickupMethod.BANK_ACCOUNT,)
    assert shared.speed is Speed.THREE_TO_FIVE_DAYS
    assert (shared.charges, shared.fee_model) == (ChargeOption.SHA, FeeModel.ON_TOP)
    assert shared.margin == Decimal("1.2")
    assert shared.schedule == FeeSchedule(
        (FeeTier(Decimal(0), Decimal(0), Decimal("0.1"), Decimal(6), Decimal(50)),),
        Decimal(1),
        Decimal(50000),
    )
    assert (sender.charges, sender.speed) == (ChargeOption.OUR, None)
    assert counter.to == frozenset({"SR"})
    assert counter.margin is None
    assert (counter.charges, counter.fee_model) == (ChargeOption.NONE, FeeModel.TAKEN_OUT)
    assert [tier.fixed for tier in counter.schedule.tiers] == [Decimal("4.90"), Decimal("7.50")]


def test_the_example_makes_prices(write: Write) -> None:
    """But not for Suriname, where its margin is unknown."""
    tariff = read_tariff(write(), TODAY)
    mid = MidRate(Decimal("10.75"), ("ecb",), None)
    to_morocco = Corridor("NL", "EUR", "MA", "MAD")
    made = list(tariff_quotes(tariff, to_morocco, mid, [Decimal(100), Decimal(10_000)]))
    assert [
        (str(one.quote.paid), str(one.quote.received), one.less_may_arrive) for one in made
    ] == [
        ("EUR 106.00", "MAD 1062.10", True),
        ("EUR 10010.00", "MAD 106210.00", True),
        ("EUR 125.10", "MAD 1062.10", False),
        ("EUR 10035.00", "MAD 106210.00", False),
    ]
    to_suriname = Corridor("NL", "EUR", "SR", "SRD")
    assert len(tariff.serving(to_suriname)) == 1
    assert list(tariff_quotes(tariff, to_suriname, mid, [Decimal(100)])) == []


def test_the_order_of_words_makes_no_other_service(write: Write) -> None:
    turned = ('["internet", "mobile_app"]', '["mobile_app", "internet"]')
    services = read_tariff(write(turned), TODAY).services
    assert services[0].access_points == (AccessPoint.INTERNET, AccessPoint.MOBILE_APP)


def test_the_example_is_not_loaded() -> None:
    assert EXAMPLE.exists()
    loaded = list(read_tariffs(FOLDER, TODAY))
    assert "example" not in [one.provider for one in loaded if isinstance(one, Tariff)]


def test_every_shipped_list_can_be_read(root: Path) -> None:
    """And is of a firm that we know, with a page of its own."""
    known = (root / "data/providers.toml").read_text(encoding="utf-8")
    for found in read_tariffs(FOLDER, date.today()):  # noqa: DTZ011 - only that it is not to come
        assert isinstance(found, Tariff), str(found)
        assert f"\n[{found.provider}]\n" in known
        assert "remittanceprices" not in found.page


def test_one_bad_file_spoils_no_other(tmp_path: Path, write: Write) -> None:
    write()
    (tmp_path / "broken.toml").write_text("provider = ", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a list", encoding="utf-8")
    bad, good = read_tariffs(tmp_path, TODAY)
    assert isinstance(bad, Unreadable)
    assert str(bad).startswith("broken.toml: not TOML in UTF-8 (")
    assert isinstance(good, Tariff)
    assert good.provider == "example"


def test_every_field_is_documented(root: Path) -> None:
    text = (root / "docs/tariffs.md").read_text(encoding="utf-8")
    for name in (*ABOUT, *SERVICE, *TIER):
        spelt = (f"`{name}`", f"`[[{name}]]`", f"`[[service.{name}]]`")
        assert any(one in text for one in spelt), f"docs/tariffs.md does not explain {name}"


def test_the_documented_message(root: Path, write: Write) -> None:
    path = write(('receive_currency = "SRD"\n', ""))
    with pytest.raises(Unreadable) as error:
        read_tariff(path, TODAY)
    assert str(error.value) in (root / "docs/tariffs.md").read_text(encoding="utf-8")


SHARED = "service 'World payment in foreign currency, shared costs'"
COUNTER = "service 'Cash at the counter to Suriname'"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('provider = "example"', 'provider = "other"', "provider: is 'other'; name the file after"),
        ('provider = "example"', "provider = 7", "provider: should be a text in quotes, is '7'"),
        ('checked_by = "JdB"', 'checked_by = " "', "checked_by: should be a text"),
        ('checked_by = "JdB"', 'checkt_by = "JdB"', "checkt_by: no such field; they are provider"),
        ("checked_on = 2026-11-20", "", "checked_on: is missing; add it"),
        ("checked_on = 2026-11-20", "checked_on = 2026-11-21", "2026-11-21 is yet to come"),
        ("checked_on = 2026-11-20", 'checked_on = "2026-11-20"', "checked_on: should be a day"),
        ("checked_on = 2026-11-20", "checked_on = 2026-11-20T10:00:00Z", "should be a day without"),
        ("valid_from = 2026-01-01", "", "valid_from: is missing; add it"),
        ("valid_until = 2026-12-31", "valid_until = 2025-12-31", "is before valid_from; swap them"),
        ('"https://bank.example/price-list.pdf"', '"the counter"', "page: is 'the counter'; give"),
        (
            'send_country = "NL"',
            'send_country = "XX"',
            "send_country: 'XX' is not known; a code like MA",
        ),
        ('send_currency = "EUR"', 'send_currency = "NLG"', "send_currency: 'NLG' is not known"),
    ],
)
def test_faults_of_a_list(write: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_tariff(write((old, new)), TODAY)
    assert str(error.value).startswith("example.toml: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('to = ["SR"]', "to = []", "to: should be a list of texts, like [\"MA\"], is '[]'"),
        ('to = ["SR"]', 'to = "SR"', "to: should be a list of texts"),
        ('to = ["SR"]', 'to = ["SR", 7]', "to: should be a list of texts"),
        ('to = ["SR"]', 'to = ["SU"]', "to: no country 'SU'; write codes like MA"),
        ('to = ["SR"]', 'to = ["SR", "SR"]', "to: names one twice; take one out"),
        ('"SRD"', '"SRG"', "receive_currency: 'SRG' is not known; a code like MA or MAD"),
        (
            '["cash"]\naccess',
            '["coins"]\naccess',
            "payment_instruments: 'coins' is not known; one of",
        ),
        ('["agent"]', '["kiosk"]', "access_points: 'kiosk' is not known; one of internet"),
        ('"same_day"', '"today"', "speed: 'today' is not known; one of less_than_one_hour"),
        ('"none"', '"no"', "charges: 'no' is not known; one of SHA, OUR, BEN, none"),
        ('fee = "taken_out"', "", "fee: is missing; add it"),
        ('fee = "taken_out"', 'fee = "unclear"', "fee: 'unclear' is not known; one of on_top, tak"),
        ("lowest = 10\n", "", "lowest: is missing; add it"),
        ("lowest = 10\n", "lowest = 2000\n", "tier: no fee for amounts from 2000 to 1000; put"),
        ("lowest = 10\n", 'lowest = "10"\n', "lowest: should be a number without quotes"),
        ("lowest = 10\n", "lowest = true\n", "lowest: should be a number"),
        ("lowest = 10\n", "lowest = -10\n", "lowest: is -10, below zero; check the sign"),
        ("lowest = 10\n", "lowest = 10\nmargin_page = 'https://a/'\n", "give margin too"),
        ("lowest = 10\n", "lowest = 10\nmargin = 1\n", "margin_page: is missing; add it"),
        ("lowest = 10\n", "lowest = 10\nmargn = 1\n", "margn: no such field; they are name, to"),
        (
            "lowest = 10\n",
            "lowest = 10\nmargin = 100\nmargin_page = 'https://a/'\n",
            "margin: is 100 percent; write 1.5 for",
        ),
        (
            "lowest = 10\n",
            f"lowest = 10\npay_in = '{'x' * 31}'\n",
            "pay_in: has more than 30 signs; shorten it",
        ),
        ("starts_at = 200\n", "starts_at = 0\n", "tier: fee tiers must start at rising amounts"),
    ],
)
def test_faults_of_a_service(write: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_tariff(write((old, new)), TODAY)
    assert str(error.value).startswith(f"example.toml: {COUNTER}: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fixed = 4.90", "", "tier 1: fixed: and percent are missing; write fixed = 0"),
        ("fixed = 4.90", "fixt = 4.90", "tier 1: fixt: no such field; they are starts_at"),
        ("fixed = 4.90", "percent = 100", "tier 1: percent: is 100; write 0.5 for half"),
        ("fixed = 4.90", 'fixed = "4,90"', "tier 1: fixed: should be a number without quotes"),
        ("fixed = 7.50", "fixed = 7.50\nminimum = 9\nmaximum = 8", "tier 2: maximum: a fee tier"),
        ("starts_at = 200\n", "", "tier 2: starts_at: is missing; add it"),
    ],
)
def test_faults_of_a_tier(write: Write, old: str, new: str, says: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_tariff(write((old, new)), TODAY)
    assert str(error.value).startswith(f"example.toml: {COUNTER}: tier ")
    assert says in str(error.value)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e3", "1.5E2"])
def test_numbers_are_plain(write: Write, number: str) -> None:
    with pytest.raises(Unreadable, match=r"^example\.toml: .* is no plain number"):
        read_tariff(write(("fixed = 4.90", f"fixed = {number}")), TODAY)


def test_numbers_are_exact(write: Write) -> None:
    path = write(("fixed = 4.90", "fixed = 4.10000000000000008881"))
    first = read_tariff(path, TODAY).services[2].schedule.tiers[0]
    assert str(first.fixed) == "4.10000000000000008881"


def test_ben_takes_its_fee_out(write: Write) -> None:
    with pytest.raises(Unreadable, match="fee: is on_top, but BEN takes all costs out"):
        read_tariff(write(('charges = "SHA"', 'charges = "BEN"')), TODAY)


def test_the_same_currency_has_no_margin(write: Write) -> None:
    with pytest.raises(Unreadable, match="margin: nothing is exchanged here; take the line out"):
        read_tariff(write(('"MAD"', '"EUR"')), TODAY)
    tariff = read_tariff(write(('"SRD"', '"EUR"')), TODAY)
    assert tariff.services[2].margin == 0


@pytest.mark.parametrize(
    "change",
    [
        ('charges = "OUR"', 'charges = "SHA"'),
        ('charges = "OUR"', 'charges = "SHA"\nspeed = "same_day"'),
    ],
)
def test_services_that_nobody_could_tell_apart(write: Write, change: tuple[str, str]) -> None:
    with pytest.raises(Unreadable) as error:
        read_tariff(write(change), TODAY)
    assert "all costs paid by the sender': pay_in: differs in nothing but its price" in str(
        error.value
    )
    assert "shared costs'; name the two" in str(error.value)
    named = (change[0], f'{change[1]}\npay_in = "Urgent"')
    assert len(read_tariff(write(named), TODAY).services) == 3


def test_alike_but_to_other_countries(write: Write) -> None:
    first, second = 'to = ["MA"]\nreceive_currency = "MAD"', 'to = ["EH"]\nreceive_currency = "MAD"'
    path = write(('charges = "OUR"', 'charges = "SHA"'))
    text = path.read_text(encoding="utf-8")
    head, one, two, rest = text.split("[[service]]")
    started = 'receive_currency = "MAD"'
    for part in (one, two):
        assert part.count(started) == 1
    one, two = (
        "\n".join(line for line in part.splitlines() if not line.startswith("to = "))
        for part in (one, two)
    )
    one, two = one.replace(started, first), two.replace(started, second)
    path.write_text("[[service]]".join([head, f"{one}\n", f"{two}\n", rest]), encoding="utf-8")
    assert len(read_tariff(path, TODAY).services) == 3


def test_names_are_unique(write: Write) -> None:
    path = write(("Cash at the counter to Suriname", SHARED.split("'")[1]))
    with pytest.raises(Unreadable, match="name: is there twice; change one"):
        read_tariff(path, TODAY)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "Cash at the counter to Suriname"\n', "", "service 3: name: is missing; add it"),
        ("\n[[service.tier]]\nstarts_at = 200\nfixed = 7.50\n", "", None),
    ],
)
def test_places_without_a_name(write: Write, old: str, new: str, says: str | None) -> None:
    path = write((old, new))
    if says is None:
        assert len(read_tariff(path, TODAY).services[2].schedule.tiers) == 1
        return
    with pytest.raises(Unreadable) as error:
        read_tariff(path, TODAY)
    assert str(error.value) == f"example.toml: {says}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "example.toml: service: is missing; add it"),
        ("service = []", "service: should be one or more tables, each under [[service]]"),
        ("[service]", "service: should be one or more tables, each under [[service]]"),
        ("service = [1]", "service: should be one or more tables"),
        ("provider = 'a'\nprovider = 'b'", "example.toml: not TOML in UTF-8"),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "example.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as error:
        read_tariff(path, TODAY)
    assert says in str(error.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"^gone\.toml: cannot be read \(No such file"):
        read_tariff(tmp_path / "gone.toml", TODAY)
    (tmp_path / "latin.toml").write_bytes(b'provider = "\xe9"')
    with pytest.raises(Unreadable, match=r"^latin\.toml: not TOML in UTF-8"):
        read_tariff(tmp_path / "latin.toml", TODAY)
