"""The text of an article in one language: written with its source beside it, looked at as readers
see it, compared with older versions, and brought back."""

from __future__ import annotations

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from app.db import accounts, content
from app.db.content import ABOUT, ChangedText
from app.domain.account import Role
from app.domain.changes import near_changes
from app.domain.content import Article, Version, Words
from app.web import clock
from app.web.access import desk
from app.web.database import session
from app.web.desk.content.forms import TextForm
from app.web.desk.content.pieces import find, public_address, title_of, translation_badge
from app.web.desk.content.place import bp
from app.web.locale import LANGUAGES
from app.web.read.pieces import shown
from app.web.work.acting import Act, acting
from app.web.work.saying import say
from app.web.work.versions import version_in

SHOW = "show"
"""What the second button of the form says: let readers see it, too."""


@bp.get("/<number:number>/<string(length=2):code>")
@desk(Role.EDITOR)
def edit(number: int, code: str) -> AnyResponse:
    article = _article(number, code)
    mine = content.newest_version(session(), number, code)
    source = _source(article, code)
    form = TextForm.begun(
        mine.words if mine else None, mine.number if mine else 0, source.number if source else None
    )
    return _edit(article, code, form, 200)


def to_text(number: int, code: str) -> AnyResponse:
    """On to the text of one language."""
    return redirect(url_for("desk_content.edit", number=number, code=code), 303)


def _article(number: int, code: str) -> Article:
    """Raises NotFound."""
    if code not in LANGUAGES:
        abort(404)
    return find(number)


def _source(article: Article, code: str) -> Version | None:
    """The text that this language is made from; None for the source itself."""
    language = article.facts.source_language
    if code == language:
        return None
    return content.newest_version(session(), article.number, language)


def _edit(
    article: Article, code: str, form: TextForm, status: int, theirs: Version | None = None
) -> AnyResponse:
    source, text = _source(article, code), article.texts.get(code)
    page = render_template(
        "desk/content/edit.html",
        article=article,
        title=title_of(article),
        code=code,
        form=form,
        source=source,
        state=article.schedule.state(clock.now()),
        badge_of_text=translation_badge(article, code),
        source_changes=_since(article, source, text.made_from if text else None),
        clash=_clash(theirs, form) if theirs else None,
    )
    return make_response(page, status)


def _since(article: Article, source: Version | None, made_from: int | None) -> list[object]:
    """What changed in the source text after the translation was made from it."""
    if source is None or made_from is None or made_from == source.number:
        return []
    old = content.find_version(session(), article.number, article.facts.source_language, made_from)
    return list(near_changes(_whole(old.words), _whole(source.words))) if old else []


def _whole(words: Words) -> str:
    return f"{words.title}\n\n{words.summary}\n\n{words.body}"


def _clash(theirs: Version, form: TextForm) -> list[tuple[str, str, str]]:
    return [
        (gettext("Title"), theirs.words.title, form.title.data),
        (gettext("Summary"), theirs.words.summary, form.summary.data),
        (gettext("Text"), theirs.words.body, form.body.data),
    ]


@bp.post("/<number:number>/<string(length=2):code>")
@desk(Role.EDITOR)
def save(number: int, code: str) -> AnyResponse:
    article, form = _article(number, code), TextForm(request.form)
    words = form.words()
    if words is None:
        return _edit(article, code, form, 422)
    base, made_from = version_in(form.version.data), _made_from(article, code, form)
    try:
        with acting() as act:
            saved = _save(act, number, code, words, base, made_from)
            if form.then.data == SHOW:
                _show(act, number, saved)
    except ChangedText as error:
        form.version.data = str(error.theirs.number)
        return _edit(article, code, form, 409, error.theirs)
    except LookupError:
        abort(404)
    say(_kept_words(article, saved, shown=form.then.data == SHOW))
    return redirect(url_for("desk_content.preview", number=number, code=code), 303)


def _kept_words(article: Article, saved: Version, *, shown: bool) -> str:
    if shown and article.schedule.is_live(clock.now()):
        return gettext("Kept as version %(number)s. Readers see it now.", number=saved.number)
    return gettext("Kept as version %(number)s.", number=saved.number)


def _made_from(article: Article, code: str, form: TextForm) -> int | None:
    """The version of the source text that stood beside the form, if there is one with that
    number."""
    language = article.facts.source_language
    if code == language:
        return None
    given = version_in(form.made_from.data)
    found = content.find_version(session(), article.number, language, given)
    return found.number if found else None


def _save(
    act: Act,
    number: int,
    code: str,
    words: Words,
    base: int,
    made_from: int | None,
    brought_back: int | None = None,
) -> Version:
    saved = content.save_text(
        act.session,
        number,
        code,
        words,
        act.now,
        base=base,
        made_from=made_from,
        by=act.by.id if act.by else None,
        brought_back=brought_back,
    )
    act.note("article.text_saved", (ABOUT, number), language=code, version=saved.number)
    return saved


def _show(act: Act, number: int, version: Version) -> None:
    content.show_version(act.session, number, version.language, version.number)
    facts = {"language": version.language, "version": version.number}
    act.note("article.text_shown", (ABOUT, number), **facts)


@bp.get("/<number:number>/<string(length=2):code>/preview")
@desk(Role.EDITOR)
def preview(number: int, code: str) -> str:
    """As readers see it, or would."""
    article = _article(number, code)
    newest = article.texts.get(code)
    version = _version(number, code, request.args.get("version"), newest.newest if newest else 0)
    return render_template(
        "desk/content/preview.html",
        article=article,
        code=code,
        version=version,
        text=newest,
        shown=shown(article, version),
        public=public_address(article, code),
    )


def _version(number: int, code: str, asked: str | None, otherwise: int) -> Version:
    """Raises NotFound."""
    wanted = otherwise if asked is None else version_in(asked)
    found = content.find_version(session(), number, code, wanted)
    if found is None:
        abort(404)
    return found


@bp.get("/<number:number>/<string(length=2):code>/versions")
@desk(Role.EDITOR)
def versions(number: int, code: str) -> str:
    """Every version, and two of them compared: the newest with the one before, or those asked."""
    article = _article(number, code)
    every = content.versions(session(), number, code)
    if not every:
        abort(404)
    new = _version(number, code, request.args.get("new"), every[0].number)
    old = _version(number, code, request.args.get("old"), max(1, new.number - 1))
    people = {one.id: one.name for one, _seen in accounts.all_accounts(session())}
    return render_template(
        "desk/content/versions.html",
        article=article,
        title=title_of(article),
        code=code,
        text=article.texts[code],
        versions=every,
        people=people,
        old=old,
        new=new,
        changes=near_changes(_whole(old.words), _whole(new.words)),
    )


@bp.post("/<number:number>/<string(length=2):code>/show")
@desk(Role.EDITOR)
def show(number: int, code: str) -> AnyResponse:
    """Let readers see one version."""
    _article(number, code)
    version = _version(number, code, request.form.get("version", ""), 0)
    with acting() as act:
        _show(act, number, version)
    say(gettext("Readers see version %(number)s, once the text is live.", number=version.number))
    return redirect(url_for("desk_content.versions", number=number, code=code), 303)


@bp.post("/<number:number>/<string(length=2):code>/bring-back")
@desk(Role.EDITOR)
def bring_back(number: int, code: str) -> AnyResponse:
    """An older version as a new one, on top of the one that was newest when it was asked."""
    article = _article(number, code)
    old = _version(number, code, request.form.get("version", ""), 0)
    base = version_in(request.form.get("base"))
    try:
        with acting() as act:
            saved = _save(act, number, code, old.words, base, old.made_from, old.number)
    except ChangedText as error:
        form = TextForm.begun(old.words, error.theirs.number, old.made_from)
        return _edit(article, code, form, 409, error.theirs)
    say(gettext("Version %(old)s is back, as version %(new)s.", old=old.number, new=saved.number))
    return redirect(url_for("desk_content.versions", number=number, code=code), 303)
