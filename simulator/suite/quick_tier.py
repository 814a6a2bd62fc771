"""The quick tier: for each clause one scenario, as short as one that fails a mutant of the clause.

Which one stands in ``quick.toml``. It is for the loop between two changes of a line; what it passes
may still fail the whole suite.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def quick_tier() -> dict[str, str]:
    """clause -> its scenario; clauses that are left out are not in it."""
    return dict(_data()["scenarios"])


@cache
def left_out() -> dict[str, str]:
    """clause -> why the quick tier leaves it out."""
    return dict(_data()["left_out"])


@cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("quick.toml").read_text(encoding="utf-8"))
