"""``cmd:PROGRAM ARGS``: a collector that is a program, in any language. It is run as it stands, by no shell."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from ...base import BadInput
from ..subject import Factory, Subject
from . import hooks
from .conversation import Program
from .streams import Broken

#: How such a collector is named.
PREFIX = "cmd:"


def is_program(spec: str) -> bool:
    """Whether a collector of this name is a program."""
    return spec.startswith(PREFIX)


def world_for(spec: str, asked: str, where: str = "--world") -> str:
    """The world to run a collector in where this one is asked for. Raises BadInput for one that holds no program."""
    if not is_program(spec):
        return asked
    if asked == "fake":
        raise BadInput("a program runs in the real world", where=where, hint=f"leave {where} out")
    return "real"


def words_of(spec: str) -> list[str]:
    """The program and its arguments. Raises BadInput for words that cannot be told apart, or a program that is not there."""
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


class ProgramSubject(Subject):
    """A program, started anew for each run; the one that was asked for its capabilities serves the first."""

    def __init__(self, spec: str, asked: hooks.Hooks | None = None) -> None:
        super().__init__(spec, self._greeted)
        self._words = words_of(spec)
        self._hooks = asked
        self._waiting: tuple[Program, str | None] | None = None

    @property
    def is_heard(self) -> bool:
        """Whether each of its calls is heard."""
        return not self.unheard

    @property
    def unheard(self) -> str:
        """Why they are not, in words; "" where they are."""
        return hooks.unheard(self._hooks)

    @cached_property
    def capabilities(self) -> Mapping[str, Any]:
        """What it declares. Raises BadInput for what cannot be run, Broken for one that does not answer."""
        program = self._new()
        self._waiting = program, os.environ.get("TZ")
        return program.capabilities

    def _greeted(self) -> Factory:
        """A running program that has said hello."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            program, zone = waiting
            if zone == os.environ.get("TZ"):
                return cast(Factory, program)
            program.close()
        return cast(Factory, self._new())

    def _new(self) -> Program:
        program = Program(self._words, heard=self.is_heard)
        try:
            program.hello()
        except Broken as broken:
            broken.log = tuple(program.log.take(last=True))
            program.close()
            raise
        except BaseException:
            program.close()
            raise
        return program
