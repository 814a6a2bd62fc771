"""What the users' door promises: its names and the parameters of what users call, as data.

Rules: promised.json holds the promise, a line a name. What is new is written into it by
``python -m tests.simulator.testing.promised``, which refuses to take anything out before the
version has made a breaking step: in its first number, or in its second while the first is 0.

A parameter is written as ``name``; ``name=`` may be left out; ``*name`` goes by its name alone;
``**name`` takes any.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from etp_kit.simulator import testing
from etp_kit.simulator._version import __version__

DATA = Path(__file__).with_name("promised.json")
Promise = Mapping[str, Mapping[str, Any]]

_MARKS = {inspect.Parameter.KEYWORD_ONLY: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def parameters(function: Any) -> list[str]:
    return [
        f"{_MARKS.get(one.kind, '')}{one.name}{'' if one.default is inspect.Parameter.empty else '='}"
        for one in inspect.signature(function).parameters.values()
        if one.name != "self"
    ]


def is_called(value: Any) -> bool:
    """Whether users call it themselves: values, errors and scenarios are given to them."""
    if inspect.isclass(value):
        given = issubclass(value, Exception | BaseModel | tuple) or is_dataclass(value)
        return not given and not getattr(value, "_is_protocol", False)
    return inspect.isfunction(value)


def members(kind: type) -> dict[str, list[str] | None]:
    """Public names that the kit's own classes give it: a method's parameters, None for a value."""
    own = [one for one in kind.__mro__ if one.__module__.startswith("etp_kit.")]
    names = {name for one in own for name in (*vars(one), *inspect.get_annotations(one))} - {"model_config"}
    values = {name: inspect.getattr_static(kind, name, None) for name in sorted(names)}
    return {
        name: parameters(value) if inspect.isfunction(value) else None
        for name, value in values.items()
        if name[0] != "_" or name == "__call__"
    }


def told(door: ModuleType) -> dict[str, dict[str, Any]]:
    """What a door promises now."""
    found: dict[str, dict[str, Any]] = {}
    for name in door.__all__:
        value = getattr(door, name)
        found[name] = {"parameters": parameters(value)} if is_called(value) else {}
        if inspect.isclass(value):
            found[name]["members"] = members(value)
    return found


def broken(promise: Promise, now: Promise) -> list[str]:
    """What was promised and is not kept, a line each."""
    problems = []
    for name, what in promise.items():
        if name not in now:
            problems.append(f"{name} is gone")
            continue
        problems += _changed(name, what.get("parameters"), now[name].get("parameters"))
        there = now[name].get("members", {})
        for member, taken in what.get("members", {}).items():
            if member in there:
                problems += _changed(f"{name}.{member}", taken, there[member])
            else:
                problems.append(f"{name}.{member} is gone")
    return problems


def _changed(name: str, before: list[str] | None, after: list[str] | None) -> list[str]:
    """How calls that were right are wrong now."""
    if before is None or after is None:
        return [] if before == after else [f"{name} is another kind of thing"]
    known, found = ({one.strip("*="): one for one in some} for some in (before, after))
    problems = [f"{name}: {one} is gone" for one in known if one not in found]
    problems += [
        f"{name}: {one} is required now"
        for one, how in found.items()
        if not how.endswith("=") and not how.startswith("**") and (one not in known or known[one].endswith("="))
    ]
    places, there = ([one.strip("=") for one in some if one[0] != "*"] for some in (before, after))
    return problems or ([] if there[: len(places)] == places else [f"{name}: parameters have other places"])


def is_breaking_step(before: str, after: str) -> bool:
    """Whether a version may break what the one before promised."""
    old, new = ([int(part) for part in version.split(".")] for version in (before, after))
    return new[0] > old[0] or (new[0] == old[0] == 0 and new[1] > old[1])


def read() -> dict[str, Any]:
    """``version`` and ``names`` of the promise."""
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data


def written(promise: Mapping[str, Any], now: Promise, version: str) -> str:
    """The promise of this version. ValueError where it would break the one before."""
    problems = broken(promise["names"], now)
    if problems and not is_breaking_step(promise["version"], version):
        raise ValueError("\n".join([*problems, f"promised by {promise['version']}, and this is {version}"]))
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(what)}" for name, what in sorted(now.items()))
    return f'{{"version": {json.dumps(version)}, "names": {{\n{lines}\n}}}}\n'


def main() -> int:
    try:
        text = written(read(), told(testing), __version__)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    DATA.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
