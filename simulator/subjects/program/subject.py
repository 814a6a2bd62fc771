"""``cmd:PROGRAM ARGS``: a collector that is a program, in any language. It is run as it stands, by no shell."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from ..subject import Factory, Subject
from . import hooks
from .conversation import Program
from .streams import Broken
from .words import words_of


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
