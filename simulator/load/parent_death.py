"""What ties a child to its parent:
when the parent dies, however it dies, the kernel kills the child (prctl(2), PR_SET_PDEATHSIG).

``python parent_death.py PARENT PROGRAM ARGUMENT...`` becomes that program, tied;
the tie survives execve(2) of a program that is not set-uid.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def tie(parent: int) -> None:
    """Tie this process to the one of that id, which made it.
    Ends it at once where that has died already.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt() -> None:
    """Become the parent of every descendant that outlives its own,
    so that none can get away (prctl(2), PR_SET_CHILD_SUBREAPER).
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def main(arguments: list[str]) -> int:
    parent, *command = arguments
    tie(int(parent))
    try:
        os.execvp(command[0], command)  # noqa: S606 - the program that the user names
    except OSError as error:
        print(f"{command[0]}: cannot be run: {error.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
