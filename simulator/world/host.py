"""The host's own settings that a collector could depend on: its time zone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def host_in(timezone: str) -> Iterator[None]:
    """The host is in this time zone meanwhile; "" leaves it where it is."""
    if not timezone:
        yield
        return
    before = os.environ.get("TZ")
    os.environ["TZ"] = timezone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
