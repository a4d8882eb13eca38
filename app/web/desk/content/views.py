"""Articles: which there are and how far each language is; what is true of one, and when it is
read."""

from __future__ import annotations

from dataclasses import replace

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import audit, content
from app.db.content import ABOUT, ChangedArticle
from app.domain.account import Role
from app.domain.content import Article, Schedule
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.content.forms import ArticleForm, NewForm
from app.web.desk.content.pieces import (
    KINDS,
    Named,
    find,
    grid,
    named,
    public_address,
    state_badge,
    title_of,
    todo,
    translation_badge,
)
from app.web.desk.content.place import bp
from app.web.desk.content.texts import to_text
from app.web.locale import LANGUAGES
from app.web.work.acting import acting
from app.web.work.saying import say
from app.web.work.versions import version_in

__all__ = ["bp"]

Clash = list[tuple[str, str, str]]


@bp.get("")
@desk(Role.EDITOR)
def index() -> AnyResponse:
    articles = named()
    table = grid(articles)
    if table.wants_csv:
        return table.csv("texts.csv")
    page = render_template("desk/content/index.html", texts=table, todo=todo(articles))
    return make_response(page)


@bp.get("/new")
@desk(Role.EDITOR)
def new() -> AnyResponse:
    return _new(NewForm(language="nl", kind="news"), 200)


def _new(form: NewForm, status: int) -> AnyResponse:
    page = render_template(
        "desk/content/new.html", form=form, kinds=KINDS.items(), languages=LANGUAGES
    )
    return make_response(page, status)


@bp.post("/new")
@desk(Role.EDITOR)
def make() -> AnyResponse:
    form = NewForm(request.form)
    facts = form.made(clock.now().date())
    if facts is None:
        return _new(form, 422)
    with acting() as act:
        number = content.add_article(act.session, facts)
        if number is not None:
            act.note("article.made", (ABOUT, number), kind=facts.kind.value, slug=facts.slug)
    if number is None:
        form.slug.errors = [gettext("Another text stands at this address already.")]
        return _new(form, 409)
    say(gettext("Made. Now write its text."))
    return to_text(number, facts.source_language)


@bp.get("/<number:number>")
@desk(Role.EDITOR)
def one(number: int) -> AnyResponse:
    article = find(number)
    return _one(article, ArticleForm.of(article), 200)


def _one(
    article: Article, form: ArticleForm, status: int, clash: Clash | None = None
) -> AnyResponse:
    titled = Named(article, title_of(article))
    page = render_template(
        "desk/content/one.html",
        article=article,
        title=titled.title,
        state=titled.state,
        badge_of_state=state_badge(titled),
        kinds=KINDS,
        form=form,
        clash=clash,
        rows=[(code, translation_badge(article, code)) for code in LANGUAGES],
        public=public_address(article, article.facts.source_language),
        history=audit.history(session(), (ABOUT, article.number)),
    )
    return make_response(page, status)


@bp.post("/<number:number>")
@desk(Role.EDITOR)
def change(number: int) -> AnyResponse:
    article, form = find(number), ArticleForm(request.form)
    known = article.facts
    facts = form.facts(known.kind, known.source_language, clock.now().date())
    schedule = form.schedule(clock.now())
    if facts is None or schedule is None:
        return _one(article, form, 422)
    version = version_in(form.version.data)
    try:
        with acting() as act:
            content.change_article(act.session, number, version, facts, schedule)
            if schedule.publish_at and not any(text.shown for text in article.texts.values()):
                content.show_newest(act.session, number)
            act.note("article.changed", (ABOUT, number), **_changed(form, article))
    except ChangedArticle as error:
        form.version.data = str(error.theirs.version)
        return _one(error.theirs, form, 409, _clash(error.theirs, form))
    except LookupError:
        form.slug.errors = [gettext("Another text stands at this address already.")]
        return _one(article, form, 409)
    say(gettext("Kept."))
    return redirect(url_for("desk_content.one", number=number), 303)


def _labels() -> dict[str, str]:
    return {
        "slug": gettext("Address"),
        "link": gettext("Website"),
        "source": gettext("Source"),
        "checked_on": gettext("Checked on"),
        "publish_at": gettext("Readers see it from"),
        "end_at": gettext("until"),
    }


def _clash(theirs: Article, form: ArticleForm) -> Clash:
    now = ArticleForm.of(theirs)
    return [(label, now[name].data, form[name].data) for name, label in _labels().items()]


def _changed(form: ArticleForm, article: Article) -> dict[str, list[str]]:
    """Before and after, of what differs: so nothing that was written over is lost."""
    before = ArticleForm.of(article)
    pairs = {name: [before[name].data, form[name].data] for name in _labels()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@bp.post("/<number:number>/publish")
@desk(Role.EDITOR)
def publish(number: int) -> AnyResponse:
    """Now, with the newest version in every language."""
    article = find(number)
    if article.facts.source_language not in article.texts:
        say(gettext("It has no text yet, so there is nothing to read."))
        return redirect(url_for("desk_content.one", number=number), 303)
    return _reschedule(article, Schedule(clock.now()), "article.published", show=True)


@bp.post("/<number:number>/end")
@desk(Role.EDITOR)
def end(number: int) -> AnyResponse:
    """Now: readers do not see it any more."""
    article = find(number)
    schedule = replace(article.schedule, end_at=clock.now())
    if not article.schedule.is_live(clock.now()):
        schedule = Schedule()
    return _reschedule(article, schedule, "article.ended", show=False)


def _reschedule(article: Article, schedule: Schedule, act_name: str, *, show: bool) -> AnyResponse:
    version = version_in(request.form.get("version"))
    try:
        with acting() as act:
            content.change_article(act.session, article.number, version, article.facts, schedule)
            if show:
                content.show_newest(act.session, article.number)
            act.note(act_name, (ABOUT, article.number))
    except ChangedArticle as error:
        form = ArticleForm.of(error.theirs)
        return _one(error.theirs, form, 409, _clash(error.theirs, ArticleForm.of(article)))
    say(gettext("Done."))
    return redirect(url_for("desk_content.one", number=article.number), 303)
