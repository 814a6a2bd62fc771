"""What ``cmd:PROGRAM ARGS`` names: the words of a program, which runs in the real world alone.

Rules: nothing is run, and no world is loaded. Who reads a report asks too.
"""

from __future__ import annotations

import os
import shlex
import shutil

from ...base import BadInput

#: How such a collector is named.
PREFIX = "cmd:"


def is_program(spec: str) -> bool:
    """Whether a collector of this name is a program."""
    return spec.startswith(PREFIX)


def world_for(spec: str, asked: str, where: str = "--world") -> str:
    """The world to run a collector in where this one is asked for.

    Raises BadInput for one that holds no program.
    """
    if not is_program(spec):
        return asked
    if asked == "fake":
        raise BadInput("a program runs in the real world", where=where, hint=f"leave {where} out")
    return "real"


def words_of(spec: str) -> list[str]:
    """The program and its arguments.

    Raises BadInput for words that cannot be told apart, or a program that is not there.
    """
    text = spec.removeprefix(PREFIX)
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadInput(f"{text!r} cannot be split into words: {error}", where="--collector") from None
    if not words or "\0" in text:
        raise BadInput(f"{spec!r} names no program", where="--collector", hint="expected cmd:PROGRAM ARGS")
    if shutil.which(words[0]) is None:
        there = os.path.exists(words[0])
        what = "cannot be executed" if there else "there is no such program"
        raise BadInput(f"{words[0]!r}: {what}", where="--collector", hint="a path, or a name on PATH")
    return words
