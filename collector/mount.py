"""Whether a directory lies in another mount than the log dir (discover.mount).

Whatever is mounted in place of an events dir is somebody else's: a pass would read and remove it. A
device of its own tells most mounts. A directory of the same file system that is mounted there has
the same device. Where there is /proc, the number of the mount tells it.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .directory import Directory

_ENOUGH = 1024  # bytes: what the kernel tells of a descriptor of a directory, ten times over


def is_elsewhere(directory: "Directory", log_dir: "Directory") -> bool:
    """Whether the directory does not lie in the mount of the log dir."""
    if directory.status.st_dev != log_dir.status.st_dev:
        return True
    if log_dir.mount is None:
        log_dir.mount = _mount(log_dir.fd)
    return bool(log_dir.mount) and _mount(directory.fd) not in (b"", log_dir.mount)


def _mount(fd: int) -> bytes:
    """The line that names the mount; empty where it cannot be told."""
    try:
        about = os.open(f"/proc/self/fdinfo/{fd}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        lines = os.read(about, _ENOUGH).splitlines()
    except OSError:
        return b""
    finally:
        os.close(about)
    return b"".join(line for line in lines if line.startswith(b"mnt_id:"))
