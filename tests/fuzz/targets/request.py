"""Requests to the collector's program: each line is answered, or told as an error, and ends it.
"""

from __future__ import annotations

import io
import json
import os
import tempfile

from etp_kit.collector.program.protocol import converse

_KINDS = {"hello", "started", "done", "event", "refused", "flush", "notice", "error"}


def check(data: bytes) -> None:
    """Directories that a request names are none: ``start`` builds, and a pass finds nothing."""
    if b"log_dir" in data or b"agent_events_dir" in data:
        data = data.replace(b"/", b"").replace(b"\\u002f", b"").replace(b"\\u002F", b"").replace(b"..", b"")
    with tempfile.TemporaryFile() as answers, _empty_directory():
        code = converse(io.BytesIO(data), answers.fileno())
        answers.seek(0)
        told = [json.loads(line) for line in answers]
    assert {message["type"] for message in told} <= _KINDS
    assert [message for message in told if message["type"] == "error"] == [] if code == 0 else code == 1


class _empty_directory:  # noqa: N801 - it is used as a function
    """The working directory meanwhile: relative paths of requests lie in it."""

    def __enter__(self) -> None:
        self._before = os.open(".", os.O_RDONLY)
        self._place = tempfile.TemporaryDirectory()
        os.chdir(self._place.name)

    def __exit__(self, *_: object) -> None:
        os.fchdir(self._before)
        os.close(self._before)
        self._place.cleanup()
