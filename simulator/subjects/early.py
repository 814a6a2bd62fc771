"""Modules that were imported before the hooks were put in place: a user's own, in a process that is not ours alone, such as pytest's.

A collector that is named on the command line is imported anew, behind the hooks; what it leans on may have been imported long before, and so may a factory
that is handed over as it is. In them every function of the system that can be replaced is; of what cannot, ``hook_early`` tells the places.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator

from ..world import rebind

#: No collector's: the kit, what it is made of, and what runs tests. To look at them as well would only cost time.
_TOOLS = frozenset(
    {
        "_pytest", "_virtualenv", "annotated_types", "attr", "attrs", "click", "coverage", "dateutil", "execnet", "faker", "freezegun", "hypothesis",
        "iniconfig", "jsonschema", "markdown_it", "mdurl", "packaging", "pluggy", "pydantic", "pydantic_core", "pyfakefs", "pygments", "pytest",
        "pytest_benchmark", "pytest_cov", "referencing", "rich", "rpds", "simulator", "six", "sortedcontainers", "typing_extensions",
        "typing_inspection", "xdist",
    }
)  # fmt: skip


def hook_early(package: str = "") -> list[str]:
    """Hook what the user's modules hold of the system's functions. Returns the places that could not be, in modules of this package."""
    top = package.partition(".")[0]
    left: list[str] = []
    for name, module in _users():
        places = rebind(module)
        if top and name.partition(".")[0] == top:
            left += places
    return left


def _users() -> Iterator[tuple[str, types.ModuleType]]:
    for name, module in list(sys.modules.items()):
        first = name.partition(".")[0]
        if first not in _TOOLS and first not in sys.stdlib_module_names and isinstance(module, types.ModuleType):
            yield name, module
