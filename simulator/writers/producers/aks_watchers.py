"""P9, P10, P11: who watches an AKS node, and writes what it sees;
two of the three are read by nobody.

P9, the plugins of the node problem detector, have a handler of their own. A run says all it has to
say under one GUID. What is longer than a Message is split at line ends into chunks of at most 2,872
characters, whose tasks are numbered. Each run first removes its own files of more than ten minutes.
P10, a shell script after each end of a service, puts the unit's name into the file's. P11, an early
Go client, names files by Go's time text. No collector reads either (select.name).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import SECOND, Draw
from ...core import Document, Step, Window, token
from ..assignment import Assignment
from ..element import GO, JQ_PRETTY, Text, document, left, trying, valid
from ..texts import POOLS
from ..traffic import TRAFFIC, arrivals_in
from .batches import arrivals
from .ids import pid, uuid
from .messages import Messages
from .timestamps import calendar, milliseconds
from .write_protocols import direct, redirected

MILLISECOND = 1_000_000
#: Characters of a chunk, line ends included, and chunks of a run.
CHUNK, MOST_CHUNKS = 2_872, 10
#: `find -mmin +10` takes whole minutes, and more than ten of them.
OLD = 11 * 60 * SECOND
CHECKS = ("check_cpu_pressure", "check_memory_pressure", "check_dns_to_upstream", "check_kubelet", "check_disk_usage")
PARTS = ("log", "top_processes", "route_info", "iotop", "journal")
WORDS = (
    "{token} cpu pressure some avg10={number} is above the threshold",
    "{token} kubelet answers on {host}",
    "{token} cannot resolve {host}: timed out after {number} ms",
    "{token} disk usage of {path} is {number} MiB",
)
LINES = (
    "{number} root 20 0 {other} S 0.7 {package}",
    "default via 10.224.0.1 dev eth0 proto dhcp metric {number}",
    "{path}: {number} errors",
    "--- {host} ---",
)
UNITS = ("kubelet", "containerd", "node-problem-detector", "aks-node-controller", "secure-tls-bootstrap")
GO_ORDER = ("TaskName", "OperationId", "Timestamp", "Version", "EventLevel", "Message", "EventPid", "EventTid")
GO_WORDS = ("Completed {token}", "failed to get access token {token} from {host}: context deadline exceeded", '{{"id":"{token}","retries":{number}}}')


def go_time(nanoseconds: int, since_start: int) -> str:
    """``2026-11-23 19:35:16.7918 +0000 UTC m=+0.012345678``, as Go prints a time that
    it has just taken: trailing zeros trimmed, and how long the process has run.
    """
    second, rest = divmod(nanoseconds, SECOND)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{calendar(second).replace('T', ' ')}{fraction} +0000 UTC m=+{since_start // SECOND}.{since_start % SECOND:09d}"


class _Plugin:
    """The plugins of one node: each run is a process of its own."""

    def __init__(self, assignment: Assignment, draw: Draw) -> None:
        self._assignment = assignment
        self._draw = draw
        self._messages = Messages(JQ_PRETTY, WORDS, draw.spawn("messages"), longer=0)
        self._numbers = count()

    def run(self, at: int, amount: int) -> Iterator[tuple[int, Document]]:
        """(moment, file) of each event that a run at this moment says."""
        task = f"npd:{self._draw.choice(CHECKS)}:{self._draw.choice(PARTS)}"
        operation, process = uuid(self._draw), str(pid(self._draw))
        for number in range(amount):
            mark = token(self._assignment.actor, next(self._numbers))
            message = self._messages.make(mark)[0] if amount == 1 else self._chunk(mark, whole=number < amount - 1)
            say = JQ_PRETTY.text
            values = {
                "Version": say("1.0"),
                "Timestamp": say(f"{calendar((self._assignment.epoch + at) // SECOND)}Z"),
                "TaskName": say(task if amount == 1 else f"{task}_{number + 1}"),
                "EventLevel": say("Warning"),
                "Message": message,
                "EventPid": say(process),
                "EventTid": say("1"),
                "OperationId": say(operation),
            }
            element = valid(self._assignment.handler, mark, values, self._assignment.limits, JQ_PRETTY)
            name = f"{(self._assignment.epoch + at) // MILLISECOND}.json"
            yield at, document(name, [element], JQ_PRETTY, as_list=False)
            at += self._draw.between(2, 9) * MILLISECOND  # jq takes its time, and each file its name afterwards

    def _chunk(self, mark: str, *, whole: bool) -> Text:
        """Lines up to the limit; those of the last chunk are fewer.
        The line's end after the last is stripped.
        """
        lines = [f"{mark} {self._line()}"]
        room = CHUNK if whole else self._draw.between(40, CHUNK)
        size = len(lines[0]) + 1
        while size + len(line := self._line()) + 1 <= room:
            lines.append(line)
            size += len(line) + 1
        return JQ_PRETTY.text("\n".join(lines)) + JQ_PRETTY.changed("\n", "")

    def _line(self) -> str:
        draw = self._draw
        return draw.choice(LINES).format(
            number=draw.below(100_000), other=draw.below(9_000_000), package=draw.choice(POOLS.packages),
            path=draw.choice(POOLS.paths[:12]), host=draw.choice(POOLS.hosts),
        )  # fmt: skip


class AksNodeProblemDetector:
    """P9."""

    name = "aks-npd"
    about = "P9, AKS node problem detector plugins: pretty objects, ms names, one GUID a run, long texts in numbered chunks, old files swept"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        plugin = _Plugin(assignment, draw.spawn("plugin"))
        written: list[tuple[int, str]] = []
        for window in assignment.windows:
            made: list[tuple[int, Document]] = []
            swept: list[int] = []
            for at, amount in _runs(assignment, window, draw.spawn("traffic", window.number)):
                begun = _in_time(at, amount, window)
                swept.append(begun)
                made += plugin.run(begun, amount)
            steps = [step for at, one in made for step in redirected(at, assignment.directory, one)]
            for begun in swept:
                steps += [Step(begun, "unlink", path) for moment, path in written if begun - moment >= OLD]
                written = [(moment, path) for moment, path in written if begun - moment < OLD]
            written += [(at, f"{assignment.directory}/{one.name}") for at, one in made]
            yield from sorted(steps, key=lambda step: step.at)


def _runs(assignment: Assignment, window: Window, draw: Draw) -> Iterator[tuple[int, int]]:
    """(moment, events) of each run: most say one thing."""
    rest = arrivals_in(assignment.traffic, window, assignment.events, draw.spawn("amount"))
    sizes = []
    while rest:
        sizes.append(min(rest, 1 if draw.chance(0.8) else draw.between(2, MOST_CHUNKS)))
        rest -= sizes[-1]
    yield from zip(TRAFFIC[assignment.traffic](window, len(sizes), draw), sizes, strict=True)


def _in_time(at: int, amount: int, window: Window) -> int:
    """The moment, or one so early that a run of so many events ends within its window."""
    return max(window.begin, min(at, window.end - 1 - amount * 10 * MILLISECOND))


class AksServiceExecution:
    """P10."""

    name = "aks-service-execution"
    about = "P10, AKS: what a service's run has cost, in files named <ms>-service-execution-<unit>.json, which no collector reads"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        numbers = count()
        say = JQ_PRETTY.text
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = token(assignment.actor, next(numbers))
                unit, took = draw.choice(UNITS), draw.below(90_000_000)
                now = assignment.epoch + at
                said = (
                    f'{{"ServiceName":"{unit}","Id":"{mark}","DurationUsec":{took},"Result":"success","ExecMainCode":1,"ExecMainStatus":0,'
                    f'"CPUUsageNSec":{draw.below(took * 1000 + 1)},"MetricUnits":{{"DurationUsec":"microseconds","CPUUsageNSec":"nanoseconds"}}}}'
                )
                values = {
                    "Timestamp": say(milliseconds(now, " ")),
                    "OperationId": say(milliseconds(now, " ")),
                    "Version": say("1.23"),
                    "TaskName": say("AKS.Runtime.systemd_service_execution"),
                    "EventLevel": say("Microsoft.Azure.Extensions.CustomScript-1.23"),
                    "Message": say(said),
                    "EventPid": say("0"),
                    "EventTid": say("0"),
                }
                element = valid(assignment.handler, mark, values, assignment.limits, JQ_PRETTY)
                made = document(f"{now // MILLISECOND}-service-execution-{unit}.json", [element], JQ_PRETTY, as_list=False)
                yield from direct(at, assignment.directory, _unread(made))


class AksGoTime:
    """P11."""

    name = "aks-go-time"
    about = "P11, an early AKS bootstrap client: files named by Go's time text, which no collector reads; key version, mode 0777"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        numbers = count()
        messages = Messages(GO, GO_WORDS, draw.spawn("messages"), longer=0)
        say = GO.text
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = token(assignment.actor, next(numbers))
                took = draw.below(5_000) * MILLISECOND + draw.below(MILLISECOND)
                since = draw.below(30 * SECOND)
                begun = go_time(assignment.epoch + at - took, since)
                values = {
                    "TaskName": say("AKS.Bootstrap.SecureTLSBootstrapping"),
                    "OperationId": say(go_time(assignment.epoch + at, since + took)),
                    "Timestamp": say(begun),
                    "Version": say("1.23"),
                    "EventLevel": say("Informational"),
                    "Message": messages.make(mark)[0],
                    "EventPid": say("0"),
                    "EventTid": say("0"),
                }
                ordered = {key: values[key] for key in GO_ORDER}
                element = valid(assignment.handler, mark, ordered, assignment.limits, GO, keys={"Version": "version"})
                yield from direct(at, assignment.directory, _unread(document(begun, [element], GO, as_list=False, mode=0o777)))


def _unread(written: Document) -> Document:
    """The same file, which nobody may read."""
    return Document(written.name, written.data, left(trying(written.labels, "select.name")), written.mode)
