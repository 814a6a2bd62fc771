"""From the name of a collector on the command line to a subject."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from ..base import BadInput, KitBroke, did_you_mean, is_interrupt
from ..safe import near, safe
from ..shipped import mutants
from .agent_code import agent_code, find_agent
from .early import is_kit
from .linux_agent import LinuxAgentFactory
from .mistakes import mistake, users_mistakes
from .named import REFERENCE, check_spec
from .package import ALIAS, Package
from .program.hooks import Hooks, asked_hooks
from .program.subject import ProgramSubject
from .subject import Factory, Subject


def resolve(spec: str, hooks: Hooks | None = None) -> Subject:
    """The subject of that name. ``hooks``: whether a program is heard, where it is not the choice
    of the command.

    Raises BadInput or KitBroke. Call it where the seam is installed: it may import.
    """
    return _resolved(spec, hooks or asked_hooks())


@lru_cache(maxsize=256)
def _resolved(spec: str, hooks: Hooks) -> Subject:
    check_spec(spec)
    kind, _, rest = spec.partition(":")
    if kind == "cmd":
        return ProgramSubject(spec, hooks)
    if kind == "py":
        module, _, factory = rest.partition(":")
        return Subject(spec, lambda: _imported(spec, module, factory), module)
    if kind == "linux-agent":
        code = agent_code(find_agent(rest))
        return Subject(kind, lambda: LinuxAgentFactory(code))
    if kind == "dir":
        with users_mistakes(spec):
            package = Package(Path(rest).resolve())
        return Subject(spec, lambda: _copied(spec, package), ALIAS)
    try:
        package = Package(REFERENCE, [mutants()[rest].edit] if kind == "mutant" else [], inert=True)
    except SyntaxError as error:
        raise KitBroke(f"{error.filename} does not compile: {error}") from None
    return Subject(spec, lambda: _build_of(spec, package.load()), ALIAS)


def _copied(spec: str, package: Package) -> Factory:
    """The factory of a copy, whose code may be anybody's."""
    with users_mistakes(spec, "cannot be imported: "):
        module = package.load()
    return _build_of(spec, module)


def _build_of(spec: str, module: ModuleType) -> Factory:
    build = getattr(module, "build", None)
    if build is None:
        raise BadInput(f"{spec}: the package has no build()", where="--collector")
    factory: Factory = build
    return factory


def _imported(spec: str, module: str, name: str) -> Factory:
    """The factory from a module imported anew, its whole top-level package with it."""
    top = module.partition(".")[0]
    for known in [known for known in sys.modules if known == top or known.startswith(top + ".")]:
        if top not in sys.stdlib_module_names and not is_kit(known):
            del sys.modules[known]
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise mistake(error, spec, f"cannot import {module}: ") from error
        hint = f"looked in {safe(near(str(Path.cwd())))} and where this Python looks"
        raise BadInput(f"cannot import {module}: no module is named {error.name!r}", where=spec, hint=hint) from None
    except BaseException as error:
        if is_interrupt(error):
            raise
        raise mistake(error, spec, f"cannot import {module}: ") from error
    with users_mistakes(spec):  # a module may have a __getattr__ of its own
        factory = getattr(found, name, None)
    if factory is None:
        hint = did_you_mean(name, [known for known in vars(found) if not known.startswith("_")])
        raise BadInput(f"{module} has no {name!r}", where=spec, hint=hint)
    if not callable(factory):
        raise BadInput(f"{module}.{name} is not callable", where=spec)
    result: Factory = factory
    return result
