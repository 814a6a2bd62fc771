"""The plain producer: what the documentation asks of an extension, and nothing odd.

Names are Unix milliseconds, 13 digits, each once an actor. A file is written directly, whole and
once; it holds one object (``per_file`` 1) or a list. Messages are short and begin with the token.
Every event is well under every limit.

It is also the fastest, so that a flood is limited by the collector under test and not by its
generator. JSON is filled into one template from texts that were escaped beforehand. Everything
random in an event comes of one number of 32 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from ...base import Draw
from ...core import TOKEN_PREFIX, Label, Step, xml_safe
from ..assignment import Assignment
from ..element import COMPACT, sound
from ..texts import POOLS
from ..traffic import TRAFFIC, arrivals_in
from .ids import pid, uuid, version
from .timestamps import calendar

MILLISECOND = 1_000_000

#: Sixteen, eight and 2,048 of them: powers of two, so that bits of one number choose.
TASKS = (
    "enable", "disable", "install", "update", "uninstall", "reset-state", "heartbeat", "collect",
    "aktualisieren", "更新", "проверка", "démarrage", "report status", "copy/files", "Main", "health-probe",
)  # fmt: skip
LEVELS = ("Informational", "Informational", "Informational", "Verbose", "Warning", "Error", "Critical", "LogAlways")
BODIES = 2_048

#: No plain Message and no plain event is longer;
#: where a subject's limits are lower, each event is measured.
MOST_MESSAGE = 512
MOST_EVENT = 1_024
_LABELLED_KEYS = ("Version", "EventLevel", "TaskName", "Message", "Timestamp", "OperationId", "EventPid", "EventTid")

Make = Callable[[int, int], tuple[str, Label]]


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


class Choices(NamedTuple):
    """(JSON, text) of everything that varies in an event but for its token and its time."""

    tasks: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, str], ...]


@cache
def choices() -> Choices:
    """Escaped once a process; each JSON part begins where the one before it ends."""
    texts = (*POOLS.short, *POOLS.urls, *POOLS.emoji, *POOLS.json, *POOLS.paths[:32])[:BODIES]
    if len(texts) != BODIES:
        raise ValueError(f"the frozen texts hold {len(texts)} bodies for plain messages, not {BODIES}")
    return Choices(
        tuple((f'Z","TaskName":"{COMPACT.escape(task)}"', task) for task in TASKS),
        tuple((f',"EventLevel":"{level}","Message":"', level) for level in LEVELS),
        tuple((f" {COMPACT.escape(text)}", f" {text}") for text in texts),
    )


class Speaker(NamedTuple):
    """What all events of one actor share."""

    version: str
    pid: str
    tid: str
    operation: str

    @classmethod
    def drawn(cls, draw: Draw) -> Speaker:
        return cls(version(draw, 1), str(pid(draw)), str(pid(draw)), uuid(draw))

    @property
    def head(self) -> str:
        """JSON before the timestamp."""
        return f'{{"Version":"{self.version}","Timestamp":"'

    @property
    def tail(self) -> str:
        """JSON after the Message."""
        return f'","EventPid":"{self.pid}","EventTid":"{self.tid}","OperationId":"{self.operation}"}}'


def maker(assignment: Assignment, draw: Draw) -> Make:
    """A maker of this actor's events:
    ``make(number, at)`` gives the JSON of its ``number``-th event, and the label.
    """
    speaker = Speaker.drawn(draw)
    head, tail, bits = speaker.head, speaker.tail, draw.bits
    prefix = f"{TOKEN_PREFIX}{assignment.actor:03x}%09x"
    epoch, handler = assignment.epoch, f"{xml_safe(assignment.handler)}-{speaker.version}"
    operation, process, thread = speaker.operation, speaker.pid, speaker.tid
    tasks, levels, bodies = choices()
    seen, when = -1, ""

    def make(number: int, at: int) -> tuple[str, Label]:
        nonlocal seen, when
        millisecond = (epoch + at) // MILLISECOND
        if millisecond != seen:
            seen, when = millisecond, f"{calendar(millisecond // 1000)}.{millisecond % 1000:03d}"
        chosen = bits(32)
        task_json, task = tasks[chosen & 15]
        level_json, level = levels[chosen >> 4 & 7]
        body_json, body = bodies[chosen >> 7 & 2047]
        token = prefix % number
        parameters = (handler, level, task, token + body, when + "Z", operation, process, thread)
        return (
            f"{head}{when}{task_json}{level_json}{token}{body_json}{tail}",
            Label(token, "collect", parameters),
        )

    def judged(number: int, at: int) -> tuple[str, Label]:
        text, label = make(number, at)
        finals = dict(zip(_LABELLED_KEYS, label.parameters, strict=True)) | {"Version": speaker.version}
        return text, sound(assignment.handler, label.token, finals, limits)

    limits = assignment.limits
    return make if limits.message >= MOST_MESSAGE and limits.event >= MOST_EVENT else judged


def stream(assignment: Assignment, draw: Draw, amount: int, at: int = 0) -> Iterator[bytes]:
    """The JSON of this actor's first ``amount`` events as bytes, without labels:
    what a load generator writes.

    The same events as ``maker`` makes, all at one moment.
    """
    speaker = Speaker.drawn(draw)
    bits = draw.bits
    millisecond = (assignment.epoch + at) // MILLISECOND
    when = f"{calendar(millisecond // 1000)}.{millisecond % 1000:03d}"
    begin = f"{speaker.head}{when}".encode()
    tasks, levels, bodies = choices()
    # One bytes template a (task, level): 128 of them;
    # per event there is one lookup and one formatting.
    middle = f"{TOKEN_PREFIX}{assignment.actor:03x}".encode()
    templates = [
        begin.replace(b"%", b"%%") + f"{task_json}{level_json}".encode().replace(b"%", b"%%") + middle + b"%09x%b"
        for level_json, _ in levels
        for task_json, _ in tasks
    ]
    ends = [f"{body_json}{speaker.tail}".encode() for body_json, _ in bodies]
    for number in range(amount):
        chosen = bits(32)
        yield templates[chosen & 127] % (number, ends[chosen >> 7 & 2047])


class Plain:
    """One well-behaved extension."""

    name = "plain"
    about = "a well-behaved extension: direct writes, names in Unix ms, one object or a list a file"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        make = maker(assignment, draw.spawn("events"))
        fresh = Names(assignment.epoch).fresh
        number = 0
        per_file = max(1, assignment.per_file)
        directory = f"{assignment.directory}/"
        for window in assignment.windows:
            traffic = draw.spawn("traffic", window.number)
            amount = arrivals_in(assignment.traffic, window, assignment.events, traffic.spawn("amount"))
            end = number + amount
            files = -(-amount // per_file)
            for at in TRAFFIC[assignment.traffic](window, files, traffic):
                path = directory + fresh(at)
                if per_file == 1:
                    text, label = make(number, at)
                    number += 1
                    # By place: names cost a fifth of the whole here.
                    yield Step(at, "write", path, text.encode(), "", 0o644, 0, None, (label,))
                else:
                    last = min(number + per_file, end)
                    made = [make(one, at) for one in range(number, last)]
                    number = last
                    text = f"[{','.join([one for one, _ in made])}]"
                    yield Step(at, "write", path, text.encode(), labels=tuple([label for _, label in made]))
