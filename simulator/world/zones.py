"""The data of time zones belongs to the system and holds no events:

``zoneinfo`` reads it as it stands on disk, in either world and unseen.
"""

from __future__ import annotations

import os
import types
import zoneinfo
from importlib import import_module
from typing import Any

from .hooks import unseen


class _Path:
    """``os.path``, of the system whatever the world is."""

    isfile = staticmethod(unseen(os.path.isfile))

    def __getattr__(self, name: str) -> Any:
        return getattr(os.path, name)


class _Os:
    """``os``, for the one module that looks for files of zones."""

    path = _Path()

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def install() -> None:
    """Have ``zoneinfo`` find and read its data past the seam, once a process.

    It was imported above, and so opens files by the real ``open``.
    """
    finding: Any = import_module("zoneinfo._tzpath")
    loading: Any = import_module("zoneinfo._common")
    if isinstance(finding.os, types.ModuleType):
        finding.os = _Os()
        finding.available_timezones = zoneinfo.available_timezones = unseen(zoneinfo.available_timezones)
        loading.load_tzdata = unseen(loading.load_tzdata)
