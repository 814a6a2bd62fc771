"""Family stop: a sender that stops ends the pass, and nothing is lost for it but the file in
progress.
"""

from __future__ import annotations

from ...core import (
    Record,
    event_path,
)
from ..case import Case
from ..notices import is_hosted
from ..problems import Judge, first


def before(case: Case) -> list[str] | None:
    """With the sender stopped before the pass, nothing is read or removed in it."""
    down = {r.pass_number for r in case.history if r.op == "fault" and r.result["kind"] == "sender-down"}
    if not down:
        return None
    problems = [
        f"pass {r.pass_number}: {r.result['call']} {r.path}"
        for r in case.history
        if r.op == "call"
        and r.pass_number in down
        and r.result["call"] in {"read", "unlink", "rename", "rmdir"}
        and "errno" not in r.result
    ]
    problems += [
        f"pass {r.pass_number} handed an event over"
        for r in case.history
        if r.op == "deliver" and r.pass_number in down
    ]
    if is_hosted(case):
        said = {n for n, told in case.ledger.notices if told["kind"] == "sender-stopped"}
        problems += [f"pass {n} does not say that it was skipped" for n in sorted(down - said)]
    reworded = [n for n, told in case.ledger.notices if told["kind"] == "sender-stopped" and "reworded" in told]
    problems += [f"a notice (sender-stopped) of pass {n} is reworded" for n in reworded]
    return first(problems)


def _removed(record: Record) -> bool:
    return record.op == "call" and record.result["call"] == "unlink" and "errno" not in record.result


def _not_begun(case: Case, number: int) -> set[str]:
    """Of files that a program was seen to have removed, nobody knows when: those that no pass would
    remove before it handed something over, and of which nothing was; and what only a clean-up
    removes.
    """
    return {
        event.path
        for event in case.ledger.events
        if event.gone
        and event.gone_pass == number
        and not event.deliveries
        and event.due in {"collect", "cut", "leave"}
    } | {
        record.path
        for record in case.history
        if record.op == "step" and record.result["act"] == "write" and record.result.get("labels") == []
    }


def _after(kind: str) -> Judge:
    def judge(case: Case) -> list[str] | None:
        """From the stop to the end of the pass: no delivery, and no removal but of the file in
        progress.
        """
        stopped: dict[int, str] = {}
        seen = False
        problems = []
        for record in case.history:
            if record.op == "fault" and record.result["kind"] == kind:
                seen = True
                extension, file, _ = record.result["key"]
                stopped.setdefault(record.pass_number, event_path(extension, file))
            elif record.pass_number in stopped and record.op == "deliver":
                problems.append(f"pass {record.pass_number} handed over after the stop")
            elif (
                record.pass_number in stopped
                and _removed(record)
                and record.path != stopped[record.pass_number]
                and ("seen" not in record.result or record.path in _not_begun(case, record.pass_number))
            ):
                problems.append(f"pass {record.pass_number} removed {record.path} after the stop")
        if not seen:
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
