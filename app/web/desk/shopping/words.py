"""What the pages of mystery shopping call things."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext, lazy_gettext

from app.db.shopping import Task
from app.domain.quote import Origin
from app.domain.service import Coverage, Service
from app.domain.shopping import Accuracy, Heard, Verdict
from app.domain.shopping_sample import Risk
from app.web.labels import buying, labels
from app.web.locale import comma, country, moment, shown_percent

RISKS = {
    Risk.NEVER_SHOPPED: lazy_gettext("never shopped"),
    Risk.WAS_WRONG: lazy_gettext("not kept last time"),
    Risk.HELD: lazy_gettext("a reading is held"),
    Risk.DATED: lazy_gettext("not of today"),
    Risk.PROMOTION: lazy_gettext("has an offer"),
    Risk.DERIVED: lazy_gettext("worked out by us"),
}
HEARD = {
    Heard.PRICE: lazy_gettext("I was told what it costs"),
    Heard.NOT_OFFERED: lazy_gettext("They do not sell this"),
    Heard.NOT_TOLD: lazy_gettext("They would not say, or nobody could be reached"),
}
VERDICTS = {
    Verdict.KEPT: lazy_gettext("kept"),
    Verdict.WORSE: lazy_gettext("less arrives than we showed"),
    Verdict.BETTER: lazy_gettext("more arrives than we showed"),
    Verdict.GONE: lazy_gettext("shown, but not sold"),
    Verdict.NOT_COMPARED: lazy_gettext("not compared"),
}
TONES = {Verdict.KEPT: "good", Verdict.WORSE: "bad", Verdict.BETTER: "warn", Verdict.GONE: "bad"}
ORIGINS = {
    Origin.LIVE: lazy_gettext("read from the firm"),
    Origin.SURVEY: lazy_gettext("survey"),
    Origin.TARIFF: lazy_gettext("price list"),
    Origin.SUBMITTED: lazy_gettext("told by the firm"),
    Origin.SHOPPED: lazy_gettext("shopped"),
}
PLACES = {
    Coverage.HIGH: lazy_gettext("All over the country"),
    Coverage.MEDIUM: lazy_gettext("In the main cities"),
    Coverage.LOW: lazy_gettext("In a few places"),
}


def way(service: Service) -> str:
    """How it is paid, bought and received, on one line."""
    return f"{buying(service)}{comma()}{labels(service.pickup_methods)}"


def where(task: Task) -> str:
    """The country, and the currency that arrives."""
    corridor = task.corridor
    return f"{country(corridor.receive_country)} ({corridor.receive_currency})"


def risks(task: Task) -> str:
    return comma().join(str(RISKS[one]) for one in Risk if one in task.risks)


def state(task: Task) -> str:
    if task.newest is None:
        return gettext("asked, not filled in") if task.begun_at else gettext("to be asked")
    if task.newest.result.withdrawn:
        return gettext("withdrawn")
    return str(VERDICTS[task.newest.result.verdict])


def share(of: Accuracy) -> str:
    """ "99.00% (94.55% to 99.82%)"; too few to say where that is so."""
    if of.percent is None or of.interval is None:
        return gettext("too few to say")
    low, high = (shown_percent(one) for one in of.interval)
    return gettext(
        "%(share)s (between %(low)s and %(high)s)",
        share=shown_percent(of.percent),
        low=low,
        high=high,
    )


def at(time: datetime) -> str:
    """Templates have a filter of that name for the time of a price."""
    return moment(time)
