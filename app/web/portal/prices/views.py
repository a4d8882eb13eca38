"""Prices of a firm: what is shown now, "still correct", and proposing others by form or by file.

Nothing that is typed or sent is kept before "propose" is pressed: until then the browser carries it
from one page to the next, and it is read again as strictly as at first.
"""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import prices, proposals, stamps
from app.db.services import find_service, whose
from app.domain.price_csv import MOST_BYTES, RefusedFile, parse, template
from app.domain.proposal import Kind, Proposal, prices_payload, sha256_of
from app.domain.submitted import NAMES, identity_of
from app.review import proposals as review
from app.review.proposals import Changed, NotShown
from app.web import clock
from app.web.access import portal
from app.web.database import session
from app.web.portal.prices.lines import (
    AMOUNTS,
    MOST_TYPED,
    as_file,
    download,
    given_of,
    given_rows,
    mark_of,
    shown_to,
    typed,
)
from app.web.portal.prices.showing import (
    COLUMNS,
    clash_page,
    fault_lines,
    form_page,
    preview_page,
)
from app.web.work.acting import acting
from app.web.work.price_words import file_words
from app.web.work.saying import say
from app.web.work.who import me, tenant

bp = Blueprint("portal_prices", __name__, url_prefix="/portal/prices", template_folder="templates")

ROOM = 500_000
"""Bytes for what surrounds a file in a request."""

LARGE = ("portal_prices.preview", "portal_prices.propose", "portal_prices.confirm")
"""Views that take a file, or a mark for each of thousands of prices."""

EMPTY = [{"paid": amount} for amount in AMOUNTS]


@bp.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form."""
    if endpoint in LARGE:
        request.max_content_length = request.max_form_memory_size = MOST_BYTES + ROOM


@bp.get("")
@portal
def index() -> str:
    boards = prices.boards_of(session(), tenant())
    known = shown_to(boards)
    return render_template(
        "portal/prices/index.html",
        boards=sorted(boards.items()),
        stamps=stamps.stamps_of(session(), known),
        mark_of=mark_of,
        count=len(known),
    )


@bp.get("/template.csv")
@portal
def blank() -> Response:
    return download(template(), "prices.csv")


@bp.get("/shown.csv")
@portal
def shown() -> Response:
    """What is shown now, in the same columns: to change and send back."""
    rows = map(given_of, shown_to(prices.boards_of(session(), tenant())))
    return download(as_file(rows), "prices-shown.csv")


@bp.get("/upload")
@portal
def upload() -> AnyResponse:
    return _upload("", 200)


def _upload(problem: str, status: int) -> AnyResponse:
    page = render_template(
        "portal/prices/upload.html",
        names=NAMES,
        columns=COLUMNS,
        problem=problem,
        corrected=_corrected(),
    )
    return make_response(page, status)


def _corrected() -> Proposal | None:
    """The open proposal that a file takes the place of."""
    number = request.values.get("proposal", type=int)
    known = proposals.find_proposal(session(), number, tenant()) if number else None
    return known if known is not None and known.is_open else None


@bp.get("/enter")
@portal
def enter() -> AnyResponse:
    """One service at several amounts: an own one with what is shown of it, or a new one."""
    service_id = request.args.get("service", type=int)
    if service_id is None:
        return form_page(EMPTY, None, [])
    owner = whose(session(), service_id)
    if owner is None or owner[0].slug != tenant():
        abort(404)
    service = find_service(session(), service_id)
    rows = sorted(
        prices.newest(session(), service.corridor, services={service_id}),
        key=lambda price: price.quote.paid.amount,
    )
    given = [given_of(price) for price in rows[:MOST_TYPED]]
    return form_page(given or EMPTY, given[0] if given else identity_of(service), [])


@bp.post("/preview")
@portal
def preview() -> AnyResponse:
    """What a form or a file would change, row by row. Keeps nothing."""
    file = request.files.get("file")
    if file is not None:
        with file.stream as stream:
            data = stream.read(MOST_BYTES + 1)
        try:
            return preview_page(parse(data, tenant()))
        except RefusedFile as error:
            return _upload(file_words(error), 422)
    rows = given_rows(request.form)
    parsed = typed(rows, tenant())
    if parsed.lines and not parsed.faults:
        return preview_page(parsed)
    wrong = fault_lines(parsed.faults) or [gettext("Fill in at least one amount.")]
    same = {name: request.form.get(name, "") for name in NAMES}
    return form_page(rows or EMPTY, same if request.form.get("fixed") else None, wrong, 422)


@bp.post("/propose")
@portal
def propose() -> AnyResponse:
    """Keep what was previewed as a proposal: a new one, or another version of an open one."""
    try:
        parsed = parse(request.form.get("lines", "").encode(), tenant())
    except RefusedFile as error:
        return _upload(file_words(error), 422)
    if parsed.faults:
        return preview_page(parsed)
    payload = prices_payload(tenant(), parsed.lines, clock.now())
    waiting = proposals.waiting_same(session(), tenant(), Kind.PRICES, sha256_of(payload))
    words = request.form.get("words", "")
    known = _edited()
    try:
        with acting() as act:
            if known is None:
                about = (tenant(), Kind.PRICES, payload)
                number = review.propose(act.session, *about, me(), act.now, words)
            else:
                number = known.id
                review.propose_again(act.session, known, payload, me(), act.now, words)
    except NotShown:
        return preview_page(parsed, 422)
    except Changed as error:
        return clash_page(parsed, error.now)
    if known is None and waiting is not None:
        say(gettext("The very same prices wait for us already: this is that proposal."))
    else:
        say(gettext("Proposed. We read it first; until then nothing changes on the site."))
    return redirect(url_for("portal_proposals.one", number=number), 303)


def _edited() -> Proposal | None:
    """The proposal that a form changes, as it was when the form was made."""
    number = request.form.get("proposal", type=int)
    if number is None:
        return None
    known = proposals.find_proposal(session(), number, tenant())
    if known is None or known.kind is not Kind.PRICES:
        abort(404)
    return known.at_version(request.form.get("version", 0, type=int))


@bp.post("/confirm")
@portal
def confirm() -> AnyResponse:
    """Still correct: those prices that the page named, if they still stand just so."""
    asked = set(request.form.getlist("price"))
    own = {mark_of(price): price for price in shown_to(prices.boards_of(session(), tenant()))}
    wanted = [price for mark, price in own.items() if mark in asked]
    with acting() as act:
        count = stamps.stamp(act.session, wanted, me().id, act.now)
        ids = [price.id for price in wanted]
        act.note("prices.confirmed", ("provider", tenant()), prices=ids)
    if count < len(asked):
        say(gettext("Some prices changed since this page was made. Look at them again."))
    say(gettext("Confirmed as they are shown now: %(count)s prices.", count=count))
    return redirect(url_for("portal_prices.index"), 303)
