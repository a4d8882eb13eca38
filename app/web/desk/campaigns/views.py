"""The list of campaigns with what each brought, making and ending one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from decimal import Decimal

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, campaigns, reach
from app.db.campaigns import Week
from app.domain import suppression
from app.domain.account import Role
from app.domain.campaign import CURRENCY, Campaign, Phase, cost_per_visit, made_code
from app.domain.money import Money
from app.domain.reach import SEND_COUNTRY, ReachState
from app.web import clock
from app.web.access import desk
from app.web.campaigns.views import page_of
from app.web.database import session
from app.web.desk.campaigns.forms import KINDS, CampaignForm
from app.web.locale import LANGUAGES, country, currency, day, money
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.tables import Column, Table

bp = Blueprint(
    "desk_campaigns", __name__, url_prefix="/desk/campaigns", template_folder="templates"
)

PHASES = {
    Phase.BEFORE: lazy_gettext("not begun"),
    Phase.RUNNING: lazy_gettext("running"),
    Phase.OVER: lazy_gettext("over"),
}
TONES = {Phase.BEFORE: "warn", Phase.RUNNING: "good", Phase.OVER: ""}
TRIES = 20


@dataclass(frozen=True, slots=True)
class Result:
    """visits: the sum of the weeks that may be shown; left_out: how many weeks are not in it."""

    campaign: Campaign
    phase: Phase
    visits: int
    left_out: int

    @property
    def shown(self) -> int | None:
        """None where all that came is too little to be told."""
        return None if self.left_out and not self.visits else self.visits

    @property
    def per_visit(self) -> Decimal | None:
        return cost_per_visit(self.campaign.cost, self.visits)


def _results() -> list[Result]:
    weeks = campaigns.weeks_by_campaign(session())
    found = []
    for one in campaigns.all_campaigns(session()):
        total = suppression.total(week.visits for week in weeks.get(one.code, ()))
        found.append(Result(one, one.phase(clock.now()), total.count, total.left_out))
    return found


def _one_address(result: Result) -> str:
    return url_for("desk_campaigns.one", number=result.campaign.id)


def _euros(amount: Decimal | None) -> str:
    return "–" if amount is None else money(Money(amount, CURRENCY))  # noqa: RUF001


def _visits(result: Result) -> str:
    return gettext("under 10") if result.shown is None else str(result.shown)


@bp.get("/")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    columns: list[Column[Result]] = [
        Column("name", lazy_gettext("Name"), lambda one: one.campaign.name, link=_one_address),
        Column("code", lazy_gettext("Code"), lambda one: one.campaign.code, link=_one_address),
        Column("kind", lazy_gettext("Kind"), lambda one: str(KINDS[one.campaign.kind])),
        Column("state", lazy_gettext("State"), lambda one: str(PHASES[one.phase])),
        Column("starts", lazy_gettext("First day"), lambda one: one.campaign.starts),
        Column("ends", lazy_gettext("Last day"), lambda one: one.campaign.ends),
        Column("visits", lazy_gettext("Visits"), lambda one: one.shown, show=_visits, numeric=True),
        Column(
            "cost",
            lazy_gettext("Cost in euros"),
            lambda one: one.campaign.cost,
            show=lambda one: _euros(one.campaign.cost),
            numeric=True,
        ),
        Column(
            "per-visit",
            lazy_gettext("Euros a visit"),
            lambda one: one.per_visit,
            show=lambda one: _euros(one.per_visit),
            numeric=True,
        ),
    ]
    table = Table("campaigns", columns, _results(), sort="-starts")
    if table.wants_csv:
        return table.csv("campaigns.csv")
    return make_response(render_template("desk/campaigns/index.html", campaigns=table))


def _targets() -> dict[str, str]:
    """Lists that a campaign can lead to, by what the form sends -> in words."""
    reached = reach.reach_from(session(), SEND_COUNTRY).values()
    found = {
        f"{one.country}-{code if place else ''}": f"{country(one.country)} ({currency(code)})"
        for one in reached
        if one.state is not ReachState.CLOSED
        for place, code in enumerate(one.currencies)
    }
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _form_page(
    form: CampaignForm,
    status: int,
    was: Campaign | None = None,
    clash: list[tuple[str, object, object]] | None = None,
) -> AnyResponse:
    page = render_template(
        "desk/campaigns/edit.html",
        form=form,
        was=was,
        clash=clash,
        kinds=list(KINDS.items()),
        targets=[("", gettext("The home page")), *_targets().items()],
    )
    return make_response(page, status)


@bp.get("/new")
@desk(Role.EDITOR)
def new() -> AnyResponse:
    return _form_page(CampaignForm(starts=clock.now().date().isoformat()), 200)


@bp.post("/new")
@desk(Role.EDITOR)
def make() -> AnyResponse:
    form = CampaignForm(request.form)
    form.targets = tuple(_targets())
    if not form.validate():
        return _form_page(form, 422)
    with acting() as act:
        code = form.code.data or _free_code()
        if campaigns.is_taken(act.session, code):
            form.code.errors = [
                gettext("This code is taken, or looks or sounds like one that is. Choose another.")
            ]
            return _form_page(form, 409)
        kept = campaigns.add_campaign(act.session, form.campaign(None, code))
        act.note("campaign.made", ("campaign", kept.id), code=code, name=kept.name)
    say(_made_words(kept))
    return redirect(url_for("desk_campaigns.one", number=kept.id), 303)


def _made_words(kept: Campaign) -> str:
    phase = kept.phase(clock.now())
    if phase is Phase.OVER:
        return gettext("The campaign is there. It is over already, so nothing is counted for it.")
    if phase is Phase.BEFORE:
        return gettext("The campaign is there. It begins on %(day)s.", day=day(kept.starts))
    return gettext("The campaign is there. Its address works from now on.")


def _free_code() -> str:
    """A new one that nobody has; chance alone finds it, so that none can be foreseen."""
    made = (made_code(secrets.choice) for _try in range(TRIES))
    return next(code for code in made if not campaigns.is_taken(session(), code))


def find(number: int) -> Campaign:
    """Raises NotFound."""
    found = campaigns.campaign_by_number(session(), number)
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>")
@desk(Role.EDITOR)
def one(number: int) -> AnyResponse:
    found = find(number)
    result = next(one for one in _results() if one.campaign.id == number)
    weeks = campaigns.weeks_by_campaign(session()).get(found.code, [])
    columns: list[Column[Week]] = [
        Column("week", lazy_gettext("Week from"), lambda one: one.monday),
        Column(
            "visits",
            lazy_gettext("Visits"),
            lambda one: suppression.shown(one.visits),
            show=lambda one: suppression.shown(one.visits) or gettext("under 10"),
            numeric=True,
        ),
    ]
    table = Table("weeks", columns, [week for week in weeks if week.visits], sort="-week")
    if table.wants_csv:
        return table.csv(f"campaign-{found.code}.csv")
    page = render_template(
        "desk/campaigns/one.html",
        campaign=found,
        result=result,
        weeks=table,
        short=short_address(found),
        leads_to=page_of(found),
        phases=PHASES,
        tones=TONES,
        kinds=KINDS,
        languages=LANGUAGES,
        visits=_visits(result),
        per_visit=_euros(result.per_visit),
        cost=_euros(found.cost),
        history=audit.history(session(), ("campaign", number)),
    )
    return make_response(page)


@bp.get("/<number:number>/edit")
@desk(Role.EDITOR)
def edit(number: int) -> AnyResponse:
    found = find(number)
    return _form_page(CampaignForm.of(found), 200, found)


@bp.post("/<number:number>/edit")
@desk(Role.EDITOR)
def change(number: int) -> AnyResponse:
    found, form = find(number), CampaignForm(request.form)
    own = CampaignForm.of(found).target.data
    form.targets = (*_targets(), own)
    if not form.validate():
        return _form_page(form, 422, found)
    wanted = form.campaign(found, found.code)
    with acting() as act:
        if not campaigns.change_campaign(act.session, wanted):
            now = campaigns.campaign_by_number(act.session, number) or found
            form.version.data = str(now.version)
            return _form_page(form, 409, now, _clash(now, wanted))
        act.note("campaign.changed", ("campaign", number), **_differences(found, wanted))
    say(gettext("Kept."))
    return redirect(url_for("desk_campaigns.one", number=number), 303)


def _labels() -> dict[str, str]:
    return {
        "name": gettext("Name"),
        "kind": gettext("Kind"),
        "language": gettext("Language"),
        "country": gettext("Country"),
        "currency": gettext("Currency"),
        "amount": gettext("Amount"),
        "starts": gettext("First day"),
        "ends": gettext("Last day"),
        "cost": gettext("Cost in euros"),
        "notes": gettext("Notes"),
    }


def _clash(theirs: Campaign, mine: Campaign) -> list[tuple[str, object, object]]:
    return [
        (label, getattr(theirs, name) or "", getattr(mine, name) or "")
        for name, label in _labels().items()
    ]


def _differences(before: Campaign, after: Campaign) -> dict[str, str]:
    """What was changed, as the log keeps it; of notes only that they were."""
    names = [name for name in campaigns.CHANGED if getattr(before, name) != getattr(after, name)]
    return {name: "" if name == "notes" else str(getattr(after, name)) for name in names}


@bp.post("/<number:number>/end")
@desk(Role.EDITOR)
def end(number: int) -> AnyResponse:
    """At once. The address goes on to work, and leads home."""
    found = find(number)
    with acting() as act:
        if campaigns.end_campaign(act.session, number, act.now):
            act.note("campaign.ended", ("campaign", number), code=found.code)
    say(gettext("It is over. Who still comes by its address gets to the home page."))
    return redirect(url_for("desk_campaigns.one", number=number), 303)


def short_address(campaign: Campaign) -> str:
    public_url: str = current_app.extensions["settings"].public_url
    return public_url + url_for("campaigns.go", code=campaign.code)
