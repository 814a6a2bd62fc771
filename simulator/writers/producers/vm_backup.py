"""P4: VM Backup (VMSnapshotLinux).

A run of the extension gathers its log lines into events of 3,000 characters and writes them as one
list. The list comes into the sub-directory ``Temp/`` first, and is then moved up. Names are Unix
nanoseconds from a float, so that their low digits are not exact. A line over 2,900 characters is
split over several events. Version is the directory's name, EventLevel always ``Info``, TaskName
always ``Enable``. With 39,981,250 bytes in the directory its queue is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import Draw
from ...core import Step, token
from ..assignment import Assignment
from ..element import NOTHING, PYTHON, Element, Text, document, valid
from ..texts import POOLS
from .batches import batches
from .ids import pid, uuid
from .messages import Messages
from .timestamps import microseconds
from .write_protocols import renamed

GATHERED = 3_000
PART = 2_900
ROOM = 39_981_250
NO_TASK = "00000000-0000-0000-0000-000000000000"
SEVERITIES = ("Warning", "Warning", "Error", "Critical", "Info")
WORDS = (
    "{token} freeze took {number} ms",
    "{token} main: starting enable",
    "{token} Snapshot of blob on {host} failed with status {number}",
    "{token} unable to read {path}",
)
LINES = (
    "doEnable: retrying",
    "T:S freeze, timeout is 60",
    "Thaw done",
    "fsfreeze: /boot is frozen",
    "user {}",
    "host {}",
)


def file_number(now: int) -> int:
    """Seconds as a float times 1e9, as the field computes it: the low eight bits are lost."""
    return int(now // 1000 / 1_000_000 * 1e9)


class Run:
    """One run of the extension: one process, one task."""

    def __init__(self, assignment: Assignment, draw: Draw, numbers: Iterator[int], messages: Messages) -> None:
        self._assignment = assignment
        self._draw = draw
        self._numbers = numbers
        self._messages = messages
        self._pid = str(pid(draw))
        self._tid = str(140_000_000_000_000 + draw.bits(39)).zfill(8)
        self._task = NO_TASK if draw.chance(0.1) else uuid(draw)
        self._version = f"Microsoft.Azure.RecoveryServices.VMSnapshotLinux-1.0.{9_000 + draw.below(400)}.0"

    def elements(self, now: int, amount: int) -> list[Element]:
        made: list[Element] = []
        while len(made) < amount:
            rest = amount - len(made)
            if rest >= 2 and self._draw.chance(0.05):
                made += self._split(now + len(made) * 7_000, min(rest, self._draw.between(2, 3)))
            else:
                made.append(self._gathered(now + len(made) * 7_000))
        return made

    def _gathered(self, now: int) -> Element:
        """A few lines as one event; the token is in the first."""
        mark = self._mark()
        first, secrets = self._messages.make(mark)
        text = self._line(now - 40_000, first)
        for index in range(self._draw.below(4)):
            said = self._draw.choice(LINES).format(self._draw.choice(POOLS.users))
            line = self._line(now - 30_000 + index * 9_000, PYTHON.text(said))
            if len(text.written) + len(line.written) > GATHERED:
                break
            text += line
        return self._made(now, mark, text, secrets)

    def _split(self, now: int, parts: int) -> list[Element]:
        """One line over several events, each under a heading of its own;
        every part says its own token.

        In the first part the field's headings alone are 71 characters,
        so its token begins behind them.
        """
        marks = [self._mark() for _ in range(parts)]
        bodies = []
        for index, mark in enumerate(marks):
            head = f"{microseconds(now - 41_000)}\t[Error]:\t{mark} " if index == 0 else f"{mark} "
            length = PART if index < parts - 1 else self._draw.between(40, PART)
            # Never cut at a blank, which would be stripped where a part ends.
            bodies.append(head + self._filler(length - len(head)))
        made = []
        for index, (mark, body) in enumerate(zip(marks, bodies, strict=True)):
            heading = f"{microseconds(now - 39_000)}Z [{index + 1}/{parts}] "
            end = Text(" \\n", "") if index == parts - 1 else NOTHING
            made.append(self._made(now + index * 7_000, mark, PYTHON.text(heading + body) + end, ()))
        return made

    def _filler(self, length: int) -> str:
        trace = "_".join(self._draw.choice(POOLS.packages) for _ in range(8)) + "_"
        return (trace * (length // len(trace) + 1))[: length - 1] + "z"

    def _line(self, now: int, said: Text) -> Text:
        severity = self._draw.choice(SEVERITIES)
        return PYTHON.text(f"{microseconds(now)}\t[{severity}]:\t") + said + PYTHON.text(" \n")

    def _mark(self) -> str:
        return token(self._assignment.actor, next(self._numbers))

    def _made(self, now: int, mark: str, message: Text, secrets: tuple[str, ...]) -> Element:
        say = PYTHON.text
        if message.final.endswith(" \n"):
            message = Text(message.written, message.final.removesuffix(" \n"))
        values = {
            "Version": say(self._version),
            "Timestamp": say(microseconds(now)),
            "TaskName": say("Enable"),
            "EventLevel": say("Info"),
            "Message": message,
            "EventPid": say(self._pid),
            "EventTid": say(self._tid),
            "OperationId": say(self._task),
        }
        return valid(self._assignment.handler, mark, values, self._assignment.limits, PYTHON, secrets=secrets)


class VmBackup:
    """P4."""

    name = "vm-backup"
    about = "P4, VM Backup: lists of log lines moved up from Temp/, inexact nanosecond names, level always Info"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        numbers = count()
        messages = Messages(PYTHON, WORDS, draw.spawn("messages"))
        runs = 0
        for window in assignment.windows:
            held = 0
            for at, amount in batches(assignment, window, draw.spawn("traffic", window.number), 12):
                if runs == 0:
                    yield Step(at, "mkdir", f"{assignment.directory}/Temp", mode=0o755)
                runs += 1
                now = assignment.epoch + at
                run = Run(assignment, draw.spawn("run", runs), numbers, messages)
                name = f"{file_number(now)}.json"
                written = document(name, run.elements(now, amount), PYTHON, as_list=True)
                held += len(written.data)
                if held < ROOM:
                    yield from renamed(at, assignment.directory, written, f"{assignment.directory}/Temp/{name}")
