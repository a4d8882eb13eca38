"""The lab's own paths: which faults there are, which are on, and switching them.

/__lab/          what is on, and every fault
/__lab/fault     ?host=api.wise.com&id=F31[&variant=fee][&pace=0.1][&path=/v3]
/__lab/heal      [?host=api.wise.com]; without a host: every host
/__lab/secret    what no client must ever read
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.lab.direct import endpoints
from tests.lab.faults import FAULTS
from tests.lab.wire import LabReply, LabRequest

if TYPE_CHECKING:
    from tests.lab.server import Lab

SECRET = b"this is inside, and nobody outside may read it"


def answer(lab: Lab, request: LabRequest) -> LabReply:
    asked = request.query
    match request.path:
        case "/__lab/secret":
            return LabReply(SECRET, 200, "text/plain")
        case "/__lab/heal":
            lab.heal(asked.get("host", ""))
        case "/__lab/fault":
            try:
                pace, path = float(asked.get("pace", "0.5")), asked.get("path", "")
                variant = asked.get("variant", "")
                lab.fault(asked["host"], asked["id"], variant, pace=pace, path=path)
            except (KeyError, ValueError) as error:
                return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        case "/__lab/" | "/__lab":
            return _json({**_state(lab), "faults": {f.id: f.says for f in FAULTS.values()}})
        case _:
            return LabReply(b"the lab has nothing here", 404, "text/plain")
    return _json(_state(lab))


def _state(lab: Lab) -> dict[str, object]:
    on = {
        host: {"id": active.fault.id, "variant": active.variant, "says": active.fault.says}
        for host, active in lab.active().items()
    }
    return {"hosts": sorted({module.HOST for module in endpoints()}), "on": on}


def _json(value: object, status: int = 200) -> LabReply:
    return LabReply(json.dumps(value, indent=1).encode(), status)
