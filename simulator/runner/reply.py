"""How a worker's result comes to its parent, though foreign code ran where it was made.

Rules: a result is JSON, read by the form that was asked for; nothing of it is ever executed. The
parent gives out a number once the worker says that its work is over. It takes the result that bears
this number alone. While foreign code runs, the number is nowhere in its process. What else is
written there is the collector's doing.
"""

from __future__ import annotations

import json
import os
import secrets
import select
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

_OVER = b"?"
_NUMBER, _LENGTH = 32, 8
#: Bytes of a result: ten times those of the longest history.
MOST_RESULT = 1 << 30
_AT_ONCE = 1 << 20


def _sequence(value: Any) -> list[Any]:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} is in no result")


#: Bound before foreign code runs: what that puts in the place of ``json.dumps`` writes no result.
_encode = json.JSONEncoder(default=_sequence, check_circular=False).encode
_write, _read, _close = os.write, os.read, os.close


class Foreign(Exception):
    """What came is no result of the kit's. The text says what."""


@cache
def adapter_of(form: Any) -> TypeAdapter[Any]:
    """What writes and reads results of this type; made before the fork, for both sides."""
    return TypeAdapter(form)


def readable(descriptors: Iterable[int], seconds: float) -> list[int]:
    """Those from which something, or the end, can be read; after so many seconds at the latest."""
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(seconds * 1_000)]


class Reply:
    """The pipes of one worker. In the child and in the parent alike, before the fork."""

    def __init__(self, form: Any) -> None:
        self._adapter = adapter_of(form)
        self.descriptor, self._out = os.pipe2(os.O_CLOEXEC)
        self._asked, self._ask = os.pipe2(os.O_CLOEXEC)
        self._number = b""
        self._data = bytearray()
        self._ended = False

    # --- the child's side ---------------------------------------------------------------------------------------------

    @property
    def kept(self) -> tuple[int, int]:
        """The child's descriptors."""
        return self._out, self._asked

    def be_child(self) -> None:
        for descriptor in (self.descriptor, self._ask):
            _close(descriptor)

    def written(self, kind: str, value: Any) -> bytes:
        """Raises TypeError or ValueError for what JSON does not have."""
        if kind == "result":
            value = self._adapter.dump_python(value, warnings=False)
        return _encode([kind, value]).encode("ascii")

    def send(self, body: bytes) -> None:
        """Raises OSError where the pipes are not there any more."""
        _write(self._out, _OVER)
        number = b""
        while len(number) < _NUMBER:
            piece = _read(self._asked, _NUMBER - len(number))
            if not piece:
                return
            number += piece
        left = memoryview(number + len(body).to_bytes(_LENGTH, "big") + body)
        while left:
            left = left[_write(self._out, left) :]

    # --- the parent's side --------------------------------------------------------------------------------------------

    def be_parent(self) -> None:
        for descriptor in (self._out, self._asked):
            _close(descriptor)

    def hear(self) -> bool:
        """Read what is there; True once nothing more is awaited. Raises Foreign."""
        if not readable([self.descriptor], 0):
            return False
        data = _read(self.descriptor, _AT_ONCE)
        self._ended = not data
        self._data += data
        if not self._number and self._data:
            self._give_number()
        if len(self._data) > _NUMBER and not self._data.startswith(self._number):
            raise Foreign("it wrote into the kit's own pipe")
        return self._ended or (self._is_headed and len(self._data) >= self._whole)

    def _give_number(self) -> None:
        if self._data != _OVER:
            raise Foreign("it wrote into the kit's own pipe")
        self._data.clear()
        self._number = secrets.token_hex(_NUMBER // 2).encode("ascii")
        with suppress(BrokenPipeError):  # it has died, and its end follows
            _write(self._ask, self._number)

    @property
    def _is_headed(self) -> bool:
        return bool(self._number) and len(self._data) >= _NUMBER + _LENGTH

    @property
    def _whole(self) -> int:
        length = int.from_bytes(self._data[_NUMBER : _NUMBER + _LENGTH], "big")
        if length > MOST_RESULT:
            raise Foreign(f"its result has more than {MOST_RESULT >> 30} GiB")
        return _NUMBER + _LENGTH + length

    def result(self) -> tuple[str, Any] | None:
        """What was sent, with its kind; None where the worker ended before it had told it all.
        Raises Foreign.
        """
        if not self._is_headed or len(self._data) < self._whole:
            return None
        try:
            kind, value = json.loads(bytes(self._data[_NUMBER + _LENGTH : self._whole]))
            return kind, self._adapter.validate_python(value) if kind == "result" else value
        except (ValueError, TypeError, RecursionError, ValidationError) as error:
            raise Foreign(f"its result is none ({str(error).splitlines()[0]})") from None

    def close(self) -> None:
        for descriptor in (self.descriptor, self._ask):
            _close(descriptor)
