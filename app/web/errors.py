"""What went wrong, as a page or as problem+json (RFC 9457), in the visitor's language."""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
)

from app.web.locale import language

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request to the API that cannot be answered: its status, and what to do, in words."""

    def __init__(self, status: int, title: str, detail: str, parameter: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.parameter = parameter


def setup(app: Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _problem(error: Problem) -> Response:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if error.parameter:
        body["parameter"] = error.parameter
    return Response(
        json.dumps(body, ensure_ascii=False),
        error.status,
        mimetype="application/problem+json",
        headers={"Content-Language": language(), "Access-Control-Allow-Origin": "*"},
    )


def _http(error: HTTPException) -> Response:
    code = error.code or InternalServerError.code
    title, what = _words(code)
    if isinstance(error, MethodNotAllowed) and request.path.startswith("/api/"):
        what = f"This address takes {', '.join(sorted(error.valid_methods or ()))}."
    if request.path.startswith("/api/"):
        response = _problem(Problem(code, title, what))
    else:
        page = render_template(_frame(code), title=title, what=what, code=code)
        response = make_response(page, code)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _frame(code: int) -> str:
    """Who is at work stays there. What is broken on our side may be what the frame of the desk is
    made from, so then it is the readers' page."""
    is_at_work = g.get("work") and g.get("work_account") and code < InternalServerError.code
    return "work/error.html" if is_at_work else "error.html"


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error at %s", request.path, exc_info=error)
    return _http(InternalServerError())


def _words(code: int) -> tuple[str, str]:
    """Title and advice for a status."""
    if code == 404:  # noqa: PLR2004
        return (
            gettext("This page does not exist"),
            gettext("There is nothing here, or not any more. That is not your fault."),
        )
    if code == RequestEntityTooLarge.code:
        return (
            gettext("We cannot answer this request"),
            gettext("This was too much to read, so we kept nothing. Write it shorter."),
        )
    if code >= 500:  # noqa: PLR2004
        return (
            gettext("Something is wrong on our side"),
            gettext("This is our mistake, not yours. Try again in a few minutes."),
        )
    if code == MethodNotAllowed.code:
        return (
            gettext("We cannot answer this request"),
            gettext("This address can only be read. Ask your question again."),
        )
    return (
        gettext("We cannot answer this request"),
        gettext("Something in the address is not as it should be. Ask your question again."),
    )
