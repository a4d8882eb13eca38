"""python -m tests.attacks: the attacks on portal, desk and what people write, each by the tests
that try it, counted. Numbers are those of the threat list that this site is held to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIGN_IN = "tests/web/test_sign_in.py::test_"
MATRIX = "tests/web/test_matrix.py::test_"

ATTACKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "S04": (
        "markup in every text",
        ("tests/web/test_written_attacks.py", "tests/web/test_markdown.py"),
    ),
    "S12": (
        "forged forms",
        (
            f"{MATRIX}nobody_sees_or_does_what_is_not_theirs",
            f"{SIGN_IN}a_form_from_elsewhere_changes_nothing",
        ),
    ),
    "S15": ("templates in texts", ("tests/web/test_written_attacks.py",)),
    "S17": ("ways out", ("tests/web/test_outbound.py", "tests/web/test_campaign_links.py")),
    "S18": (
        "more fields than a form has",
        (
            f"{SIGN_IN}more_than_the_form_asks_for_is_not_taken",
            f"{MATRIX}no_firm_sees_or_changes_what_another_has",
            "tests/web/portal/test_prices.py::test_no_form_takes_more_than_its_own_fields",
            "tests/web/portal/test_profile.py::test_no_form_takes_more_than_its_own_fields",
            "tests/web/portal/test_keys.py::test_no_form_of_keys_takes_more_than_its_name",
            "tests/web/desk/test_proposals.py::test_no_form_of_the_desk_takes_more_than_its_own_fields",
        ),
    ),
    "S19": (
        "things of another firm",
        (
            f"{MATRIX}no_firm_sees_or_changes_what_another_has",
            f"{MATRIX}nobody_sees_or_does_what_is_not_theirs",
        ),
    ),
    "S20": (
        "fields that are not theirs",
        (
            f"{MATRIX}no_firm_sees_or_changes_what_another_has",
            "tests/web/portal/test_proposals.py::test_staff_decides_nothing_at_the_desk",
        ),
    ),
    "S21": ("approving what was not read", ("tests/review/test_proposals.py",)),
    "S22": (
        "alone where it takes two",
        ("tests/review/test_held.py", "tests/review/test_providers.py"),
    ),
    "S23": ("who has an account", (f"{SIGN_IN}nothing_tells_who_has_an_account",)),
    "S24": (
        "guessing",
        (
            f"{SIGN_IN}guessing_stops_and_its_victim_is_not_kept_out",
            f"{SIGN_IN}trying_one_password_on_many_accounts_stops_by_address",
        ),
    ),
    "S25": (
        "weak passwords",
        (
            f"{SIGN_IN}a_password_that_is_easily_guessed_is_refused",
            f"{SIGN_IN}long_passwords_of_any_signs_are_good",
        ),
    ),
    "S26": (
        "stolen hashes",
        (
            f"{SIGN_IN}a_hash_of_older_settings_is_made_anew_at_sign_in",
            f"{SIGN_IN}long_passwords_of_any_signs_are_good",
        ),
    ),
    "S27": (
        "a crowd that signs in",
        (f"{SIGN_IN}one_hash_is_made_at_a_time_and_a_crowd_is_sent_away",),
    ),
    "S28": (
        "second factors",
        (
            f"{SIGN_IN}a_code_works_once_and_only_near_its_time",
            f"{SIGN_IN}codes_cannot_be_guessed_on_and_on",
            f"{SIGN_IN}nobody_sees_a_page_without_both_steps",
            f"{SIGN_IN}a_recovery_code_works_once",
            "tests/web/test_sign_in_browser.py::test_a_passkey_is_added_and_lets_in",
        ),
    ),
    "S29": (
        "planted sessions",
        (f"{SIGN_IN}a_session_has_a_new_token_after_each_step_and_the_old_ones_are_dead",),
    ),
    "S30": (
        "old cookies",
        (
            f"{SIGN_IN}after_signing_out_an_old_cookie_is_worth_nothing",
            f"{SIGN_IN}a_session_ends_with_what_it_stood_on",
            f"{SIGN_IN}a_session_ends_when_idle_and_when_old",
        ),
    ),
    "S31": (
        "links in mails",
        (
            f"{SIGN_IN}a_forgotten_password_by_mail_asks_for_the_second_factor_all_the_same",
            f"{SIGN_IN}a_link_for_a_new_password_lives_half_an_hour_and_ends_with_a_newer_one",
        ),
    ),
    "S32": (
        "lines in heads of mails",
        (
            "tests/domain/test_mail.py",
            "tests/web/desk/test_accounts.py::test_what_cannot_be_an_account_gets_a_clear_sentence",
        ),
    ),
    "S33": ("mail after mail", (f"{SIGN_IN}nobody_is_sent_mail_after_mail",)),
    "S34": (
        "formulas in tables",
        ("tests/domain/test_spreadsheet.py", "tests/domain/test_price_csv.py"),
    ),
    "S35": (
        "hostile uploads",
        (
            "tests/web/portal/test_prices.py::test_a_file_that_cannot_be_read_is_refused_with_its_reason",
            "tests/web/portal/test_prices.py::test_a_file_that_is_too_large_is_refused",
            "tests/web/portal/test_prices.py::test_nobody_who_is_not_signed_in_has_a_large_form_read",
            "tests/domain/test_price_csv.py::test_a_hundred_thousand_rows_cost_little",
        ),
    ),
    "S37": (
        "names that look like others",
        (
            "tests/domain/test_spoofing.py",
            "tests/web/portal/test_profile.py::test_a_look_alike_is_held_with_words_for_two",
            "tests/web/portal/test_profile.py::test_an_honest_name_is_proposed",
        ),
    ),
    "S44": (
        "what goes wrong inside",
        (
            f"{MATRIX}what_goes_wrong_inside_tells_nothing",
            f"{MATRIX}a_page_that_says_no_audience_is_open_to_nobody",
        ),
    ),
    "S45": (
        "tampering with the log",
        ("tests/db/test_audit.py", f"{SIGN_IN}every_step_is_in_the_log"),
    ),
    "S46": ("starting without a secret", ("tests/test_config.py",)),
}
"""What is left out: S36, for no XML is taken from anybody but the sources (tests/lab)."""


def main() -> int:
    passed = 0
    for number, (name, nodes) in ATTACKS.items():
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "--no-header", *nodes]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        last = (done.stdout.strip().splitlines() or ["nothing was run"])[-1]
        good = done.returncode == 0
        passed += good
        print(f"{number} {'held' if good else 'NOT HELD'}: {name} ({last})", flush=True)
    print(f"{passed} of {len(ATTACKS)}")
    return int(passed != len(ATTACKS))


if __name__ == "__main__":
    sys.exit(main())
