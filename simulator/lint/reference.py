"""The reference collector's own modules, for those who ask what it would do.

By path and under a name of its own, because another ``collector`` may be importable; never through the loader of subjects, which loads afresh and
forgets: these modules stay, and their classes can be derived from.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from ..base import KitBroke
from ..subjects import REFERENCE

if TYPE_CHECKING:
    from ..collector import (
        agent,
        agentsweep,
        config,
        directory,
        errors,
        event,
        extension,
        listing,
        outlet,
        part,
        reader,
        redact,
        report,
        sweep,
        telemetry,
        text,
    )
else:
    _ALIAS = "etp_lint_reference"

    def _loaded() -> ModuleType:
        spec = importlib.util.spec_from_file_location(_ALIAS, REFERENCE / "__init__.py", submodule_search_locations=[str(REFERENCE)])
        if spec is None or spec.loader is None or not (REFERENCE / "__init__.py").is_file():
            raise KitBroke(f"the reference collector is not at {REFERENCE}")
        package = importlib.util.module_from_spec(spec)
        sys.modules[_ALIAS] = package
        spec.loader.exec_module(package)
        return package

    _loaded()

    def _module(name: str) -> ModuleType:
        return importlib.import_module(f"{_ALIAS}.{name}")

    agent, agentsweep, config, directory = _module("agent"), _module("agentsweep"), _module("config"), _module("directory")
    errors, event, extension, listing = _module("errors"), _module("event"), _module("extension"), _module("listing")
    outlet, part, reader, redact = _module("outlet"), _module("part"), _module("reader"), _module("redact")
    report, sweep, telemetry, text = _module("report"), _module("sweep"), _module("telemetry"), _module("text")

__all__ = [
    "agent", "agentsweep", "config", "directory", "errors", "event", "extension", "listing", "outlet", "part", "reader", "redact",
    "report", "sweep", "telemetry", "text",
]  # fmt: skip
