"""Where a report goes: opened before anything runs, written whole or not at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from ..base import BadInput, did_you_mean
from ..judging import ScenarioVerdict
from .junit import junit
from .markdown import markdown
from .sarif import sarif

FORMATS = ("json", "ndjson", "junit", "markdown", "html", "sarif")


@dataclass(frozen=True)
class Destination:
    """Where one report goes; ``stream`` is open."""

    format: str
    path: str
    stream: TextIO

    def write(self, report: dict[str, Any], results: Sequence[ScenarioVerdict]) -> None:
        if self.format == "ndjson":
            for result in results:
                self.stream.writelines(line + "\n" for line in result.lines)
        else:
            self.stream.write(_RENDERED[self.format](report))
        self.finish()

    def finish(self) -> None:
        """The report is whole: put it in its place."""
        self.stream.flush()
        if self.path != "-":
            self.stream.close()
            os.replace(self.path + ".part", self.path)

    def abandon(self) -> None:
        """Leave nothing half written."""
        if self.path != "-" and not self.stream.closed:
            self.stream.close()
            Path(self.path + ".part").unlink(missing_ok=True)


def open_destination(option: str, formats: Sequence[str] = FORMATS) -> Destination:
    """The destination of ``FORMAT=PATH``. Raises BadInput."""
    name, separator, path = option.partition("=")
    if not separator or not path:
        raise BadInput(f"{option!r} is not FORMAT=PATH", where="--report", hint=f"formats: {', '.join(formats)}")
    if name not in formats:
        raise BadInput(
            f"unknown report format {name!r}",
            where="--report",
            hint=did_you_mean(name, formats) or f"formats: {', '.join(formats)}",
        )
    if path == "-":
        return Destination(name, path, sys.stdout)
    if Path(path).is_dir():
        raise BadInput("is a directory, a file is expected", where=f"--report {name}={path}")
    try:
        stream = Path(path + ".part").open("w", encoding="utf-8")  # noqa: SIM115 - closed by write() or abandon()
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=f"--report {name}={path}") from None
    return Destination(name, path, stream)


def _as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def _as_html(report: dict[str, Any]) -> str:
    from .html import html  # noqa: PLC0415 - its template engine is loaded where a page is asked for

    return html(report)


_RENDERED: dict[str, Callable[[dict[str, Any]], str]] = {
    "json": _as_json, "junit": junit, "markdown": markdown, "html": _as_html, "sarif": sarif,
}  # fmt: skip
