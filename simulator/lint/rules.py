"""The rules of ``simulate lint`` as data: rules.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from ..contract import CLAUSES, Text, parse, require_known

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that lint can find.
    ``clause``: the slug of the clause by which it happens, or "".
    """

    severity: Severity
    clause: str
    about: Text


def _rules() -> Mapping[str, Rule]:
    text = Path(__file__).with_name("rules.toml").read_text(encoding="utf-8")
    rules = {name: Rule(**rule) for name, rule in parse("rules.toml", text).items()}
    require_known("rules.toml", "clause", (rule.clause for rule in rules.values() if rule.clause), CLAUSES)
    return MappingProxyType(rules)


RULES: Final[Mapping[str, Rule]] = _rules()
