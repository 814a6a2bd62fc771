"""The plain producer: what the documentation asks of an extension, and nothing odd.

Names are Unix milliseconds, 13 digits, each once an actor. A file is written directly, whole and once; it
holds one object (``per_file`` 1) or a list. Messages are short and begin with the token. Every event is
well under every limit.

It is also the fastest: JSON is filled into one template from texts that were escaped beforehand, so that a
flood is limited by the collector under test and not by its generator.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from simulator.assignment import Assignment
from simulator.content import Label
from simulator.draw import Draw
from simulator.element import COMPACT, xml_safe
from simulator.producers.moments import SECOND, calendar
from simulator.step import Step
from simulator.traffic import TRAFFIC

TASKS = (
    "enable",
    "disable",
    "install",
    "update",
    "uninstall",
    "reset-state",
    "heartbeat",
    "collect",
    "aktualisieren",
    "更新",
)
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

MILLISECOND = 1_000_000


class Names:
    """Fresh names of event files in one directory: Unix ms, moved on by one where it is taken."""

    __slots__ = ("_epoch", "_taken")

    def __init__(self, epoch: int, taken: set[int] | None = None) -> None:
        self._epoch = epoch
        self._taken = set() if taken is None else taken

    def fresh(self, at: int) -> str:
        """A name for a file that is written at ``at`` (virtual ns)."""
        number = (self._epoch + at) // MILLISECOND
        while number in self._taken:
            number += 1
        self._taken.add(number)
        return f"{number}.json"


@cache
def messages() -> tuple[tuple[str, str], ...]:
    """(escaped, text) of the bodies of Messages."""
    return tuple((COMPACT.escape(text), text) for text in BODIES)


class Events:
    """A maker of plain valid events of one actor: ``make(number, at)`` gives (JSON, label)."""

    __slots__ = ("_actor", "_choices", "_draw", "_epoch", "_head", "_name", "_second", "_tail", "_when")

    def __init__(self, assignment: Assignment, draw: Draw) -> None:
        version = f"1.{draw.below(10)}.{draw.below(100)}"
        pid, tid = str(draw.between(300, 32767)), str(draw.between(300, 32767))
        operation = uuid(draw)
        self._actor = f"etp-{assignment.actor:03x}"
        self._epoch = assignment.epoch
        self._name = f"{xml_safe(assignment.handler)}-{version}"
        self._head = f'{{"Version":"{version}","Timestamp":"'
        self._tail = f'","EventPid":"{pid}","EventTid":"{tid}","OperationId":"{operation}"}}'
        # Everything that varies is drawn at once: one number of 32 bits an event.
        tasks = [(f'Z","TaskName":"{COMPACT.escape(task)}"', task) for task in TASKS]
        levels = [(f',"EventLevel":"{level}","Message":"', level) for level in LEVELS]
        bodies = [(f" {written}", f" {text}") for written, text in messages()]
        fixed = (operation, pid, tid)
        self._choices = (tasks, levels, bodies, fixed)
        self._draw = draw.bits
        self._second = -1
        self._when = ""

    def make(self, number: int, at: int) -> tuple[str, Label]:
        """The JSON of the ``number``-th event, written at ``at``, and its label."""
        second, rest = divmod(self._epoch + at, SECOND)
        if second != self._second:
            self._second, self._when = second, calendar(second)
        when = f"{self._when}.{rest // MILLISECOND:03d}"
        tasks, levels, bodies, fixed = self._choices
        bits = self._draw(32)
        task_json, task = tasks[(bits & 0xFF) % len(tasks)]
        level_json, level = levels[(bits >> 8) & 7]
        body_json, body = bodies[(bits >> 11) % len(bodies)]
        token = f"{self._actor}{number:09x}"
        label = Label(token, "collect", (self._name, level, task, token + body, when + "Z", *fixed))
        return f"{self._head}{when}{task_json}{level_json}{token}{body_json}{self._tail}", label


def uuid(draw: Draw) -> str:
    """A random UUID, version 4."""
    digits = draw.hexadecimal(32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[draw.bits(2)]}{digits[17:20]}-{digits[20:]}"


class Plain:
    """One well-behaved extension."""

    name = "plain"
    about = "a well-behaved extension: direct writes, names in Unix ms, one object or a list a file"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        make = Events(assignment, draw.spawn("events")).make
        names = Names(assignment.epoch)
        number = 0
        per_file = max(1, assignment.per_file)
        for window in assignment.windows:
            files = -(-assignment.events // per_file)
            left = assignment.events
            for at in TRAFFIC[assignment.traffic](window, files, draw.spawn("traffic", window.number)):
                path = f"{assignment.directory}/{names.fresh(at)}"
                if per_file == 1:
                    text, label = make(number, at)
                    labels: tuple[Label, ...] = (label,)
                    number += 1
                else:
                    count = min(per_file, left)
                    left -= count
                    made = [make(one, at) for one in range(number, number + count)]
                    text = f"[{','.join(one for one, _ in made)}]"
                    labels = tuple(label for _, label in made)
                    number += count
                yield Step(at, "write", path, text.encode(), labels=labels)


BODIES = (
    "Enable succeeded",
    "Handler state is Ready",
    "Health state changed to healthy",
    "Created data dir: /var/lib/waagent/run-command/download",
    "Die Aktualisierung wurde übersprungen",
    "更新已完成,无需重新启动",
    "Перезапуск службы завершён",
    "العملية اكتملت بنجاح",
    "Réussite de la sauvegarde à 03:00",
    "disk usage 71 % on /dev/sda1 📦",
    "exit code 0, stdout 1204 bytes, stderr 0 bytes",
    'read settings {"fileUris": [], "commandToExecute": "true"}',
    "path C:\\Packages\\Plugins\\1.2.3 is not of this system",
    "line one\nline two\ttabbed",
    "retrying in 30 s (attempt 2 of 5)",
    "GET https://management.example/healthz?verbose=1 -> 200 in 12 ms",
)
