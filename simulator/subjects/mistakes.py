"""A mistake in the user's module is the user's: one line that says what and where in their file.

What a module does while it is imported is anything at all: it ends the process, it raises what is
no Exception. None of that is the kit's failure, and none of the kit's frames helps who mends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..base import BadInput, is_interrupt
from ..safe import near, safe
from .own_frames import told_error

_LONGEST = 400


def mistake(error: BaseException, spec: str, what: str = "") -> BadInput:
    """What is told of an error in a collector's code: ``what`` was being done, and where it
    stopped."""
    told = told_error(error)
    text = safe(told.error, _LONGEST)
    if isinstance(error, SystemExit):
        text = f"it ends the program ({text})"
    place = f" ({safe(near(told.file), _LONGEST)}, line {told.line})" if told.file else ""
    return BadInput(f"{what}{text}{place}", where=spec, below=tuple(safe(line, 1_000) for line in told.traceback))


@contextmanager
def users_mistakes(spec: str, what: str = "") -> Iterator[None]:
    """Within this the user's code runs: whatever leaves it is bad input."""
    try:
        yield
    except BadInput:
        raise
    except BaseException as error:
        if is_interrupt(error):
            raise
        raise mistake(error, spec, what) from error
