"""Recorded replies of mid-rate sources, and those that nobody replays, with the reason."""

from __future__ import annotations

from scrapers.contract import Refused, Unreadable
from tests.scrapers.replays import Replay

OTHER_REPLAYS = (
    Replay(
        "ecb_eurofxref_daily.xml",
        "ecb",
        rates={"USD": "1.1605", "TRY": "56.3150", "INR": "110.2120", "GBP": "0.87940"},
    ),
    Replay(
        "ecb_eurofxref_hist_90d.xml",
        "ecb",
        rates={"USD": "1.1605", "PHP": "70.298"},
        fails="/stats/eurofxref/eurofxref-daily.xml",
    ),
    Replay(
        "nbp_table_a.json",
        "nbp",
        rates={"PLN": "4.2390", "USD": "1.16051140252", "TRY": "56.2948207171"},
    ),
    Replay("nbp_table_b.json", "nbp", rates={"MAD": "10.7235011384", "SRD": "43.3435582822"}),
    Replay(
        "nbp_error_404.txt",
        "nbp",
        raises=Refused,
        words="status 404",
        instead="/api/exchangerates/tables/A/2026-11-18/",
        ours={"path": "/api/exchangerates/tables/A/2026-11-18/"},
        why="the day of table B, never a Sunday",
    ),
    Replay("openerapi_v6_latest_eur.json", "open_er_api", rates={"MAD": "10.7516", "SRD": "43.8"}),
    Replay(
        "openerapi_error_unsupported.json",
        "open_er_api",
        raises=Unreadable,
        words="an error of its own: unsupported-code",
        instead="/v6/latest/EUR",
        ours={"path": "/v6/latest/EUR"},
        why="ZZZ is never asked for",
    ),
    Replay("fawazahmed0_eur.json", "fawazahmed0", rates={"MAD": "10.7516", "AFN": "76.41"}),
    Replay("floatrates_eur.json", "floatrates", rates={"USD": "1.1605", "SRD": "43.8"}),
    Replay("cme_suriname_today.json", "cme_suriname", rates={"SRD": "43.8"}),
)

PLAYED = "a fault plays it: tests/scrapers/test_every_source.py"
NOT_OURS = "no source of ours asks there"
NOT_ASKED = {
    "sendwave_error_401_session.json": "/v2/pricing wants a session: a public path is asked",
    "paysend_legacy_send_money_nl_ma_500.json": "an older path of pages; the calculator is asked",
    "ecb_sdmx_exr.csv": "the same rates, in a file that changes more often than the XML",
    "wise_robots.txt": "the lab's robots.txt of Wise, read before every question to it",
    "wise_gateway_v1_price_nl_mad_100.json": "v3 quotes tell every way to pay",
    "wise_rates_live_eur_mad.json": "Wise's rate is in its quotes",
    "wise_rates_history_eur_mad.json": "Wise's rate is in its quotes",
    "wise_v1_rates_eur_mad_auth.json": "wants a key",
    "eba_filemetadata.json": "test_every_example.py, test_the_register",
    "eba_pir_entities.json": "test_every_example.py, test_the_register",
    "pegs_reference.json": "a table of ours: app/domain/midrate.py",
    "generic_429.txt": PLAYED,
    "generic_cloudflare_challenge_403.html": PLAYED,
    "generic_html_200_instead_of_json.html": PLAYED,
    "moneygram_captcha_403.json": PLAYED,
    "robots_disallow_all.txt": "tests/scrapers/http/test_robots.py",
    "robots_named_agents_crawl_delay.txt": "tests/scrapers/http/test_robots.py",
    **dict.fromkeys(
        (
            "profee_methods_nl_ng.json",
            "profee_calculation_nl_ng_100.json",
            "currencyfair_comparison_eur_inr_1000.json",
            "ofx_spotrate_eur_inr_1000.json",
            "ofx_error_min_amount.json",
            "koronapay_tariffs_de_tr_100.json",
            "koronapay_tariffs_info_de_tr.json",
            "dahabshiil_charges_us_ke_100.json",
            "nala_fx_rates.json",
            "frankfurter_v1_latest.json",
            "frankfurter_v2_rates.json",
            "frankfurter_error_404.json",
            "imf_rms_mth_rep.tsv",
            "cbn_getallexchangerates.json",
            "tcmb_today.xml",
            "nbu_exchange.json",
            "bam_coursvirement.json",
            "nbe_filter_exchange_rates.json",
            "cbg_indicative_eur.json",
            "banrep_trm.json",
            "bcb_ptax_eur.json",
            "bceao_reference_by_date.html",
            "fca_firm.json",
            "statuspage_status.json",
        ),
        NOT_OURS,
    ),
}
"""Items of tests/lab/examples/INDEX.json that are not replayed, and why."""
