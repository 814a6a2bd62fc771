"""Which mount a descriptor leads to: the device alone does not tell a bind mount of the same file
system.
"""

from __future__ import annotations

import errno


def mount_of(descriptor: int) -> str:
    """The mount that a descriptor leads to. Raises OSError where the kernel does not tell it."""
    with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as told:
        for line in told:
            if line.startswith("mnt_id:"):
                return line
    raise OSError(errno.ENOSYS, "the kernel does not tell mounts apart")
