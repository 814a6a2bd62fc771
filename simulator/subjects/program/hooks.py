"""Whether programs' calls are heard: what was asked for, and what this machine has.

Rules: it is one choice a command, made before its workers are forked. ``try`` hears where that can
be had; what is lost otherwise is told with the reason.
"""

from __future__ import annotations

from typing import Literal, get_args

from ...base import BadInput

Hooks = Literal["require", "try", "off"]
HOOKS: tuple[Hooks, ...] = get_args(Hooks)

_asked: Hooks = "try"


def ask_for(hooks: Hooks) -> None:
    """Choose, for this process and the workers that it forks.

    Raises BadInput where what is required cannot be had.
    """
    global _asked  # noqa: PLW0603 - one choice a command
    if hooks == "require" and (why := _unsupervisable()):
        raise BadInput(
            f"a program's calls cannot be heard here: {why}",
            where="--hooks require",
            hint="--hooks try judges what can be judged without",
        )
    _asked = hooks


def asked_hooks() -> Hooks:
    """What was chosen."""
    return _asked


def unheard(hooks: Hooks | None = None) -> str:
    """Why no program's calls are heard, in words; "" where they are. ``hooks``: where others were
    chosen.
    """
    return "--hooks off" if (hooks or _asked) == "off" else _unsupervisable()


def _unsupervisable() -> str:
    from ...supervisor import unsupervisable  # noqa: PLC0415 - it takes a world, which who offers the choice may lack

    return unsupervisable()
