"""Family agent: events of the agent itself and of old extensions, one a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ...core import AGENT_EVENTS_DIR, OVERSIZE_FILE, PassEnded, WriterStep, is_agent_event, is_tld
from ..agreement import ADDED, COLUMNS, FORM, HOST, IDS, NOT_DUE, TIME, ZONE
from ..case import LIMIT_NOTICES, ODD, Case
from ..fared import is_lost
from ..leftovers import left_behind
from ..notices import as_told, is_hosted, is_told_as
from ..problems import Judge, both, due_of, first
from ..written import SOUND, Written
from .waits import TRIES, given_up_early

#: Whose events hold a signature in another place than a text that is the Message.
_ELSEWHERE = "agent.no-signature"


def _events(case: Case) -> list[Written]:
    return [event for event in case.ledger.events if is_agent_event(event.path)]


def _steps(case: Case) -> list[WriterStep]:
    """What was done in the agent's own events dir."""
    return [step for step in case.view.steps if is_agent_event(step.path)]


def _agent(event: Written, name: str) -> object:
    return event.agent[name] if event.agent else None


def _values(event: Written) -> dict[str, object]:
    """The parameters of its own that it came out with otherwise than due, with what was due."""
    own = dict(event.agent["parameters"]) if event.agent else {}
    return {name: own[name] for name in event.differs if name in own}


def _wrong(case: Case, events: list[Written], what: Callable[[Written], object]) -> list[str] | None:
    """Problems with these events, as far as the clause goes. ``what`` gives what breaks it of an
    event that came altered, if anything.

    That they come is for agent.pickup to judge.
    """
    problems = due_of(case, [event for event in events if not is_lost(event)], values=False)
    wrong = [
        f"{event.extension}: {event.token} was altered: {event.why}"
        for event in events
        if event.fate == "altered" and what(event)
    ]
    return None if problems is None else first([*problems, *wrong])


def _those(wanted: Callable[[Written], bool], what: Callable[[Written], object]) -> Judge:
    """The agent events of one kind come out as the clause says."""

    def judge(case: Case) -> list[str] | None:
        events = [event for event in _events(case) if wanted(event)]
        return _wrong(case, events, what) if events else None

    return judge


def _completed(event: Written) -> set[str]:
    """What is wrong with which parameters it has, and with those that were added: of its own ones
    the values are agent.formats' and agent.redact's.
    """
    return {FORM, ADDED, COLUMNS, TIME, ZONE, HOST} & set(event.differs)


def _untouched(event: Written) -> set[str]:
    """What is wrong with an event that passes as it is, but for redaction."""
    return {FORM, ADDED, *(name for name, due in _values(event).items() if not _is_redaction(event, name, due))} & set(
        event.differs
    )


def _is_redaction(event: Written, name: str, due: object) -> bool:
    """Whether what came out otherwise is a text that a redaction may have changed, or should have;
    or holds such texts.
    """
    if isinstance(due, (list, dict)):
        return bool(event.secrets)
    return isinstance(due, str) and ("<redacted>" in due or "://" in due or bool(event.secrets)) and name != "Name"


def _redacted(event: Written) -> list[str]:
    return [name for name, due in _values(event).items() if _is_redaction(event, name, due)]


def _is_xml_bool(event: Written, due: object) -> bool:
    return _agent(event, "form") == "xml" and isinstance(due, bool)


def _typed(event: Written) -> list[str]:
    """Ids and values of another type or text than the format says; the booleans of XML are
    agent.xml-bool's.
    """
    values = [
        name
        for name, due in _values(event).items()
        if not _is_xml_bool(event, due) and not _is_redaction(event, name, due)
    ]
    return values + [IDS] * (IDS in event.differs)


def pickup(case: Case) -> list[str] | None:
    """Every ``.tld`` is read and removed, and nothing else is."""
    events = _events(case)
    if not events:
        return None
    problems = list(due_of(case, [event for event in events if event.due != "drop"], values=False) or [])
    left = left_behind(case)
    problems += [f"{event.file} was handed over and is still there" for event in events if left(event)]
    others = {step.path for step in _steps(case) if step.act == "write" and not is_tld(step.path)}
    removed = {call.path for call in case.view.removals}
    problems += [f"{path} was removed" for path in sorted(others & removed)]
    return first(problems)


def no_dir(case: Case) -> list[str] | None:
    """Without a directory the agent's pass returns and tells so once, and the extensions' pass
    collects.
    """
    agent = [end for end in case.ledger.ends if end["kind"] == "agent"]
    if not agent or AGENT_EVENTS_DIR in case.ledger.tree:
        return None
    problems = [f"the agent's pass ended: {end['end']}" for end in agent if end["end"] != "returned"]
    if not case.ledger.deliveries and not case.is_losing:
        problems.append("no extension event was collected")
    if case.gives_notices:
        told = Counter(number for number, notice in case.ledger.notices if is_told_as(notice, "agent-dir"))
        problems += [f"pass {n} told {told[n]} times of it, expected once" for n in range(len(agent)) if told[n] != 1]
    return first(problems)


def formats(case: Case) -> list[str] | None:
    events = [event for event in _events(case) if event.agent]
    if {_agent(event, "form") for event in events} != {"json", "xml"}:
        return None
    lost = {str(_agent(event, "form")): event for event in events if is_lost(event)}
    unread = [f"{form} is not read: {event.file} was {event.fate}" for form, event in lost.items() if len(lost) == 1]
    if any(event.deliveries for event in events if _agent(event, "form") in lost):
        unread = []  # it is not for their form
    return both(_wrong(case, events, _typed), unread or None)


def torn(case: Case) -> list[str] | None:
    """A malformed file is read three times before it goes, and one completed meanwhile is
    collected.
    """
    events = _events(case)
    reads = Counter((call.path, call.pass_number) for call in case.view.called("open"))
    refused = [event for event in events if event.fate == "dropped" and event.token]
    if not refused:
        return None
    if (unwaited := given_up_early(case, refused)) is not None:
        return first(unwaited)
    problems = [
        f"{e.file} was given up after {reads[e.path, e.gone_pass]} of {TRIES} reads"
        for e in refused
        if 0 < reads[e.path, e.gone_pass] < TRIES
    ]
    return first(
        [
            *problems,
            *(due_of(case, [event for event in events if reads[event.path, event.gone_pass]], values=False) or []),
        ]
    )


def errors(case: Case) -> list[str] | None:
    """A bad file costs itself, and the pass reports how many there were, with the first reasons."""
    events = _events(case)
    dropped = Counter(event.gone_pass for event in events if event.fate == "dropped")
    if not dropped:
        return None
    read = [event for event in events if event.due in SOUND and case.was_read(event)]
    problems = list(due_of(case, read, values=False) or [])
    if case.gives_notices:
        least, most, told = _reportable(case, events)
        problems += [
            f"pass {n} dropped {count} files and reports {told[n]}"
            for n, count in dropped.items()
            if not least[n] <= told[n] <= most[n]
        ]
    if is_hosted(case):
        said = [(number, notice) for number, notice in case.ledger.notices if notice["kind"] == "agent-drops"]
        counted = Counter((number, notice["reason"]) for number, notice in said)
        problems += [
            f"pass {n} tells its drops in {count} notices that nothing sets apart"
            for (n, _), count in counted.items()
            if count > 1
        ]
        problems += as_told(case, "agent-drops")
        least = _reportable(case, events)[0]
        reworded = {number for number, notice in said if "reworded" in notice}
        unsaid = {n for n in dropped if least[n]} - {number for number, _ in said}
        problems += [
            f"pass {n} dropped files and does not say so as operators search for it"
            for n in sorted(unsaid | (reworded & set(dropped)))
        ]
    return first(problems)


def _reportable(case: Case, events: list[Written]) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """By pass, how many agent events were dropped: at least, at most, and as the notices tell.

    What the sender refused may be told among the drops, or as `sender-error` (docs/collectors.md).
    Beyond the work limit a file is discarded unread, and nobody knows what it held. A directory
    stays, and may be told as `irregular` or among the drops; so may what else is no regular file.
    """
    least: Counter[int] = Counter()
    most: Counter[int] = Counter()
    limited = {number for number, n in case.ledger.notices if n["extension"] is None and n["kind"] in LIMIT_NOTICES}
    for event in events:
        if event.fate == "dropped":
            most[event.gone_pass] += 1
            least[event.gone_pass] += event.why != "SenderError" and event.gone_pass not in limited
        elif is_lost(event):
            most[event.gone_pass] += 1  # a sound one: why is for other clauses to judge
    odd = {step.path: step.pass_number for step in _steps(case) if step.act in {*ODD, "mkdir"} and is_tld(step.path)}
    passes = {ended.pass_number for ended in case.view.of(PassEnded)}
    told: Counter[int] = Counter()
    refused: Counter[int] = Counter()
    for number, notice in case.ledger.notices:
        if notice["kind"] == "agent-drops":
            told[number] += notice["count"]
        elif notice["kind"] == "sender-error" and not notice["extension"]:
            refused[number] += notice["count"]
    for number in passes:
        most[number] += sum(since <= number for since in odd.values())
        due = sum(
            event.fate == "dropped" and event.why == "SenderError" and event.gone_pass == number for event in events
        )
        if refused[number]:
            most[number] -= due  # told as such, it is not told among the drops as well
        elif due:
            least[number] += due
    return least, most, told


def regular(case: Case) -> list[str] | None:
    """In the agent's directory too, what is no regular file is removed and never read. What is too
    large goes unread, and what is just not so comes.
    """
    placed = {step.path: ODD[step.act] for step in _steps(case) if step.act in ODD}
    if not placed and all(event.reason != OVERSIZE_FILE for event in _events(case)):
        return None
    problems = [f"a pass ended: {end['end']}" for end in case.ledger.ends if end["end"] == "would-block"]
    problems += [f"{call.path} was read" for call in case.view.done("read") if call.path in placed]
    problems += [
        f"{path} is still there"
        for path, kind in placed.items()
        if is_tld(path) and case.ledger.tree.get(path, ("", 0))[0] == kind
    ]
    return first([*problems, *(due_of(case, _events(case), values=False) or [])])


def stop(case: Case) -> list[str] | None:
    """When the sender stops, the files whose events it did not take are kept."""
    if not any(fault.kind == "sender-stop" and fault.key and fault.key[0] == "" for fault in case.view.faults):
        return None
    lost = [e for e in _events(case) if e.fate in {"vanished", "discarded"} or (e.fate == "waiting" and e.overdue)]
    return first([f"{event.file} was not handed over, and is {event.fate}: {event.why}" for event in lost])


def beside(case: Case) -> list[str] | None:
    """Agent events come, whatever extensions do."""
    limited = any(n["extension"] is None and n["kind"] in LIMIT_NOTICES for _, n in case.ledger.notices)
    events = [
        event for event in _events(case) if not (limited and event.overdue)
    ]  # what a limit of their own leaves is not for the extensions
    return due_of(case, events, values=False) if case.handlers("attacker") and events else None


JUDGES: dict[str, Judge] = {
    "agent.pickup": pickup,
    "agent.no-dir": no_dir,
    "agent.formats": formats,
    "agent.intact": _those(lambda event: _agent(event, "kind") == "intact", _untouched),
    "agent.legacy-extension": _those(lambda event: _agent(event, "kind") == "legacy-extension", _completed),
    "agent.legacy-agent": _those(lambda event: _agent(event, "kind") == "legacy-agent", _completed),
    "agent.torn": torn,
    "agent.redact": _those(lambda event: bool(event.agent) and _ELSEWHERE not in event.about, _redacted),
    _ELSEWHERE: _those(lambda event: _ELSEWHERE in event.about, _redacted),
    "agent.errors": errors,
    "agent.xml-bool": _those(
        lambda event: _agent(event, "form") == "xml",
        lambda event: any(_is_xml_bool(event, due) for due in _values(event).values()),
    ),
    "agent.regular": regular,
    "agent.xml-safe": _those(lambda event: event.due == "drop", lambda event: NOT_DUE in event.differs),
    "agent.stop": stop,
    "isolate.agent-events": beside,
}
