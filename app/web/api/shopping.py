"""GET /api/v1/shopping: how often a shown price was kept; and the samples of quarters that are
over, so that anyone can draw them again. What is asked in a quarter stays unknown until its end."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext

from app.db import shopped, shopping
from app.domain.published import published_accuracy, published_sample
from app.domain.shopping import CLOSE
from app.domain.shopping_sample import is_over
from app.domain.survey import UnknownPeriod
from app.web import clock
from app.web.access import anybody
from app.web.api.views import NOT_FOUND, json_answer, only, wrong
from app.web.database import session
from app.web.errors import Problem

bp = Blueprint("shopping", __name__, url_prefix="/api/v1")


@bp.get("/shopping")
@anybody
def accuracy() -> Response:
    """Over all and of the last year, by quarter, and by firm."""
    only()
    tasks = shopping.tasks(session())
    by_quarter = shopped.accuracies(tasks, lambda one: one.quarter)
    own = shopped.of_firms(shopped.recent(tasks, clock.now()))
    by_firm = shopped.accuracies(own, lambda one: one.service.provider)
    return json_answer(
        {
            "within_percent": str(CLOSE),
            "last_year": published_accuracy(shopped.overall(session(), clock.now())),
            "quarters": [
                {"quarter": quarter, **published_accuracy(found)}
                for quarter, found in sorted(by_quarter.items())
            ],
            "providers": [
                {"provider": slug, **published_accuracy(found)}
                for slug, found in sorted(by_firm.items())
            ],
        }
    )


@bp.get("/shopping/samples")
@anybody
def samples() -> Response:
    """Of one quarter, oldest first."""
    only("quarter")
    quarter = request.args.get("quarter", "")
    try:
        over = is_over(quarter, clock.now())
    except UnknownPeriod as error:
        raise wrong("quarter", gettext("Write a quarter like 2025_3Q.")) from error
    found = [one for one in shopping.samples(session()) if one.quarter == quarter]
    if not over or not found:
        raise Problem(
            NOT_FOUND,
            gettext("We cannot answer this request"),
            gettext("Of this quarter there is no sample, or it is not over yet."),
        )
    return json_answer(
        {
            "samples": [
                published_sample(one.quarter, one.seed, one.size, one.drawn_at, one.candidates)
                for one in reversed(found)
            ]
        }
    )
