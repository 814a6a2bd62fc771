"""P5: the Guest Proxy Agent's extension.

A queue of 1,000 events is flushed once a minute into one pretty-printed list: ``<ns>.tmp`` beside,
then renamed. Its key is ``TimeStamp``, EventLevel is a Rust log level, OperationId a module's name.
A message may have 4,096 bytes, more than a collector keeps. With 50 files in the directory a batch
is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import SECOND, Draw
from ...core import Step, token
from ..assignment import Assignment
from ..element import SERDE_PRETTY, Element, Text, document, valid
from .batches import arrivals
from .ids import pid, version
from .messages import Messages
from .timestamps import milliseconds
from .write_protocols import renamed

QUEUE = 1_000
FILES = 50
FLUSH = 60 * SECOND
MESSAGE_BYTES = 4_096
MODE = 0o644  # 0666 under the umask 022

LEVELS = ("INFO",) * 6 + ("WARN", "ERROR", "DEBUG", "TRACE")
TASKS = ("run", "monitor_thread", "install_proxy_agent", "backup_proxy_agent", "report_proxy_agent_status")
MODULES = ("service_main", "proxy_agent_extension::service_main", "common", "handler_main")
KEYS = {"Timestamp": "TimeStamp"}
WORDS = (
    '{{"elapsed":{number}, "message":"{token} proxy agent service is running"}}',
    "Backup proxy agent successfully {token}",
    "{token} current proxy agent version {number}, setup path {path}",
    "{token} redirector is not running on {host}",
)


class Service:
    """The process that queues the events."""

    def __init__(self, assignment: Assignment, draw: Draw) -> None:
        self._assignment = assignment
        self._draw = draw
        self._messages = Messages(SERDE_PRETTY, WORDS, draw.spawn("messages"))
        self._release, self._pid = version(draw, 1), str(pid(draw))
        self._numbers = count()

    def element(self, now: int) -> Element:
        """The next event, said at this moment."""
        draw, say = self._draw, SERDE_PRETTY.text
        mark = token(self._assignment.actor, next(self._numbers))
        message, secrets = self._message(mark)
        values = {
            "EventLevel": say(draw.choice(LEVELS)),
            "Message": message,
            "Version": say(self._release),
            "TaskName": say(draw.choice(TASKS)),
            "EventPid": say(self._pid),
            "EventTid": say(str(draw.between(1, 40)).zfill(8)),
            "OperationId": say(draw.choice(MODULES)),
            "Timestamp": say(milliseconds(now)),
        }
        handler, limits = self._assignment.handler, self._assignment.limits
        return valid(handler, mark, values, limits, SERDE_PRETTY, keys=KEYS, secrets=secrets)

    def _message(self, mark: str) -> tuple[Text, tuple[str, ...]]:
        """One in fifty is as long as the field lets it be: more than a collector keeps."""
        if not self._draw.chance(0.02):
            return self._messages.make(mark)
        return SERDE_PRETTY.text(self._messages.sentence(mark).ljust(MESSAGE_BYTES, "#")[:MESSAGE_BYTES]), ()


class GuestProxyAgent:
    """P5."""

    name = "guest-proxy-agent"
    about = "P5, Guest Proxy Agent: pretty lists flushed each minute, key TimeStamp, messages up to 4,096 bytes"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        service = Service(assignment, draw)
        phase = draw.below(FLUSH)
        most = QUEUE if assignment.per_file <= 1 else min(QUEUE, assignment.per_file)
        for window in assignment.windows:
            queues: dict[int, list[int]] = {}
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                flush = window.begin + phase + -(-(at - window.begin - phase) // FLUSH) * FLUSH
                queues.setdefault(min(flush, window.end - 1), []).append(at)
            # Beyond the queue's room events are lost before they are written;
            # a cap on files splits a flush.
            files = [
                (flush, part, queue[part : min(part + most, QUEUE)])
                for flush, queue in sorted(queues.items())
                for part in range(0, min(len(queue), QUEUE), most)
            ]
            for flush, part, moments in files[:FILES]:
                number = assignment.epoch + flush + part
                elements = [service.element(assignment.epoch + at) for at in moments]
                written = document(f"{number}.json", elements, SERDE_PRETTY, as_list=True, mode=MODE)
                yield from renamed(flush, assignment.directory, written, f"{assignment.directory}/{number}.tmp")
