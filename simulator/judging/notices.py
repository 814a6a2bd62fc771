"""What was told of a run: notices in their words, in the log, and to the embedding agent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..contract import LIMITS
from ..core import (
    MALFORMED,
    OVERSIZE_ELEMENT,
    OVERSIZE_FILE,
    OWN_KINDS,
    Emitted,
    handler_of,
    is_in_log_dir,
)
from .case import Case
from .fared import is_lost

if TYPE_CHECKING:
    from ..core import NoticeResult


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
    heard = Counter(_identity(one.pass_number, one.result) for one in case.view.of(Emitted))
    for number, n in case.ledger.notices:
        if n["kind"] == "drops":
            continue  # drops_given
        times = heard[_identity(number, n)] if n["kind"] in kinds else 1
        if times > 1 or (times == 0 and n["kind"] in _EMITTED):
            problems.append(
                f"{_name(n)}: a notice ({n['kind']}) of pass {number} was given {times} times "
                "to the embedding agent, expected once"
            )
    return problems + _unlogged(case)


def drops_given(case: Case) -> list[str]:
    """Passes in which the embedding agent was not given the drops of an extension in one event.
    That event holds the reasons of all notices on them with their counts.
    """
    if not is_hosted(case):
        return []
    due: dict[tuple[str | None, int], Counter[str | None]] = {}
    for number, n in case.ledger.notices:
        if n["kind"] == "drops":
            due.setdefault((n["extension"], number), Counter())[n["reason"]] += n["count"]
    given: dict[tuple[str | None, int], list[NoticeResult]] = {}
    for emitted in case.view.of(Emitted):
        if emitted.result["kind"] == "drops":
            given.setdefault((emitted.result["extension"], emitted.pass_number), []).append(emitted.result)
    problems = []
    for extension, number in dict.fromkeys([*due, *given]):
        here, there = due.get((extension, number)), given.get((extension, number), [])
        if len(there) != 1:
            times = f"{len(there)} events"
            problems.append(f"{extension}: {times} on drops of pass {number} for the embedding agent, expected one")
        elif here and (there[0]["dropped"] != dict(here) or there[0]["count"] != here.total()):
            problems.append(f"{extension}: the event on drops of pass {number} says other reasons or counts")
    return problems


#: Notices that the embedding agent must receive (docs/contract.md section 1, "notice"); other kinds
#: are optional.
_EMITTED = {"quota", "size", "failed", "agent-drops"}

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
    for record in case.view.log:
        logged.update((extension, record.pass_number) for extension in record.result["extensions"])
    return [
        f"{extension}: {len(notices)} notices of pass {number}, {logged[extension, number]} log records"
        for (extension, number), notices in due.items()
        if logged[extension, number] < min(len(notices), MOST_RECORDS)
    ]


def is_told_as(notice: NoticeResult, kind: str, extension: str | None = None) -> bool:
    """Whether a notice tells of this: by its kind, or as an error that has no kind of its own.

    Notices of other kinds are about something else.
    """
    return notice["kind"] in {kind, "error"} and (notice["extension"] or None) == extension


def unsaid(case: Case, kind: str, reason: str) -> list[str]:
    """Passes in which the files that fell for a reason are more or fewer than the notices of that
    kind tell. A notice tells of one, or of several in a summary with the count.

    Of another collector than the reference all reasons of that kind together: their texts are its
    own.
    """
    said: Counter[tuple[str, int]] = Counter()
    unsure = set(case.limited)
    reasons = {reason} if case.words_known else _REASONS[kind]
    for number, n in case.ledger.notices:
        if n["kind"] == kind and n["extension"] and (n["reason"] in reasons if case.words_known else n["reason"]):
            said[n["extension"], number] += n["count"]
    told_before = case.refused_removals  # what they are was told then, and not again when they go
    fell = {
        (event.extension, event.gone_pass, event.path)
        for event in case.ledger.events
        if event.fate == "dropped"
        and event.why in reasons
        and is_in_log_dir(event.path)
        and event.path not in told_before
    }
    counts = Counter((extension, number) for extension, number, _ in fell)
    if not is_hosted(case):
        return untold(case, kind, counts, f"what fell for {reason}")
    taken = {
        (event.extension, event.path)
        for event in case.ledger.events
        if event.due == "drop"
        and event.reason in reasons
        and (event.fate == "withdrawn" or not is_in_log_dir(event.path))
    }  # by their writer, file by file; they may have been looked at before
    away = Counter(extension for extension, _ in taken)
    erring = {
        (event.extension, event.gone_pass) for event in case.ledger.events if is_lost(event)
    }  # why sound ones fell is for others to judge
    # What of these is met and told again in a later pass is for clean.unremovable to judge.
    again = {handler_of(path) for path in told_before}
    return [
        f"{extension}: {counts[extension, number]} files fell for {reason} in pass {number}, "
        f"the notices tell of {said[extension, number]}"
        for extension, number in sorted({*counts, *said})
        if not 0 <= said[extension, number] - counts[extension, number] <= away[extension]
        and (extension, number) not in unsure | erring
        and number not in case.view.disturbed
        and not (extension in again and counts[extension, number] < said[extension, number])
    ]


def untold(case: Case, kind: str, fell: Iterable[tuple[str, int]], what: str) -> list[str]:
    """Of a collector that gives notices which cannot be counted: the extensions and passes in which
    something fell, and none of whose notices can be about that: of this kind, an error, or of a
    kind of its own.
    """
    if is_hosted(case) or not case.gives_notices:
        return []
    told = {
        (n["extension"], number)
        for number, n in case.ledger.notices
        if n["kind"] in {kind, "error"} or n["kind"].startswith(OWN_KINDS)
    }
    return [
        f"{extension}: {what} in pass {number} was not noted"
        for extension, number in sorted({*fell} - told - {*case.full_passes, *case.limited})
        if number not in case.view.disturbed
    ]


#: The reasons for which files fall, by the kind of notice that tells it.
_REASONS = {"failed": {MALFORMED, OVERSIZE_ELEMENT}, "size": {OVERSIZE_FILE}}


def _name(notice: NoticeResult) -> str:
    return notice["extension"] or "agent events"


def _identity(number: int, notice: NoticeResult) -> tuple[Any, ...]:
    return number, notice["kind"], notice["extension"], notice["reason"], notice["count"]
