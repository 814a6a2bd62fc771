"""A run of a collector's own thread: the service, on the virtual clock.

Rules: as in ``simulator.runner.run``, but nobody asks for passes: the thread makes them when it thinks they are due, and the history tells when it
looked. A record falls into the pass whose time is nearest. The service is started at once, stopped at the end (or at ``stop_at``), and then started
again, which must not bring it back. What it answers on the way is in the history as ``service``.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from ..base import SECOND, KitBroke
from ..core import COLLECTOR, KIT, duration
from ..scenario import Plan
from ..world import CLOCK, Conductor, WorldSignal, take_escapes
from .run import Run

#: The name by which the Linux agent makes its own, and what it calls of a service and asks it (docs/contract.md, run.thread).
_DOOR = "get_collect_telemetry_events_handler"
_INTERFACE = ("run", "start", "stop", "stopped", "is_alive", "get_thread_name")


class ServiceRun(Run):
    """The runner of one run of a service."""

    def _drive(self, plan: Plan, factory: Any, sender: Any, settings: dict[str, Any]) -> None:
        self._period = plan.period
        self._sender = sender
        self._texts: dict[str, int] = {}
        end = plan.pass_times[-1] + plan.period // 2
        stop_at = end if self.scenario.stop_at is None else min(end, duration(self.scenario.stop_at))
        with Conductor(CLOCK) as conductor, self._quiet():
            collector: Any = self._built(factory, sender, settings)
            service = self._service(collector)
            if service is None:
                return
            conductor.seam = self._seam
            look = self._look()
            try:
                conductor.call(service.run)
                self._tell("run", service, name=str(service.get_thread_name()), daemon=_is_daemon(service), **self._door(sender))
                self._until(conductor, plan, stop_at)
                self._tell("before-stop", service)
                begin = CLOCK.now
                conductor.call(service.stop)
                self._tell("stop", service, took=CLOCK.now - begin)
                conductor.call(service.start)
                conductor.run(CLOCK.now)  # a thread that has nothing to do may end
                self._tell("start-again", service)
                conductor.run(CLOCK.now + self._period)
                self._compare(look, "by the service", threads=False)
            except WorldSignal as signal:
                self.note(KIT, "service", "", {"do": "signal", "signal": type(signal).__name__})
            except KitBroke:
                raise
            except Exception as error:  # of the collector's own: a verdict
                self.note(KIT, "service", "", {"do": "signal", "signal": f"an error ({type(error).__name__})"})
        for event, path in take_escapes():
            self.note(COLLECTOR, "escape", path, {"event": event})

    def _service(self, collector: Any) -> Any:
        """The service, or None where there is none to drive."""
        if not callable(getattr(collector, "service", None)):
            return self._miss("service", "has no service()")
        try:
            service = collector.service()
        except Exception as error:
            return self._miss("service", f"service() raised {type(error).__name__}")
        lacking = [name for name in _INTERFACE if not callable(getattr(service, name, None))]
        return self._miss("service", f"what service() returned has no {lacking[0]}()") if lacking else service

    def _door(self, sender: Any) -> dict[str, str]:
        """Whether the package has the Linux agent's door to such a thread, and what came of asking there; it is not started."""
        door = getattr(self._subject.module(), _DOOR, None)
        if door is None:
            return {}
        try:
            made = door(sender)
        except Exception as error:
            return {"door": f"raised {type(error).__name__}"}
        lacking = [name for name in _INTERFACE if not callable(getattr(made, name, None))]
        return {"door": f"lacks {', '.join(lacking)}" if lacking else "alive" if made.is_alive() else "made"}

    def _until(self, conductor: Conductor, plan: Plan, end: int) -> None:
        """Let time pass, with the writers' steps at their times and the clock's steps before their passes."""
        moments = {step.at for actor in plan.actors for step in actor.steps if not step.during} | set(plan.pass_times)
        steps = {f.in_pass: f.seconds for f in self.scenario.fault if f.kind == "clock-step"}
        for moment in sorted(moment for moment in moments if moment <= end):
            conductor.run(moment - 1)
            if moment in plan.pass_times and plan.pass_times.index(moment) in steps:
                seconds = steps[plan.pass_times.index(moment)]
                CLOCK.step_wall(round(seconds * SECOND))
                self.note(KIT, "fault", "", {"kind": "clock-step", "seconds": seconds})
            self.schedule.before_pass(moment)
        conductor.run(end)

    def before(self, label: str, path: str) -> None:
        self._pass = self._sender.pass_number = (CLOCK.now + self._period // 2) // self._period
        super().before(label, path)

    def _tell(self, do: str, service: Any, **more: Any) -> None:
        told = {"do": do, "alive": bool(service.is_alive()), "stopped": bool(service.stopped()), **more}
        self.note(KIT, "service", "", told)

    def emit(self, record: logging.LogRecord) -> None:
        """A record of a service also tells which text it is, in order of first appearance: never the text."""
        super().emit(record)
        if record.levelno >= logging.WARNING:
            last = self._records[-1]
            text = self._texts.setdefault(record.getMessage(), len(self._texts))
            self._records[-1] = last._replace(result={**last.result, "text": text})


def _is_daemon(service: Any) -> bool:
    name = service.get_thread_name()
    named = [thread for thread in threading.enumerate() if thread.name == name]
    return bool(named) and all(thread.daemon for thread in named)
