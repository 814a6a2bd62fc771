"""Secrets anywhere in an agent event: those that a collector takes away, and those that stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .agreement import linted

REDACTED, LEFT = ("secret", "agent.no-signature"), ("exposed-secret", "")


def found(place: Path, name: str, value: Any) -> list[tuple[str, str]]:
    """Rule and clause of what lint says of an event with this parameter."""
    directory = place / "lib" / "events"
    directory.mkdir(parents=True)
    parameters = [{"name": name, "value": value}]
    event = {"eventId": 1, "providerId": "69B669B9-4AF8-4C50-BDC4-6006FA76E975", "parameters": parameters}
    path = directory / "1.waagent.tld"
    path.write_text(json.dumps(event), encoding="ascii")
    path.chmod(0o600)
    _, told = linted(directory)
    return [(one.rule, one.clause) for _, outcome in told.entries for one in outcome.findings]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Message", "/c/b?sv=1&sig=x", [("secret", "agent.redact")]),
        ("Operation", "/c/b?sv=1&sig=x", [REDACTED]),
        ("Message", {"url": ["/c/b?sv=1&sig=x"]}, [REDACTED]),
        ("Extra", {"/c/b?sv=1&sig=x": 1}, [REDACTED]),
        ("Message", "<redacted>", []),
        ("Message", {"AccountKey=0123456789abcdef": 1}, [LEFT]),
        ("Extra", [None, {"a": "https://user:S3cr3t-Value@a.example/"}], [LEFT]),
        ("Extra", ["/c/b?sv=1&sig=x", "Bearer 0123456789abcdef"], [REDACTED, LEFT]),
        ("Extra", {"a": [1, 2.5, True]}, []),
    ],
)
def test_a_secret_is_told_of_anywhere(tmp_path: Path, name: str, value: Any, said: list[tuple[str, str]]) -> None:
    assert found(tmp_path, name, value) == said
