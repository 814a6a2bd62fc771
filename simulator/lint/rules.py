"""The rules of ``simulate lint`` as data: rules.toml."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from ..contract import CLAUSES, Text, parse, require_known

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Rule:
    """Something that lint can find.
    ``clause``: the slug of the clause by which it happens, or "".
    """

    severity: Severity
    clause: str
    about: Text


def _rules() -> Mapping[str, Rule]:
    text = (resources.files(__package__) / "rules.toml").read_text(encoding="utf-8")
    rules = parse("rules.toml", text, TypeAdapter(dict[str, Rule]))
    require_known("rules.toml", "clause", (rule.clause for rule in rules.values() if rule.clause), CLAUSES)
    return MappingProxyType(rules)


RULES: Final[Mapping[str, Rule]] = _rules()
