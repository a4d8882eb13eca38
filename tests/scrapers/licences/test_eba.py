"""The European Banking Authority's register: fetched, checked against its sum, and streamed."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from app.domain.licence import LicenceEntry
from bench.survey_workbook import peak_megabytes
from scrapers.contract import Reply, SourceError, Trouble, Unreadable
from scrapers.licences import eba
from tests.lab.direct import DirectHttp
from tests.lab.sources import eba as lab
from tests.lab.wire import example
from tests.lab.world import World

ENTITIES = json.loads(example("eba_pir_entities.json"))
METADATA: dict[str, Any] = json.loads(example("eba_filemetadata.json"))
ZIP = f"{METADATA['golden_copy_path_context']}{METADATA['latest_version_relative_zip_path']}"


class LabDownloads(DirectHttp):
    """The lab, whose replies can also be kept in a file."""

    def download(self, url: str, path: Path, *, most: int) -> Reply:
        reply = self.get(url)
        assert len(reply.body) <= most
        path.write_bytes(reply.body)
        return Reply(url, b"", reply.media_type)


class Given(LabDownloads):
    """Metadata and an archive as a test gives them. `sums` is what the metadata's sum is of."""

    def __init__(
        self, archive: bytes, sums: bytes | None = None, about: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(World({}))
        self.archive = archive
        told = {"sha256_hash": hashlib.sha256(sums or archive).hexdigest(), **(about or {})}
        self.about = {k: v for k, v in (METADATA | told).items() if v is not None}

    def get(self, url: str, **_: object) -> Reply:
        body = self.archive if url == ZIP else json.dumps(self.about).encode()
        return Reply(url, body, "application/json")


def all_of(http: LabDownloads, folder: Path, wanted: set[str] | None = None) -> list[LicenceEntry]:
    return list(eba.fetch(http, folder, wanted or set()))


def entries_of(text: str | bytes, folder: Path, wanted: set[str] | None = None) -> list[str]:
    body = text.encode() if isinstance(text, str) else text
    return [one.code for one in all_of(Given(lab.packed(body)), folder, wanted)]


def test_the_recorded_firms(tmp_path: Path) -> None:
    first, second = all_of(LabDownloads(World({}, recorded=True)), tmp_path)
    assert first == LicenceEntry(
        register="eba",
        code="NL_DNB!R000001",
        kind="PSD_PI",
        names=("Example Remittance B.V.", "ExampleSend"),
        country="NL",
        services={"NL": frozenset({"PS_06"}), "BE": frozenset({"PS_06"})},
        authorised_on=date(2019, 4, 1),
        withdrawn_on=None,
    )
    assert (second.names, second.code) == (("Withdrawn Transfer B.V.",), "NL_DNB!R000002")
    assert (second.authorised_on, second.withdrawn_on) == (date(2004, 1, 1), date(2023, 10, 18))


def test_the_labs_register_has_the_listed_firms_and_no_agent(tmp_path: Path) -> None:
    found = all_of(LabDownloads(World({})), tmp_path)
    assert {"BE_NBB!0713629988", "NL_DNB!R000001"} <= {one.code for one in found}
    assert {one.kind for one in found} == {"PSD_PI"}
    assert found[0].remits_in == ("BE", "NL")
    assert found[0].services["NL"] == {"PS_06"}  # a text and not a list, in the file


def test_it_asks_twice_and_leaves_one_file(tmp_path: Path) -> None:
    http = LabDownloads(World({}))
    all_of(http, tmp_path)
    assert [request.path for request in http.asked] == [
        "/register/api/filemetadata",
        "/register/downloads/PIR/download-PSDMD-20261119.zip",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["eba.zip"]


def one(**changes: object) -> dict[str, Any]:
    """The recorded firm, with other facts; None takes a fact away."""
    return {k: v for k, v in (ENTITIES[1][0] | changes).items() if v is not None}


def register(*entities: object) -> str:
    return json.dumps([ENTITIES[0], list(entities)])


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        *((kind, True) for kind in ("PSD_PI", "PSD_EPI", "PSD_EMI", "PSD_EEMI")),
        *((kind, True) for kind in ("PSD_EXC", "PSD_ENL")),
        *((kind, False) for kind in ("PSD_AG", "PSD_BR", "PSD_AISP")),
    ],
)
def test_which_kinds_count(kind: str, kept: bool, tmp_path: Path) -> None:
    """An agent is never kept, not even one whose code is wanted."""
    entity, firm = one(EntityType=kind, EntityCode="X!1"), one()
    found = entries_of(register(entity, firm), tmp_path, {"X!1"})
    assert found == (["X!1", "NL_DNB!R000001"] if kept else ["NL_DNB!R000001"])


def test_without_remittance_only_a_wanted_firm_counts(tmp_path: Path) -> None:
    entities = [one(EntityCode=f"X!{at}", Services=[{"NL": ["PS_03A"]}]) for at in range(3)]
    entities.append(one(EntityCode="X!3", Services=None))
    text = register(*entities, one())
    assert entries_of(text, tmp_path, {"X!1", "X!3"}) == ["X!1", "X!3", "NL_DNB!R000001"]


@pytest.mark.parametrize(
    ("days", "authorised", "withdrawn"),
    [
        ([], None, None),
        ("2019-04-01", date(2019, 4, 1), None),
        (["2019-04-01", "2023-10-18"], date(2019, 4, 1), date(2023, 10, 18)),
        (["2019-04-01", "2023-10-18", "2024-01-01"], date(2024, 1, 1), None),
        (["2023-10-18", "2019-04-01"], date(2019, 4, 1), date(2023, 10, 18)),
    ],
)
def test_days_of_authorisation(
    days: object, authorised: date | None, withdrawn: date | None, tmp_path: Path
) -> None:
    entity = one(Properties=[{"ENT_NAM": "Firm"}, {}, {"ENT_AUT": days}])
    (found,) = all_of(Given(lab.packed(register(entity).encode())), tmp_path)
    assert (found.authorised_on, found.withdrawn_on) == (authorised, withdrawn)
    assert found.country == ""


PLAIN = example("eba_pir_entities.json")


def test_the_sum_may_be_of_the_archive_or_of_the_file_in_it(tmp_path: Path) -> None:
    archive = lab.packed(PLAIN)
    assert len(all_of(Given(archive), tmp_path)) == 2
    assert len(all_of(Given(archive, sums=PLAIN), tmp_path)) == 2


def test_a_sum_of_anything_else_is_refused_before_a_firm_is_read(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="neither the archive nor the file in it") as error:
        eba.fetch(Given(lab.packed(PLAIN), sums=b"another"), tmp_path, set())
    assert error.value.trouble is Trouble.BROKEN_REPLY


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, PLAIN)
    return made.getvalue()


@pytest.mark.parametrize(
    ("archive", "says"),
    [
        (b"", "a broken archive"),
        (b"<html>", "a broken archive"),
        (lab.packed(PLAIN)[:300], "a broken archive"),
        (zipped("readme.txt"), "0 JSON files in the archive"),
        (zipped("a.json", "b.JSON"), "2 JSON files in the archive"),
    ],
)
def test_a_broken_archive(archive: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=says):
        all_of(Given(archive), tmp_path)


def test_a_file_that_is_damaged_in_the_archive(tmp_path: Path) -> None:
    archive = bytearray(zipped("a.json"))
    place = archive.index(b"Example Remittance")
    archive[place : place + 7] = b"Xxample"[:7]
    with pytest.raises(Unreadable, match="a broken archive"):
        all_of(Given(bytes(archive)), tmp_path)


def test_a_file_that_unpacks_to_far_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrapers.archive.MOST_UNPACKED", len(PLAIN) - 1)
    with pytest.raises(Unreadable, match="unpacks to 1564 bytes") as error:
        all_of(Given(lab.packed(PLAIN)), tmp_path)
    assert error.value.trouble is Trouble.TOO_LARGE


FIRM = {"ENT_NAM": "Firm"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not the JSON it should be"),
        ("<html>", "not the JSON it should be"),
        (PLAIN[:-10], "not the JSON it should be"),
        (b'[[], [{"EntityType": "\xff"}]]', "not the JSON it should be"),
        ("{}", "not one firm that may remit money"),
        ("[[], []]", "not one firm that may remit money"),
        (register(), "not one firm that may remit money"),
        (register(one(Services=None)), "not one firm that may remit money"),
        (register(1), "record 1: should be an object"),
        (register(one(EntityType=None)), "record 1: no field 'EntityType'"),
        (register(one(EntityType=6)), "record 1.EntityType: should be a text"),
        (register(one(EntityCode=None)), "record 1: no field 'EntityCode'"),
        (register(one(Properties=None)), "record 1: no field 'Properties'"),
        (register(one(Properties={"ENT_NAM": "Firm"})), "Properties: should be a list"),
        (register(one(Properties=["ENT_NAM"])), "Properties[0]: should be a JSON object"),
        (register(one(Properties=[])), "record 1: a firm without a name"),
        (register(one(Properties=[{"ENT_NAM": 1}])), "Properties[0].ENT_NAM: should be a text"),
        (register(one(Properties=[FIRM, {"ENT_AUT": "1 April"}])), "ENT_AUT: '1 April' is not a d"),
        (register(one(Services=[{"NL": [6]}])), "Services[0].NL[0]: should be a text"),
        (register(one(Services={"NL": ["PS_06"]})), "Services: should be a list"),
    ],
)
def test_unreadable(text: str | bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as error:
        entries_of(text, tmp_path)
    assert says in str(error.value)
    assert ZIP in str(error.value)


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"sha256_hash": None}, "no field 'sha256_hash'"),
        ({"sha256_hash": ""}, "sha256_hash is ''"),
        ({"sha256_hash": "0" * 63}, "sha256_hash is '000"),
        ({"golden_copy_path_context": None}, "no field 'golden_copy_path_context'"),
        ({"golden_copy_path_context": "https://eba.example/"}, "said to be at 'https://eba.ex"),
        ({"golden_copy_path_context": "http://euclid.eba.europa.eu/register/"}, "said to be at"),
        ({"latest_version_relative_zip_path": "../../etc/x.zip"}, "said to be at"),
        ({"latest_version_relative_zip_path": "x.zip?a=b"}, "said to be at"),
        ({"latest_version_relative_zip_path": 1}, "zip_path: should be a text"),
    ],
)
def test_unreadable_metadata(about: dict[str, object], says: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        eba.fetch(Given(lab.packed(PLAIN), about=about), tmp_path, set())
    assert says in str(error.value)
    assert list(tmp_path.iterdir()) == []


class OneFile(Given):
    """An archive that lies in a file, and never in memory."""

    def __init__(self, source: Path, sha256: str) -> None:
        super().__init__(b"", about={"sha256_hash": sha256})
        self.source = source

    def download(self, url: str, path: Path, *, most: int) -> Reply:
        assert self.source.stat().st_size <= most
        shutil.copy(self.source, path)
        return Reply(url, b"", "application/zip")


def streamed(source: Path, sha256: str, folder: Path) -> tuple[list[str], int]:
    """The codes found, and by how many megabytes this process grew meanwhile."""
    before = peak_megabytes()
    codes = [entry.code for entry in eba.fetch(OneFile(source, sha256), folder, set())]
    return codes, peak_megabytes() - before


def test_a_real_register_needs_little_memory(tmp_path: Path) -> None:
    """80 MB of agents, a third of the real one, in a process of its own."""
    packed, total, size = tmp_path / "packed.zip", hashlib.sha256(), 0
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("big.json", "w", force_zip64=True) as file,
    ):
        for piece in lab.written(ENTITIES[0], ENTITIES[1], 200_000):
            total.update(piece)
            size += file.write(piece)
    assert size > 75_000_000
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        asked = alone.submit(streamed, packed, total.hexdigest(), tmp_path)
        codes, grown = asked.result(timeout=60)
    assert codes == ["NL_DNB!R000001", "NL_DNB!R000002"]
    assert grown < 20
