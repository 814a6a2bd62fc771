"""Modules that were imported before the hooks were put in place: a user's own, in a process that is
not ours alone, such as pytest's.

A collector that is named on the command line is imported anew, behind the hooks. What it uses may
have been imported long before, and so may a factory that is handed over as it is. In these modules
every function of the system that can be replaced is. ``hook_early`` gives the places of those that
cannot.
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
        "pytest_benchmark", "pytest_cov", "referencing", "rich", "rpds", "six", "sortedcontainers", "typing_extensions",
        "typing_inspection", "xdist",
    }
)  # fmt: skip


#: The package in which all of the kit lies, whatever it is called.
_KIT = __name__.partition(".")[0]


def hook_early(package: str = "") -> list[str]:
    """Hook what the user's modules hold of the system's functions.

    Returns the places that could not be, in modules of this package.
    """
    top = package.partition(".")[0]
    users = dict(_users())
    own = [module for name, module in users.items() if top and name.partition(".")[0] == top]
    rebind(*(module for module in users.values() if module not in own))
    return rebind(*own)


def is_kit(name: str) -> bool:
    """Whether a module is the kit's own; the reference collector, which lies in the same package,
    is a collector like any other.
    """
    top, _, rest = name.partition(".")
    return top == _KIT and rest.partition(".")[0] != "collector"


def _users() -> Iterator[tuple[str, types.ModuleType]]:
    for name, module in list(sys.modules.items()):
        first = name.partition(".")[0]
        if first not in _TOOLS and first not in sys.stdlib_module_names and not is_kit(name) and isinstance(module, types.ModuleType):
            yield name, module
