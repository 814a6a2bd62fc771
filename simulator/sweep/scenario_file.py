"""The data of a scenario as the text of its file, shortest first: what a person reads, and
`simulate --scenario` runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..safe import quoted


def scenario_text(data: Mapping[str, Any]) -> str:
    """TOML: plain keys, then a table of settings, then actors, faults and places."""
    plain = {key: value for key, value in data.items() if not isinstance(value, dict) and key not in _TABLES}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    if data.get("collector"):
        lines.append(f"collector = {_value(data['collector'])}")
    for name in _TABLES:
        for table in data.get(name, ()):
            lines += ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


_TABLES = ("actor", "fault", "place")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return "[" + ", ".join(_value(one) for one in value) + "]"
