"""When and where a command runs, for its reports."""

from __future__ import annotations

import platform
import time
from datetime import UTC, datetime
from typing import Any

from ..reports import Origin


class Beginning:
    """The moment at which a command began."""

    def __init__(self) -> None:
        self._at = datetime.now(UTC).isoformat(timespec="seconds")
        self._monotonic = time.monotonic()

    def origin(self, command: str, **asked: Any) -> Origin:
        """What its reports say of it. The host's name is nobody's business."""
        system = platform.uname()
        return Origin(
            command,
            self._at,
            time.monotonic() - self._monotonic,
            f"{platform.python_implementation()} {platform.python_version()}",
            f"{system.system} {system.release} {system.machine}",
            **asked,
        )
