"""File-system calls: recorded, and acted at.

`Hang` and `Crash` are BaseExceptions, because a collector contains every Exception.
"""

import contextlib
import itertools
import os
from collections import defaultdict


class Hang(BaseException):
    """The subject blocked: raised by the watchdog through whatever the subject contains."""


class Crash(BaseException):
    """The process died here: every later file-system call raises it again, as no `finally` runs
    after SIGKILL.
    """


class Calls:
    """Every file-system call through `os`, in order. `before` and `after` may act at a call: they
    get its number (from 0), the function's name and the base name of its path (or of the file
    behind its descriptor).
    """

    NAMES = ("open", "close", "read", "stat", "lstat", "fstat", "listdir", "scandir", "unlink", "remove", "rmdir")
    WRITERS = ("mkdir", "rename", "replace", "link", "symlink", "chmod", "utime", "truncate")

    def __init__(self, monkeypatch):
        self.log = []
        self.before = None
        self.after = None
        self.bytes_read = defaultdict(int)
        self.names = {}
        self.quiet = True
        for name in self.NAMES + self.WRITERS:
            monkeypatch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name, real):
        def call(*args, **kwargs):
            if self.quiet:
                return real(*args, **kwargs)
            number = len(self.log)
            base = self._base(args[0] if args else kwargs.get("path"))
            self.log.append((name, base, args, kwargs))
            self._act(self.before, number, name, base)
            result = real(*args, **kwargs)
            if name == "open":
                self.names[result] = base
            elif name == "read":
                self.bytes_read[base] += len(result)
            self._act(self.after, number, name, base)
            return result

        return call

    def _base(self, path):
        if isinstance(path, int):
            return self.names.get(path, "")
        return os.path.basename(os.fsdecode(path)) if path is not None else ""

    def _act(self, action, *call):
        if action is not None:
            with self.ignored():
                action(*call)

    @contextlib.contextmanager
    def ignored(self):
        """The test's own calls are not the subject's."""
        quiet, self.quiet = self.quiet, True
        try:
            yield
        finally:
            self.quiet = quiet

    @contextlib.contextmanager
    def watched(self):
        self.log.clear()
        self.bytes_read.clear()
        self.quiet = False
        try:
            yield self
        finally:
            self.quiet = True
            self.before = self.after = None

    def of(self, *names):
        return [call for call in self.log if call[0] in names]

    def opened(self, base):
        return [call for call in self.log if call[0] == "open" and call[1] == base]


class At:
    """One call number; `then(act)` makes the `before` or `after` of `Calls` that acts there and
    nowhere else.
    """

    def __init__(self, number):
        self.number = number
        self.reached = False

    def then(self, act):
        def action(number, _name, _base):
            if number == self.number:
                self.reached = True
                act()

        return action


def every_call(scene):
    """Plays `scene(at)` for every file-system call that it makes: the scene builds its world anew,
    uses `at.then` once, makes its pass and judges it. Returns how many calls there were.
    """
    for number in itertools.count():
        at = At(number)
        scene(at)
        if not at.reached:
            assert number > 5, "the scene made hardly any call: nothing was tested"
            return number
    raise AssertionError("unreachable")
