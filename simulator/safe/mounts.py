"""Which mount a descriptor leads to: the device alone does not tell a bind mount of the same file
system.
"""

from __future__ import annotations

import errno
import os
import re

#: Bytes that the kernel tells of a directory's descriptor, and a margin: it is a hundred.
_MOST = 4096
_MOUNT = re.compile(rb"^mnt_id:\s*([0-9]+)$", re.MULTILINE)


def mount_of(descriptor: int) -> str:
    """The mount that a descriptor leads to. Raises OSError where the kernel does not tell it."""
    told = os.open(f"/proc/self/fdinfo/{descriptor}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = _MOUNT.search(os.read(told, _MOST))
    finally:
        os.close(told)
    if found:
        return found[1].decode("ascii")
    raise OSError(errno.ENOSYS, "the kernel does not tell mounts apart")
