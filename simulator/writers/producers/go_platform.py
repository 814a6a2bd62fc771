"""P1: extensions on the Go extension platform (Run Command, Application Health).

One compact object a file, written directly under Unix microseconds (16 digits): two events in one
microsecond are one file, and the first is lost. All values are strings; Go escapes ``<``, ``>`` and
``&``; timestamps lose their trailing zeros. No limits of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import Draw
from ...core import Step, token
from ..assignment import Assignment
from ..element import GO, document, valid
from .batches import arrivals
from .ids import pid, uuid, version
from .messages import Messages
from .timestamps import rfc3339_nano
from .write_protocols import direct

LEVELS = ("Informational",) * 6 + ("Warning", "Error", "Verbose", "Critical")
RUN_COMMAND_TASKS = (
    "enable", "disable", "install", "uninstall", "copyfiles", "rehydratemrseq", "createdummystatusfiles",
    "immediatedisable", "immediateenable", "immediateupdate", "determineUpgradeVersions", "resetseqnum",
    "register", "deregister", "start", "stop",
)  # fmt: skip
HEALTH_TASKS = (
    "Main", "AppHealth", "AppHealth-HealthProbe", "ReportStatus", "CheckHealthAndReportHeartBeat",
    "StartVMWatchIfApplicable", "OnExited", "SetupVMWatchProcess", "KillVMWatchIfApplicable",
)  # fmt: skip
RUN_COMMAND_WORDS = (
    "created data dir: /var/lib/waagent/run-command-handler/{token}",
    "Updated handler status for {token} seqNum={number}",
    "downloading script {token} from https://{host}/{package}.sh?versionId={number}&ok=<none>",
    "script {token} finished with exit code 0 <stdout 1204 bytes> & <stderr 0 bytes>",
)
HEALTH_WORDS = (
    "Created data dir {token}",
    "Starting AppHealth Extension {token} seqNum={number} operation=enable",
    "Health state changed to healthy, probe {token} of http://{host}:8080/health?x=1&y=<2>",
    "AppHealthExtension is running, heartbeat {token}",
)


class GoPlatform:
    """P1, as Run Command or as Application Health: the actor's stream decides."""

    name = "go-platform"
    about = "P1, the Go extension platform (Run Command, App Health): one object a file, names in microseconds"

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        health = draw.chance(0.5)
        messages = Messages(GO, HEALTH_WORDS if health else RUN_COMMAND_WORDS, draw.spawn("messages"))
        tasks = HEALTH_TASKS if health else RUN_COMMAND_TASKS
        release = version(draw, 2) if draw.chance(0.95) else ""
        operation = uuid(draw) if health else ""
        process = pid(draw)
        numbers = count()
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                now = assignment.epoch + at
                mark = token(assignment.actor, next(numbers))
                message, secrets = messages.make(mark)
                say = GO.text
                values = {
                    "Version": say(release),
                    "Timestamp": say(rfc3339_nano(now)),
                    "TaskName": say(draw.choice(tasks)),
                    "EventLevel": say(draw.choice(LEVELS)),
                    "Message": message,
                    "EventPid": say(str(process)),
                    "EventTid": say(str(process + draw.below(8))),
                    "OperationId": say(operation),
                }
                element = valid(assignment.handler, mark, values, assignment.limits, GO, secrets=secrets)
                yield from direct(
                    at, assignment.directory, document(f"{now // 1000}.json", [element], GO, as_list=False)
                )
