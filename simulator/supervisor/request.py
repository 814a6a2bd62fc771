"""One call of a program on its way: its arguments made ours, and what it gave carried back.

Rules: a call in the world is made by us on the program's behalf, with copies of its descriptors and
bytes. So it has exactly one result, which is known, and nothing can change between look and leap.
"""

from __future__ import annotations

import ctypes
import os
import re
import stat

from .calls import AT_FDCWD, FORMS, Form, label_of, signed
from .machines import Machine
from .native import Notification, carry_back, read_memory, read_text, system_call
from .places import Place, Places

_EFAULT = 14


#: Labels of calls from one descriptor to another.
_BOTH_ENDS = frozenset({"sendfile", "copy_file_range", "splice"})


class Request:
    """A notification made sense of.

    Raises OSError for what the kernel would refuse at once (an address that is none).
    """

    def __init__(self, machine: Machine, places: Places, process: int, notification: Notification) -> None:
        self._machine = machine
        self._places = places
        self.process = process
        self.name = machine.names[notification.number]
        self.form: Form = FORMS[self.name]
        self.args = notification.args
        self.label = label_of(self.name, self.args) if self.form.way == "" else self.form.label
        self.held: list[int] = []
        #: The places of its paths, in their order, and what its descriptors in the world are
        #: called.
        self.found: list[Place] = []
        self.descriptors: dict[int, str] = {}
        self._used = 0
        #: What is carried back: where to, from where, how much at most, and whether the result says
        #: how much.
        self._back: list[tuple[int, int, int, bool]] = []
        self._look()
        #: Whether it touches the world, and its path as the history tells it.
        self.is_inside = bool(self.descriptors)
        for place in self.found:
            self.is_inside = self.is_inside or place.inside
        self.told = self._path() if self.is_inside else ""

    def _look(self) -> None:
        directory = AT_FDCWD
        for at, kind in self.form.looked_at:
            if kind == "d":
                directory = self.args[at]
            elif kind == "p":
                text = read_text(self.process, self.args[at]) if self.args[at] else b""
                self.found.append(self._places.of_path(self.process, directory, text, self.held))
                directory = AT_FDCWD
            else:
                told = self._places.of_descriptor(self.process, signed(self.args[at]))
                if told is not None:
                    self.descriptors[at] = told

    def _path(self) -> str:
        """Its path as the history tells it."""
        if len(self.found) == 1:
            return self.found[0].told
        if self.form.label in _BOTH_ENDS:
            told = [self.descriptors.get(at, "?") for at, kind in enumerate(self.form.kinds) if kind == "f"]
            if self.name == "sendfile":
                told.reverse()
            return " -> ".join(told)
        if not self.found and len(self.descriptors) == 1:
            return next(iter(self.descriptors.values()))
        return " -> ".join([place.told for place in self.found] or self.descriptors.values())

    @property
    def outside(self) -> list[str]:
        """The paths of it that lead out of the world."""
        return [place.told for place in self.found if not place.inside]

    def copy(self, at: int = 0) -> int:
        """Our own copy of the descriptor that is this argument."""
        known = self._places.kept(self.process, signed(self.args[at]))
        if known is not None:
            return known.ours
        ours = self._places.copy(self.process, signed(self.args[at]))
        self.held.append(ours)
        return ours

    def kind(self, at: int = 0) -> int:
        """The kind of file (stat.S_IFMT) behind the descriptor that is this argument."""
        known = self._places.kept(self.process, signed(self.args[at]))
        return stat.S_IFMT(os.fstat(self.copy(at)).st_mode) if known is None else known.kind

    def release(self) -> None:
        for descriptor in self.held:
            try:
                os.close(descriptor)
            except OSError:
                continue
        self.held.clear()

    def carry_out(self) -> int:
        """Make the call as its arguments say. Gives its result; raises OSError."""
        given: list[int] = []
        places = iter(self.found)
        place: Place | None = None
        for at, kind in enumerate(self.form.kinds):
            if kind in {"d", "p"}:
                place = place or next(places)
                given.append(place.directory if kind == "d" else self._text(place.path) if self.args[at] else 0)
                place = place if kind == "d" else None
            else:
                given.append(self._given(at, kind, self.args[at]))
        number = self._machine.numbers[self.name]
        result = _unmasked(number, given) if "m" in self.form.kinds else system_call(number, *given)
        for address, ours, length, by_result in self._back:
            if length := min(result, length) if by_result else length:
                carry_back(self.process, address, ours, length)
        return result

    def _given(self, at: int, kind: str, value: int) -> int:
        """An argument as our own call takes it."""
        if kind == "f":
            return self.copy(at)
        if kind == "s":
            return self._text(read_text(self.process, value))
        if kind == "m":
            return value & ~umask_of(self.process)
        if kind == "n":
            return min(value, _MOST)
        if kind == "i" or not value:
            return value
        length = (
            self._machine.stat_size if kind == "S" else int(kind[1:]) if kind[1:] else min(self.args[at + 1], _MOST)
        )
        if kind[0] in "S>r":
            ours = self._room(length)
            self._back.append((value, ours, length, kind == "r"))
            return ours
        data = read_memory(self.process, value, length) if length else b""
        if len(data) != length:
            raise OSError(_EFAULT, os.strerror(_EFAULT))
        return self._text(data)

    def _text(self, data: bytes) -> int:
        """The address of a copy of ours that ends with a zero byte."""
        ours = self._room(len(data) + 1)
        ctypes.memmove(ours, data, len(data) + 1)
        return ours

    def _room(self, length: int) -> int:
        """The address of so many bytes of ours, till the call is made."""
        address = _SCRATCH_AT + self._used
        self._used += length + 7 & ~7
        return address


#: Bytes of a buffer of ours: more than any name or attribute has.
_MOST = 1 << 20
#: Memory of ours for the arguments of one call: two buffers, two paths and a name at most.
_SCRATCH = ctypes.create_string_buffer(2 * _MOST + 4 * 4096)
_SCRATCH_AT = ctypes.addressof(_SCRATCH)
_UMASK = re.compile(rb"^Umask:\s*([0-7]+)", re.M)


def umask_of(process: int) -> int:
    """The file mode mask of a process (proc(5), status). Raises OSError."""
    with open(f"/proc/{process}/status", "rb") as file:
        found = _UMASK.search(file.read())
    return int(found[1], 8) if found else 0o022


def _unmasked(number: int, given: list[int]) -> int:
    """A call of ours to which our own mask does not apply: the program's has been applied."""
    before = os.umask(0)
    try:
        return system_call(number, *given)
    finally:
        os.umask(before)
