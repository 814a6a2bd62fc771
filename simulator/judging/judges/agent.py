"""Family agent: events of the agent itself and of old extensions, one a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ...contract import LIMITS
from ..case import ODD, Case, Judge, as_told, due_of, first, is_hosted
from ..ledger import Written

_DIRECTORY = "lib/events/"
#: Reads of a torn file (docs/contract.md).
_TRIES = LIMITS["tries"].value


def _events(case: Case) -> list[Written]:
    return [event for event in case.ledger.events if event.path.startswith(_DIRECTORY)]


def _is_plain(event: Written) -> bool:
    """Whether no clause of its own is about what it says: secrets are agent.redact's, the false of XML is agent.xml-bool's."""
    if event.agent is None:
        return True
    said = [value for _, value in event.agent["parameters"]]
    redacted = bool(event.secrets) or any("<redacted>" in value for value in said if isinstance(value, str))
    return not redacted and not (event.agent["form"] == "xml" and any(value is False for value in said))


def _plain(case: Case) -> list[Written]:
    return [event for event in _events(case) if _is_plain(event)]


def _those(wanted: Callable[[Written], bool], of: Callable[[Case], list[Written]] = _events) -> Judge:
    """The agent events of one kind become what they are due to become."""

    def judge(case: Case) -> list[str] | None:
        events = [event for event in of(case) if wanted(event)]
        return due_of(events) if events else None

    return judge


def _agent(event: Written, name: str) -> object:
    return event.agent[name] if event.agent else None


def pickup(case: Case) -> list[str] | None:
    """Every ``.tld`` is read and removed, and nothing else is."""
    events = _events(case)
    if not events:
        return None
    problems = list(due_of(_plain(case)) or [])
    problems += [f"{e.file} was handed over and is still there" for e in events if e.deliveries and not e.gone and e.path in case.ledger.tree]
    others = {r.path for r in case.history if r.op == "step" and r.path.startswith(_DIRECTORY) and r.result["act"] == "write"
              and "errno" not in r.result and not r.path.endswith(".tld")}  # fmt: skip
    removed = {path for call, path, result in case.calls() if call == "unlink" and "errno" not in result}
    problems += [f"{path} was removed" for path in sorted(others & removed)]
    return first(problems)


def no_dir(case: Case) -> list[str] | None:
    """Without a directory the agent's pass returns and tells so once, and the extensions' pass collects."""
    kinds = [record.result for record in case.history if record.op == "pass-end"]
    agent = [end for end in kinds if end["kind"] == "agent"]
    if not agent or "lib/events" in case.ledger.tree:
        return None
    problems = [f"the agent's pass ended: {end['end']}" for end in agent if end["end"] != "returned"]
    if not case.ledger.deliveries:
        problems.append("no extension event was collected")
    if case.ledger.run["capabilities"].get("notices"):
        told = Counter(number for number, notice in case.ledger.notices if notice["extension"] is None)
        problems += [f"pass {n} told {told[n]} times, expected once" for n in range(len(agent)) if told[n] != 1]
    return first(problems)


def formats(case: Case) -> list[str] | None:
    events = [event for event in _events(case) if event.agent]
    if {_agent(event, "form") for event in events} != {"json", "xml"}:
        return None
    return due_of([event for event in events if _is_plain(event)])


def torn(case: Case) -> list[str] | None:
    """A malformed file is read three times before it goes, and one completed meanwhile is collected."""
    events = _events(case)
    reads = Counter((r.path, r.pass_number) for r in case.history if r.op == "call" and r.result["call"] == "open")
    refused = [event for event in events if event.fate == "dropped" and event.token]
    if not refused:
        return None
    problems = [f"{e.file} was given up after {reads[e.path, e.gone_pass]} of {_TRIES} reads" for e in refused
                if reads[e.path, e.gone_pass] < _TRIES]  # fmt: skip
    return first([*problems, *(due_of(events) or [])])


def errors(case: Case) -> list[str] | None:
    """A bad file costs itself, and the pass reports how many there were, with the first reasons."""
    events = _events(case)
    dropped = Counter(event.gone_pass for event in events if event.fate == "dropped")
    if not dropped:
        return None
    problems = list(due_of(events) or [])
    if case.ledger.run["capabilities"].get("notices"):
        told: Counter[int] = Counter()
        for number, notice in case.ledger.notices:
            if notice["kind"] == "agent-drops":
                told[number] += notice["count"]
        problems += [f"pass {n} dropped {count} files and reports {told[n]}" for n, count in dropped.items() if told[n] != count]
    if is_hosted(case):
        said = [(number, notice) for number, notice in case.ledger.notices if notice["kind"] == "agent-drops"]
        counted = Counter((number, notice["reason"]) for number, notice in said)
        problems += [f"pass {n} tells its drops in {count} notices that nothing sets apart" for (n, _), count in counted.items() if count > 1]
        problems += as_told(case, "agent-drops")
        problems += [f"pass {n} dropped files and does not say so as operators search for it" for n in dropped
                     if n not in {number for number, _ in said} or any("reworded" in notice for number, notice in said if number == n)]  # fmt: skip
    return first(problems)


def regular(case: Case) -> list[str] | None:
    """What is no regular file is removed and never read, in the agent's directory too."""
    placed = {r.path: ODD[r.result["act"]] for r in case.history
              if r.op == "step" and r.result["act"] in ODD and "errno" not in r.result and r.path.startswith(_DIRECTORY)}  # fmt: skip
    if not placed:
        return None
    problems = [f"a pass ended: {end['end']}" for end in case.ledger.ends if end["end"] == "would-block"]
    problems += [f"{path} was read" for call, path, result in case.calls() if call == "read" and path in placed and "errno" not in result]
    problems += [f"{path} is still there" for path, kind in placed.items()
                 if path.endswith(".tld") and case.ledger.tree.get(path, ("", 0))[0] == kind]  # fmt: skip
    return first([*problems, *(due_of(_events(case)) or [])])


def stop(case: Case) -> list[str] | None:
    """When the sender stops, the files whose events it did not take are kept."""
    stopped = {r.pass_number for r in case.history if r.op == "fault" and r.result["kind"] == "sender-stop" and r.result["key"][:1] == [""]}
    if not stopped:
        return None
    lost = [e for e in _events(case) if e.fate in {"vanished", "discarded"} or (e.fate == "waiting" and e.overdue)]
    return first([f"{event.file} was not handed over, and is {event.fate}: {event.why}" for event in lost])


def beside(case: Case) -> list[str] | None:
    """Agent events come, whatever extensions do."""
    return due_of(_plain(case)) if case.handlers("attacker") and _events(case) else None


JUDGES: dict[str, Judge] = {
    "agent.pickup": pickup,
    "agent.no-dir": no_dir,
    "agent.formats": formats,
    "agent.intact": _those(lambda event: _agent(event, "kind") == "intact", _plain),
    "agent.legacy-extension": _those(lambda event: _agent(event, "kind") == "legacy-extension", _plain),
    "agent.legacy-agent": _those(lambda event: _agent(event, "kind") == "legacy-agent", _plain),
    "agent.torn": torn,
    "agent.redact": _those(lambda event: bool(event.agent)),
    "agent.errors": errors,
    "agent.xml-bool": _those(lambda event: _agent(event, "form") == "xml"),
    "agent.regular": regular,
    "agent.xml-safe": _those(lambda event: event.due == "drop"),
    "agent.stop": stop,
    "isolate.agent-events": beside,
}
