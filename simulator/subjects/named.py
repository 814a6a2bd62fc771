"""What the name of a collector on the command line means, before anything is loaded for it.

Rules: nothing is imported or executed, and no world is needed: reports name collectors too.
"""

from __future__ import annotations

from pathlib import Path

from ..base import BadInput, did_you_mean
from ..shipped import mutants
from .agent_code import agent_code, find_agent
from .program.words import words_of

#: The reference collector, beside this package; by path, because another `collector` may be
#: importable.
REFERENCE = Path(__file__).resolve().parents[2] / "collector"

FORMS = "reference, py:PACKAGE.MODULE:FACTORY, cmd:PROGRAM ARGS, mutant:NAME, dir:PATH or linux-agent[:DIR]"


def check_spec(spec: str) -> None:
    """Raise BadInput for a name that is no form of a collector, or one that does not exist.

    Executes nothing.
    """
    kind, _, rest = spec.partition(":")
    if kind == "mutant" and rest not in mutants():
        raise BadInput(f"no mutant is named {rest!r}", where="--collector", hint=did_you_mean(rest, mutants()))
    if kind == "py" and (rest.count(":") != 1 or not all(rest.split(":"))):
        raise BadInput(f"{spec!r} is not py:PACKAGE.MODULE:FACTORY", where="--collector")
    if kind == "dir" and not (Path(rest) / "__init__.py").is_file():
        raise BadInput(f"{rest!r} is no Python package", where="--collector")
    if kind == "cmd":
        words_of(spec)
    if kind == "linux-agent":
        agent_code(find_agent(rest))  # read here, in the parent of all workers
        return
    if kind not in {"reference", "py", "cmd", "mutant", "dir"} or (kind == "reference" and rest):
        raise BadInput(f"{spec!r} is no collector", where="--collector", hint=f"expected {FORMS}")
