"""Reports of real runs, made by the build: a page that is shown is never older than the kit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

#: File below runs/ -> the run whose report it is, and how the run ends.
RUNS: Final = {
    "flood": ("run quota/flood", 0),
    "quota-raised": ("run quota/quota-exact --collector mutant:quota-raised", 1),
    "isolate": ("conform --clause isolate.extension --scenario isolate/turns --world fake", 0),
}


def make(app: Sphinx) -> None:
    """Write each report as HTML. Raises ExtensionError for a run that ends otherwise."""
    if app.builder.name != "html":
        return
    place = Path(app.outdir) / "runs"
    place.mkdir(parents=True, exist_ok=True)
    for name, (words, code) in RUNS.items():
        command = [sys.executable, "-m", "etp_kit", *words.split(), "--report", f"html={name}.html"]
        done = subprocess.run(  # noqa: S603 - this kit's own command, by words that stand above
            command, cwd=place, capture_output=True, text=True, timeout=600, check=False
        )
        if done.returncode != code:
            told = f"{done.stdout}{done.stderr}"
            raise ExtensionError(f"`simulate {words}` ended with {done.returncode}, {code} is expected\n{told}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx's door."""
    app.connect("builder-inited", make)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
