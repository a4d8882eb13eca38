"""The forms of an article: what is true of it in every language, and a text in one."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField, TextAreaField

from app.domain.content import (
    Article,
    Facts,
    Kind,
    Schedule,
    Words,
    facts_faults,
    schedule_faults,
    words_faults,
)
from app.web.locale import LANGUAGES
from app.web.work.faults import in_one_paragraph, tell, typed

MOMENT = "%Y-%m-%dT%H:%M"
"""As browsers send a day with a time."""


class FactsForm(Form):  # type: ignore[misc]
    slug = StringField(filters=[typed])
    link = StringField(filters=[typed])
    source = TextAreaField(filters=[typed])
    checked_on = StringField(filters=[typed])

    def facts(self, kind: Kind, language: str, today: date) -> Facts | None:
        """What was filled in; None if something is wrong with it, which is then said."""
        checked_on = _day(self.checked_on.data)
        made = Facts(kind, self.slug.data, language, self.link.data, self.source.data, checked_on)
        wrong = tell(self, facts_faults(made, today))
        if self.checked_on.data and checked_on is None:
            self.checked_on.errors = [gettext("Write a day, like 2026-11-20.")]
            wrong = True
        return None if wrong else made


class NewForm(FactsForm):
    kind = StringField()
    language = StringField()

    def made(self, today: date) -> Facts | None:
        if self.kind.data not in list(Kind):
            self.kind.errors = [gettext("Choose what it is.")]
        if self.language.data not in LANGUAGES:
            self.language.errors = [gettext("Choose a language.")]
        if self.kind.errors or self.language.errors:
            return None
        return self.facts(Kind(self.kind.data), self.language.data, today)


class ArticleForm(FactsForm):
    """With its schedule; times are UTC."""

    publish_at = StringField(filters=[typed])
    end_at = StringField(filters=[typed])
    version = StringField()

    @classmethod
    def of(cls, article: Article) -> ArticleForm:
        facts, schedule = article.facts, article.schedule
        return cls(
            slug=facts.slug,
            link=facts.link,
            source=facts.source,
            checked_on=facts.checked_on.isoformat() if facts.checked_on else "",
            publish_at=written_moment(schedule.publish_at),
            end_at=written_moment(schedule.end_at),
            version=str(article.version),
        )

    def schedule(self, now: datetime) -> Schedule | None:
        """What was filled in; None if something is wrong with it, which is then said."""
        moments = {}
        for field in (self.publish_at, self.end_at):
            moments[field.name] = _moment(field.data)
            if field.data and moments[field.name] is None:
                field.errors = [gettext("Write a day and a time, like 2026-11-20T12:00.")]
        if self.publish_at.errors or self.end_at.errors:
            return None
        made = Schedule(moments["publish_at"], moments["end_at"])
        return None if tell(self, schedule_faults(made, now)) else made


class TextForm(Form):  # type: ignore[misc]
    """version: the newest one when this form was opened; made_from: that of the source text which
    stood beside it."""

    title = StringField(filters=[typed])
    summary = TextAreaField(filters=[in_one_paragraph])
    body = TextAreaField(filters=[typed])
    version = StringField()
    made_from = StringField()
    then = StringField()

    @classmethod
    def begun(cls, words: Words | None, version: int, made_from: int | None) -> TextForm:
        text = words or Words("", "", "")
        pairs = {"title": text.title, "summary": text.summary, "body": text.body}
        return cls(MultiDict({**pairs, "version": str(version), "made_from": str(made_from or "")}))

    def words(self) -> Words | None:
        """What was filled in; None if something is wrong with it, which is then said."""
        made = Words(self.title.data, self.summary.data, self.body.data)
        return None if tell(self, words_faults(made)) else made


def written_moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime(MOMENT) if moment else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-20") else None
    except ValueError:
        return None
