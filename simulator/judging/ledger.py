"""The fate of every written event, derived from the history alone.

Rules: every event has exactly one fate; content was planned, timing is derived here: whether an
event had to be in a pass follows from whether its file was complete before the pass first listed
its directory. What a path held is followed through the writers' steps and the collector's removals;
the final tree settles what neither tells.

Red fates: duplicated (at-most-once), altered, vanished. ``invented`` (delivered, never written)
stands beside the sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base import EPOCH
from ..core import (
    AGENT_EVENTS_DIR,
    COLLECTOR,
    COMMON_PARAMETERS,
    EVENT_ID,
    LABELLED_PARAMETERS,
    PARAMETER_NAMES,
    PROVIDER_ID,
    History,
    Record,
    agrees,
    event_path,
    find_token,
    handler_of,
    is_in_log_dir,
    microseconds_of,
    renamed_text,
    told_microseconds,
)

FATES = (
    "delivered",
    "cut",
    "dropped",
    "discarded",
    "spared",
    "kept",
    "waiting",
    "withdrawn",
    "lost-in-crash",
    "duplicated",
    "altered",
    "vanished",
)
RED = ("altered", "vanished")

#: In what a delivered event can differ, beside its parameters: it was due to be none; the names of
#: its parameters, or its ids; of a legacy event, what was added to it; OpcodeName, where it is
#: another time or that time in another zone; values that the embedding agent gave.
NOT_DUE, FORM, IDS, ADDED, COLUMNS, TIME, ZONE, HOST = ASPECTS = (
    "not due",
    "form",
    "ids",
    "added",
    "columns",
    "time",
    "zone",
    "host",
)

_PLACES = tuple(map(PARAMETER_NAMES.index, LABELLED_PARAMETERS))
_MESSAGE = PARAMETER_NAMES.index("Context1")
_TIME = PARAMETER_NAMES.index("OpcodeName")


@dataclass(slots=True)
class Written:
    """One written event: its latest label, where it last stood, and what became of it."""

    extension: str
    token: str
    due: str
    reason: str
    expected: list[list[str]] = field(default_factory=list)
    #: What an agent event must come out as (``simulator.core.labels.AgentEvent``).
    agent: dict[str, Any] | None = None
    secrets: tuple[str, ...] = ()
    #: The clauses that it was written to try; none for what any extension writes on any day.
    about: tuple[str, ...] = ()
    #: How many elements stand in its file.
    among: int = 1
    times: list[int] = field(default_factory=list)
    path: str = ""
    #: Its place in the file, from 0: what tells it from an equal one.
    index: int = 0
    since: int = 0
    #: Since which record it stands where it stands: its directory may have moved since it was
    #: complete.
    stands: int = 0
    gone: str = ""
    gone_pass: int = -1
    deliveries: list[Delivered] = field(default_factory=list)
    #: How often its writer wrote it anew after the collector had taken its file away.
    rewritten: int = 0
    #: The sender did not take it (a planned fault).
    refused: bool = False
    fate: str = ""
    why: str = ""
    #: Of an altered one, in what it differs: names of parameters, or one of ASPECTS.
    differs: tuple[str, ...] = ()
    overdue: bool = False

    @property
    def file(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class Delivered:
    """One delivery, in the order of the history."""

    i: int
    pass_number: int
    extension: str
    file: str
    index: int
    token: str
    values: list[Any]
    well_formed: bool
    confirmed: bool = True
    names: tuple[str, ...] = PARAMETER_NAMES
    #: The values in the contract's order, of an event whose parameters are the contract's, in
    #: whatever order; else empty.
    own: list[Any] = field(default_factory=list)
    ids: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class _Version:
    """What a path holds."""

    events: list[Written]
    complete_at: int
    #: How many paths lead to it.
    names: int = 0


class Ledger:
    """The fates of a run's events.

    ``events``, ``deliveries`` and ``invented`` are in order of the history.
    """

    def __init__(self, history: History) -> None:
        self.run: dict[str, Any] = {}
        self.events: list[Written] = []
        self.deliveries: list[Delivered] = []
        self.invented: list[Delivered] = []
        #: (extension, pass) -> index of the record with which the pass first listed that events
        #: dir.
        self.listed: dict[tuple[str, int], int] = {}
        self.accepted: Counter[tuple[str, int]] = Counter()
        self.notices: list[tuple[int, dict[str, Any]]] = []
        self.ends: list[dict[str, Any]] = []
        self.tree: dict[str, tuple[str, Any]] = {}
        #: pass -> the same of the agent's events dir.
        self._agent_listed: dict[int, int] = {}
        self._known: dict[tuple[str, str], Written] = {}
        self._content: dict[str, _Version] = {}
        #: What each path held last, removed or not: an event whose text carries no token is known
        #: by its place.
        self._held: dict[str, list[Written]] = {}
        #: What was taken from a path before something else was written there, oldest first.
        self._earlier: dict[str, list[list[Written]]] = {}
        self._inside = False
        #: Handlers' directories that were renamed during this pass: a collector that had entered
        #: one goes on under its old name.
        self._renamed: dict[str, str] = {}
        self._crashed: set[int] = set()
        self._stopped: set[int] = set()
        #: Passes in which the sender refused events of which nobody can say which.
        self._mute: set[int] = set()
        #: Passes in which a service was stopped: what they had not begun they keep.
        self._halted: set[int] = set()
        #: (path, pass) of calls that the environment made fail: what the file held may be lost with
        #: a reason.
        self._struck: set[tuple[str, int]] = set()
        self._open: list[Delivered] = []
        heard: dict[str, Callable[[int, Record], None]] = {
            "run": self._on_run,
            "step": self._on_step,
            "call": self._on_call,
            "offered": self._on_offered,
            "deliver": self._on_deliver,
            "flush": self._on_flush,
            "crash": self._on_crash,
            "fault": self._on_fault,
            "notice": self._on_notice,
            "pass-end": self._on_pass_end,
            "pass-begin": self._on_pass_begin,
            "tree": self._on_tree,
            "service": self._on_service,
        }
        for i, record in enumerate(history):
            if record.op in heard:
                heard[record.op](i, record)
        self._settle()

    # --- reading the history ------------------------------------------------------------------------------------------

    def _on_run(self, _: int, record: Record) -> None:
        self.run = record.result

    def _on_step(self, i: int, record: Record) -> None:
        result = record.result
        if "errno" in result:
            return
        act, path = result["act"], record.path
        extension = path.split("/")[1] if is_in_log_dir(path) else record.actor.partition(":")[2]
        time = result.get("mtime", record.t)
        target = result.get("to", path) if act in {"rename", "replace", "link", "unlink"} else path
        if act in {"rename", "replace"}:
            self._rename(i, path, target, record.pass_number)
        elif act == "rmtree":
            for inner in [known for known in self._content if known.startswith(path + "/")]:
                self._forget(inner, "writer", record.pass_number)
        elif act == "link" and path in self._content:
            self._stand(target, self._content[path])
        elif act == "unlink":
            self._forget(path, "writer", record.pass_number)
            if target not in self._content:
                return
        if result.get("labels") is not None:
            self._hold(i, target, extension, result["labels"], time, record.pass_number)
        elif target in self._content:
            for event in self._content[target].events:
                event.times.append(time)

    def _rename(self, i: int, path: str, target: str, number: int) -> None:
        if self._inside and _is_handler(path) and _is_handler(target):
            self._renamed[path] = target
        moved = self._leave(path)
        self._forget(target, "writer", number, moved)
        if moved is not None:
            self._stand(target, moved)
            for event in moved.events:
                event.path, event.stands = target, i
        for inner in [known for known in self._content if known.startswith(path + "/")]:
            version = self._content[target + inner[len(path) :]] = self._content.pop(inner)
            for event in version.events:
                event.path, event.stands = target + inner[len(path) :], i
            if _is_handler(path) and _is_handler(target):
                self._rename_handler(target + inner[len(path) :], version.events, handler_of(path), handler_of(target))

    def _rename_handler(self, path: str, events: list[Written], old: str, new: str) -> None:
        """What waits is of the handler whose name the directory has; during a pass, of either."""
        self._held[path] = events
        for event in events:
            event.extension = new
            renamed = [[renamed_text(texts[0], old, new), *texts[1:]] for texts in event.expected]
            event.expected = [*event.expected, *renamed] if self._inside else renamed
            if event.token:
                self._known[new, event.token] = event

    def _stand(self, path: str, version: _Version) -> None:
        version.names += 1
        self._content[path] = version

    def _leave(self, path: str) -> _Version | None:
        version = self._content.pop(path, None)
        if version is not None:
            version.names -= 1
        return version

    def _forget(self, path: str, who: str, number: int, successor: _Version | None = None) -> None:
        version = self._leave(path)
        if version is None or version.names:
            return
        staying = {id(event) for event in successor.events} if successor else set()
        for event in version.events:
            if id(event) not in staying:
                event.gone, event.gone_pass = who, number

    def _hold(self, i: int, path: str, extension: str, labels: list[Any], time: int, number: int) -> None:
        events = []
        before = self._held.get(path, [])
        taken = bool(before) and before[0].gone == COLLECTOR
        for index, (token, due, detail, *more) in enumerate(labels):
            event = self._known.get((extension, token)) if token else self._standing(path, index)
            if event is None:
                event = Written(extension, token, due, "")
                self.events.append(event)
                if token:
                    self._known[extension, token] = event
            if event.gone == COLLECTOR:
                event.rewritten += 1
            event.due = due
            event.secrets = tuple(more[0]) if more else ()
            event.about = tuple(more[1]) if len(more) > 1 else ()
            event.among = len(labels)
            event.reason = detail if isinstance(detail, str) else ""
            if isinstance(detail, dict):
                event.agent = detail
            elif not isinstance(detail, str) and detail:
                event.expected.append(detail)
            event.times.append(time)
            event.path, event.index, event.since, event.stands = path, index, i, i
            event.gone = ""
            events.append(event)
        version = _Version(events, i)
        if taken and events and events[0] is not before[0]:
            self._earlier.setdefault(path, []).append(before)
        self._forget(path, "writer", number, version)
        self._stand(path, version)
        self._held[path] = events

    def _standing(self, path: str, index: int) -> Written | None:
        """The event without a token that stands at this place: written there again it is the same
        one, and after it was taken it is another.
        """
        version = self._content.get(path)
        events = version.events[index : index + 1] if version else []
        return next((event for event in events if not event.token), None)

    def _on_call(self, i: int, record: Record) -> None:
        call = record.result["call"]
        if "errno" in record.result:
            return
        if call == "unlink":
            self._forget(self._now_at(record.path), COLLECTOR, record.pass_number)
        elif call in {"listdir", "scandir"}:
            self._on_offered(i, record)

    def _now_at(self, path: str) -> str:
        """Where the file is that a collector means by a path: elsewhere, if its handler was renamed
        in this pass.
        """
        log, _, rest = path.partition("/")
        handler, _, below = rest.partition("/")
        target = self._renamed.get(f"{log}/{handler}")
        return path if target is None or path in self._content else f"{target}/{below}"

    def _on_offered(self, i: int, record: Record) -> None:
        """A directory was listed; of a program whose calls are not heard, it lay there to be."""
        if is_in_log_dir(record.path) and record.path.endswith("/events"):
            self.listed.setdefault((record.path.split("/")[1], record.pass_number), i)
        elif record.path == AGENT_EVENTS_DIR:
            self._agent_listed.setdefault(record.pass_number, i)
            for extension in {
                event.extension for event in self.events if event.path.startswith(AGENT_EVENTS_DIR + "/")
            }:
                self.listed.setdefault((extension, record.pass_number), i)

    def _on_deliver(self, i: int, record: Record) -> None:
        values, key = record.result["values"], record.result["key"]
        own = _in_order(record.result.get("names"), values)
        whole = bool(own) and "ids" not in record.result
        message = own[_MESSAGE] if whole and isinstance(own[_MESSAGE], str) else ""
        extension, file, index = key if isinstance(key, list) and len(key) == 3 else ("", "", 0)
        token = (
            find_token(message)
            if extension
            else next(filter(None, (find_token(v) for v in values if isinstance(v, str))), "")
        )
        delivered = Delivered(
            i,
            record.pass_number,
            str(extension),
            str(file),
            index,
            token,
            values,
            whole,
            names=tuple(record.result.get("names", PARAMETER_NAMES)),
            own=own,
            ids=record.result.get("ids", [EVENT_ID, PROVIDER_ID, "json"]),
        )
        self.deliveries.append(delivered)
        self.accepted[delivered.extension, record.pass_number] += 1
        if self.run.get("delivery") == "at-least-once" and self.run.get("confirmed_by") != "line":
            delivered.confirmed = False
            self._open.append(delivered)
        event = self._alike(delivered) if "keyless" in record.result and not token and whole else self._meant(delivered)
        if event is None:
            self.invented.append(delivered)
        else:
            event.deliveries.append(delivered)

    def _meant(self, delivered: Delivered) -> Written | None:
        """The event that was delivered: by its token, or by its place where its text has none."""
        if delivered.token and delivered.extension:
            return self._known.get((delivered.extension, delivered.token))
        if not delivered.extension:
            agent = self._at(f"{AGENT_EVENTS_DIR}/{delivered.file}", 0, delivered.pass_number)
            agents = (
                [e for e in self.events if e.agent and delivered.token and e.token == delivered.token]
                if agent is None
                else [agent]
            )
            return agents[0] if agents else None
        place = delivered.index if isinstance(delivered.index, int) else -1
        return self._at(event_path(delivered.extension, delivered.file), place, delivered.pass_number)

    def _at(self, path: str, place: int, number: int) -> Written | None:
        """The event at that place of a file.

        Where files of one name followed each other, that of the first which this pass can have read
        and nobody got.
        """
        versions = [held for held in (*self._earlier.get(path, ()), self._held.get(path, [])) if 0 <= place < len(held)]
        possible = [
            held[place] for held in versions if held[place].gone != COLLECTOR or held[place].gone_pass == number
        ]
        fresh = [event for event in possible if not event.deliveries]
        return next(iter(fresh or possible[-1:] or [held[place] for held in versions[-1:]]), None)

    def _alike(self, delivered: Delivered) -> Written | None:
        """Of an event without token and key nobody knows where it stood: any that says the same, of
        the file it is taken to come from before others.
        """
        found = [delivered.own[place] for place in _PLACES]
        alike = [
            event
            for event in self.events
            if event.extension == delivered.extension
            and not event.token
            and not event.deliveries
            and any(not _differing(expected, found, event.secrets) for expected in event.expected)
        ]
        alike.sort(key=lambda event: event.file != delivered.file)
        return alike[0] if alike else self._meant(delivered)

    def _on_flush(self, _: int, record: Record) -> None:
        if record.result["confirmed"]:
            for delivered in self._open:
                delivered.confirmed = True
            self._open = []

    def _on_crash(self, _: int, record: Record) -> None:
        self._crashed.add(record.pass_number)
        self._open = []  # what the sender had not confirmed died with the process

    def _on_fault(self, _: int, record: Record) -> None:
        kind = record.result["kind"]
        if kind == "sender-stop":
            self._stopped.add(record.pass_number)
        elif kind in {"sender-error", "sender-mute"}:
            self._on_refusal(record)
        elif kind == "errno":
            self._struck.add((record.path, record.pass_number))

    def _on_refusal(self, record: Record) -> None:
        known = isinstance(record.result["key"], list)
        if record.result["kind"] == "sender-mute" or not known:
            self._mute.add(record.pass_number)
        if known:
            extension, file, index = record.result["key"]
            refused = self._at(
                event_path(extension, file),
                index,
                record.pass_number,
            )
            if refused is not None:
                refused.refused = True

    def _on_notice(self, _: int, record: Record) -> None:
        self.notices.append((record.pass_number, record.result))

    def _on_pass_begin(self, _: int, record: Record) -> None:  # noqa: ARG002 - the form of what is heard
        self._inside = True
        self._renamed.clear()

    def _on_pass_end(self, _: int, record: Record) -> None:
        self._inside = False
        self.ends.append(record.result)

    def _on_service(self, _: int, record: Record) -> None:
        if record.result["do"] == "stop":
            self._halted.add(record.pass_number)

    def _on_tree(self, _: int, record: Record) -> None:
        self.tree = {path: (kind, size) for path, kind, size in record.result}

    # --- deriving -----------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        for delivered in self._open:
            delivered.confirmed = True  # the process lived to the end
        last = max((number for _, number in self.listed), default=-1)
        for path in [path for path in self._content if path not in self.tree]:
            self._forget(path, COLLECTOR, last)
        for event in self.events:
            event.fate, event.why = self._fate(event)

    def _fate(self, event: Written) -> tuple[str, str]:
        deliveries = [delivered for delivered in event.deliveries if delivered.confirmed]
        if len(deliveries) > 1 + event.rewritten and event.agent is None and self.run["delivery"] == "at-most-once":
            return "duplicated", f"{len(deliveries)} times"
        if deliveries:
            problem, event.differs = self._alteration(event, deliveries[0])
            if problem:
                return "altered", problem
            return ("cut" if event.due == "cut" else "delivered"), ""
        if event.refused:
            return "dropped", "SenderError"
        if event.gone == "writer":
            return "withdrawn", ""
        if event.gone:
            return self._removed(event)
        if event.due == "leave":
            return "spared", ""
        due = self._due_passes(event)
        if due and any(number >= due[0] for number in self._stopped):
            return "kept", ""
        event.overdue = any(n not in self._crashed | self._halted and (event.path, n) not in self._struck for n in due)
        return "waiting", "overdue" if event.overdue else ""

    def _removed(self, event: Written) -> tuple[str, str]:
        number = event.gone_pass
        directory = None if event.path.startswith(AGENT_EVENTS_DIR + "/") else event.extension
        if event.due == "leave":
            return "discarded", "residue"
        if self.accepted[event.extension, number] >= self.run["limits"]["quota"]:
            # Beyond the quota a file goes unread, whatever it holds.
            return ("dropped", event.reason) if event.due == "drop" else ("discarded", "quota")
        if event.due == "drop":
            return "dropped", event.reason
        if (event.path, number) in self._struck:
            return "dropped", "fault"
        if number in self._crashed:
            at_most_once = self.run["delivery"] == "at-most-once"
            return ("lost-in-crash", "") if at_most_once else ("vanished", "in a crash")
        for passed, notice in self.notices:
            if passed != number or notice["extension"] != directory:
                continue
            if notice["kind"] in {"rejects", "work"}:
                return "discarded", notice["kind"]
            if notice["kind"] == "sender-error" and number in self._mute:
                return "dropped", "SenderError"
        if number in self._stopped:
            return ("discarded", "stop") if self.run["delivery"] == "at-most-once" else ("vanished", "in a stop")
        if event.since > self.listed.get((event.extension, number), event.since):
            return "discarded", "overlap"  # written over its file between the collector's last look and the removal
        return "vanished", "removed and never delivered"

    def _due_passes(self, event: Written) -> list[int]:
        """The passes that listed the directory after the event was complete, in order."""
        if event.path.startswith(
            AGENT_EVENTS_DIR + "/"
        ):  # another actor of that name may have an events dir of its own
            return sorted(n for n, i in self._agent_listed.items() if i > event.since)
        return sorted(
            n for (extension, n), i in self.listed.items() if extension == event.extension and i > event.since
        )

    def _alteration(self, event: Written, delivered: Delivered) -> tuple[str, tuple[str, ...]]:
        """How a delivery differs from what is due, in words and by the names of what differs;
        nothing, and nothing, where it does not.
        """
        if event.agent is not None:
            return _joined(
                [*agent_alterations(event.agent, delivered, event.secrets), *self._added_alterations(event, delivered)]
            )
        if not event.expected:
            return f"delivered, though due to be {event.due}: {event.reason}", (NOT_DUE,)
        if not delivered.well_formed:
            return "parameter names or ids are not the contract's", (FORM,)
        found = [delivered.own[place] for place in _PLACES]
        differing = [_differing(expected, found, event.secrets) for expected in event.expected]
        problems = (
            [(name, f"differs in {', '.join(differing[-1])}") for name in differing[-1]] if all(differing) else []
        )
        if not _is_time(delivered.own[_TIME], event.times):
            problems.append((_time_aspect(delivered.own[_TIME], event.times), _NOT_THE_TIME))
        if "common_parameters" in self.run.get("hosted", ()):
            told = _differing_common([(PARAMETER_NAMES[place], delivered.own[place]) for place in _OF_HOST])
            problems += [(HOST, told)] if told else []
        return _joined(problems)

    def _added_alterations(self, event: Written, delivered: Delivered) -> Iterator[tuple[str, str]]:
        """What is wrong with the values of the common parameters that a legacy event got."""
        agent = event.agent or {}
        if agent["kind"] == "intact":
            return
        added = dict(_parted(agent, delivered)[1])
        moment = added.pop("OpcodeName", None)
        if moment is not None and not _is_time(moment, event.times):
            yield _time_aspect(moment, event.times), _NOT_THE_TIME
        told = _differing_common(added.items()) if "common_parameters" in self.run.get("hosted", ()) else ""
        if told:
            yield HOST, told

    # --- summing up ---------------------------------------------------------------------------------------------------

    def fates(self, extension: str | None = None) -> dict[str, int]:
        """fate -> count, in the order of FATES, those that occur."""
        counts = Counter(event.fate for event in self.events if extension in {None, event.extension})
        return {fate: counts[fate] for fate in FATES if counts[fate]}

    def reasons(self) -> dict[str, int]:
        """reason -> count, of dropped and discarded events."""
        counts = Counter(event.why for event in self.events if event.fate in {"dropped", "discarded"})
        return dict(sorted(counts.items()))

    def sequence(self, extension: str) -> list[list[Any]]:
        """What the sender got of one extension, in order."""
        return [delivered.values for delivered in self.deliveries if delivered.extension == extension]

    def timed_sequence(self, extension: str) -> list[tuple[int, list[Any]]]:
        """The same, each with its pass."""
        return [
            (delivered.pass_number, delivered.values)
            for delivered in self.deliveries
            if delivered.extension == extension
        ]

    def by_extension(self) -> dict[str, list[Written]]:
        found: dict[str, list[Written]] = defaultdict(list)
        for event in self.events:
            found[event.extension].append(event)
        return found


def _is_handler(path: str) -> bool:
    return is_in_log_dir(path) and path.count("/") == 1


def _in_order(names: list[str] | None, values: list[Any]) -> list[Any]:
    """The values in the contract's order, or nothing where their names are not the contract's.
    ``names``: None stands for just those.

    What order they came in is for event.mapping to judge: an event whose parameters are in disorder
    says what its writer said.
    """
    if names is None or tuple(names) == PARAMETER_NAMES:
        return values if len(values) == len(PARAMETER_NAMES) else []
    if sorted(names) != sorted(PARAMETER_NAMES):
        return []
    named = dict(zip(names, values, strict=True))
    return [named[name] for name in PARAMETER_NAMES]


_NOT_THE_TIME = "OpcodeName is not the file's modification time"


def _joined(problems: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """The first of these in words, and what all of them are about."""
    return (problems[0][1], tuple(dict.fromkeys(aspect for aspect, _ in problems))) if problems else ("", ())


_Pairs = list[tuple[str, Any]]


def _parted(due: dict[str, Any], delivered: Delivered) -> tuple[_Pairs, _Pairs]:
    """The parameters of a delivered agent event: those that stand where its own are due, and what
    was added.

    An agent's legacy event may get the common parameters at any place (agent.legacy-agent), so that
    its own are looked for, in their order.
    """
    found = list(zip(delivered.names, delivered.values, strict=True))
    count = len(due["parameters"])
    if due["kind"] != "legacy-agent":
        return found[:count], found[count:]
    names = [name for name, _ in due["parameters"]]
    own: _Pairs = []
    added: _Pairs = []
    for name, value in found:
        if len(own) < count and name == names[len(own)]:
            own.append((name, value))
        else:
            added.append((name, value))
    return own, added


def agent_alterations(due: dict[str, Any], delivered: Delivered, secrets: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """How a delivered agent event differs from what its file must come out as:

    (what differs, in words).
    """
    if delivered.ids != [due["event_id"], due["provider"], due["form"]]:
        yield IDS, f"ids are {delivered.ids}"
    own, added = _parted(due, delivered)
    if [name for name, _ in own] != [name for name, _ in due["parameters"]]:
        differing = next((name for (name, _), (got, _) in zip(due["parameters"], own, strict=False) if name != got), "")
        yield FORM, f"differs in {differing}" if differing else "parameters are missing"
        return
    for (name, value), (_, got) in zip(due["parameters"], own, strict=True):
        same = (
            agrees(value, got, secrets)
            if isinstance(value, str) and isinstance(got, str)
            else (type(value), value) == (type(got), got)
        )
        if not same:
            yield name, f"differs in {name}"
    yield from _wrongly_added(due, added)


def _wrongly_added(due: dict[str, Any], added: _Pairs) -> Iterator[tuple[str, str]]:
    """What is wrong with which parameters were added to an agent event."""
    rest = [name for name, _ in added]
    common = PARAMETER_NAMES[:_COMMON]
    if due["kind"] == "intact":
        if rest:
            yield ADDED, f"has {len(rest)} parameters more"
        return
    if due["kind"] == "legacy-agent":
        lacking = {name for name in common if name not in dict(due["parameters"])}
        if set(rest) != lacking or len(rest) != len(lacking):
            yield ADDED, "the common parameters are not those that it lacks"
        return
    columns = ("ExtensionType", "IsInternal")
    if sorted(name for name in rest if name not in columns) != sorted(common):
        yield ADDED, "the common parameters are not added"
    expects_columns = due["form"] == "json" and due["event_id"] == 1 and type(due["event_id"]) is int
    values = {name: value for name, value in added if name in columns}
    if [name in rest for name in columns] != [expects_columns] * 2:
        yield COLUMNS, "ExtensionType and IsInternal are not where they belong"
    elif values not in ({}, {"ExtensionType": "json", "IsInternal": False}):
        yield COLUMNS, f"ExtensionType and IsInternal are {values}"


#: How many of the parameters are the common ones (docs/contract.md).
_COMMON = 19


def _differing(expected: list[str], found: list[Any], secrets: tuple[str, ...]) -> list[str]:
    """The names of the parameters that are not as expected."""
    if not secrets and expected == found:
        return []
    return [
        PARAMETER_NAMES[place]
        for place, due, text in zip(_PLACES, expected, found, strict=True)
        if not (isinstance(text, str) and agrees(due, text, secrets))
    ]


#: The common parameters whose values in extension events are the embedding agent's.
_OF_HOST = tuple(
    PARAMETER_NAMES.index(name)
    for name in COMMON_PARAMETERS
    if name not in {"OpcodeName", "EventTid", "EventPid", "TaskName"}
)


def _differing_common(values: Iterable[tuple[str, Any]]) -> str:
    """The first common parameter that is not what the embedding agent gave, or ""."""
    for name, value in values:
        if name in COMMON_PARAMETERS and (type(value), value) != (
            type(COMMON_PARAMETERS[name]),
            COMMON_PARAMETERS[name],
        ):
            return f"{name} is not what the embedding agent gave"
    return ""


def _is_time(text: Any, times: Sequence[int]) -> bool:
    moment = microseconds_of(text)
    return moment is not None and any(abs(moment - told_microseconds(EPOCH + time)) <= 1 for time in times)


#: Zones differ by whole quarters of an hour, in microseconds.
_QUARTER = 900 * 10**6


def _time_aspect(text: Any, times: Sequence[int]) -> str:
    """What a wrong OpcodeName is: the right moment told in another zone, or another moment."""
    moment = microseconds_of(text)
    zoned = moment is not None and any((moment - told_microseconds(EPOCH + time) + 1) % _QUARTER <= 2 for time in times)
    return ZONE if zoned else TIME
