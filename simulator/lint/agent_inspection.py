"""A pass over the agent's events dir that only looks (`*.tld`); see inspection.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..safe import safe
from .finding import EventOutcome, FileOutcome, Finding, Place
from .inspection import Tell
from .problems import named, of_problem
from .propagate import candid
from .readonly import Taped, discard_each
from .reference import agent, agentsweep, directory, errors, listing, redact, report, telemetry
from .secrets import exposed
from .status import on_status
from .syntax_errors import place_in_tld

_FIRST = Place(1, 1)
#: How a redacted text may have been written already.
_WRITTEN = (b"<redacted>", b"\\u003credacted", b"&lt;redacted")


@candid
class AgentInspection(agentsweep.AgentInbox):
    """The agent's events in one pass. ``tell`` gets the outcome of each file."""

    def __init__(self, place: directory.Directory, tally: report.Tally, outlet: Any, terms: Any, tell: Tell, now: float) -> None:
        self._tell = tell
        self._now = now
        self._tape: list[bytes] = []
        self._marks: dict[str, Place] = {}
        self._told = ""
        self._strange: FileOutcome | None = None
        common = telemetry.common_parameters({})
        super().__init__(place, listing.agent_event_files, terms.config, outlet, {}, tally, common=common)

    def collect(self, place: directory.Directory, file: directory.File) -> None:
        assert isinstance(file, Taped)
        self._tape = file.tape
        try:
            super().collect(place, file)
        except errors.Malformed:
            self._marks[file.name] = place_in_tld(b"".join(self._tape))
            raise
        outcome = FileOutcome(file.name, "collected", events=[EventOutcome(0, "collected", "", _FIRST)])
        raw = b"".join(self._tape)
        outcome.findings += _on_event(raw, file.name)
        outcome.findings += on_status(file.status, self._now)
        self._tell(outcome)

    def told(self, name: str, problem: errors.FileProblem) -> None:
        super().told(name, problem)
        self._told = name
        outcome = of_problem(name, problem, self._marks.pop(name, None), "", _clause(problem)) if not isinstance(problem, errors.Vanished) else None
        if isinstance(problem, errors.Irregular) and not problem.keep:
            self._strange = outcome
        elif outcome is not None:
            self._tell(outcome)

    def discard_rest(self, place: directory.Directory) -> bool:
        return discard_each(self, place)

    def discard(self, place: directory.Directory, name: str, reason: str) -> None:
        super().discard(place, name, reason)
        if name != self._told:
            self._tell(FileOutcome(name, "discarded", reason))
        elif self._strange is not None:
            self._tell(named(self._strange, place))
            self._strange = None


def _clause(problem: errors.FileProblem) -> str:
    if isinstance(problem, (errors.Malformed, errors.WrongShape)):
        return "agent.xml-safe" if str(problem) == "a document type declaration" else "agent.torn"
    return "agent.regular"


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, keys among them; no recursion, as depth is the writer's."""
    rest = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            rest += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            rest += one


def _on_event(raw: bytes, name: str) -> list[Finding]:
    """Findings on an event that is collected."""
    event = agent.parse(raw, ("", name, 0))
    findings = []
    was_redacted = not any(written in raw for written in _WRITTEN)
    for param in event.parameters:
        texts = list(_texts([param.name, param.value]))
        if was_redacted and any(redact.REDACTED in text for text in texts):
            text = "holds a shared-access signature: it stood on disk, whoever redacts it later"
            clause = "agent.redact" if param.name == "Message" and isinstance(param.value, str) else "agent.no-signature"
            findings.append(Finding("secret", text, 0, safe(param.name, 40), _FIRST, clause))
        kinds = dict.fromkeys(kind for text in texts for kind in exposed(text))
        if kinds:
            text = f"holds {' and '.join(kinds)}, which no collector redacts: it reaches telemetry as it is"
            findings.append(Finding("exposed-secret", text, 0, safe(param.name, 40), _FIRST))
    if not name.endswith(agent.OWN_SUFFIX):
        names = {param.name for param in event.parameters}
        agent.complete(event, 0, {})
        lost = sorted(names - {param.name for param in event.parameters})
        if lost:
            told = ", ".join(safe(redact.redact(one), 40) for one in lost[:5]) + ("" if len(lost) <= 5 else f" and {len(lost) - 5} more")
            findings.append(Finding("trimmed", f"taken away: {told}", 0, "", _FIRST))
    return findings
