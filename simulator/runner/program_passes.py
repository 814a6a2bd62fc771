"""Passes of a collector that is a program: in the real world, whatever is seen of it meanwhile.

Rules: what the program says is a record. How its calls become known, and what can happen to it at
them, is its outlook's: ``Outside`` sees what it left behind, ``Heard`` each call. A process that
died makes no further pass.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from ..core import (
    AGENT_EVENTS_DIR,
    COLLECTOR,
    KIT,
    LOG_DIR,
    PARAMETER_NAMES,
    DeliverResult,
    PassEnd,
    PassKind,
    agent_microseconds,
    microseconds_of,
    offers,
    opcode_name,
)
from ..subjects import Broken, Program, event_values, messages, read_report
from .ageing import Seen
from .changes import Change, tell
from .costs import measured_of
from .log_records import told_log
from .program_pass import ProgramPass, Take
from .sender_script import Scripts
from .stage import Loaded, Stage

_TIME = PARAMETER_NAMES.index("OpcodeName")


class Outlook(Protocol):
    """How the kit sees what a program does, and what happens to it meanwhile."""

    #: Whether the program's passes stand still for the kit.
    pauses: bool

    def prepared(self, program: Program, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings that a new process of it is started with, at once."""

    def offer(self, kind: PassKind) -> None:
        """Tell what a pass has to look into, where that is not heard."""

    def begin(self) -> dict[str, Seen]:
        """What lies there as a pass begins."""

    def listen(self, program: Program, made: ProgramPass, take: Take) -> None:
        """Have it make the pass; each of its answers is taken."""

    def end(self, made: ProgramPass) -> list[Change]:
        """What the pass changed and no call told."""

    def shift_of(self, seen: Seen | None) -> int | None:
        """By how many ns the program saw an entry's time shifted; None where it has the kit's
        clock.
        """


class ProgramPasses:
    """The passes of one run of a program. Raises Broken for a program that fails as a program."""

    def __init__(self, stage: Stage, loaded: Loaded, outlook: Outlook) -> None:
        self._stage = stage
        self._loaded = loaded
        self._outlook = outlook
        self._program: Program | None = None
        self._is_dead = False
        self._scripts = Scripts(stage.spec.scenario.fault)
        stage.exits.callback(self._close)

    def start(self, factory: Any) -> None:
        """``factory``: the program, as a subject of programs loads it."""
        if self._program is not None:
            self._program.close()
        self._program = program = factory
        self._is_dead = False
        wanted = self._outlook.prepared(program, self._loaded.settings)
        full = self._stage.world.full
        program.start(full(LOG_DIR), full(AGENT_EVENTS_DIR), wanted, pauses=self._outlook.pauses)

    def takes_agent_events(self) -> bool:
        return self._program is not None and offers(self._program.capabilities, "agent_events")

    def heal(self) -> None:
        self._scripts = Scripts(())

    def stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def family(self) -> list[int]:
        """The pids of the program and all that it started."""
        return [] if self._program is None else self._program.family()

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
        if self._is_dead:
            stage.note(KIT, "pass-end", "", {"kind": kind, "end": "crash", "leaked": 0})
            return True
        mute = stage.sender.is_mute
        down = not mute and stage.sender.stopped()
        if not (down or mute):
            self._outlook.offer(kind)
        made = ProgramPass(kind, self._scripts.of_pass(number, down=down, mute=mute), self._outlook.begin())
        with measured_of(program.family(), stage.costs):
            self._outlook.listen(program, made, partial(self._take, made))
        changed = self._outlook.end(made)
        self._scripts.took(number, made.deliveries, made.flushes)
        self._tell(program, made, changed)
        self._is_dead = made.is_dead
        leaked = 0 if made.is_dead else _open_below(program.family(), stage.world.root)
        ended: PassEnd = {"kind": kind, "end": made.end, "leaked": leaked}
        stage.note(KIT, "pass-end", "", {**ended, "hurried": made.hurried} if made.hurried else ended)
        _must_have_followed(made)
        return made.is_dead

    def serve(self) -> str:
        """Have its own thread live; how that ended."""
        assert self._program is not None
        program = self._program
        made = ProgramPass("extension", self._scripts.of_pass(0, down=False), {})
        self._outlook.listen(program, made, partial(self._take, made))
        self._tell_log(program)
        _must_have_followed(made)
        return made.end

    def _tell(self, program: Program, made: ProgramPass, changed: Sequence[Change]) -> None:
        """What it logged, what it did to the directories, and what its report says."""
        stage, declared = self._stage, self._loaded.declared
        self._tell_log(program)
        tell(changed, stage.note)
        report = read_report({"notices": made.notices, "ledger": made.ledger})
        for notice in report.notices:
            stage.note(COLLECTOR, "notice", "", notice)
        if report.problem:
            declared.miss("notices", report.problem)
        if report.ledger is not None:
            stage.note(COLLECTOR, "ledger", "", report.ledger)
        elif made.kind == "extension" and not made.is_dead:
            declared.miss("ledger", "done told none")

    def _tell_log(self, program: Program) -> None:
        for line in program.log.take():
            self._stage.ear.hear("stderr", line)
            self._stage.note(COLLECTOR, "log", "", told_log("", line, self._loaded.handlers))

    def _take(self, made: ProgramPass, answer: messages.Answer) -> None:
        match answer:
            case messages.Event():
                made.deliveries += 1
                self._stage.note(COLLECTOR, "deliver", "", self._delivered(answer, made.before))
            case messages.Refused():
                made.deliveries += 1
                made.refused[answer.why] += 1
                self._stage.note(COLLECTOR, "fault", "", {"kind": f"sender-{answer.why}", "key": list(answer.key)})
                if answer.why == "stop":
                    self._stage.sender.stop()  # for a pass of the other kind at the same time as well
                elif answer.why == "mute":
                    self._stage.sender.fall_silent()  # likewise
            case messages.Flush():
                made.flushes += 1
                made.unconfirmed += not answer.confirmed
                self._stage.note(COLLECTOR, "flush", "", {"confirmed": answer.confirmed})
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
            if (shift := self._outlook.shift_of(seen)) is not None:
                result["values"][_TIME] = virtual_time(result["values"][_TIME], shift, seen)
        elif not handler and (seen := before.get(f"{AGENT_EVENTS_DIR}/{file}")) is not None:
            self._time_added(result, seen)
        return result

    def _time_added(self, event: DeliverResult, seen: Seen) -> None:
        """The time of its file, where a legacy event got that.

        A time of the same name that the event itself brought stays what it is.
        """
        shift = self._outlook.shift_of(seen)
        for place, name in enumerate(event.get("names", PARAMETER_NAMES)):
            if name == "OpcodeName" and shift is not None:
                time = virtual_time(event["values"][place], shift, seen)
                if time == opcode_name(agent_microseconds(seen.mtime_ns)):
                    event["values"][place] = time


def virtual_time(text: Any, shift: int, seen: Seen | None) -> Any:
    """A modification time that a program told, ``shift`` ns taken off.

    Nobody can ask it to round to a microsecond as we do.
    """
    told = microseconds_of(text)
    if told is None:
        return text
    micros = told - shift // 1_000
    if seen is not None and abs(micros - (due := agent_microseconds(seen.mtime_ns))) <= 1:
        micros = due
    return opcode_name(micros) or text


def _must_have_followed(made: ProgramPass) -> None:
    """A script that was to strike and did not: the capability does not hold. Of a program that died
    nothing is told.
    """
    if made.is_dead:
        return
    script = made.script
    last = made.deliveries
    for what, place, why in (("stop", script.stop_at, "stop"), ("fall silent", script.mute_at, "mute")):
        if place is not None and made.deliveries >= max(place, 1) and not made.refused[why]:
            told = f"its sender was to {what} at event {place} of the pass, and took {made.deliveries}"
            raise Broken("protocol", told)
        last = last if place is None else min(last, place - 1)
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
