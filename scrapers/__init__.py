"""Every source, by kind. A source that is not in a register here is not asked."""

from __future__ import annotations

from scrapers import tariff_files
from scrapers.contract import LicenceSource, PriceSource, RateSource, SurveySource
from scrapers.licences import eba
from scrapers.prices import (
    instarem,
    paysend,
    remitly,
    ria,
    rpw,
    sendwave,
    taptap_send,
    transfergo,
    western_union,
    wise,
    wise_comparisons,
    worldremit,
)
from scrapers.rates import (
    cme_suriname,
    ecb,
    ecb_history,
    fawazahmed0,
    floatrates,
    nbp,
    open_er_api,
)

PRICES: tuple[PriceSource, ...] = (
    instarem,
    paysend,
    remitly,
    ria,
    sendwave,
    taptap_send,
    transfergo,
    western_union,
    wise,
    wise_comparisons,
    worldremit,
)
RATES: tuple[RateSource, ...] = (cme_suriname, ecb, fawazahmed0, floatrates, nbp, open_er_api)
LICENCES: tuple[LicenceSource, ...] = (eba,)
SURVEYS: tuple[SurveySource, ...] = (rpw,)

SHIPPED_RATES: tuple[RateSource, ...] = (ecb_history, fawazahmed0)
"""Those whose replies come with the project, for a start without a network."""

TARIFFS = tariff_files.FOLDER
"""Price lists that people copied: see docs/tariffs.md."""
