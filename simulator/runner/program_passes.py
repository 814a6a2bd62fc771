"""Passes of a collector that is a program: in the real world, in real time.

Rules: there is no seam. Nothing happens during a pass but what the program does; steps meant for it
are taken after it. Time passes by ageing what lies there. ``changes`` finds afterwards what a pass
did to the directories. A crash is SIGKILL of all that the program is, at a delivery.
``unreachable`` names what a scenario needs besides.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..base import SECOND
from ..core import (
    AGENT_EVENTS_DIR,
    COLLECTOR,
    KIT,
    LOG_DIR,
    PARAMETER_NAMES,
    DeliverResult,
    PassKind,
    microseconds_of,
    offers,
    opcode_name,
    told_microseconds,
)
from ..scenario import Scenario
from ..subjects import Broken, Program, event_values, messages, read_report
from ..world import CLOCK
from .ageing import Ageing, Seen
from .changes import changes
from .costs import measured_of
from .log_records import told_log
from .sender_script import SCRIPTED, Scripts
from .stage import Loaded, Stage

#: What judging can take and no program's world offers (keys of the contract's capabilities).
LACKING = ("hooks", "process", "virtual_time")
#: Virtual ns by which a pass may last longer than no time at all, for what is judged by age.
SLACK = 20 * SECOND
#: What the first record tells of its runs alone.
HEADER: Mapping[str, Any] = MappingProxyType({"lacking": list(LACKING), "slack": SLACK, "confirmed_by": "line"})

_TIME = PARAMETER_NAMES.index("OpcodeName")


def unreachable(scenario: Scenario, capabilities: Mapping[str, Any]) -> list[str]:
    """What a scenario is about that no run of this program can have."""
    found = ["virtual time (it runs the collector's own thread)"] if scenario.service else []
    hazards = [hazard for actor in scenario.actor for hazard in actor.hazards]
    if os.geteuid() == 0 and any(hazard.get("kind") == "unreadable" for hazard in hazards):
        found.append("hooks (a file that cannot be opened, though this user opens every file)")
    for fault in scenario.fault:
        in_calls = fault.kind == "crash" and not fault.matches("deliver", "")
        if in_calls or fault.kind in {"errno", "short-read", "sender-mute"}:
            found.append(f"hooks ({fault.kind} at one of its calls)")
        elif fault.kind in {"clock-step", "sender-slow"}:
            found.append(f"virtual time ({fault.kind})")
        elif fault.kind in SCRIPTED and not offers(capabilities, SCRIPTED[fault.kind]):
            found.append(f"{SCRIPTED[fault.kind]} among its capabilities")
    return list(dict.fromkeys(found))


@dataclass(slots=True)
class _Pass:
    """One pass in progress."""

    kind: PassKind
    script: messages.Script
    before: dict[str, Seen]
    deliveries: int = 0
    flushes: int = 0
    unconfirmed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    notices: list[dict[str, Any]] = field(default_factory=list)
    ledger: Any = None
    killed: bool = False


class ProgramPasses:
    """The passes of one run of a program. Raises Broken for a program that fails as a program."""

    def __init__(self, stage: Stage, loaded: Loaded) -> None:
        self._stage = stage
        self._loaded = loaded
        self._program: Program | None = None
        self._scripts = Scripts(stage.spec.scenario.fault)
        self._ageing = Ageing(stage.world.root)
        stage.exits.callback(self._close)

    def start(self, factory: Any) -> None:
        """``factory``: the program, as a subject of programs loads it."""
        if self._program is not None:
            self._program.close()
        self._program = program = factory
        wanted = dict(self._loaded.settings)
        if "retry_delay" in (program.capabilities.get("settings") or ()):
            wanted.setdefault("retry_delay", 0)  # nobody completes a torn file meanwhile
        if self._stage.faults.kill:
            program.narrow()
        full = self._stage.world.full
        program.start(full(LOG_DIR), full(AGENT_EVENTS_DIR), wanted)

    def takes_agent_events(self) -> bool:
        return self._program is not None and offers(self._program.capabilities, "agent_events")

    def heal(self) -> None:
        self._scripts = Scripts(())

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def _close(self) -> None:
        if self._program is not None:
            for line in self._program.log.take(last=True):
                self._stage.ear.hear("stderr", line)
            self._program.close()

    # --- one pass -----------------------------------------------------------------------------------------------------

    def make(self, kind: PassKind) -> bool:
        assert self._program is not None
        stage, program, number = self._stage, self._program, self._stage.recorder.pass_number
        stage.note(KIT, "pass-begin", "", {"kind": kind})
        down = stage.sender.stopped()
        if not down:
            self._offer(kind)
        made = _Pass(kind, self._scripts.of_pass(number, down=down), self._ageing.begin(CLOCK.now))
        with measured_of(program.family(), stage.costs):
            self._listen(program, made)
        after = self._ageing.end()
        self._scripts.took(number, made.deliveries, made.flushes)
        self._tell(program, made, after)
        leaked = 0 if made.killed else _open_below(program.family(), stage.world.root)
        end = "crash" if made.killed else "returned"
        stage.note(KIT, "pass-end", "", {"kind": kind, "end": end, "leaked": leaked})
        if not made.killed:
            _must_have_followed(made)
        return made.killed

    def _tell(self, program: Program, made: _Pass, after: Mapping[str, Seen]) -> None:
        """What it logged, what it did to the directories, and what its report says."""
        stage, declared = self._stage, self._loaded.declared
        for line in program.log.take():
            stage.ear.hear("stderr", line)
            stage.note(COLLECTOR, "log", "", told_log("", line, self._loaded.handlers))
        for change in changes(made.before, after):
            path = f"{LOG_DIR}/{change.path.partition('/')[2]}" if change.path.startswith("elsewhere/") else change.path
            stage.note(COLLECTOR, "call", path, {"call": change.call, "seen": True})
        report = read_report({"notices": made.notices, "ledger": made.ledger})
        for notice in report.notices:
            stage.note(COLLECTOR, "notice", "", notice)
        if report.problem:
            declared.miss("notices", report.problem)
        if report.ledger is not None:
            stage.note(COLLECTOR, "ledger", "", report.ledger)
        elif made.kind == "extension" and not made.killed:
            declared.miss("ledger", "done told none")

    def _offer(self, kind: str) -> None:
        """Tell what a pass has to look into: every directory that is one, now."""
        extensions = [f"{LOG_DIR}/{handler}/events" for handler in self._loaded.handlers if not handler.startswith("-")]
        for path in [AGENT_EVENTS_DIR] if kind == "agent" else extensions:
            if all(_is_directory(self._stage.world.full(part)) for part in (path.rpartition("/")[0], path)):
                self._stage.note(KIT, "offered", path, None)

    def _listen(self, program: Program, made: _Pass) -> None:
        for answer in program.collect(made.kind, made.script):
            self._take(answer, made)
            if isinstance(answer, messages.Event) and self._stage.faults.kills_delivery():
                program.kill()
                for late in program.rest():
                    self._take(late, made)
                self._stage.note(COLLECTOR, "crash", "", {"call": "deliver", "when": "after"})
                made.killed = True
                return

    def _take(self, answer: messages.Answer, made: _Pass) -> None:
        match answer:
            case messages.Event():
                made.deliveries += 1
                self._stage.note(COLLECTOR, "deliver", "", self._delivered(answer, made.before))
            case messages.Refused():
                made.deliveries += 1
                made.refused[answer.why] += 1
                kind = "sender-stop" if answer.why == "stop" else "sender-error"
                self._stage.note(COLLECTOR, "fault", "", {"kind": kind, "key": list(answer.key)})
            case messages.Flush():
                made.flushes += 1
                if not answer.confirmed:
                    made.unconfirmed += 1
                    self._stage.note(COLLECTOR, "flush", "", {"confirmed": False})
            case messages.Notice():
                made.notices.append(answer.model_dump())
            case messages.Done():
                made.ledger = answer.ledger

    # --- times --------------------------------------------------------------------------------------------------------

    def _delivered(self, event: messages.Event, before: Mapping[str, Seen]) -> DeliverResult:
        """An event as the history tells it, in virtual time."""
        result = event_values(_Told(event))
        handler, file, _ = event.key
        if handler and len(result["values"]) == len(PARAMETER_NAMES):
            seen = before.get(f"{LOG_DIR}/{handler}/events/{file}") or before.get(f"elsewhere/{handler}/events/{file}")
            result["values"][_TIME] = virtual_time(result["values"][_TIME], self._ageing.shift_of(seen), seen)
        elif not handler and (seen := before.get(f"{AGENT_EVENTS_DIR}/{file}")) is not None:
            self._time_added(result, seen)
        return result

    def _time_added(self, event: DeliverResult, seen: Seen) -> None:
        """The time of its file, where a legacy event got that.

        A time of the same name that the event itself brought stays what it is.
        """
        for place, name in enumerate(event.get("names", PARAMETER_NAMES)):
            if name == "OpcodeName":
                time = virtual_time(event["values"][place], self._ageing.shift_of(seen), seen)
                if time == opcode_name(told_microseconds(seen.mtime_ns)):
                    event["values"][place] = time


def virtual_time(text: Any, shift: int, seen: Seen | None) -> Any:
    """A modification time that a program told, ``shift`` ns taken off.

    Nobody can ask it to round to a microsecond as we do.
    """
    told = microseconds_of(text)
    if told is None:
        return text
    micros = told - shift // 1_000
    if seen is not None and abs(micros - (due := told_microseconds(seen.mtime_ns))) <= 1:
        micros = due
    return opcode_name(micros) or text


def _must_have_followed(made: _Pass) -> None:
    """A script that was to strike and did not: the capability does not hold."""
    script = made.script
    if script.stop_at is not None and made.deliveries >= script.stop_at and not made.refused["stop"]:
        told = f"its sender was to stop at event {script.stop_at} of the pass, and took {made.deliveries}"
        raise Broken("protocol", told)
    last = made.deliveries if script.stop_at is None else min(made.deliveries, script.stop_at - 1)
    for what, asked, places, followed in (
        ("fail at event", last, script.raise_at, made.refused["error"]),
        ("leave unconfirmed flush", made.flushes, script.fail_flush_at, made.unconfirmed),
    ):
        due = [str(place) for place in places if place <= asked]
        if followed < len(due):
            told = f"its sender was to {what} {', '.join(due[:5])} of the pass, and did so {followed} times"
            raise Broken("protocol", told)


class _Told:
    """An event of the protocol with the attributes that a sender is handed."""

    def __init__(self, event: messages.Event) -> None:
        self.key = list(event.key)
        self.eventId, self.providerId, self.file_type = event.eventId, event.providerId, event.file_type
        self.parameters = [(parameter.name, parameter.value) for parameter in event.parameters]


def _is_directory(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _open_below(pids: list[int], root: str) -> int:
    """Descriptors that these processes hold of files and events dirs below the root.

    The log dir itself may stay open.
    """
    places = (f"{root}/{LOG_DIR}/", f"{root}/{AGENT_EVENTS_DIR}/", f"{root}/outside/", f"{root}/elsewhere/")
    count = 0
    for pid in pids:
        with suppress(OSError):
            for name in os.listdir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    count += os.readlink(f"/proc/{pid}/fd/{name}").startswith(places)
    return count
