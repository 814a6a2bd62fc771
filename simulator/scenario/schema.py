"""The JSON Schema of scenario files, for editors that complete and check while one types.

Rules:

* It is made from the models that validate a scenario, so the two cannot drift apart.
* Names that a scenario may use (clauses, producers, traffic shapes, hazards with their options) are
  listed: an editor can complete only what it knows.
* What a schema cannot say (amounts, glob patterns, names that exclude each other) stays with
  `simulate`, which is always the stricter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..base import DIALECT
from ..contract import CLAUSES
from ..hazards import HAZARDS, HazardType
from ..writers import PRODUCERS, TRAFFIC
from .faults import FAULT_KINDS
from .model import Scenario

_REFERENCE = "#/$defs/{model}"


def scenario_schema() -> dict[str, Any]:
    """The schema, in the dialect 2020-12;
    ``$defs`` hold the actor, the fault, the threshold and a table of each hazard.
    """
    schema = Scenario.model_json_schema(by_alias=True, ref_template=_REFERENCE)
    definitions = schema["$defs"]
    schema["properties"].pop("id", None)
    schema["properties"]["clauses"]["items"] = _one_of((slug, clause.statement) for slug, clause in CLAUSES.items())
    definitions["Fault"]["properties"]["kind"] |= _one_of(FAULT_KINDS.items())
    actor = definitions["Actor"]["properties"]
    actor["producer"] |= _one_of((name, producer.about) for name, producer in PRODUCERS.items())
    actor["traffic"] |= _one_of((name, " ".join((shape.__doc__ or "").split())) for name, shape in TRAFFIC.items())
    tables = {f"hazard.{name}": _table(name, model, definitions) for name, model in HAZARDS.items()}
    definitions |= tables
    actor["hazards"]["items"] = {"oneOf": [{"$ref": _REFERENCE.format(model=name)} for name in tables]}
    return {"$schema": DIALECT, **schema, "title": "A scenario of ETP Kit"}


def _one_of(known: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A choice of texts, each with what an editor shows beside it."""
    return {"oneOf": [{"const": name, "description": about} for name, about in known]}


def _table(name: str, model: type[HazardType], definitions: dict[str, Any]) -> dict[str, Any]:
    table = model.model_json_schema(ref_template=_REFERENCE)
    definitions |= table.pop("$defs", {})
    table["title"] = name
    table["description"] = model.about
    table["properties"] = {"kind": {"const": name, "description": model.about}, **table["properties"]}
    table["required"] = ["kind", *table.get("required", [])]
    return table
