"""What the kernel tells a process of itself: asked for in silence, and nothing else is."""

from __future__ import annotations

import contextlib
import os

import pytest

from .worlds import Stage


def test_what_a_process_asks_the_kernel_about_itself_is_told_of_nobody(stage: Stage) -> None:
    with stage.entered(), contextlib.suppress(FileNotFoundError):  # the fake world has no /proc
        asked = os.open("/proc/self/fdinfo/0", os.O_RDONLY)
        assert b"mnt_id" in os.read(asked, 1_000)
        os.fstat(asked)
        os.close(asked)
        os.open("/proc/self/fdinfo/0", os.O_RDONLY)
    assert stage.seam.release() == []
    assert stage.listener.trace == []


@pytest.mark.parametrize(
    ("path", "flags"),
    [
        ("/proc/self/fdinfo/0", os.O_WRONLY),
        ("/proc/self/fdinfo/../environ", os.O_RDONLY),
        ("/proc/self/root/etc/passwd", os.O_RDONLY),
        ("/proc/self/fd/0", os.O_RDONLY),
    ],
)
def test_what_else_is_opened_below_proc_is_told(stage: Stage, path: str, flags: int) -> None:
    with stage.entered(), contextlib.suppress(OSError):
        os.close(os.open(path, flags))
    assert stage.listener.trace[0].startswith(f"open {os.path.normpath(path)}")
