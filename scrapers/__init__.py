"""Sources of prices and mid rates. A source that is not in a register here is not asked."""

from __future__ import annotations

from scrapers.contract import RateSource, SurveySource
from scrapers.prices import rpw
from scrapers.rates import ecb_history, fawazahmed0

RATES: tuple[RateSource, ...] = (ecb_history, fawazahmed0)
SURVEYS: tuple[SurveySource, ...] = (rpw,)
