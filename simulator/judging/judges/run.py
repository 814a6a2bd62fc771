"""Family run: how passes end, and when the service makes them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ...base import SECOND
from ...contract import LIMITS
from ...core import AGENT_EVENTS_DIR, LOG_DIR, Changed, ServiceAsked, is_in_log_dir, is_json
from ..case import Case
from ..notices import is_hosted
from ..problems import Judge, first

if TYPE_CHECKING:
    from ...core import ServiceResult

#: The name that the Linux agent knows the thread by.
_NAME = "TelemetryEventsCollector"
#: Virtual ns that a pass may last beyond its period before the schedule counts as stalled.
_SLACK = 10 * SECOND
#: Agent events every so many seconds (docs/contract.md).
_AGENT_PERIOD = LIMITS["agent_events_period"].value
#: Bytes that may stay of each of many passes.
_MOST_KEPT = 2_048
_HOUR = LIMITS["error_interval"].value * SECOND


def errors(case: Case) -> list[str] | None:
    """An error escapes no pass; nothing blocks, spins or leaks descriptors; a service's thread
    lives until it is stopped.
    """
    problems = [
        f"pass {n} ended: {end['end']}"
        for n, end in enumerate(case.ledger.ends)
        if end["end"] not in {"returned", "crash"}
    ]
    problems += [
        f"pass {n} left {end['leaked']} descriptors open"
        for n, end in enumerate(case.ledger.ends)
        if end["end"] == "returned" and end["leaked"]
    ]
    if is_hosted(case):
        faulty = case.view.disturbed | case.view.unconfirmed
        problems += [
            f"pass {n} tells of an error of its own ({notice['extension']})"
            for n, notice in case.ledger.notices
            if notice["kind"] == "error" and n not in faulty
        ]
    told = _service(case)
    if "before-stop" in told and not told["before-stop"]["alive"]:
        problems.append("the service's thread had ended before it was stopped")
    if "signal" in told:
        problems.append(f"the service ended by {told['signal']['signal']}")
    return first(problems)


def _service(case: Case) -> dict[str, ServiceResult]:
    return {asked.result["do"]: asked.result for asked in case.view.of(ServiceAsked)}


def _asked_to_stop(case: Case) -> ServiceAsked | None:
    return next((asked for asked in case.view.of(ServiceAsked) if asked.result["do"] == "stop"), None)


def _looks(case: Case, path: str) -> list[int]:
    """When the service listed a directory, or found that there is none (virtual ns), once for each
    pass.
    """
    stop = _asked_to_stop(case)
    times = [
        call.t
        for call in case.view.called("listdir", "scandir", "open")
        if call.path == path and (call.name != "open" or call.errno) and (stop is None or call.t <= stop.t)
    ]
    return [time for i, time in enumerate(times) if i == 0 or time - times[i - 1] > SECOND]


def _rhythm(times: list[int], period: int, what: str) -> list[str]:
    if not times:
        return [f"{what} were never looked for"]
    problems = (
        [] if times[0] <= _SLACK else [f"{what} were first looked for after {times[0] / SECOND:g} s, not at once"]
    )
    for before, after in pairwise(times):
        if not period <= after - before <= period + _SLACK:
            problems.append(
                f"{what} were looked for {(after - before) / SECOND:g} s after the last pass, "
                f"{period / SECOND:g} s are due"
            )
    return problems


def periods(case: Case) -> list[str] | None:
    """Passes come at their times;
    from the first step of the wall clock on, run.clock-step judges that.
    """
    told = _service(case)
    if "run" not in told:
        return None
    period = case.limit("period")
    until = min([*_clock_steps(case), _stopped_at(case)])
    extensions, agent = ([time for time in _looks(case, path) if time <= until] for path in (LOG_DIR, AGENT_EVENTS_DIR))
    problems = _rhythm(extensions, period, "extension events") + _rhythm(agent, _AGENT_PERIOD * SECOND, "agent events")
    if len(extensions) < until // (period + _SLACK):
        problems.append(f"{len(extensions)} passes over extension events in {until / SECOND:g} s")
    return first(problems)


def _clock_steps(case: Case) -> list[int]:
    return [fault.t for fault in case.view.faults if fault.kind == "clock-step"]


def _stopped_at(case: Case) -> int:
    return max(asked.t for asked in case.view.of(ServiceAsked))


def clock_step(case: Case) -> list[str] | None:
    """A step of the wall clock neither delays nor hurries the passes after it,
    up to the end of the run. Without a service nobody but the kit makes passes.
    """
    if not _service(case) or not (steps := _clock_steps(case)):
        return None
    found = []
    for path, what, due in (
        (LOG_DIR, "extension events", case.limit("period")),
        (AGENT_EVENTS_DIR, "agent events", _AGENT_PERIOD * SECOND),
    ):
        times = _looks(case, path)
        gaps = list(pairwise(times))
        # What is usual is the collector's own, before anything was stepped:
        # another period is run.periods'.
        usual = min([after - before for before, after in gaps if after <= steps[0]], default=due)
        found += [
            f"{what} were looked for {(after - before) / SECOND:g} s after the last pass, "
            f"{usual / SECOND:g} s are usual"
            for before, after in gaps
            if after > steps[0] and abs(after - before - usual) > _SLACK
        ]
        silence = _stopped_at(case) - (times[-1] if times else 0)
        if silence > usual + _SLACK:
            found.append(
                f"{what} were not looked for in the last {silence / SECOND:g} s, {usual / SECOND:g} s are usual"
            )
    return first(found)


def feature_off(case: Case) -> list[str] | None:
    if "run" not in _service(case):
        return None
    problems = ["extension events were looked for, though that is off"] if _looks(case, LOG_DIR) else []
    return first(problems if _looks(case, AGENT_EVENTS_DIR) else [*problems, "agent events were never looked for"])


def thread(case: Case) -> list[str] | None:
    told = _service(case)
    if "run" not in told:
        return None
    checks = [
        (told["run"]["name"] == _NAME, f"the thread is named {told['run']['name']!r}, {_NAME} is due"),
        (told["run"]["alive"], "it is not alive after run()"),
        (told["run"]["daemon"], "there is no daemon thread of that name"),
        (
            told["run"].get("door", "made") == "made",
            f"get_collect_telemetry_events_handler(sender): {told['run'].get('door')}",
        ),
        (not told["run"]["stopped"], "it says that it is stopped, before it is"),
        ("stop" in told and told["stop"]["stopped"], "it does not say that it is stopped"),
        # That it ends in time is for run.stop-prompt to judge; one that goes on cannot be seen to
        # be started again.
        (
            "start-again" in told and (told["stop"]["alive"] or not told["start-again"]["alive"]),
            "it was started again after it had been stopped",
        ),
    ]
    return first([problem for holds, problem in checks if not holds])


def stop_prompt(case: Case) -> list[str] | None:
    told = _service(case)
    if "stop" not in told:
        return None
    inside = any(fault.kind == "sender-slow" for fault in case.view.faults)
    most = LIMITS["max_stop_in_pass" if inside else "max_stop_idle"].value * SECOND
    problems = []
    if told["stop"]["took"] > most:
        problems.append(f"stop() took {told['stop']['took'] / SECOND:g} s, {most // SECOND} s are due")
    if told["stop"]["alive"] and not inside:  # what the sender does not return from, nobody can end
        problems.append("the thread is alive after stop()")
    problems += [
        f"{e.extension}: {e.file} was not kept: {e.why}"
        for e in case.ledger.events
        if e.fate == "vanished" and e.path not in case.opened
    ]
    return first([*problems, *_begun_late(case)])


def _begun_late(case: Case) -> list[str]:
    """Event files that were opened, or removed unread, after stop() had returned."""
    stop = _asked_to_stop(case)
    files = [call for call in case.view.done("open", "unlink") if is_in_log_dir(call.path) and is_json(call.path)]
    before = {call.path for call in files if stop and call.i < stop.i and call.name == "open"}
    return [
        f"{call.path} was begun after stop()"
        for call in files
        if stop and call.i > stop.i and (call.name == "open" or call.path not in before)
    ]


def error_rate(case: Case) -> list[str] | None:
    """The same text at WARNING or above, twice within an hour, though nothing but an error was to
    be told.
    """
    times: dict[int, list[int]] = {}
    for record in case.view.log:
        if "text" in record.result and not record.result["extensions"]:
            times.setdefault(record.result["text"], []).append(record.t)
    if not times:
        return ["the sender cannot be asked, and no error was logged"] if case.view.mute else None
    return first(
        [
            f"an error was logged again after {(after - before) / SECOND:g} s, an hour is due"
            for moments in times.values()
            for before, after in pairwise(moments)
            if after - before < _HOUR
        ]
    )


def guest(case: Case) -> list[str]:
    """Nothing of the process around it is otherwise: it was looked at wherever a scenario names the
    clause.
    """
    by_what: dict[str, Changed] = {}
    for changed in case.view.of(Changed):
        for what in changed.what:
            by_what.setdefault(what, changed)
    return first(
        [
            f"{what}{'' if ' left' in what else ': changed'} {changed.when} (pass {changed.pass_number})"
            for what, changed in by_what.items()
        ]
    )


def growth(case: Case) -> list[str] | None:
    """What stays after a pass, in the second half of many."""
    return None if case.held is None else first(case.held.problems(_MOST_KEPT))


JUDGES: dict[str, Judge] = {
    "run.guest": guest,
    "run.growth": growth,
    "run.errors": errors,
    "run.periods": periods,
    "run.clock-step": clock_step,
    "run.feature-off": feature_off,
    "run.thread": thread,
    "run.stop-prompt": stop_prompt,
    "run.error-rate": error_rate,
}
