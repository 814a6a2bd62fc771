"""What a judge is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from types import MappingProxyType
from typing import Any

from ..contract import LIMITS
from ..core import (
    AGENT,
    COLLECTOR,
    MALFORMED,
    OVERSIZE_ELEMENT,
    OVERSIZE_FILE,
    Cost,
    Held,
    History,
    Record,
    events_dir,
    is_in_log_dir,
)
from .ledger import HOST, Delivered, Ledger, Written


@dataclass(frozen=True)
class Case:
    """One run: its history, its ledger, and the ledger of the same run without its attackers (None:
    it has none).
    """

    history: History
    ledger: Ledger
    without: Ledger | None
    costs: tuple[Cost, ...] = ()
    #: What was left after each of many passes, where the scenario is about that.
    held: Held | None = None

    @property
    def quota(self) -> int:
        return int(self.ledger.run["limits"]["quota"])

    def handlers(self, role: str) -> list[str]:
        return [actor["handler"] for actor in self.ledger.run["actors"] if actor["role"] == role]

    def calls(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(label, path, result) of each call of the collector."""
        for record in self.history:
            if record.op == "call" and record.actor == COLLECTOR:
                yield record.result["call"], record.path, record.result

    @cached_property
    def opened(self) -> frozenset[str]:
        """The files that the collector opened; of a program nothing is known of that."""
        return frozenset(path for call, path, result in self.calls() if call == "open" and "errno" not in result)

    def was_read(self, event: Written) -> bool:
        """Whether its file was opened, as far as that is known: one that is removed unread is not counted."""
        return not self.opened or event.path in self.opened

    def last_pass(self) -> int:
        """The number of the last pass, -1 where none was made.

        A pass over agent events and one over extension events share a number.
        """
        return max((record.pass_number for record in self.history if record.op == "pass-begin"), default=-1)

    def pass_deliveries(self) -> Iterator[tuple[str, int, list[Delivered]]]:
        """(extension, pass, deliveries in order), of extension events."""
        ordered = sorted(
            (d for d in self.ledger.deliveries if d.extension), key=lambda d: (d.extension, d.pass_number, d.i)
        )
        for (extension, number), group in groupby(ordered, key=lambda d: (d.extension, d.pass_number)):
            yield extension, number, list(group)

    def full_passes(self) -> list[tuple[str, int]]:
        """(extension, pass) in which at least the quota was handed over."""
        return [place for place, count in self.ledger.accepted.items() if count >= self.quota and place[0]]

    @cached_property
    def ordinary(self) -> list[Written]:
        """The control group: events of extensions that did nothing but write sound files, once
        each, as any extension does on any day.

        What befalls them befalls everybody, and is no sign of what a scenario is about.
        """
        odd = set(self.handlers("attacker"))
        written: set[str] = set()
        for record in self.history:
            if record.op != "step" or record.actor == AGENT or not is_in_log_dir(record.path):
                continue
            labels = record.result.get("labels")
            plain = (
                record.result["act"] == "write"
                and record.path.count("/") == _DEPTH
                and record.path not in written
                and bool(labels)
            )
            if not plain or any(label[1] not in SOUND or len(label) > _LABEL or not all(label[2]) for label in labels):
                odd.add(record.path.split("/")[1])
                odd.update(str(record.result.get("to", "")).split("/")[1:2])
            written.add(record.path)
        return [event for event in self.ledger.events if is_in_log_dir(event.path) and event.extension not in odd]

    @cached_property
    def is_losing(self) -> bool:
        """Whether events of the control group were lost: of other lost ones nobody can tell what
        for.
        """
        return any(is_lost(event) for event in self.ordinary)

    @cached_property
    def is_losing_plain_files(self) -> bool:
        """The same of files, whoever wrote them, in which nothing stands but what any extension
        writes.
        """
        return any(
            all(not e.about and e.due in SOUND and e.agent is None for e in events) and any(map(is_lost, events))
            for events in self.by_path.values()
        )

    @cached_property
    def is_idle(self) -> bool:
        """Whether events were due and none came at all: what such a collector leaves alone, or does
        not say, is no sign that it keeps any clause.
        """
        return not self.ledger.deliveries and bool(self.uncollected)

    @cached_property
    def uncollected(self) -> list[Written]:
        """Events that were due and are lost, or lay there when the last pass began, which nothing
        disturbed and which did not even look.
        """
        last = max((record.pass_number for record in self.history if record.op == "pass-end"), default=-1)
        begin = max(
            (
                i
                for i, record in enumerate(self.history)
                if record.op == "pass-begin" and record.result["kind"] == "extension"
            ),
            default=-1,
        )
        disturbed = any(
            record.op in {"fault", "crash", "service"} and record.pass_number == last for record in self.history
        )
        looked = {extension for extension, number in self.ledger.listed if number == last}
        return [
            event
            for event in self.ledger.events
            if is_lost(event)
            or (
                event.due in SOUND
                and event.fate == "waiting"
                and event.since < begin
                and not disturbed
                and event.extension not in looked
                and event.path.startswith(f"{events_dir(event.extension)}/")
            )
        ]

    @cached_property
    def astray(self) -> frozenset[str]:
        """In what events of the control group differ from what is due: that others do as well is no
        sign of what they are about.
        """
        return frozenset(aspect for event in self.ordinary for aspect in event.differs)

    @cached_property
    def by_path(self) -> dict[str, list[Written]]:
        """The events of each file, as it was last written."""
        found: dict[str, list[Written]] = {}
        for event in self.ledger.events:
            found.setdefault(event.path, []).append(event)
        return found

    @cached_property
    def extension_passes(self) -> dict[int, list[Record]]:
        """The records of each pass over extension events, by its number, its beginning and its end
        among them.
        """
        found: dict[int, list[Record]] = {}
        inside = False
        for record in self.history:
            inside = inside or (record.op == "pass-begin" and record.result["kind"] == "extension")
            if inside:
                found.setdefault(record.pass_number, []).append(record)
            inside = inside and record.op != "pass-end"
        return found

    def beside(self, event: Written) -> list[Written]:
        """The sound events that any extension might have written into the same file."""
        return [
            other for other in self.by_path[event.path] if other is not event and not other.about and other.due in SOUND
        ]

    def tried(self, slug: str) -> list[Written]:
        """The events that were written to try a clause."""
        return [event for event in self.ledger.events if slug in event.about]

    def departure(self, event: Written, *, values: bool = True) -> str:
        """How it fared otherwise than it should, or "". ``values``: what it says counts as well,
        and not only whether it came.

        Left out is what befell the control group too, and the loss of an event with which its
        neighbours were lost.
        """
        told = _fared(event)
        if event.due not in SOUND:
            return told if event.deliveries else ""
        if is_lost(event):
            general = (
                self.is_losing_plain_files or any(map(is_lost, self.beside(event)))
                if event.about
                else self.is_losing and event.agent is None
            )
            return "" if general or event.refused else f"{told}: {event.why}"
        if not values or event.fate != "altered" or not set(event.differs) - self.astray - {HOST}:
            return ""
        neighbours = {aspect for other in self.beside(event) for aspect in other.differs}
        return f"{told}: {event.why}" if set(event.differs) - self.astray - neighbours - {HOST} else ""

    def limited(self) -> dict[tuple[str, int], str]:
        """(extension, pass) -> the limit that was reached, of those beyond which files go unread."""
        return {(n["extension"], number): n["kind"] for number, n in self.ledger.notices if n["kind"] in LIMIT_NOTICES}

    def removals(self) -> Iterator[tuple[int, str, int]]:
        """(index of its record, path, pass) of each name that the collector removed."""
        for i, record in enumerate(self.history):
            if record.op == "call" and record.result["call"] == "unlink" and "errno" not in record.result:
                yield i, record.path, record.pass_number

    def is_reference(self) -> bool:
        """Whether the reference or a mutant of it is judged: for others the contract leaves the
        texts of hardened reasons open.
        """
        return str(self.ledger.run.get("subject", "")).startswith(("reference", "mutant:"))


#: Kinds of notices that tell of a limit beyond which an extension's files go unread.
LIMIT_NOTICES = {"quota", "rejects", "work"}
#: Acts that put something else than a file where a file should be, and what that is.
ODD = {"mkfifo": "fifo", "socket": "socket", "device": "device", "symlink": "link"}

Judge = Callable[[Case], list[str] | None]


def is_hosted(case: Case) -> bool:
    """Whether the kit stands for the agent that embeds the collector, so that its notices can be
    followed to where they go.
    """
    return "emit" in case.ledger.run.get("hosted", ())


def as_told(case: Case, *kinds: str) -> list[str]:
    """Problems with notices of these kinds: wrong words, missing from the log, or not given to the
    agent exactly once a pass.
    """
    problems = [
        f"{_name(n)}: a notice ({n['kind']}) of pass {number} does not say what operators search for"
        for number, n in case.ledger.notices
        if n["kind"] in kinds and "reworded" in n
    ]
    if not is_hosted(case):
        return problems
    heard = Counter(_identity(record.pass_number, record.result) for record in case.history if record.op == "emit")
    for number, n in case.ledger.notices:
        times = heard[_identity(number, n)] if n["kind"] in kinds else 1
        if times > 1 or (times == 0 and n["kind"] in _EMITTED):
            problems.append(
                f"{_name(n)}: a notice ({n['kind']}) of pass {number} was given {times} times to the embedding agent, expected once"
            )
    return problems + _unlogged(case)


#: Notices that the embedding agent must receive (docs/contract.md section 1, "notice"); other kinds
#: are optional.
_EMITTED = {"drops", "quota", "size", "failed", "agent-drops"}


#: Log records of one extension in one pass (report.log-bound).
MOST_RECORDS = LIMITS["max_log_records"].value


def _unlogged(case: Case) -> list[str]:
    """Passes in which an extension has fewer log records than notices.

    Its drops count as one. A file that could not be read is logged without the extension's name.
    Errors may be logged less often. More records are for report.log-bound to judge.
    """
    names = {actor["handler"] for actor in case.ledger.run["actors"]}
    erring = {n["extension"] for _, n in case.ledger.notices if n["kind"] == "error"}
    plain = {
        name
        for name in names
        if name.isprintable() and name not in erring and not any(name in other for other in names if other != name)
    }
    due: dict[tuple[str, int], set[tuple[Any, ...]]] = {}
    for number, n in case.ledger.notices:
        extension = n["extension"]
        if extension in plain and n["kind"] not in {"error", "failed"}:
            due.setdefault((extension, number), set()).add((n["kind"], None if n["kind"] == "drops" else n["reason"]))
    logged: Counter[tuple[str, int]] = Counter()
    for record in case.history:
        if record.op == "log":
            logged.update((extension, record.pass_number) for extension in record.result["extensions"])
    return [
        f"{extension}: {len(notices)} notices of pass {number}, {logged[extension, number]} log records"
        for (extension, number), notices in due.items()
        if logged[extension, number] < min(len(notices), MOST_RECORDS)
    ]


def is_told_as(notice: dict[str, Any], kind: str, extension: str | None = None) -> bool:
    """Whether a notice tells of this: by its kind, or as an error that has no kind of its own.

    Notices of other kinds are about something else.
    """
    return notice["kind"] in {kind, "error"} and (notice["extension"] or None) == extension


def lingering(case: Case) -> set[str]:
    """Paths of files that could not be removed at first: what they are was told then, and not again
    when they go.
    """
    return {
        path for label, path, result in case.calls() if label == "unlink" and result.get("errno", "ENOENT") != "ENOENT"
    }


def unsaid(case: Case, kind: str, reason: str) -> list[str]:
    """Passes in which other numbers of files fell for a reason than the notices of that kind tell
    (alone or in a summary with the count).

    Of another collector than the reference all reasons of that kind together: their texts are its
    own.
    """
    if not is_hosted(case):
        return []
    said: Counter[tuple[str, int]] = Counter()
    unsure = set(case.limited())
    reasons = {reason} if case.is_reference() else _REASONS[kind]
    for number, n in case.ledger.notices:
        if n["kind"] == kind and n["extension"] and (n["reason"] in reasons if case.is_reference() else n["reason"]):
            said[n["extension"], number] += n["count"]
    told_before = lingering(case)
    fell = {
        (event.extension, event.gone_pass, event.path)
        for event in case.ledger.events
        if event.fate == "dropped"
        and event.why in reasons
        and is_in_log_dir(event.path)
        and event.path not in told_before
    }
    counts = Counter((extension, number) for extension, number, _ in fell)
    erring = {
        (event.extension, event.gone_pass) for event in case.ledger.events if is_lost(event)
    }  # why sound ones fell is for others to judge
    troubled = {record.pass_number for record in case.history if record.op in {"fault", "crash"}}
    return [
        f"{extension}: {counts[extension, number]} files fell for {reason} in pass {number}, the notices tell of {said[extension, number]}"
        for extension, number in sorted({*counts, *said})
        if counts[extension, number] != said[extension, number]
        and (extension, number) not in unsure | erring
        and number not in troubled
    ]


#: The reasons for which files fall, by the kind of notice that tells it.
_REASONS = {"failed": {MALFORMED, OVERSIZE_ELEMENT}, "size": {OVERSIZE_FILE}}


def _name(notice: dict[str, Any]) -> str:
    return notice["extension"] or "agent events"


def _identity(number: int, notice: dict[str, Any]) -> tuple[Any, ...]:
    return number, notice["kind"], notice["extension"], notice["reason"], notice["count"]


def first(problems: list[str], most: int = 3) -> list[str]:
    """At most so many problems, and how many more there are."""
    return problems if len(problems) <= most else [*problems[:most], f"and {len(problems) - most} more"]


def dropped_for(prefix: str) -> Judge:
    """Elements labelled with this reason are never handed over."""

    def judge(case: Case) -> list[str] | None:
        labelled = [event for event in case.ledger.events if event.due == "drop" and event.reason.startswith(prefix)]
        return due_of(case, labelled, values=False)

    return judge


#: What is due to be handed over.
SOUND = ("collect", "cut")
#: Fates that settle whether an event came or not.
_SETTLED = {"delivered", "cut", "dropped", "altered", "duplicated"}
#: Fields of a label in the history that is about nothing and plants no secret; how deep an event
#: file lies.
_LABEL, _DEPTH = 3, 3


def is_lost(event: Written) -> bool:
    """Whether it was due to be handed over and never will be, or a pass that could have taken it
    did not.
    """
    return (
        event.due in SOUND
        and not event.refused
        and not event.deliveries
        and (event.fate == "vanished" or event.overdue)
    )


def has_empty(event: Written) -> bool:
    """Whether a field of it is empty: that such an event comes is for event.empty-ok to judge."""
    return bool(event.expected) and not all(event.expected[-1])


def as_tried(slug: str, *, values: bool = True, alone: bool = False) -> Judge:
    """The elements that were written to try the clause fare as they should; ``alone``: and cost
    nothing beside them.
    """

    def judge(case: Case) -> list[str] | None:
        events = case.tried(slug)
        problems = due_of(case, events, values=values)
        return both(problems, lost_beside(case, events) or None) if alone else problems

    return judge


def lost_beside(case: Case, events: Sequence[Written]) -> list[str]:
    """What was lost in the files of such elements, of files that were begun, though extensions that
    have none lost nothing.
    """
    if case.is_losing:
        return []
    opened = {path for call, path, result in case.calls() if call == "open" and "errno" not in result}
    begun = [event for event in events if event.path in opened or not opened]
    lost = {id(other): other for event in begun for other in case.beside(event) if is_lost(other)}
    return [f"{other.extension}: {other.token}, beside such an element, was {other.fate}" for other in lost.values()]


def came_as_due(case: Case) -> list[str] | None:
    """Whether the attackers' events (all, where there are none) came or not is what their labels
    say; what they say is for others to judge.

    For clauses about files: their scenarios hold nothing but what the clause is about.
    """
    hostile = set(case.handlers("attacker"))
    return due_of(
        case,
        [
            e
            for e in case.ledger.events
            if (not hostile or e.extension in hostile) and not e.path.startswith("outside/")
        ],
        values=False,
    )


def both(one: list[str] | None, other: list[str] | None) -> list[str] | None:
    """The problems of two judgements together; None where neither had anything to judge."""
    return None if one is None and other is None else first([*(one or []), *(other or [])])


def as_labelled(events: Sequence[Written]) -> list[str] | None:
    """Whether each of these events fared to the letter of its label, whichever clause that is
    about: for worlds that name none.
    """
    problems = [problem for event in events if (problem := _not_as_labelled(event))]
    settled = any(
        event.fate in {"delivered", "cut", "dropped"} or (event.due == "leave" and event.path) for event in events
    )
    return first(problems) if settled or problems else None


_OPEN = {"delivered", "cut", "withdrawn", "kept", "lost-in-crash"}


def _not_as_labelled(event: Written) -> str:
    if event.refused and event.fate == "dropped":
        return ""  # by the sender (deliver.sender-error)
    if event.due in SOUND:
        over_quota = event.fate == "discarded" and event.why in {"quota", "rejects", "work", "overlap", "stop"}
        good = event.fate in _OPEN or over_quota or (event.fate == "waiting" and not event.overdue)
        return "" if good else f"{_fared(event)}: {event.why}"
    return _fared(event) if event.deliveries or (event.due == "drop" and event.overdue) else ""


def _fared(event: Written) -> str:
    return f"{event.extension}: {event.token or event.file} ({event.due}{event.reason and ', '}{event.reason}) was {event.fate}"


def due_of(case: Case, events: Iterable[Written], *, values: bool = True) -> list[str] | None:
    """The same for these events alone; ``values``: and what they say is what is due."""
    listed = list(events)
    problems = [problem for event in listed if (problem := case.departure(event, values=values))]
    settled = any(event.fate in _SETTLED or (event.due == "leave" and event.path) for event in listed)
    return first(problems) if settled or problems else None


#: What no file within the size limit may cost: seconds of processor (read.bounded-time), bytes of
#: growth (read.bounded-memory).
MOST_SECONDS, MOST_GROWTH = LIMITS["max_cpu"].value, LIMITS["max_memory_growth"].value


def bounded_time(case: Case, heavy: Mapping[int, int] = MappingProxyType({})) -> list[str] | None:
    """No pass takes more processor than its heavy files may cost, and what goes unread for its cost
    is told.

    ``heavy``: pass -> how many, of more than one.
    """
    if not case.costs:
        return None
    slow = [
        f"pass {n} took {c.seconds:.1f} s of processor, {most:g} s are due"
        for n, c in enumerate(case.costs)
        if c.seconds > (most := MOST_SECONDS * max(1, heavy.get(n, 1)))
    ]
    return first([*slow, *as_told(case, "work")])


def bounded_memory(case: Case) -> list[str] | None:
    if not case.costs:
        return None
    mib = 1024 * 1024
    return first(
        [
            f"pass {n} grew by {c.grown / mib:.0f} MiB, {MOST_GROWTH // mib} are due"
            for n, c in enumerate(case.costs)
            if c.grown > MOST_GROWTH
        ]
    )
