"""The seam at the kernel: every file-system call of a program, by seccomp user notification
(docs/adr/0023-seam-at-the-kernel.md).

``machines``, ``calls`` and ``filter`` are tables and what is made of them. ``native`` has the calls
that Python lacks. ``places``, ``request``, ``transfers``, ``listings`` and ``file_calls`` make
sense of a call and carry it out. ``family`` knows the threads, ``processor`` where they run,
``waits`` and ``vdso`` the time. ``supervisor`` answers, ``start`` begins it all.

May import: world, core and below.
"""

from .listener import Listener
from .start import clock_is_had, come_under, filter_code, listener_from, unsupervisable
from .supervisor import Supervisor

__all__ = ["Listener", "Supervisor", "clock_is_had", "come_under", "filter_code", "listener_from", "unsupervisable"]
