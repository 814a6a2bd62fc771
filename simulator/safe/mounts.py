"""Which mount a descriptor leads to: the device alone does not tell a bind mount of the same file
system.
"""

from __future__ import annotations

import errno
import re

_MOUNT = re.compile(rb"^mnt_id:\s*([0-9]+)$", re.MULTILINE)


def mount_of(descriptor: int) -> str:
    """The mount that a descriptor leads to. Raises OSError where the kernel does not tell it."""
    with open(f"/proc/self/fdinfo/{descriptor}", "rb", buffering=0) as told:
        found = _MOUNT.search(told.read())
    if found:
        return found[1].decode("ascii")
    raise OSError(errno.ENOSYS, "the kernel does not tell mounts apart")
