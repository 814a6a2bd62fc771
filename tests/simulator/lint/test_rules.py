"""The rules of lint are sound: nothing checks their texts at a start."""

from __future__ import annotations

import tomllib
from pathlib import Path

from etp_kit.simulator.contract.checked import checked
from etp_kit.simulator.lint import rules


def test_every_rule_is_well_formed() -> None:
    data = tomllib.loads(Path(rules.__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    assert {name: checked(rules.Rule, rule) for name, rule in data.items()} == rules.RULES
