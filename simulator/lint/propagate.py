"""A pass lets no error out of a directory (isolate.extension).
An error of lint's own must get out all the same: it is no directory's fault.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from .reference import errors

T = TypeVar("T", bound=type)

_STAGES = ("turn", "discard_rest", "retry", "give_up", "clean")


class Escaped(BaseException):
    """Carries an error through a pass."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__(error)


def carried(function: Callable[..., Any], *through: type[Exception]) -> Callable[..., Any]:
    """The function, whose errors but those of ``through`` reach the one who started the pass."""

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except through:
            raise
        except Exception as error:
            raise Escaped(error) from error

    return call


def candid(inbox: T) -> T:
    """An inbox whose errors, but for the kernel's and a stop, get out of its part."""
    for stage in _STAGES:
        if hasattr(inbox, stage):
            setattr(inbox, stage, carried(getattr(inbox, stage), errors.Stopped, OSError))
    return inbox
