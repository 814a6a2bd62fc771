"""Family stop: a sender that stops ends the pass, and nothing is lost for it but the file in
progress.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core import Call, Flush, Struck, WriterStep, event_path, in_order
from ..case import Case
from ..notices import is_hosted
from ..problems import Judge, first
from ..written import Delivered


def before(case: Case) -> list[str] | None:
    """With the sender stopped before the pass, nothing is read or removed in it."""
    down = {fault.pass_number for fault in case.view.faults if fault.kind == "sender-down"}
    if not down:
        return None
    problems = [
        f"pass {call.pass_number}: {call.name} {call.path}"
        for call in case.view.done("read", "unlink", "rename", "rmdir")
        if call.pass_number in down
    ]
    problems += [
        f"pass {delivered.pass_number} handed an event over"
        for delivered in case.ledger.deliveries
        if delivered.pass_number in down
    ]
    if is_hosted(case):
        said = {n for n, told in case.ledger.notices if told["kind"] == "sender-stopped"}
        problems += [f"pass {n} does not say that it was skipped" for n in sorted(down - said)]
    reworded = [n for n, told in case.ledger.notices if told["kind"] == "sender-stopped" and "reworded" in told]
    problems += [f"a notice (sender-stopped) of pass {n} is reworded" for n in reworded]
    return first(problems)


def _not_begun(case: Case, number: int) -> set[str]:
    """Files that no pass would remove before it handed something over, and of which nothing was.
    With them, what only a clean-up removes. A program was seen to have removed them, and nobody
    knows when.
    """
    return {
        event.path
        for event in case.ledger.events
        if event.gone
        and event.gone_pass == number
        and not event.deliveries
        and event.due in {"collect", "cut", "leave"}
    } | {step.path for step in case.view.of(WriterStep) if step.act == "write" and step.labels == []}


def _after(kind: str) -> Judge:
    def judge(case: Case) -> list[str] | None:
        """From the stop to the end of the pass: no delivery, and no removal but of the file in
        progress, and of those that were handed over before and that the sender confirms.
        """
        stopped: dict[int, str] = {}
        problems = []
        what_counts: list[Sequence[Struck | Delivered | Flush | Call]] = [
            [fault for fault in case.view.faults if fault.kind == kind],
            case.ledger.deliveries,
            case.view.of(Flush),
            case.view.removals,
        ]
        waits = case.ledger.run["delivery"] == "at-least-once"
        taken: set[tuple[str, int]] = set()
        confirmed: set[tuple[str, int]] = set()
        for entry in in_order(*what_counts):
            number = entry.pass_number
            if isinstance(entry, Struck):
                extension, file, _ = entry.key or ("", "", 0)
                stopped.setdefault(number, event_path(extension, file))
            elif isinstance(entry, Flush):
                confirmed |= taken if waits and entry.confirmed else set()
            elif number not in stopped:
                if isinstance(entry, Delivered):
                    taken.add((event_path(entry.extension, entry.file), number))
            elif isinstance(entry, Delivered):
                problems.append(f"pass {number} handed over after the stop")
            elif (entry.path, number) in confirmed:
                continue
            elif entry.path != stopped[number] and (not entry.is_seen or entry.path in _not_begun(case, number)):
                problems.append(f"pass {number} removed {entry.path} after the stop")
        if not stopped:
            return None
        problems += [
            f"{e.extension}: {e.file} is lost: {e.why}"
            for e in case.ledger.events
            if e.fate == "vanished" and e.gone_pass in stopped
        ]
        return first(problems)

    return judge


JUDGES: dict[str, Judge] = {
    "stop.before": before,
    "stop.during": _after("sender-stop"),
    "stop.masked": _after("sender-mute"),
}
