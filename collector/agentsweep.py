"""One pass over the agent events: as one directory whose files are one event each (agent.*).

A file is removed after its event was handed over: a stop keeps it (agent.stop).
"""

from . import agent
from .directory import Directory
from .errors import BadText, FileProblem, Stopped, describe
from .inbox import Inbox
from .listing import agent_event_files
from .notices import notice, of_directory
from .part import Part, discard_rests, play_rounds, play_turns
from .report import SENDER_ERROR, Report
from .telemetry import common_parameters
from .text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List

    from .config import Config
    from .directory import File
    from .outlet import Outlet
    from .report import Notice, Tally

_READ = 65536
_FIRST_ERRORS = 5


class AgentInbox(Inbox):
    """`common` are the common parameters of this pass."""

    awaits_vanished = True

    def __init__(self, *inbox: "Any", common: "Dict[str, Any]") -> None:
        super().__init__(*inbox)
        self._common = common
        self.errors = {"": [], "UnicodeError": []}  # type: Dict[str, List[str]]
        self.counts = dict.fromkeys(self.errors, 0)

    def collect(self, directory: Directory, file: "File") -> None:
        event = agent.parse(b"".join(iter(lambda: file.read(_READ), b"")), ("", file.name, 0))
        if not file.name.endswith(agent.OWN_SUFFIX):
            agent.complete(event, file.status.st_mtime_ns, self._common)
        self.same(directory, file)
        refusal = self.outlet.hand_over(event)
        if refusal is None:
            self.tally.accepted += 1
        else:
            self.tally.drop(SENDER_ERROR)
            self._count("", file.name, refusal)
        self.handed_over(directory, file)

    def told(self, name: str, problem: FileProblem) -> None:
        if not problem.keep:
            self._count("UnicodeError" if isinstance(problem, BadText) else "", name, describe(problem))

    def _count(self, kind: str, name: str, why: str) -> None:
        self.counts[kind] += 1
        if len(self.errors[kind]) < _FIRST_ERRORS:
            self.errors[kind].append(printable(f"{name}: {why}"))


def agent_sweep(
    path: str,
    config: "Config",
    outlet: "Outlet",
    remembered: "Dict[str, Any]",
    wait: "Callable[[float], object]",
) -> Report:
    """One pass over the agent events dir at `path`; `remembered` outlives it."""
    common = common_parameters(config.common_parameters())

    def make(directory: Directory, tally: "Tally") -> AgentInbox:
        return AgentInbox(directory, agent_event_files, config, outlet, remembered, tally, common=common)

    part = Part("", path, lambda: Directory.open(path), make)
    try:
        play_turns([part])
        discard_rests([part])
        play_rounds([part], config, outlet, wait)
    except Stopped:
        pass
    return Report(tuple(_notices(part, config)), {"": part.tally.ledger()} if part.inbox is not None else {})


def _notices(part: Part, config: "Config") -> "List[Notice]":
    if not isinstance(part.inbox, AgentInbox):
        why = "; ".join(example.why for example in part.tally.examples.values())
        return [notice("agent-dir", f"Cannot list the agent events in {printable(part.path)}: {why}")]
    told = []
    for kind, errors in part.inbox.errors.items():
        if errors:
            count = part.inbox.counts[kind]
            text = f"DroppedEventsCount: {count}\nReasons (first {_FIRST_ERRORS} errors): {', '.join(errors)}"
            told.append(notice("agent-drops", text, count, reason=kind or None))
    return told + of_directory(None, part.path, part.tally, part.inbox.limit, config)
