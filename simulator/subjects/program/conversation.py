"""A program and the conversation with it.

Rules: whatever the program does, the kit raises nothing but ``Broken``, which has the kind of
failure. ``hang``: no answer in time. ``crash``: it ended, or was killed by something else.
``protocol``: what it says is no answer, or it leaves something behind. Every answer has its time.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import select
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from ...base import BadInput
from ...safe import safe
from ...world import real_monotonic
from . import messages
from .guard import FINISH, KILL, descendants, end_all, guarded, usage_of
from .intake import Lines, Log
from .streams import CHUNK, MORE, Broken, Ears, Streams

T = TypeVar("T")

@dataclass(frozen=True, slots=True)
class Patience:
    """Real seconds that a program may take: for hello and start, for one pass, to end."""

    hello: float = 20.0
    collect: float = 60.0
    stop: float = 5.0


#: Twice what the slowest scenario takes on a loaded machine of two cores.
PATIENCE = Patience()
#: What a pass may say. A pause is no part of it where none was asked for.
_OF_A_PASS = (messages.Event, messages.Refused, messages.Flush, messages.Notice, messages.Done)
#: What a thread's life may say.
_OF_A_LIFE = (messages.Event, messages.Refused, messages.Flush, messages.Service, messages.Done)
_UNGUARDED = "it ended or stopped the guard that the kit keeps beside it"
#: The guards of this process's programs, which are ended by themselves.
_guards: set[int] = set()


class Program(Streams):
    """A running program under its guard. Raises BadInput for words that cannot be run."""

    def __init__(self, words: Sequence[str], *, heard: bool = False) -> None:
        """``heard``: each of its calls is answered by a supervisor."""
        self._patience = patience = PATIENCE
        self.supervisor = None
        self._lines = Lines()
        self.log = Log()
        #: What it declared when it was greeted.
        self.capabilities: Mapping[str, Any] = {}
        #: Whether its passes pause, as it was told when it was started.
        self._pauses = False
        self._told = b""
        #: The exit code (negative: the signal that killed it), once it has ended.
        self._ended = None
        self._left, self._errno, self._stays = None, 0, False
        #: When it was last asked, in real seconds, and what it had used of the processor by then.
        self._asked = 0.0, 0.0
        #: How many calls of it had been answered when that was asked last.
        self._answered = 0
        self._chunk = CHUNK
        stdin, self._stdin = os.pipe2(os.O_CLOEXEC)
        self._stdout, stdout = os.pipe2(os.O_CLOEXEC)
        self._stderr, stderr = os.pipe2(os.O_CLOEXEC)
        leash, self._leash = os.pipe2(os.O_CLOEXEC)
        self._tells, tell = os.pipe2(os.O_CLOEXEC)
        self._open = Ears()
        for descriptor, hear in (
            (self._stdout, self._hear_stdout),
            (self._stderr, self._hear_stderr),
            (self._tells, self._hear_guard),
        ):
            self._open.add(descriptor, hear)
        self._channel = None
        channel: socket.socket | None = None
        if heard:
            self._channel, channel = socket.socketpair()
        self.guard = guarded(words, stdin, stdout, stderr, leash, tell, None if channel is None else channel.fileno())
        _guards.add(self.guard)
        for descriptor in (stdin, stdout, stderr, leash, tell):
            os.close(descriptor)
        if channel is not None and self._channel is not None:
            channel.close()
            self._open.add(self._channel.fileno(), self._hear_nothing)
        for descriptor in (self._stdin, self._stdout, self._stderr, self._tells):
            os.set_blocking(descriptor, False)
        self._pid = 0
        self._hear_until(lambda: self._pid or self._errno or self._tells not in self._open, patience.hello)
        if not self._pid:
            self.close()
            raise BadInput(f"cannot be run: {os.strerror(self._errno)}", where=words[0])

    # --- the conversation ---------------------------------------------------------------------------------------------

    def hello(self) -> Mapping[str, Any]:
        """The capabilities that it declares. Raises Broken."""
        answer = self._answer(messages.AskHello(), messages.Hello, self._patience.hello)
        if answer.protocol != messages.VERSION:
            raise Broken("protocol", self._with_log(f"it speaks version {answer.protocol} of the protocol, version {messages.VERSION} is due"))
        self.capabilities = answer.capabilities
        return answer.capabilities

    def start(self, log_dir: str, agent_events_dir: str, settings: Mapping[str, Any], *, pauses: bool = False) -> None:
        """Have it build its collector. ``pauses``: its passes are to pause. Raises Broken."""
        self._pauses = pauses
        directories = {"log_dir": log_dir, "agent_events_dir": agent_events_dir}
        request = messages.AskStart(**directories, settings=dict(settings), pause=pauses or None)
        self._answer(request, messages.Started, self._patience.hello)

    def collect(self, kind: Any, script: messages.Script) -> Iterator[messages.Answer]:
        """The messages of a pass, up to ``Done``; it stands still at a ``Pause``. Raises Broken."""
        allowed = (*_OF_A_PASS, messages.Pause) if self._pauses else _OF_A_PASS
        return self._said(messages.AskCollect(kind=kind, sender=script), allowed, "the pass")

    def serve(self, seconds: float, again: float, script: messages.Script) -> Iterator[messages.Answer]:
        """The messages of the life of its own thread, up to ``Done``. Raises Broken."""
        return self._said(messages.AskServe(seconds=seconds, again=again, sender=script), _OF_A_LIFE, "the service")

    def _said(self, request: Any, allowed: tuple[type, ...], what: str) -> Iterator[messages.Answer]:
        self._lines.begin()
        if self.supervisor is not None:
            self.supervisor.meet()
        self._ask(request, end := real_monotonic() + self._patience.collect)
        while True:
            answer = self._next(end, f"{what} was not done within {self._patience.collect:g} s")
            if not isinstance(answer, allowed):
                raise Broken("protocol", self._with_log(f"it answered {request.type} by {_described(answer)}"))
            if isinstance(answer, messages.Done):
                self._hear(0)  # its log is written before it says that it is done
            told = real_monotonic()
            yield answer
            if isinstance(answer, messages.Done):
                return
            if isinstance(answer, messages.Pause):
                end += real_monotonic() - told  # the kit's time is not the program's
                self._ask(messages.AskGo(), end)

    def rest(self) -> list[messages.Answer]:
        """What it had written when it was killed, as far as it is whole."""
        self._hear_until(lambda: self._stdout not in self._open, self._patience.stop)
        found = []
        while (line := self._line()) is not None:
            found.append(self._decoded(line))
        return found

    def stop(self) -> None:
        """Have it end. Raises Broken where it does not, ends badly, or leaves a process behind."""
        end = real_monotonic() + self._patience.stop
        self._ask(messages.AskStop(), end)
        self._close_stdin()
        late = f"it had not ended {self._patience.stop:g} s after stop"
        with self._waiting_at_most(self._patience.stop, late):
            ended = self._hear_fairly(lambda: self._ended is not None, self._patience.stop)
        if not ended:
            raise Broken("hang", self._with_log(late))
        if self._ended:
            raise Broken("crash", self._with_log(f"after stop it {_death(self._ended)}, exit code 0 is due"))
        left = self._end(FINISH)
        if self._stays:
            raise Broken("protocol", "it left processes behind that could not be ended")
        if left:
            raise Broken("protocol", self._with_log(f"it left {len(left)} processes behind: {', '.join(safe(name, 40) for name in sorted(left)[:5])}"))

    def kill(self) -> None:
        """End it and all that it started, at once. Can be called again."""
        if self.supervisor is not None:
            self.supervisor.part()
        self._end(KILL)

    def family(self) -> list[int]:
        """The pids of the program and all that it started."""
        return descendants(self.guard)

    def close(self) -> None:
        """End it, and let its pipes go. Can be called again."""
        self.kill()
        if self._channel is not None:
            self._open.drop(self._channel.fileno())
            self._channel.close()
            self._channel = None
        if self.supervisor is not None:
            self._open.drop(self.supervisor.descriptor)
            self.supervisor.close()
            self.supervisor = None
        for descriptor in (*self._open, self._leash, self._stdin):
            self._open.drop(descriptor)
            with suppress(OSError):
                os.close(descriptor)
        self._leash = self._stdin = -1

    def _answer(self, request: Any, due: type[T], seconds: float) -> T:
        end = real_monotonic() + seconds
        self._lines.begin()
        self._ask(request, end)
        late = f"no answer to {request.type} within {seconds:g} s"
        with self._waiting_at_most(seconds, late):
            answer = self._next(end, late)
        if not isinstance(answer, due):
            raise Broken("protocol", self._with_log(f"it answered {request.type} by {_described(answer)}"))
        return answer

    def _ask(self, request: Any, end: float) -> None:
        self._asked = real_monotonic(), usage_of(self.guard).seconds
        if self.supervisor is not None:
            self._answered = self.supervisor.answered
            self.supervisor.may_wait = True
        left = memoryview(messages.line_of(request))
        try:
            while left:
                _, writable, _ = select.select([], [self._stdin], [], max(0.0, end - real_monotonic()))
                if not writable:
                    raise Broken("hang", self._with_log(f"it does not read its stdin: {request.type} could not be asked"))
                left = left[os.write(self._stdin, left) :]
        except OSError:
            # It closed its stdin, or has ended: what it still says tells which.
            self._hear_until(lambda: self._ended is not None, 1.0)

    def _next(self, end: float, late: str) -> messages.Answer:
        patience = end - self._asked[0]
        while (line := self._line()) is None:
            if self._tells not in self._open and self._ended is None:
                raise Broken("protocol", self._with_log(_UNGUARDED))
            if self._ended is not None:
                self._hear(0)  # what it wrote last
                if (line := self._line()) is not None:
                    break
                raise Broken("crash", self._with_log(f"it {_death(self._ended)}{self._half()} where an answer was due"))
            if self._stdout not in self._open:
                if self._hear_until(lambda: self._ended is not None, 1.0):
                    continue
                raise Broken("protocol", self._with_log(f"it closed its stdout{self._half()}"))
            if real_monotonic() >= end:
                if not self._is_starved(patience) and not self._goes_on():
                    raise Broken("hang", self._with_log(f"{late}{self._half()}"))
                end = real_monotonic() + MORE
            self._hear(end - real_monotonic())
        answer = self._decoded(line)
        if isinstance(answer, messages.Error):
            raise Broken("protocol", self._with_log(f"it says: {safe(answer.text)}"))
        return answer

    def _decoded(self, line: bytes) -> messages.Answer:
        try:
            # Bytes that are no UTF-8 are names of files: they stay what they are.
            return messages.answer_of(json.loads(line.decode("utf-8", "surrogateescape")))
        except (ValueError, RecursionError) as error:
            shown = safe(line[:120].decode("utf-8", "replace"), 80)
            raise Broken("protocol", self._with_log(f"{shown!r} is no message: {safe(str(error), 120)}")) from None

    def _end(self, order: bytes) -> list[str]:
        """Tell the guard how to end, and wait for it; what the program had left behind by then."""
        if not self.guard:
            return []
        with suppress(OSError):
            os.write(self._leash, order)
        # Only the guard is listened to: the pipes of a flood stay as they are.
        end = real_monotonic() + 2 * self._patience.stop
        heard = [self._tells]
        if order == FINISH and self.supervisor is not None:
            self.supervisor.may_wait = False  # what sleeps now is left behind
            self.supervisor.listener = None  # what is done now is of no pass
            heard.append(self.supervisor.descriptor)
        while self._left is None and self._tells in self._open:
            if real_monotonic() >= end:
                if order != FINISH or not self._is_starved(2 * self._patience.stop):
                    break
                end = real_monotonic() + MORE
            readable, _, _ = select.select(heard, [], [], max(0.0, end - real_monotonic()))
            if self.supervisor is not None and heard[1:] and heard[1] in readable:
                heard = heard if self.supervisor.serve(lambda: False) else [self._tells]
            if self._tells in readable:
                data = os.read(self._tells, CHUNK)
                if not data:
                    break
                self._hear_guard(data)
        is_lost = self._left is None
        if is_lost:
            with suppress(ProcessLookupError):
                os.kill(self.guard, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.guard, 0)
        _guards.discard(self.guard)
        self.guard = 0
        if is_lost:
            if _is_worker():
                end_all(spared=_guards)
            if order == FINISH:
                raise Broken("protocol", _UNGUARDED)
        return self._left or []


def _is_worker() -> bool:
    """Whether all that is below this process is of programs."""
    return multiprocessing.parent_process() is not None


def _death(code: int | None) -> str:
    return f"was killed by {signal_name(-code)}" if code and code < 0 else f"ended with exit code {code}"


def _described(answer: messages.Answer) -> str:
    return f"a message of type {answer.type}"


def signal_name(number: int) -> str:
    """What a signal is called; real-time signals but the first and the last have no name."""
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
