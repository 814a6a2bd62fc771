"""Collectors under test, however they are plugged in, and what they say.

``resolve(spec)`` takes ``reference``, ``py:package.module:factory``, ``cmd:PROGRAM ARGS``,
``mutant:NAME``, ``dir:PATH`` (a vendored copy) and ``linux-agent[:DIR]``.

May import: supervisor, world, core and below; pydantic.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .embedding import host_settings
from .first_collector import first_languages, write_first
from .handed_events import event_values, pair, plain
from .import_path import look_in
from .made_of import collector_files
from .mistakes import mistake
from .named import REFERENCE, check_spec
from .notices import read_emitted, read_report
from .own_frames import is_kits, is_own, told_error, told_place
from .package import Package
from .program import messages
from .program.hooks import HOOKS, Hooks, ask_for, asked_hooks, unheard
from .program.messages import Script, message_schema
from .program.words import is_program, words_of, world_for
from .sbom import bill_of
from .subject import Collector, Factory, Subject, capabilities_of
from .vendored import Copy, vendor, verify_copy

if TYPE_CHECKING:
    from .running import (
        Broken,
        Program,
        ProgramSubject,
        adopt,
        descendants,
        end_all,
        hook_early,
        resolve,
        signal_name,
        usage_of,
    )

__all__ = [
    "HOOKS",
    "REFERENCE",
    "Broken",
    "Collector",
    "Copy",
    "Factory",
    "Hooks",
    "Package",
    "Program",
    "ProgramSubject",
    "Script",
    "Subject",
    "adopt",
    "ask_for",
    "asked_hooks",
    "bill_of",
    "capabilities_of",
    "check_spec",
    "collector_files",
    "descendants",
    "end_all",
    "event_values",
    "first_languages",
    "hook_early",
    "host_settings",
    "is_kits",
    "is_own",
    "is_program",
    "look_in",
    "message_schema",
    "messages",
    "mistake",
    "pair",
    "plain",
    "read_emitted",
    "read_report",
    "resolve",
    "signal_name",
    "told_error",
    "told_place",
    "unheard",
    "usage_of",
    "vendor",
    "verify_copy",
    "words_of",
    "world_for",
    "write_first",
]


def __getattr__(name: str) -> object:
    """What takes a world, which not every installation has: reports name collectors without one."""
    if name in __all__:
        return getattr(import_module(".running", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
