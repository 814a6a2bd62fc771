"""P2 and P3: the Linux Patch extension, its core and its handler.

Lists, written to a temporary file beside and renamed, mode 0600; names are Unix milliseconds,
rounded. An event in the same millisecond as the one before joins its file: read, append, write
aside, rename again. White space in a message is folded, the core numbers its events (``[TC=n]``)
and cuts a message at 3,072 bytes itself. An event that is over 6,144 characters once escaped is not
written. The core stops at 359 events in 300 s and waits for the rest of them. With 40 MiB (less one
file) in the directory both delete event files, the newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from ...base import SECOND, Draw
from ...core import Document, Step, token
from ..assignment import Assignment
from ..element import PYTHON, Element, Text, document, valid
from .batches import batches
from .ids import pid, uuid, version
from .messages import Messages, fold_all
from .timestamps import calendar, microseconds
from .write_protocols import renamed, temporary

MESSAGE_BYTES = 3_072
COUNTER_BYTES = 15  # reserved for " [TC=n]"
CUT_BYTES = 25  # reserved for ". [n chars dropped]"
EVENT_CHARACTERS = 6_144
THROTTLE = 359
THROTTLE_WINDOW = 300 * SECOND
ROOM = 41_943_040 - 4_194_304
MODE = 0o600
MILLISECOND = 1_000_000
STEP = 130_000  # between two events of one batch

LEVELS = (
    "Informational",
    "Informational",
    "Informational",
    "Verbose",
    "Warning",
    "Error",
    "Critical",
    "LogAlways",
)
WORDS = (
    "Started Linux patch core operation. [Activity={token}]",
    "Machine info is: [Id={token}][PlatformName=Ubuntu][MachineArch=x86_64][Host={host}]",
    "{{'id': '{token}', 'config_type': 't', 'config_value': {{'a': {number}}}}}",
    "{{'id': '{token}', 'cmd': 'sudo apt-get update {package}', 'code': '{number}', 'output': 'E: no lock'}}",
    "[APM] Package {token} installed.\n\t[Name={package}]   [Version={number}]",
    "Assessment {token} retry pending. [Sequence=1][Repository={host}]",
)
Stamp = Callable[[int], str]


class Room:
    """The files that lie in the directory, as far as the producer knows: each pass empties it."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}

    def emptied(self) -> None:
        self._files.clear()

    def written(self, path: str, size: int) -> None:
        self._files[path] = size

    def make(self, at: int) -> list[Step]:
        """Steps that make room again, if there is none:
        newest first, though the field means the oldest.
        """
        steps = []
        while sum(self._files.values()) >= ROOM:
            path, _ = self._files.popitem()
            steps.append(Step(at, "unlink", path))
        return steps


class Process:
    """One process of the extension: its names, its counter, its message limits."""

    def __init__(self, assignment: Assignment, draw: Draw, *, core: bool) -> None:
        self.assignment = assignment
        self.core = core
        self._draw = draw
        self._version = version(draw, 1)
        self._pid = pid(draw)
        self._activity = uuid(draw)
        self._phase = draw.choice(("Exec", "AutoAssessment", "Unknown"))
        self._messages = Messages(PYTHON, WORDS, draw.spawn("messages"), fold=fold_all)
        self._numbers = count()
        self._counter = 0
        self._started = 0
        self._file = ""
        self._elements: list[Element] = []

    def write(self, now: int, text: str) -> Document:
        """The next event's file: its own, or that of the same millisecond with one event more."""
        name = f"{(now + MILLISECOND // 2) // MILLISECOND}.json"
        if name != self._file:
            self._file, self._elements = name, []
        self._elements.append(self.element(now, text))
        return document(name, self._elements, PYTHON, as_list=True, mode=MODE)

    def element(self, now: int, text: str = "") -> Element:
        """The next event, of the vocabulary or with this text after its token."""
        number = next(self._numbers)
        if number == 0:
            self._started = now - 146_000
        mark = token(self.assignment.actor, number)
        secrets: tuple[str, ...] = ()
        if text:
            message = PYTHON.text(f"[{mark}] {text}")
        else:
            message, secrets = self._messages.make(mark)
        self._counter += 1
        finished = message if secrets else self._cut(message.final)
        if finished is not None:
            made = self._made(now, mark, finished, secrets)
            if len(made.data) <= EVENT_CHARACTERS:
                return made
        # Here the field writes nothing but a line in its log;
        # the event is made up for with a shorter one.
        return self._made(now, mark, PYTHON.text(fold_all(self._messages.sentence(mark))), ())

    def _made(self, now: int, mark: str, message: Text, secrets: tuple[str, ...]) -> Element:
        say = PYTHON.text
        values = {
            "Version": say(self._version),
            "Timestamp": say(microseconds(now, " ")),
            "TaskName": say(self._task()),
            "EventLevel": say(self._draw.choice(LEVELS)),
            "Message": message + PYTHON.text(f" [TC={self._counter}]" if self.core else ""),
            "EventPid": say(""),
            "EventTid": say(""),
            "OperationId": say(self._operation()),
        }
        return valid(self.assignment.handler, mark, values, self.assignment.limits, PYTHON, secrets=secrets)

    def _task(self) -> str:
        clock = calendar(self._started // SECOND)[11:]
        hour, minute, second = (str(int(part)) for part in clock.split(":"))  # no zero padding
        if self.core:
            phase = "Startup" if self._counter < 4 else self._phase
            return f"Core.{phase}_{hour}:{minute}:{second}_{self._pid}"
        return f"Handler.{hour}.{minute}.{second}.{self._pid}"

    def _operation(self) -> str:
        if self._counter >= 4:
            return self._activity
        return microseconds(self._started, " ") if self.core else f"{calendar(self._started // SECOND)}Z"

    def _cut(self, message: str) -> Text | None:
        """The message, cut at the byte limit if over it;
        None where the handler trips over its own cut.
        """
        data = message.encode("utf-8")
        if len(data) <= MESSAGE_BYTES - COUNTER_BYTES:
            return PYTHON.text(message)
        try:
            errors = "replace" if self.core else "strict"
            kept = data[: MESSAGE_BYTES - COUNTER_BYTES - CUT_BYTES].decode("utf-8", errors)
        except UnicodeDecodeError:
            return None
        return PYTHON.text(f"{kept}. [{len(message) - len(kept)} chars dropped]")


class LinuxPatch:
    """P2, the core."""

    name = "linux-patch"
    about = "P2, Linux Patch core: lists renamed into place, 0600, messages cut and numbered, throttled"
    core = True

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        process = Process(assignment, draw.spawn("process"), core=self.core)
        room = Room()
        period_begin, in_period = -THROTTLE_WINDOW, 0
        last = -THROTTLE_WINDOW
        for window in assignment.windows:
            room.emptied()
            for at, amount in batches(assignment, window, draw.spawn("traffic", window.number), 3):
                start = at - at % MILLISECOND + draw.below(100) * 1_000
                for step in range(amount):
                    if at - period_begin >= THROTTLE_WINDOW:
                        period_begin, in_period = at, 0
                    if self.core and in_period > THROTTLE:
                        continue  # it sleeps, and has nothing to tell meanwhile
                    text = ""
                    if self.core and in_period == THROTTLE:
                        wait = (period_begin + THROTTLE_WINDOW - at) // SECOND
                        text = THROTTLED.format(wait)
                    in_period += 1
                    last = min(max(last + 1_000, start + step * STEP), window.end - 1)
                    written = process.write(assignment.epoch + last, text)
                    yield from room.make(last)
                    room.written(f"{assignment.directory}/{written.name}", len(written.data))
                    aside = f"{assignment.directory}/{temporary(draw)}"
                    yield from renamed(last, assignment.directory, written, aside)


THROTTLED = (
    "Max telemetry event file limit reached. Extension will wait until a telemetry event file can be written "
    "again. [WaitTimeInSecs={}]"
)


class LinuxPatchHandler(LinuxPatch):
    """P3, the handler: as the core, without throttle and counter."""

    name = "linux-patch-handler"
    about = "P3, Linux Patch handler: as its core, without throttle and counter, in the same directory"
    core = False
