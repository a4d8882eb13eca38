"""The European Banking Authority's register: where the newest copy is, and the copy in a ZIP."""

from __future__ import annotations

import hashlib
import io
import json
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.lab.wire import LabReply, LabRequest, example, json_reply
from tests.lab.world import World

HOST = "euclid.eba.europa.eu"
METADATA = "/register/api/filemetadata"
DOWNLOADS = "/register/downloads/"
LISTED = Path(__file__).parents[3] / "data/licences.toml"

AGENTS = 200
"""How many records of agents a copy has. The real one has 322,000, which is 200 MB unpacked."""


def answer(request: LabRequest, world: World) -> LabReply | None:
    if not request.path.startswith("/register/"):
        return None
    if request.method != "GET":
        return LabReply(b"", 405, "text/plain")
    archive = packed(example("eba_pir_entities.json")) if world.recorded else register(AGENTS)
    about: dict[str, Any] = json.loads(example("eba_filemetadata.json"))
    if request.path == METADATA:
        about["latest_version_relative_zip_size"] = str(len(archive))
        return json_reply(about | {"sha256_hash": hashlib.sha256(archive).hexdigest()})
    if request.path == DOWNLOADS + about["latest_version_relative_zip_path"]:
        return LabReply(archive, media_type="application/zip")
    return LabReply(b"not found", 404, "text/plain")


@cache
def register(agents: int) -> bytes:
    """The listed firms, each with its licence, the recorded ones, and so many agents."""
    recorded = json.loads(example("eba_pir_entities.json"))
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8")).values()
    firms = [_firm(code, one["name"]) for one in listed for code in one["codes"]]
    return packed(*written(recorded[0], [*firms, *recorded[1]], agents))


def written(disclaimer: object, firms: list[dict[str, object]], agents: int) -> Iterator[bytes]:
    """The JSON file in pieces, compact as the real one is."""
    yield f"[{_compact(disclaimer)},[{','.join(map(_compact, firms))}".encode()
    for start in range(0, agents, 1000):
        few = (_agent(number) for number in range(start, min(start + 1000, agents)))
        yield "".join(f",{_compact(one)}" for one in few).encode()
    yield b"]]"


def packed(*pieces: bytes, name: str = "download-PSDMD-20261119.json") -> bytes:
    """In a ZIP, with the sum of the file beside it."""
    made, total = io.BytesIO(), hashlib.sha256()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(name, "w") as file:
            for piece in pieces:
                total.update(piece)
                file.write(piece)
        archive.writestr(f"{name}.sha256", total.hexdigest())
    return made.getvalue()


def _firm(code: str, name: str) -> dict[str, object]:
    authority = code.split("!", maxsplit=1)[0]
    country = authority.split("_", maxsplit=1)[0]
    return {
        "CA_OwnerID": authority,
        "EntityCode": code,
        "EntityType": "PSD_PI",
        "Properties": [{"ENT_NAM": name}, {"ENT_COU_RES": country}, {"ENT_AUT": ["2018-11-27"]}],
        "Services": [{country: ["PS_03A", "PS_06"]}, {"NL": "PS_06"}],
        "__EBA_EntityVersion": "20261118223344848",
    }


def _agent(number: int) -> dict[str, object]:
    return {
        "CA_OwnerID": "NL_DNB",
        "EntityCode": f"NL_DNB!R000001!AG{number:06}",
        "EntityType": "PSD_AG",
        "Properties": [
            {"ENT_NAM": f"Agent {number} ✓"},
            {"ENT_ADD": f"Voorbeeldstraat {number}, which nobody outside should ever read"},
            {"ENT_TOW_CIT_RES": "Amsterdam"},
            {"ENT_POS_COD": "1000 AA"},
            {"ENT_COU_RES": "NL"},
            {"ENT_AUT": ["2019-04-01"]},
        ],
        "Services": [{"NL": ["PS_06"]}],
        "__EBA_EntityVersion": "20261118223344848",
    }


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
