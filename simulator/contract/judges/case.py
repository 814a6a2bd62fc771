"""What a judge is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from simulator.costs import Cost
from simulator.history import COLLECTOR, History
from simulator.ledger import Delivered, Ledger, Written


@dataclass(frozen=True)
class Case:
    """One run: its history, its ledger, and the ledger of the same run without its attackers (None: it has none)."""

    history: History
    ledger: Ledger
    without: Ledger | None
    costs: tuple[Cost, ...] = ()

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

    def pass_deliveries(self) -> Iterator[tuple[str, int, list[Delivered]]]:
        """(extension, pass, deliveries in order), of extension events."""
        ordered = sorted((d for d in self.ledger.deliveries if d.extension), key=lambda d: (d.extension, d.pass_number, d.i))
        for (extension, number), group in groupby(ordered, key=lambda d: (d.extension, d.pass_number)):
            yield extension, number, list(group)

    def full_passes(self) -> list[tuple[str, int]]:
        """(extension, pass) in which at least the quota was handed over."""
        return [place for place, count in self.ledger.accepted.items() if count >= self.quota and place[0]]


    def limited(self) -> dict[tuple[str, int], str]:
        """(extension, pass) -> the limit that was reached, of those beyond which files go unread."""
        return {(n["extension"], number): n["kind"] for number, n in self.ledger.notices if n["kind"] in LIMITS}

    def removals(self) -> Iterator[tuple[int, str, int]]:
        """(index of its record, path, pass) of each name that the collector removed."""
        for i, record in enumerate(self.history):
            if record.op == "call" and record.result["call"] == "unlink" and "errno" not in record.result:
                yield i, record.path, record.pass_number

    def is_reference(self) -> bool:
        """Whether the reference or a mutant of it is judged: for others the contract leaves the texts of hardened reasons open."""
        return str(self.ledger.run.get("subject", "")).startswith(("reference", "mutant:"))


#: Kinds of notices that tell of a limit beyond which an extension's files go unread.
LIMITS = {"quota", "rejects", "work"}
#: Acts that put something else than a file where a file should be, and what that is.
ODD = {"mkfifo": "fifo", "socket": "socket", "device": "device", "symlink": "link"}

Judge = Callable[[Case], list[str] | None]


def is_hosted(case: Case) -> bool:
    """Whether the kit stands for the agent that embeds the collector, so that its notices can be followed to where they go."""
    return "emit" in case.ledger.run.get("hosted", ())


def as_told(case: Case, *kinds: str) -> list[str]:
    """What is wrong with the way in which notices of these kinds were given: in the words that operators search for, in the log, and, where the
    agent that embeds the collector listens, to it: each once a pass."""
    problems = [f"{_name(n)}: a notice ({n['kind']}) of pass {number} does not say what operators search for"
                for number, n in case.ledger.notices if n["kind"] in kinds and "reworded" in n]  # fmt: skip
    if not is_hosted(case):
        return problems
    heard = Counter(_identity(record.pass_number, record.result) for record in case.history if record.op == "emit")
    for number, n in case.ledger.notices:
        if n["kind"] == "drops":
            continue
        times = heard[_identity(number, n)] if n["kind"] in kinds else 1
        if times > 1 or (times == 0 and n["kind"] in _EMITTED):
            problems.append(f"{_name(n)}: a notice ({n['kind']}) of pass {number} was given {times} times to the embedding agent, expected once")
    return problems + (_drops_misgiven(case) if "drops" in kinds else []) + _unlogged(case)


def _drops_misgiven(case: Case) -> list[str]:
    """Passes in which the embedding agent did not get just one notice of an extension's drops, of all its reasons together."""
    due: Counter[tuple[int, Any]] = Counter()
    for number, n in case.ledger.notices:
        if n["kind"] == "drops":
            due[number, n["extension"]] += n["count"]
    got: dict[tuple[int, Any], list[int]] = {}
    for record in case.history:
        if record.op == "emit" and record.result["kind"] == "drops":
            counts = got.setdefault((record.pass_number, record.result["extension"]), [])
            counts.append(-1 if "reworded" in record.result else record.result["count"])
    return [
        f"{extension}: the drops of pass {number}, {due[number, extension]} together, were given to the embedding agent "
        f"{len(got.get((number, extension), []))} times, expected once and joined"
        for number, extension in {**due, **got}
        if got.get((number, extension)) != [due[number, extension]]
    ]


#: Kinds of which the embedding agent gets an event (CONTRACT.md section 1, "notice": drops, quota, size and failed files); of others it may.
_EMITTED = {"drops", "quota", "size", "failed", "agent-drops"}


#: Log records of one extension in one pass (report.log-bound).
MOST_RECORDS = 20


def _unlogged(case: Case) -> list[str]:
    """Passes with other numbers of log records of an extension than of notices; its drops are one record, what failed to be read is told without its name, and
    errors may be told less often."""
    names = {actor["handler"] for actor in case.ledger.run["actors"]}
    erring = {n["extension"] for _, n in case.ledger.notices if n["kind"] == "error"}
    plain = {name for name in names if name.isprintable() and name not in erring and not any(name in other for other in names if other != name)}
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
        if logged[extension, number] != min(len(notices), MOST_RECORDS)
    ]


def lingering(case: Case) -> set[str]:
    """Paths of files that could not be removed at first: what they are was told then, and not again when they go."""
    return {path for label, path, result in case.calls() if label == "unlink" and result.get("errno", "ENOENT") != "ENOENT"}


def unsaid(case: Case, kind: str, reason: str) -> list[str]:
    """Passes in which other numbers of files fell for a reason than the notices of that kind tell (alone or in a summary with the count).

    Of another collector than the reference all reasons of that kind together: their texts are its own.
    """
    if not is_hosted(case):
        return []
    said: Counter[tuple[str, int]] = Counter()
    unsure = case.limited()
    reasons = {reason} if case.is_reference() else _REASONS[kind]
    for number, n in case.ledger.notices:
        if n["kind"] == kind and n["extension"] and (n["reason"] in reasons if case.is_reference() else n["reason"]):
            said[n["extension"], number] += n["count"]
    told_before = lingering(case)
    fell = {(event.extension, event.gone_pass, event.path) for event in case.ledger.events
            if event.fate == "dropped" and event.why in reasons and event.path.startswith("log/") and event.path not in told_before}  # fmt: skip
    counts = Counter((extension, number) for extension, number, _ in fell)
    troubled = {record.pass_number for record in case.history if record.op in {"fault", "crash"}}
    return [
        f"{extension}: {counts[extension, number]} files fell for {reason} in pass {number}, the notices tell of {said[extension, number]}"
        for extension, number in sorted({*counts, *said})
        if counts[extension, number] != said[extension, number] and (extension, number) not in unsure and number not in troubled
    ]


#: The reasons for which files fall, by the kind of notice that tells it.
_REASONS = {"failed": {"MalformedFileError", "OversizeElementError"}, "size": {"OversizeFileError"}}


def _name(notice: dict[str, Any]) -> str:
    return notice["extension"] or "agent events"


def _identity(number: int, notice: dict[str, Any]) -> tuple[Any, ...]:
    return number, notice["kind"], notice["extension"], notice["reason"], notice["count"]


def first(problems: list[str], most: int = 3) -> list[str]:
    """At most so many problems, and how many more there are."""
    return problems if len(problems) <= most else [*problems[:most], f"and {len(problems) - most} more"]


def dropped_for(prefix: str) -> Judge:
    """Elements labelled with this reason are never handed over, and never stay."""

    def judge(case: Case) -> list[str] | None:
        labelled = [event for event in case.ledger.events if event.due == "drop" and event.reason.startswith(prefix)]
        if not labelled:
            return None
        wrong = [event for event in labelled if event.deliveries or event.overdue]
        return first([f"{event.extension}: {event.file} ({event.reason}) was {event.fate}" for event in wrong])

    return judge


_CAME = {"delivered", "cut"}
_OPEN = {"withdrawn", "kept", "lost-in-crash"}


def as_due(case: Case) -> list[str] | None:
    """What became of the attackers' events (of all, where there are none) is what their labels say.

    For clauses about content: their scenarios hold nothing but what the clause is about.
    """
    hostile = set(case.handlers("attacker"))
    return due_of([event for event in case.ledger.events if not hostile or event.extension in hostile])


def due_of(events: list[Written]) -> list[str] | None:
    """The same for these events alone."""
    problems = [problem for event in events if (problem := _not_as_due(event))]
    settled = any(event.fate in {*_CAME, "dropped"} or (event.due == "leave" and event.path) for event in events)
    return first(problems) if settled or problems else None


def _not_as_due(event: Written) -> str:
    told = f"{event.extension}: {event.token or event.file} ({event.due}{event.reason and ', '}{event.reason}) was {event.fate}"
    if event.refused and event.fate == "dropped":
        return ""  # by the sender (deliver.sender-error)
    if event.due in {"collect", "cut"}:
        over_quota = event.fate == "discarded" and event.why in {"quota", "rejects", "work", "overlap", "stop"}
        good = event.fate in _CAME | _OPEN or over_quota or (event.fate == "waiting" and not event.overdue)
        return "" if good else f"{told}: {event.why}"
    return told if event.deliveries or (event.due == "drop" and event.overdue) else ""


#: What no file within the size limit may cost: seconds of processor (read.bounded-time), bytes of growth (read.bounded-memory).
MOST_SECONDS, MOST_GROWTH = 2.0, 32 * 1024 * 1024


def bounded_time(case: Case) -> list[str] | None:
    """No pass of a scenario that brings one heavy file a pass takes more processor than a file may cost; what goes unread for its cost is told."""
    if not case.costs:
        return None
    slow = [f"pass {n} took {c.seconds:.1f} s of processor, {MOST_SECONDS:g} s are due" for n, c in enumerate(case.costs) if c.seconds > MOST_SECONDS]
    return first([*slow, *as_told(case, "work")])


def bounded_memory(case: Case) -> list[str] | None:
    if not case.costs:
        return None
    mib = 1024 * 1024
    return first(
        [f"pass {n} grew by {c.grown / mib:.0f} MiB, {MOST_GROWTH // mib} are due" for n, c in enumerate(case.costs) if c.grown > MOST_GROWTH]
    )
