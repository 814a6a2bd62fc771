"""L1 to L4 and L6: extensions that leave ``*.tld`` files
in the agent's events dir, each in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from ...base import Draw
from ...core import MALFORMED, Document, Label, Step, directory_outside, token
from ..assignment import Assignment
from ..element import COMPACT, GO, PYTHON, Layout, Text, fallen, left
from ..texts import POOLS
from .batches import arrivals
from .ids import pid, uuid, version
from .messages import Messages, keep
from .timestamps import milliseconds
from .tld import PROVIDER, Parameter, bare, json_parameters, label, said, typed, xml
from .write_protocols import direct, renamed

MICROSECOND = 1_000


class Sender:
    """One legacy extension: its version, its numbers, its six parameters."""

    def __init__(self, assignment: Assignment, draw: Draw, layout: Layout, words: tuple[str, ...], major: int) -> None:
        self.assignment = assignment
        self.draw = draw
        self._layout = layout
        self._messages = Messages(layout, words, draw.spawn("messages"), fold=keep)
        self._numbers = count()
        self.version = version(draw, major)

    def mark(self) -> str:
        return token(self.assignment.actor, next(self._numbers))

    def message(self, mark: str) -> tuple[Text, tuple[str, ...]]:
        return self._messages.make(mark)

    def six(self, operation: str, message: Text, duration: float) -> list[Parameter]:
        """The six parameters that a collector keeps, in JSON."""
        say = self._layout.text
        return [
            said("Name", say(self.assignment.handler)),
            said("Version", say(self.version)),
            said("Operation", say(operation)),
            bare("OperationSuccess", not self.draw.chance(0.1)),
            said("Message", message),
            bare("Duration", duration),
        ]


def one(name: str, data: str, made: Label, mode: int = 0o644) -> Document:
    return Document(name, data.encode("utf-8"), (made,), mode)


class CustomScript:
    """L1: ``<ns>.tmp``, mode 0400, renamed to ``<ns>.tld``; compact JSON from Go."""

    name = "custom-script"
    about = "L1, Custom Script and Run Command: compact JSON .tld, written as .tmp with mode 0400, renamed"
    agent_events = True
    words = (
        "-- stdout/stderr omitted from telemetry pipeline -- {token}",
        "public-fileUrls;dos2unix=1;{token}",
        "created data dir {token} <{path}>",
    )

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        sender = Sender(assignment, draw, GO, self.words, 2)
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = sender.mark()
                message, secrets = sender.message(mark)
                operation = draw.choice(("Output", "scenario", "enable", "files", "exec"))
                parameters = sender.six(operation, message, draw.below(600_000))
                body = json_parameters(parameters, GO)
                data = f'{{"eventId":1,"providerId":"{PROVIDER}","parameters":{body}}}'
                number = assignment.epoch + at
                made = one(
                    f"{number}.tld",
                    data,
                    label(mark, "legacy-extension", 1, parameters, secrets=secrets),
                    0o400,
                )
                yield from renamed(at, assignment.directory, made, f"{assignment.directory}/{number}.tmp")


class OmsAgent:
    """L2: JSON from a string template.
    A quote or backslash in the message makes it no JSON; 100 characters at most.

    The temporary name is a bare UUID.
    Two events of one microsecond: the second stays under that name for ever.
    """

    name = "oms-agent"
    about = "L2, OMS agent: .tld from a string template, malformed by any quote, temporary UUID names left over"
    agent_events = True
    limit = 100
    words = (
        "Memory : {number}, CPU : {token}",
        "Successfully sent {token} to {host}",
        'Failed to send {token}: "{host}" refused',
        "Cannot read C:\\Packages\\{package} {token}",
        "Sent {token}\nin\t{number} ms",
    )

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        sender = Sender(assignment, draw, COMPACT, self.words, 1)
        messages = Messages(COMPACT, self.words, draw.spawn("words"), longer=0)
        taken: set[str] = set()
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = sender.mark()
                text = messages.sentence(mark)[: self.limit].strip()
                inside = text.replace("\n", "\\n").replace("\t", "\\t")  # all the escaping that there is
                parameters = sender.six("agenttelemetry", Text(inside, text), 300_000)
                made = label(mark, "legacy-extension", 1, parameters)
                labels = fallen((made,), MALFORMED) if '"' in text or "\\" in text else (made,)
                name = f"{(assignment.epoch + at) // MICROSECOND}.tld"
                aside = f"{assignment.directory}/{uuid(draw)}"
                written = Document(name, self._template(parameters).encode("utf-8"), labels)
                if name in taken:
                    yield Step(at, "write", aside, written.data, labels=left(labels))
                    continue
                taken.add(name)
                yield from renamed(at, assignment.directory, written, aside)

    def _template(self, parameters: list[Parameter]) -> str:
        items = ",\n".join(
            f'      {{\n        "name": "{one.name}",\n        "value": {one.literal}\n      }}' for one in parameters
        )
        head = f' {{\n    "eventId": 1,\n    "providerId": "{PROVIDER}",\n    "parameters": [\n'
        return f"{head}{items}\n    ]\n    }}"


class LegacyXml:
    """L3: the extensions' shared utilities, agents of the 2.0 line:
    XML, ``<us>.tmp`` renamed to ``.tld``.
    """

    name = "legacy-xml"
    about = "L3, shared extension utilities (VMAccess, DSC): XML .tld, True and False, empty common parameters"
    agent_events = True
    words = (
        "{token} Enable succeeded.",
        '<{token}> & "quoted" on {host}',
        "User {user} reset, {token}\nno error",
    )

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        sender = Sender(assignment, draw, COMPACT, self.words, 1)
        messages = Messages(_AS_IT_IS, self.words, draw.spawn("words"))
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = sender.mark()
                message, secrets = messages.make(mark)
                empty = (
                    "OpcodeName",
                    "KeywordName",
                    "TaskName",
                    "TenantName",
                    "RoleName",
                    "RoleInstanceName",
                    "ContainerId",
                )
                parameters = [
                    *(typed(name, "") for name in empty),
                    typed("ExecutionMode", "IAAS"), typed("OSVersion", ""), typed("GAVersion", ""),
                    typed("RAM", 0), typed("Processors", 0),
                    typed("Name", assignment.handler), typed("Version", sender.version),
                    typed("IsInternal", False),
                    typed("Operation", draw.choice(("Enable", "Install", "Disable", "Daemon"))),
                    typed("OperationSuccess", not draw.chance(0.1)), typed("ExtensionType", ""),
                    typed("Message", message.final, message.written), typed("Duration", draw.below(90_000)),
                ]  # fmt: skip
                number = (assignment.epoch + at) // MICROSECOND
                finished = label(mark, "legacy-extension", "1", parameters, form="xml", secrets=secrets)
                written = one(f"{number}.tld", xml(1, parameters), finished)
                yield from renamed(at, assignment.directory, written, f"{assignment.directory}/{number}.tmp")


#: Text that XML's own quoting escapes later.
_AS_IT_IS = Layout(lambda text: text)


class GuestConfiguration:
    """L4: eventId is text, one parameter unknown and one misspelt,
    the provider last, a line end in Message.
    """

    name = "guest-configuration"
    about = "L4, Guest Configuration: JSON .tld in an order of its own, eventId as text, misspelt ExtentionType"
    agent_events = True
    words = (
        "[{token}] [Timer] Run pull refresh for timer 'refresh_timer'",
        "[{token}] [Worker] Operation on {host} took {number} ms",
    )

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        sender = Sender(assignment, draw, COMPACT, self.words, 1)
        process = pid(draw)
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = sender.mark()
                text, secrets = sender.message(mark)
                when = milliseconds(assignment.epoch + at, " ")
                head = f"<GCLOG>[{when}] [PID {process}] "
                message = COMPACT.text(head) + text + COMPACT.text(" </GCLOG>\n")
                six = sender.six("GuestConfigAgent.Scenario", message, draw.below(1_000))
                parameters = [
                    *six[:2],
                    bare("IsInternal", True),
                    *six[2:],
                    said("ExtentionType", Text("", "")),
                ]
                body = json_parameters(parameters, COMPACT)
                data = f'{{"eventId":"1","parameters":{body},"providerId":"{PROVIDER}"}}'
                finished = label(mark, "legacy-extension", "1", parameters, secrets=secrets)
                yield from direct(at, assignment.directory, one(f"{assignment.epoch + at}.tld", data, finished))


class BoshCpi:
    """L6: a temporary file elsewhere, moved into the directory;
    eventId as text, Duration a float.
    """

    name = "bosh-cpi"
    about = "L6, BOSH CPI: JSON .tld moved in from another directory, eventId as text, float durations"
    agent_events = True
    words = (
        "{token} create_vm on {host}",
        "[{token}] attach_disk {package} failed: Bosh::Clouds::CloudError",
    )

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        sender = Sender(assignment, draw, PYTHON, self.words, 4)
        elsewhere = directory_outside(assignment.actor)
        if assignment.windows:
            yield Step(assignment.windows[0].begin, "mkdir", elsewhere, mode=0o755)
        for window in assignment.windows:
            for at in arrivals(assignment, window, draw.spawn("traffic", window.number)):
                mark = sender.mark()
                message, secrets = sender.message(mark)
                if draw.chance(0.05):
                    secrets = ()
                    text = f"{mark} {'|'.join(draw.choice(POOLS.paths) for _ in range(40))}"[:3_990] + "..."
                    message = PYTHON.text(text)
                duration = draw.below(10_000_000) / 1_000 + 0.5
                parameters = sender.six(draw.choice(("create_vm", "attach_disk", "delete_vm")), message, duration)
                body = json_parameters(parameters, PYTHON)
                data = f'{{"eventId": "1", "providerId": "{PROVIDER}", "parameters": {body}}}'
                name = f"cpi-event-{uuid(draw)}.tld"
                finished = label(mark, "legacy-extension", "1", parameters, secrets=secrets)
                yield from renamed(at, assignment.directory, one(name, data, finished), f"{elsewhere}/{name}")
