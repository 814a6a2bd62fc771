"""One run: a function of (scenario, seed, subject, world) whose value is a history.

Rules: a run happens in a worker process, whose clock is frozen and whose ``os`` is hooked. Whatever
the collector does ends in a record, never in an exception. Between the calls of a pass the writers
take their steps. Every pass has a budget of calls and of virtual time: a collector that polls for
ever costs one verdict.
"""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from errno import EACCES, EPERM, errorcode
from typing import Any, cast

from ..base import SECOND, BadInput, BuildRefused, Draw, KitBroke, uncollected
from ..core import (
    AGENT,
    AGENT_EVENTS_DIR,
    COLLECTOR,
    KIT,
    LOG_DIR,
    OUTSIDE,
    CallResult,
    Cost,
    History,
    Limits,
    PassKind,
    Record,
    Recorder,
    RunResult,
    Step,
    StepResult,
    offers,
)
from ..scenario import Countdown, Interleave, Plan, limits_of, make_plan
from ..subjects import Collector, Subject, capabilities_of, host_settings, mistake, read_emitted, read_report
from ..world import (
    CLOCK,
    READABLE,
    FakeWorld,
    Killed,
    Look,
    NotModelled,
    RealWorld,
    Seam,
    TimeUp,
    WorldSignal,
    WouldBlock,
    aside,
    enter_seam,
    host_in,
    stop_watching,
    take_escapes,
    watch_escapes,
)
from .costs import measured
from .ear import Ear, listening, text_of
from .log_records import told_log
from .schedule import OneStep, Schedule
from .sender import RecordingSender
from .spec import RunSpec
from .watchdog import PROGRESS

#: Calls that one pass may make: a flood of 100,000 files at four calls each stays below half of it.
MOST_CALLS = 1_000_000
#: Records that one run may make: a day of twelve extensions makes a sixth of it. A collector that
#: removes nothing hands everything over again at each pass, and must not fill the memory before it
#: is judged.
MOST_RECORDS = 1_000_000
#: Virtual time that one pass may take: an hour is more than any clause allows, and less than for
#: ever.
LONGEST_PASS = 3_600 * SECOND

_ENDS = {Killed: "crash", WouldBlock: "would-block", TimeUp: "time-up", NotModelled: "not-modelled"}


_passes = 0


def passes_begun() -> int:
    """How many passes this process has begun: before the first, what goes wrong is not the
    collector's.
    """
    return _passes


class Run(logging.Handler):
    """The runner of one run: listener at the seam, handler of the collector's logs, keeper of the
    history.
    """

    def __init__(
        self,
        spec: RunSpec,
        subject: Subject,
        world: FakeWorld | RealWorld,
    ) -> None:
        super().__init__()
        self.spec = spec
        self.scenario = scenario = spec.scenario
        self._heard = spec.is_heard
        self._variant = variant = spec.variant
        self.history = History()
        self.ear = Ear()
        self._records = self.history.records
        self.note = Recorder(self._records, lambda: (CLOCK.now, self._pass)).note
        self._seed = seed = spec.seed
        self._subject = subject
        self._world = world
        self._pass = self._calls = self._deadline = 0
        self._varied = [Countdown(fault) for fault in (variant.faults if variant else ())]
        # The variant's first: it counts every call, those too that a fault of the scenario fails.
        self._faults = [*self._varied, *(Countdown(fault) for fault in scenario.fault if fault.strikes_calls)]
        self._listing = Draw(seed, "listing")
        self._handlers: tuple[str, ...] = ()
        self.schedule: Schedule
        self._seam: Seam
        self._capabilities: dict[str, Any] = {}
        self._unkept: set[str] = set()
        #: What each pass cost, where a clause of the scenario is about that.
        self.costs: list[Cost] = []
        self._weighed = spec.weighed
        self._looks = spec.is_looked_at
        self._heals_at = spec.heals_at
        #: The file that the collector opened last, and how many events it handed over since.
        self._reading = ("", 0)

    # --- the whole run ------------------------------------------------------------------------------------------------

    def execute(self) -> History:
        """Run it.

        Raises BadInput (the subject cannot be used), Refused (it does not let itself be built so)
        or KitBroke; else it becomes history.
        """
        PROGRESS.begin_run(str(self._variant or ""))
        CLOCK.reset()
        CLOCK.on_sleep = self._sleep
        self._world.set_up()
        self._world.arrange(self.scenario.log_dir, self.scenario.agent_events_dir)
        watch_escapes(self._world.root, READABLE)
        try:
            with host_in(self.scenario.timezone), listening(self.ear):
                return self._made()
        finally:
            stop_watching()

    def _made(self) -> History:
        sender = RecordingSender(
            self.note,
            self.scenario.fault,
            lambda seconds: CLOCK.on_sleep(round(seconds * SECOND)),
            self._at_sender,
            self._last_read,
        )
        factory = self._subject.load()
        self._capabilities = capabilities = dict(capabilities_of(factory))
        settings = dict(self.scenario.collector)
        limits = limits_of(capabilities, settings)
        plan = self._planned(limits)
        hosted = host_settings(capabilities, self._hear)
        self._introduce(plan, capabilities, settings, sorted(hosted))
        self.schedule = self._scheduled(plan)
        if self.scenario.log_dir != "late":
            self._make_directories(plan)
        self._drive(plan, factory, sender, {**settings, **hosted})
        self.note(KIT, "tree", "", [list(entry) for entry in self._world.tree()])
        return self.history

    def _planned(self, limits: Limits) -> Plan:
        return make_plan(self.scenario, self._seed, limits, without_attackers=self.spec.without_attackers)

    def _drive(self, plan: Plan, factory: Any, sender: RecordingSender, settings: dict[str, Any]) -> None:
        """Make the passes, one at a time."""
        collector = self._built(factory, sender, settings)
        agent_events = any(actor.agent_events for actor in plan.actors) or self.scenario.agent_events_dir == "missing"
        with self._quiet():
            for number, begin in enumerate(plan.pass_times):
                self._begin(number, begin, sender)
                if agent_events and hasattr(collector, "collect_agent_events"):
                    self._one_pass("agent", collector)
                elif agent_events:
                    self._miss("agent_events", "has no collect_agent_events()")
                crashed = self._one_pass("extension", collector)
                if number == 0 and self.scenario.log_dir == "late":
                    self._make_directories(plan)
                self.schedule.after_pass(CLOCK.now)
                if crashed:
                    self.note(KIT, "restart", "", None)
                    collector = self._built(self._subject.load(), sender, settings)

    def _introduce(
        self, plan: Plan, capabilities: Mapping[str, Any], settings: Mapping[str, Any], hosted: list[str]
    ) -> None:
        self._handlers = tuple(dict.fromkeys(actor.handler for actor in plan.actors))
        limits = plan.limits
        told = {
            "scenario": self.scenario.id,
            "seed": self._seed,
            "subject": self._subject.spec,
            "limits": {name: getattr(limits, name) for name in limits.__dataclass_fields__},
            "delivery": settings.get("delivery", "at-most-once"),
            "capabilities": _told_capabilities(capabilities),
            **self._header(),
            **({"hosted": hosted} if hosted else {}),
            "actors": [
                {"name": a.name, "handler": a.handler, "role": a.role, "producer": a.producer} for a in plan.actors
            ],
        }
        self.note(KIT, "run", "", cast(RunResult, told))

    def _header(self) -> dict[str, Any]:
        """What else the first record tells, of a run that differs from others in kind."""
        return {}

    def _scheduled(self, plan: Plan) -> Schedule:
        if not isinstance(self._variant, Interleave):
            return Schedule(plan.actors, Draw(self._seed, "schedule"), self._perform)
        target = (self._variant.actor, self._variant.step)
        try:
            return OneStep(plan.actors, plan.pass_times, target, self._variant.point, self._perform)
        except IndexError:
            raise BadInput("the scenario has no such step", where=f"--variant {self._variant}") from None

    def _make_directories(self, plan: Plan) -> None:
        for handler in self._handlers:
            its_own = [actor for actor in plan.actors if actor.handler == handler]
            if all(actor.agent_events for actor in its_own) or not all(actor.present for actor in its_own):
                continue
            for path in (LOG_DIR, f"{LOG_DIR}/{handler}", f"{LOG_DIR}/{handler}/events"):
                if path == LOG_DIR and self.scenario.log_dir != "late":
                    continue
                self._perform(AGENT, Step(0, "mkdir", path, mode=0o700))

    def _built(self, factory: Any, sender: RecordingSender, settings: Mapping[str, Any]) -> Collector:
        """The collector; what it does to the file system while it is built passes the seam as well."""
        self._seam = Seam(self._world.kernel, self._world.root, self)
        look = self._look()
        try:
            with self._behind_seam():
                built: Collector = factory(
                    self._world.full(LOG_DIR), self._world.full(AGENT_EVENTS_DIR), sender, **settings
                )
        except (Exception, WorldSignal) as error:
            raise self._unbuilt(factory, sender, settings, error) from error
        self._compare(look, "while it was built")
        return built

    def _look(self) -> Look | None:
        return Look(self._world.kernel.function) if self._looks else None

    def _compare(self, look: Look | None, when: str, *, threads: bool = True) -> None:
        """Note what of the process is otherwise since then; of one that died nothing is left."""
        if (
            look is not None
            and not self._seam.dead
            and (found := look.changed(self._seam.descriptors, threads=threads))
        ):
            self.note(COLLECTOR, "changed", "", {"when": when, "what": found})

    def _unbuilt(self, factory: Any, sender: Any, settings: Mapping[str, Any], error: BaseException) -> Exception:
        """Whom to blame.

        BuildRefused if the collector can be built with other settings, else BadInput.
        """
        self.ear.catch(error, in_pass=False)
        told = f"{type(error).__name__}: {error}"
        if settings and self._builds(factory, LOG_DIR, sender, {}):
            takes = (
                "it declares"
                if "settings" in self._capabilities
                else "it takes, as it declares no settings that it is limited to"
            )
            asked = ", ".join(f"{name}={value!r}" for name, value in self.scenario.collector.items())
            named = asked or ", ".join(settings)  # what the kit itself sets is no plain value
            return BuildRefused(f"the collector refuses {named}, which {takes}: {told}")
        if self._builds(factory, f"{OUTSIDE}/directory", sender, settings):
            return BuildRefused(f"the collector cannot be built here: {told}")
        return mistake(error, self._subject.spec, "could not be built: ")

    def _builds(self, factory: Any, log_dir: str, sender: RecordingSender, settings: Mapping[str, Any]) -> bool:
        try:
            with self._behind_seam():
                factory(self._world.full(log_dir), self._world.full(AGENT_EVENTS_DIR), sender, **settings)
        except (Exception, WorldSignal):
            return False
        return True

    @property
    def has_struck(self) -> bool:
        """Whether the variant's own fault struck; one of the scenario stands for none."""
        return any(countdown.seen >= countdown.fault.nth for countdown in self._varied)

    # --- one pass -----------------------------------------------------------------------------------------------------

    def _begin(self, number: int, begin: int, sender: RecordingSender) -> None:
        PROGRESS.begin_pass()
        self._pass = sender.pass_number = self.ear.pass_number = number
        sender.start_again()
        if number == self._heals_at:
            self._faults = []
            sender.heal()
        CLOCK.advance(max(0, begin - CLOCK.now))
        for fault in self.scenario.fault:
            if fault.kind == "clock-step" and fault.in_pass == number:
                CLOCK.step_wall(round(fault.seconds * SECOND))
                self.note(KIT, "fault", "", {"kind": fault.kind, "seconds": fault.seconds})
            if fault.kind == "sender-down" and fault.in_pass == number:
                sender.stop()
                self.note(KIT, "fault", "", {"kind": fault.kind})
        self.schedule.before_pass(CLOCK.now)

    def _one_pass(self, kind: PassKind, collector: Any) -> bool:
        """Make one pass; True if the collector's process did not survive it."""
        global _passes  # noqa: PLW0603 - of this process, which has one run at a time
        _passes += 1
        self.note(KIT, "pass-begin", "", {"kind": kind})
        self._calls = 0
        self._deadline = CLOCK.now + LONGEST_PASS
        report = None
        look = self._look()
        try:
            with measured(self.costs) if self._weighed else nullcontext(), self._behind_seam():
                report = collector.collect() if kind == "extension" else collector.collect_agent_events()
            end = "returned"
        except WorldSignal as signal:
            end = _ENDS.get(type(signal), "crash")
        except Exception as error:
            end = f"raised {type(error).__name__}"
            self.ear.catch(error)
        if self._seam.signal is not None:
            end = _ENDS.get(self._seam.signal, "crash")  # what it did while it was dying counts for nothing
        self._compare(look, "by a pass")
        for event, path in take_escapes():
            self.note(COLLECTOR, "escape", path, {"event": event})
        told = read_report(report)
        for notice in told.notices:
            self.note(COLLECTOR, "notice", "", notice)
        if told.ledger is not None:
            self.note(COLLECTOR, "ledger", "", told.ledger)
        elif end == "returned" and kind == "extension":
            self._miss("ledger", "collect() returned none")
        if end == "returned" and told.problem:
            self._miss("notices", told.problem)
        self.note(KIT, "pass-end", "", {"kind": kind, "end": end, "leaked": len(self._seam.descriptors)})
        dead = self._seam.dead
        if dead:
            self._seam.release()  # what the kernel does when a process ends: its descriptors go
        return dead

    def _miss(self, capability: str, problem: str) -> None:
        """Note that a capability, if it is declared, does not hold; once a run."""
        if offers(self._capabilities, capability) and capability not in self._unkept:
            self._unkept.add(capability)
            self.note(COLLECTOR, "capability", "", {"name": capability, "problem": problem})

    @contextmanager
    def _behind_seam(self) -> Iterator[None]:
        enter_seam(self._seam if self._heard else None)
        try:
            yield
        finally:
            enter_seam(None)

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Collections of garbage and log handlers of others must not show in a history."""
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        root.handlers[:] = [self]
        if level != logging.DEBUG:  # setting it makes every logger forget what it knows of levels
            root.setLevel(logging.DEBUG)
        try:
            with uncollected():
                yield
        finally:
            root.handlers[:] = handlers
            if level != logging.DEBUG:
                root.setLevel(level)

    # --- at the seam --------------------------------------------------------------------------------------------------

    def before(self, label: str, path: str) -> None:
        self._calls += 1
        if self._calls > MOST_CALLS or len(self._records) > MOST_RECORDS:
            self.note(COLLECTOR, "call", path, {"call": label, "errno": "TOO-MANY"})
            raise TimeUp(f"more than {MOST_CALLS} calls in one pass, or {MOST_RECORDS} records of one run")
        self.schedule.at_call(CLOCK.now)
        if self._faults:
            self._strike(label, path, "before")
        if label in {"unlink", "rename", "rmdir"} and self._world.refuses_removal(path.partition(" -> ")[0]):
            self._fail(label, path, EPERM)
        if label == "open" and self._world.refuses_opening(path):
            self._fail(label, path, EACCES)

    def _last_read(self) -> list[Any] | None:
        """The key assumed for an event without one: the next index in the file that was opened
        last.
        """
        path, index = self._reading
        directory, _, name = path.rpartition("/")
        self._reading = (path, index + 1)
        if directory == AGENT_EVENTS_DIR:
            return ["", name, 0]
        log, _, rest = directory.partition("/")
        handler, _, last = rest.partition("/")
        return [handler, name, index] if (log, last) == (LOG_DIR, "events") else None

    def _at_sender(self, label: str, when: str) -> None:
        """A delivery or a flush: a writer may act before it, and the process may die at it."""
        if self._seam.dead:
            raise Killed(label)
        if when == "before":
            with aside():
                self.schedule.at_delivery(CLOCK.now)
        try:
            self._strike(label, "", when)
        except WorldSignal as signal:
            self._seam.die(type(signal))
            raise

    def after(self, label: str, path: str, errno: int) -> None:
        result: CallResult = {"call": label, "errno": errorcode.get(errno, "EIO")} if errno else {"call": label}
        self._records.append(Record(CLOCK.now, self._pass, COLLECTOR, "call", path, result))
        if label == "open" and not errno:
            self._reading = (path, 0)
        if self._faults:
            self._strike(label, path, "after")

    def order(self, names: list[Any]) -> list[Any]:
        self._listing.shuffle(names)
        return names

    def shorten(self, path: str, wanted: int) -> int:
        for countdown in self._faults:
            fault = countdown.fault
            if fault.kind == "short-read" and fault.matches("read", path) and countdown.strike(self._pass):
                return max(1, wanted // 2) if wanted > 1 else wanted
        return wanted

    def _strike(self, label: str, path: str, when: str) -> None:
        for countdown in self._faults:
            fault = countdown.fault
            if fault.kind == "short-read" or not fault.matches(label, path):
                continue
            if (fault.when if fault.kind == "crash" else "before") != when or not countdown.strike(self._pass):
                continue
            if fault.kind == "crash":
                self.note(COLLECTOR, "crash", path, {"call": label, "when": when})
                raise Killed(f"{label} {path}")
            self.note(COLLECTOR, "fault", path, {"kind": "errno", "call": label, "errno": fault.errno})
            self._fail(label, path, fault.errno)

    def _fail(self, label: str, path: str, code: int | str) -> None:
        number = getattr(errno, code) if isinstance(code, str) else code
        self.note(COLLECTOR, "call", path, {"call": label, "errno": errorcode[number]})
        raise OSError(number, os.strerror(number), path)

    def _sleep(self, nanoseconds: int) -> None:
        self.note(COLLECTOR, "call", "", {"call": "sleep", "ns": nanoseconds})
        CLOCK.advance(nanoseconds)
        if CLOCK.now > self._deadline:
            raise TimeUp("more virtual time in one pass than any clause allows")
        with aside():
            self.schedule.asleep(CLOCK.now)

    # --- writers and logs ---------------------------------------------------------------------------------------------

    def _perform(self, actor: str, step: Step) -> None:
        outcome = self._world.perform(step)
        self.note(actor, "step", step.path, step_result(step, outcome, CLOCK.now))

    def _hear(self, notice: Any) -> None:
        """A notice that the collector gives to the agent that embeds it, for a telemetry event of
        its own.
        """
        self.note(COLLECTOR, "emit", "", read_emitted(notice))

    def emit(self, record: logging.LogRecord) -> None:
        text = text_of(record)
        self.ear.hear_record(record, text)
        self.note(COLLECTOR, "log", "", told_log(record.levelname, text, self._handlers))


def _told_capabilities(capabilities: Mapping[str, Any]) -> dict[str, Any]:
    """Those whose value is plain, or a list of texts; settings are many and decide nothing that is
    judged.
    """
    return {
        key: value if isinstance(value, (bool, int, str)) else [str(item) for item in value]
        for key, value in capabilities.items()
        if key != "settings" and isinstance(value, (bool, int, str, list, tuple))
    }


def step_result(step: Step, outcome: str, now: int) -> StepResult:
    """A step as the history tells it; ``outcome``: "" or the errno's name; ``now``: virtual ns."""
    result: StepResult = {"act": step.act}
    if step.to:
        result["to"] = step.to
    if step.data:
        result["bytes"] = len(step.data)
    if step.mtime is not None or step.at != now:
        result["mtime"] = step.at if step.mtime is None else step.mtime
    if step.labels is not None:
        result["labels"] = [_told_label(label) for label in step.labels]
    if outcome:
        result["errno"] = outcome
    return result


def _told_label(label: Any) -> list[Any]:
    """[token, due, reason or parameters], the secrets where it plants some, and what it is about
    where that is anything.
    """
    detail = asdict(label.agent) if label.agent else None
    told = [label.token, label.due, label.reason or detail or list(label.parameters)]
    if label.about:
        return [*told, list(label.secrets), list(label.about)]
    return [*told, list(label.secrets)] if label.secrets else told


def run(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> History:
    """The history of one run. Raises BadInput or KitBroke."""
    return Run(spec, subject, world).execute()


__all__: Sequence[str] = ["KitBroke", "run"]
