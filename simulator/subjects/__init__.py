"""Subjects: collectors under test, however they are plugged in.

``resolve(spec)`` is the door: ``reference``, ``py:package.module:factory``, ``cmd:PROGRAM ARGS``, ``mutant:NAME``, ``dir:PATH`` (a vendored copy).
"""

from simulator.subjects.program import is_program, world_for
from simulator.subjects.resolve import check_spec, resolve
from simulator.subjects.subject import Subject

__all__ = ["Subject", "check_spec", "is_program", "resolve", "world_for"]
