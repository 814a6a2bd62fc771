"""Drives a collector's own thread: the service, on the virtual clock.

Rules: nobody asks for passes: the thread makes them when it thinks they are due, and the history
tells when it looked. A record falls into the pass whose time is nearest. The service is started at
once, stopped at the end (or at ``stop_at``), and then started again, which must not bring it back.
What it answers on the way is in the history as ``service``.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from ..base import KitBroke, is_interrupt
from ..core import COLLECTOR, KIT, ServiceResult, duration
from ..scenario import Plan, Scenario
from ..subjects import Factory
from ..world import CLOCK, Conductor, Killed, WorldSignal, take_escapes
from .builder import Builder
from .log_tap import LogTap
from .stage import Loaded, Stage

#: The name by which the Linux agent makes its own, and what it calls of a service and asks it
#: (docs/contract.md, run.thread).
_DOOR = "get_collect_telemetry_events_handler"
_INTERFACE = ("run", "start", "stop", "stopped", "is_alive", "get_thread_name")


class NumberedByTime:
    """The run's listener, for whom each call tells of the pass whose time is nearest."""

    def __init__(self, stage: Stage, period: int) -> None:
        self._stage = stage
        self._period = period
        listener = stage.listener
        self._before = listener.before
        self.after, self.order, self.shorten = listener.after, listener.order, listener.shorten
        self.is_endless = listener.is_endless

    def before(self, label: str, path: str) -> None:
        self._stage.enter(nearest_pass(self._period))
        self._before(label, path)


def nearest_pass(period: int) -> int:
    """The number of the pass whose time is nearest."""
    return (CLOCK.now + period // 2) // period


def clock_steps(plan: Plan, scenario: Scenario) -> dict[int, float]:
    """When a pass is due (virtual ns) -> the seconds by which the wall clock is set before it."""
    steps = {fault.in_pass: fault.seconds for fault in scenario.fault if fault.kind == "clock-step"}
    return {moment: steps[number] for number, moment in enumerate(plan.pass_times) if number in steps}


def end_of(plan: Plan, scenario: Scenario) -> int:
    """When a service is stopped (virtual ns)."""
    end = plan.pass_times[-1] + plan.period // 2
    return end if scenario.stop_at is None else min(end, duration(scenario.stop_at))


class ServiceDriver:
    """The driver of runs of a service."""

    header: Mapping[str, Any] = MappingProxyType({})

    def drive(self, stage: Stage, loaded: Loaded) -> None:
        """Let the service live its life, and ask it on the way; where a planned crash ends its
        process, another begins.
        """
        stage.process.heard_by = NumberedByTime(stage, loaded.plan.period)
        moments = moments_of(loaded.plan)
        factory = loaded.factory
        with LogTap(stage.recorder, stage.ear, loaded.handlers, numbered=True).tapped():
            while not _lived(stage, loaded, factory, moments):
                stage.note(KIT, "restart", "", None)
                factory = stage.subject.load()
        for event, path in take_escapes():
            stage.note(COLLECTOR, "escape", path, {"event": event})


def moments_of(plan: Plan) -> deque[int]:
    """When something is due: a writer's step, or a pass."""
    steps = {step.at for actor in plan.actors for step in actor.steps if not step.during}
    return deque(sorted(steps | set(plan.pass_times)))


def _lived(stage: Stage, loaded: Loaded, factory: Factory, moments: deque[int]) -> bool:
    """One process of the service, to its end; False where a planned crash was that."""
    with Conductor(CLOCK) as conductor:
        try:
            collector = Builder(stage, loaded).build(factory)
        except Killed:
            return False
        try:
            service = _service(collector, stage, loaded)
            if service is None:
                return True
            conductor.seam = stage.process.seam
            look = stage.process.look()
            life = _Life(stage, loaded, conductor, service, moments)
            life.live(end_of(loaded.plan, stage.spec.scenario))
            stage.process.compare(look, "by the service", threads=False)
        except Killed:
            return False
        except WorldSignal as signal:
            _end(stage, signal)
        except KitBroke:
            raise
        except BaseException as error:  # of the collector's own: a verdict
            if is_interrupt(error):
                raise
            stage.ear.catch(error)
            stage.note(KIT, "service", "", {"do": "signal", "signal": f"an error ({type(error).__name__})"})
    return True


def _end(stage: Stage, signal: WorldSignal) -> None:
    """What ended the service's process."""
    stage.note(KIT, "service", "", {"do": "signal", "signal": type(signal).__name__})


class _Life:
    """One service from its start to after its end."""

    def __init__(self, stage: Stage, loaded: Loaded, conductor: Conductor, service: Any, moments: deque[int]) -> None:
        self._stage = stage
        self._plan = loaded.plan
        self._conductor = conductor
        self._service = service
        self._moments = moments

    def live(self, stop_at: int) -> None:
        service, conductor = self._service, self._conductor
        conductor.call(service.run)
        named = str(service.get_thread_name())
        self._tell("run", name=named, daemon=_is_daemon(service), **_door(self._stage))
        self._until(stop_at)
        self._tell("before-stop")
        begin = CLOCK.now
        conductor.call(service.stop)
        self._tell("stop", took=CLOCK.now - begin)
        conductor.call(service.start)
        self._run(CLOCK.now)  # a thread that has nothing to do may end
        self._tell("start-again")
        self._run(CLOCK.now + self._plan.period)

    def _until(self, end: int) -> None:
        """Let time pass, with the writers' steps at their times and the clock's steps before their
        passes.
        """
        moments = self._moments
        steps = clock_steps(self._plan, self._stage.spec.scenario)
        while moments and moments[0] <= end:
            self._run(moments[0] - 1)
            moment = moments.popleft()
            if moment in steps:
                self._stage.step_clock(steps[moment])
            self._stage.listener.schedule.before_pass(moment)
        self._run(end)

    def _run(self, until: int) -> None:
        """Let its threads run. Raises what ended the process from outside."""
        self._conductor.run(until)
        for _, error in self._conductor.errors():
            raise error

    def _tell(self, do: str, **more: Any) -> None:
        service = self._service
        told = {"do": do, "alive": bool(service.is_alive()), "stopped": bool(service.stopped()), **more}
        self._stage.note(KIT, "service", "", cast(ServiceResult, told))


def _service(collector: Any, stage: Stage, loaded: Loaded) -> Any:
    """The service, or None where there is none to drive."""
    miss = loaded.declared.miss
    if not callable(getattr(collector, "service", None)):
        return miss("service", "has no service()")
    try:
        service = collector.service()
    except WorldSignal:
        raise
    except BaseException as error:
        if is_interrupt(error):
            raise
        stage.ear.catch(error, in_pass=False)
        return miss("service", f"service() raised {type(error).__name__}")
    lacking = _lacking(service)
    return miss("service", f"what service() returned has no {lacking[0]}()") if lacking else service


def _door(stage: Stage) -> dict[str, str]:
    """Whether the package has the Linux agent's door to such a thread, and what came of asking
    there; it is not started.
    """
    door = getattr(stage.subject.module(), _DOOR, None)
    if door is None:
        return {}
    try:
        made = door(stage.sender)
    except WorldSignal:
        raise
    except BaseException as error:
        if is_interrupt(error):
            raise
        stage.ear.catch(error, in_pass=False)
        return {"door": f"raised {type(error).__name__}"}
    lacking = _lacking(made)
    return {"door": f"lacks {', '.join(lacking)}" if lacking else "alive" if made.is_alive() else "made"}


def _lacking(service: Any) -> list[str]:
    return [name for name in _INTERFACE if not callable(getattr(service, name, None))]


def _is_daemon(service: Any) -> bool:
    name = service.get_thread_name()
    named = [thread for thread in threading.enumerate() if thread.name == name]
    return bool(named) and all(thread.daemon for thread in named)
