"""Hostile text made safe to show: without a signature."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.labels import SECRET_PREFIX, without_secrets
from etp_kit.simulator.safe.text import safe, unsigned


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://a.example/f?sv=1&sig=ab%2Bc&se=2", "https://a.example/f?sv=1&sig=REDACTED&se=2"),
        ("?Sig=abc", "?Sig=REDACTED"),
        ("sig=a sig=b", "sig=REDACTED sig=REDACTED"),
        ("sig%3Dabc%2Bd", "sig%3DREDACTED"),
        ("'?sig=abc'", "'?sig=REDACTED'"),
        ("design=1 sigma=2 sig: 3 sig=", "design=1 sigma=2 sig: 3 sig="),
        ("nothing at all", "nothing at all"),
    ],
)
def test_a_signature_is_not_shown(text: str, told: str) -> None:
    assert unsigned(text) == safe(text, 400) == without_secrets(text) == told
    assert unsigned(told) == told


def test_what_is_cut_shows_no_half_of_it() -> None:
    assert safe("x" * 90 + "?sig=abcdefgh", 100).endswith("sig=REDACTED")


def test_what_the_kit_planted_is_not_shown_wherever_it_stands() -> None:
    assert without_secrets(f"a {SECRET_PREFIX}0a9 b {SECRET_PREFIX}%41c") == "a REDACTED b REDACTED"
