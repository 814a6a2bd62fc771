"""P6, P7, P8: what an AKS node writes,
many processes into one directory (that of the Custom Script handler).

P6, shell: name and Timestamp are taken before the command runs, so a file appears late under an
older name, in Unix ms. A call nested in another's millisecond overwrites it. ``>`` creates the file
before jq's folded output arrives in it. P7, the node controller, and P8, secure TLS bootstrapping:
Go, one object a file under Unix ns. All write local time without a zone, pids as ``"0"``, and an
OperationId that is the time the work ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import SECOND, Draw
from ...core import Document, Step, token
from ..assignment import Assignment
from ..element import GO, JQ_FOLDED, JQ_PRETTY, Layout, Text, document, valid
from .batches import arrivals
from .messages import Messages, fold_blanks, keep
from .timestamps import milliseconds
from .write_protocols import direct, redirected

MILLISECOND = 1_000_000
#: Offsets of the host's zone from UTC in seconds: most nodes have none.
ZONES = (0, 0, 0, 0, 0, 3_600, -28_800, 19_800)
ORDER = ("Timestamp", "OperationId", "Version", "TaskName", "EventLevel", "Message", "EventPid", "EventTid")
BOOTSTRAP_ORDER = (
    "TaskName",
    "OperationId",
    "Timestamp",
    "Version",
    "EventLevel",
    "Message",
    "EventPid",
    "EventTid",
)
VERSION = "1.23"

TASKS = (
    "AKS.CSE.holdWALinuxAgent", "AKS.CSE.configureAdminUser", "AKS.CSE.installDeps",
    "AKS.CSE.installContainerRuntime", "AKS.CSE.ensureKubelet", "AKS.CSE.ensureContainerd",
    "AKS.CSE.configureK8s", "AKS.CSE.cgroupMemoryTelemetry", "AKS.CSE.downloadCNI", "AKS.CSE.cse_start",
    "AKS.Runtime.networkCheck", "AKS.CloudInit.status",
)  # fmt: skip
WORDS = (
    "Completed: retrycmd_if_failure {number} {token} apt-get install -y {package}",
    "Completed: {token} systemctl enable kubelet",
    '{{"id":"{token}","CgroupMemoryTotal":{number},"host":"{host}"}}',
    "Completed: curl -fsSL --retry {number} {token} https://{host}/version",
)
CONTROLLER_WORDS = (
    "Starting {token} provisioning of {host}",
    "aks-node-controller exited with code {number} {token}",
    '{{"id":"{token}","exitCode":{number},"output":"<none>"}}',
)
BOOTSTRAP_WORDS = (
    '{{"Id":"{token}","Status":"Success","ElapsedMilliseconds":{number},"Host":"{host}"}}',
    '{{"Id":"{token}","Status":"Failure","Retries":{number},"FinalError":"dial tcp <nil> & timeout"}}',
)


class Node:
    """What every writer of one node shares: the actor's numbers and the host's zone."""

    def __init__(self, assignment: Assignment, draw: Draw, layout: Layout, messages: Messages) -> None:
        self.assignment = assignment
        self.zone = draw.choice(ZONES) * SECOND
        self._layout = layout
        self._messages = messages
        self._numbers = count()

    def document(
        self,
        name: str,
        worked: tuple[int, int],
        task: str,
        level: str,
        *,
        order: tuple[str, ...] = ORDER,
        mode: int = 0o644,
        timed: bool = False,
    ) -> Document:
        """The one event of a file, of work that was begun and ended at the moments ``worked``.
        ``timed``: its Message ends in them.
        """
        assignment, say = self.assignment, self._layout.text
        mark = token(assignment.actor, next(self._numbers))
        message, secrets = self._messages.make(mark)
        if timed:
            began, ended = map(self._local, worked)
            message += say(f" | startTime={began} endTime={ended} durationMs={(worked[1] - worked[0]) // MILLISECOND}")
        values: dict[str, Text] = {
            "Timestamp": say(self._local(worked[0])),
            "OperationId": say(self._local(worked[1])),
            "Version": say(VERSION),
            "TaskName": say(task),
            "EventLevel": say(level),
            "Message": message,
            "EventPid": say("0"),
            "EventTid": say("0"),
        }
        ordered = {key: values[key] for key in order}
        element = valid(assignment.handler, mark, ordered, assignment.limits, self._layout, secrets=secrets)
        return document(name, [element], self._layout, as_list=False, mode=mode)

    def _local(self, at: int) -> str:
        return milliseconds(self.assignment.epoch + at + self.zone, " ")


class AksBash:
    """P6."""

    name = "aks-bash"
    about = "P6, AKS shell scripts: > creates first, ms names taken before the work, jq output folded, collisions"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        quoted = draw.chance(0.2)  # some scripts quote the variable or redirect jq: pretty, many lines
        layout = JQ_PRETTY if quoted else JQ_FOLDED
        messages = Messages(layout, WORDS, draw.spawn("messages"), fold=keep if quoted else fold_blanks)
        node = Node(assignment, draw, layout, messages)
        for window in assignment.windows:
            ended: list[tuple[int, int]] = []
            for begun in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                nested = bool(ended) and draw.chance(0.02)
                begun = ended[-1][1] if nested else begun
                took = (draw.below(20) if draw.chance(0.5) else draw.below(20_000)) * MILLISECOND
                ended.append((min(max(begun + took, window.begin), window.end - 1), begun))
            for end, begun in sorted(ended):
                task = draw.choice(TASKS)
                level = "Microsoft.Azure.Extensions.CustomScript-1.23" if "cgroup" in task else "Informational"
                name = f"{(assignment.epoch + begun) // MILLISECOND}.json"
                yield from redirected(end, assignment.directory, node.document(name, (begun, end), task, level))


class AksNodeController:
    """P7."""

    name = "aks-node-controller"
    about = "P7, AKS node controller: one Go object a file under ns names, in the shell scripts' directory; Message ends in times"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        node = Node(assignment, draw, GO, Messages(GO, CONTROLLER_WORDS, draw.spawn("messages")))
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                began = at - draw.below(2_000) * MILLISECOND
                task = f"AKS.AKSNodeController.{draw.choice(('Provision', 'ProvisionWait', 'Hotfix'))}"
                level = "Error" if draw.chance(0.1) else "Informational"
                name = f"{assignment.epoch + at}.json"
                yield from direct(at, assignment.directory, node.document(name, (began, at), task, level, timed=True))


class AksSecureTls:
    """P8."""

    name = "aks-secure-tls"
    about = "P8, AKS secure TLS bootstrapping: one Go object a file, mode 0600, ns name of the moment it began"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        node = Node(assignment, draw, GO, Messages(GO, BOOTSTRAP_WORDS, draw.spawn("messages"), longer=0))
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                began = at - draw.below(30_000) * MILLISECOND
                level = "Error" if draw.chance(0.1) else "Informational"
                made = node.document(
                    f"{assignment.epoch + began}.json",
                    (began, at),
                    "AKS.Bootstrap.SecureTLSBootstrapping",
                    level,
                    order=BOOTSTRAP_ORDER, mode=0o600,
                )  # fmt: skip
                yield from direct(at, assignment.directory, made)
