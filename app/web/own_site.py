"""Whether a form was sent by a page of ours. Readers have no session that a foreign page could
misuse, so there is no token to check: the browser itself says where a request comes from."""

from __future__ import annotations

from flask import Request, current_app

UNTOLD = ("", "null")
"""What browsers that know no Sec-Fetch-Site say as the origin of a form on pages, like ours, that
do not tell other sites where a reader comes from."""


def from_own_site(request: Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    own = (current_app.extensions["settings"].public_url, request.host_url.rstrip("/"))
    return request.headers.get("Origin", "") in (*UNTOLD, *own)
