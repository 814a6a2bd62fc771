"""What of this room takes a world: collectors that are loaded, started and ended."""

from __future__ import annotations

from .early import hook_early
from .program.conversation import Program, signal_name
from .program.guard import adopt, descendants, end_all, usage_of
from .program.streams import Broken
from .program.subject import ProgramSubject
from .specs import resolve

__all__ = [
    "Broken",
    "Program",
    "ProgramSubject",
    "adopt",
    "descendants",
    "end_all",
    "hook_early",
    "resolve",
    "signal_name",
    "usage_of",
]
