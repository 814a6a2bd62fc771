"""What a default installation leaves out: who only lints, validates and reads reports installs no
fake file system.

Who runs something without what that takes is told in one line what is missing, and how to have it.
"""

from __future__ import annotations

from .errors import BadInput

#: Packages of the extra ``run``; a test holds them to pyproject.toml.
OF_RUNS = frozenset({"psutil", "pyfakefs"})
INSTALL = "pip install 'etp-kit[run]'"


def missing_extra(error: ModuleNotFoundError, who: str) -> BadInput | None:
    """What to tell whoever needs a module that is in the extra; None of any other module."""
    package = (error.name or "").partition(".")[0]
    if package not in OF_RUNS:
        return None
    return BadInput(f"{who} needs {package}, which is not installed", hint=INSTALL)
