"""Scenarios by name, validated: of an unknown key the nearest known one is named."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from ..base import BadInput, did_you_mean
from ..safe import load_toml, read_toml
from ..shipped import find_scenario
from .faults import Fault
from .model import Actor, Change, Scenario, Threshold
from .places import Place
from .references import check_references


def parse_scenario(text: str, where: str) -> Scenario:
    """A scenario from the text of its file; ``where`` names it in errors. Raises BadInput."""
    try:
        data = load_toml(text)
    except ValueError as error:
        raise BadInput(f"not TOML: {error}", where=where) from None
    return scenario_from_data(data, where)


def scenario_from_data(data: dict[str, Any], where: str) -> Scenario:
    """A scenario from the data of a file; ``where`` names it in errors. Raises BadInput."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise _bad_input(error, where) from None
    check_references(scenario, where)
    return scenario


_MODELS: dict[str, type[BaseModel]] = {"actor": Actor, "fault": Fault, "place": Place, "threshold": Threshold}


def _bad_input(error: ValidationError, where: str) -> BadInput:
    """The first finding, told in the words of the file."""
    findings = error.errors(include_url=False)
    first = next((f for f in findings if f["type"] == "extra_forbidden"), findings[0])
    steps = [step for step in first["loc"] if step != "schema_"]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    more = f"; {len(findings) - 1} more" if len(findings) > 1 else ""
    if first["type"] == "extra_forbidden":
        model = Change if "life" in steps[1:-1] else _MODELS.get(str(steps[0]), Scenario) if len(steps) > 1 else Scenario
        known = [field.alias or name for name, field in model.model_fields.items() if name != "id"]
        hint = did_you_mean(str(steps[-1]), known) or f"known keys: {', '.join(known)}"
        return BadInput(f"unknown key '{place}'{more}", where=where, hint=hint)
    if first["type"] == "missing":
        return BadInput(f"missing key '{place}'{more}", where=where)
    message = first["msg"].removeprefix("Value error, ")
    return BadInput(f"'{place}': {message}{more}" if place else f"{message}{more}", where=where)


def load_scenario(name: str) -> Scenario:
    """The scenario of that id, stem or file. Raises BadInput."""
    identity, path = find_scenario(name)
    try:
        data = read_toml(path)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None
    except ValueError as error:
        raise BadInput(f"not TOML: {error}", where=str(path)) from None
    return scenario_from_data(data, str(path)).model_copy(update={"id": identity})
