"""create_app: the one place that knows every part."""

from __future__ import annotations

from flask import Flask

from app import cli
from app.db.engine import Database
from app.web import (
    ages,
    clock,
    database,
    errors,
    found,
    health,
    labels,
    licensed,
    locale,
    offline,
    outbound,
    page_cache,
    pages,
    reasons,
    social,
    start,
    static_files,
    via,
)
from app.web.adverts import views as adverts
from app.web.api import mid
from app.web.api import provider as api_provider
from app.web.api import shopping as api_shopping
from app.web.api import views as api
from app.web.calculate import views as calculate
from app.web.campaigns import views as campaigns
from app.web.charts import drawing as charts
from app.web.compare import views as compare
from app.web.counting import gate, seen
from app.web.counting import views as counting
from app.web.countries import views as countries
from app.web.desk.accounts import views as desk_accounts
from app.web.desk.adverts import making as desk_adverts_making
from app.web.desk.adverts import views as desk_adverts
from app.web.desk.audit import views as desk_audit
from app.web.desk.campaigns import printing as desk_campaigns_print
from app.web.desk.campaigns import views as desk_campaigns
from app.web.desk.content import views as desk_content
from app.web.desk.corridors import views as desk_corridors
from app.web.desk.held import views as desk_held
from app.web.desk.mails import views as desk_mails
from app.web.desk.offers import views as desk_offers
from app.web.desk.proposals import views as desk_proposals
from app.web.desk.providers import views as desk_providers
from app.web.desk.reports import views as desk_reports
from app.web.desk.shopping import tasks as desk_shopping_tasks
from app.web.desk.shopping import views as desk_shopping
from app.web.desk.sources import views as desk_sources
from app.web.desk.today import views as desk_today
from app.web.desk.traffic import views as desk_traffic
from app.web.history import views as history
from app.web.learn import views as learn
from app.web.portal.home import views as portal_home
from app.web.portal.keys import views as portal_keys
from app.web.portal.offers import views as portal_offers
from app.web.portal.prices import views as portal_prices
from app.web.portal.profile import views as portal_profile
from app.web.portal.proposals import views as portal_proposals
from app.web.portal.reports import views as portal_reports
from app.web.portal.staff import views as portal_staff
from app.web.portal.statistics import views as portal_statistics
from app.web.providers import views as providers
from app.web.read import views as read
from app.web.signin import account, passkey, second_factor
from app.web.signin import views as sign_in
from app.web.work import guard
from config import Settings

LARGEST_BODY = 64_000
"""Bytes that a reader's request may carry."""


def create_app(settings: Settings) -> Flask:
    app = Flask("huiswaarts", root_path=str(static_files.STATIC.parent), static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.database_url)
    clock.setup(app)
    database.setup(app)
    locale.setup(app)
    ages.setup(app)
    labels.setup(app)
    licensed.setup(app)
    reasons.setup(app)
    pages.setup(app, settings.public_url)
    page_cache.setup(app)
    via.setup(app)
    seen.setup(app)
    gate.setup(app)
    found.setup(app)
    read.setup(app)
    social.setup(app)
    adverts.setup(app)
    guard.setup(app)
    errors.setup(app)
    for blueprint in (
        start.bp,
        health.bp,
        compare.bp,
        learn.bp,
        api.bp,
        mid.bp,
        api_provider.bp,
        api_shopping.bp,
        calculate.bp,
        charts.bp,
        history.bp,
        providers.bp,
        countries.bp,
        read.bp,
        outbound.bp,
        counting.bp,
        campaigns.bp,
        offline.bp,
        found.bp,
        social.bp,
        guard.bp,
        sign_in.bp,
        second_factor.bp,
        passkey.bp,
        account.bp,
        desk_campaigns.bp,
        desk_campaigns_print.bp,
        desk_providers.bp,
        desk_corridors.bp,
        desk_shopping.bp,
        adverts.bp,
        desk_adverts.bp,
        desk_adverts_making.bp,
        desk_shopping_tasks.bp,
        desk_accounts.bp,
        desk_audit.bp,
        desk_content.bp,
        desk_held.bp,
        desk_offers.bp,
        portal_offers.bp,
        desk_today.bp,
        desk_mails.bp,
        desk_reports.bp,
        portal_reports.bp,
        desk_sources.bp,
        desk_traffic.bp,
        portal_staff.bp,
        portal_home.bp,
        portal_prices.bp,
        portal_proposals.bp,
        portal_profile.bp,
        portal_keys.bp,
        desk_proposals.bp,
        portal_statistics.bp,
    ):
        app.register_blueprint(blueprint)
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    return app
