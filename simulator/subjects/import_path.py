"""Where collectors named ``py:`` are looked for: last of all, in the directory that the user stands
in.

The rule: the directory is looked into only where such a collector is named, and after everything
that is installed. So nothing that happens to lie there is imported in the place of something else.
"""

from __future__ import annotations

import sys
from pathlib import Path


def look_in(directory: Path, spec: str) -> None:
    """Have the modules of this directory found, if the collector is one of Python's by name."""
    if spec.startswith("py:") and str(directory) not in sys.path:
        sys.path.append(str(directory))
