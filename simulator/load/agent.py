"""The agent of a load, where the load runs it: a child process whose standard output is the sink.

``simulator.load.collector_process`` runs a collector of ``--collector``. ``cmd:PROGRAM ARGUMENTS``
is any program that makes its own passes: ``{log_dir}`` in its arguments, and ``ETP_LOG_DIR`` in its
environment, is the directory.

Rules: the child is tied to this process and cannot outlive it. It has a session of its own,
and its whole group is ended. What it prints is read as fast as it comes, in bounded memory.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from ..safe import safe
from ..subjects import is_program, words_of
from . import parent_death as leash
from .sink import Lines

#: The last lines of its standard error that a report shows.
_TOLD = 20
_PORTION = 1 << 18
#: Seconds that the kernel may take to end a killed process.
_REAPED = 5.0
#: Bytes that the agent may be ahead of our reading,
#: so that it does not wait for us to be scheduled (pipe(7)).
_PIPE = 1 << 20


def command_of(spec: str, log_dir: Path, agent_events_dir: str, settings: Mapping[str, Any]) -> list[str]:
    """The program and its arguments. Raises BadInput."""
    if not is_program(spec):
        given = [spec, str(log_dir), agent_events_dir, json.dumps(dict(settings))]
        # -P: nothing that happens to lie in the working directory
        # is imported in the place of the kit or a library.
        return [sys.executable, "-P", "-m", "etp_kit.simulator.load.collector_process", str(os.getpid()), *given]
    # By its path, isolated: the program finds its own modules and none of the kit's.
    tied = [sys.executable, "-I", leash.__file__, str(os.getpid())]
    return [*tied, *(word.replace("{log_dir}", str(log_dir)) for word in words_of(spec))]


class Agent:
    """A running child. ``errors``: the last lines of its standard error."""

    def __init__(self, command: list[str], log_dir: Path) -> None:
        others = frozenset(child.pid for child in psutil.Process().children(recursive=True))
        leash.adopt()
        self._child = subprocess.Popen(  # noqa: S603 - the user's own choice of collector
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "ETP_LOG_DIR": str(log_dir)},
        )  # fmt: skip
        self._others = others
        assert self._child.stdout is not None
        assert self._child.stderr is not None
        self.stdout: int = self._child.stdout.fileno()
        self.stderr: int = self._child.stderr.fileno()
        for descriptor in (self.stdout, self.stderr):
            os.set_blocking(descriptor, False)
        with contextlib.suppress(OSError):  # an unprivileged user may be refused it; then the agent waits for us more often
            fcntl.fcntl(self.stdout, fcntl.F_SETPIPE_SZ, _PIPE)
        self.pid = self._child.pid
        self.errors: deque[str] = deque(maxlen=_TOLD)
        self._lines = Lines()

    def hear(self) -> bool:
        """Read what its standard error has; False once that is at its end."""
        data = read(self.stderr)
        while data:
            self.errors.extend(safe(line.decode("utf-8", "replace"), 400) for line in self._lines.feed(data) if line.strip())
            data = read(self.stderr) if len(data) == _PORTION else None
        return data != b""

    def poll(self) -> int | None:
        """Its exit code, once it ended."""
        return self._child.poll()

    def stop(self) -> None:
        """Ask it to end."""
        with contextlib.suppress(ProcessLookupError):
            self._child.terminate()

    def kill(self) -> None:
        """End it, its process group, and all that it started,
        even what has left the group: that has become our child.
        """
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for child in psutil.Process().children(recursive=True):
            if child.pid not in self._others:
                with contextlib.suppress(psutil.Error):
                    child.kill()
                    child.wait(_REAPED)

    def close(self) -> None:
        self.kill()
        for stream in (self._child.stdout, self._child.stderr):
            if stream is not None:
                stream.close()


def read(descriptor: int) -> bytes | None:
    """What can be read at once: b"" at the end, None for nothing yet."""
    try:
        return os.read(descriptor, _PORTION)
    except BlockingIOError:
        return None
    except OSError:
        return b""
