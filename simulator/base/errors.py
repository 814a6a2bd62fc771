"""The errors that a command turns into one line and an exit code.

``BadInput`` is the user's to mend (exit 4). ``KitBroke`` is ours (exit 3). Nothing else is caught
on the way out. ``BuildRefused`` never gets that far: what it says of a collector becomes a verdict.
"""

from __future__ import annotations

import difflib
import signal
from collections.abc import Callable, Iterable


class BadInput(Exception):
    """A scenario, flag, file or name that cannot be used: what, where, what was expected.

    ``below``: lines that help where the one line does not, such as the traceback of a user's
    module.
    """

    what: str
    where: str
    hint: str
    below: tuple[str, ...]

    def __init__(self, what: str, *, where: str = "", hint: str = "", below: tuple[str, ...] = ()) -> None:
        self.below = below
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.hint})" if self.hint else text

    def __reduce__(self) -> tuple[Callable[..., BadInput], tuple[str, str, str, tuple[str, ...]]]:
        """It comes whole from a worker to the parent."""
        return _remade, (self.what, self.where, self.hint, self.below)


def _remade(what: str, where: str, hint: str, below: tuple[str, ...]) -> BadInput:
    return BadInput(what, where=where, hint=hint, below=below)


class BuildRefused(Exception):
    """A collector that can be built, but not here or not so: its failure, and a verdict."""


class KitBroke(Exception):
    """The kit contradicts itself (a clause without a scenario,
    a mutant that no longer applies): never the collector's failure.
    """


def is_interrupt(error: BaseException) -> bool:
    """Whether an error is the user's Ctrl-C.

    A worker ignores SIGINT, so a KeyboardInterrupt there is raised by the collector itself.
    """
    return isinstance(error, KeyboardInterrupt) and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A hint such as ``did you mean 'flood'?``, or "" where nothing is near."""
    near = difflib.get_close_matches(given, list(dict.fromkeys(known)), n=3, cutoff=0.5)
    near = [name for name in near if not any(other.endswith(f"/{name}") for other in near)]  # a stem and its id are one
    return f"did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
