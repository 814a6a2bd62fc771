"""The life of an extension's directory: installed late, removed, made anew, renamed; from a
scenario's words to steps.

Rules: who writes nothing of its own life was always there, and its plan is left as it is. An
extension writes only while it is installed. A name is a handler of its own. Each phase under one
name is a plan of its own, whose first step is the renaming. So nobody else need know of names that
change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..core import Step, Window, handler_dir, renamed_event

if TYPE_CHECKING:
    from .model import Actor, Change
    from .plan import ActorPlan


class _Phase(NamedTuple):
    """One name, and the steps under it so far; ``changes``: those of its life, which come before
    others of their time.
    """

    handler: str
    changes: list[Step]
    steps: list[Step]


def lived(plan: ActorPlan, actor: Actor, copy: int, windows: Sequence[Window]) -> list[ActorPlan]:
    """The plans of one copy of an actor, a name each."""
    if not actor.life:
        return [plan]
    present = installed = actor.life[0].do != "install"
    phases = [_Phase(plan.handler, [], [])]
    for window in windows:
        due = [change for change in actor.life if change.in_pass == window.number]
        for change in due:
            if change.when == "early":
                installed = _change(phases, change, copy, window)
        if installed:
            steps = [_moved(step, plan.handler, phases[-1].handler) for step in plan.steps if _falls_into(step, window)]
            phases[-1].steps.extend(step._replace(at=max(step.at, _early(window))) for step in steps)
        for change in due:
            if change.when != "early":
                installed = _change(phases, change, copy, window)
    return [_plan(plan, phase, present and place == 0) for place, phase in enumerate(phases)]


def _plan(plan: ActorPlan, phase: _Phase, present: bool) -> ActorPlan:
    ordered = [(step.at, place, step) for place, steps in enumerate((phase.changes, phase.steps)) for step in steps]
    ordered.sort(key=lambda entry: (entry[0], entry[1], entry[2].during))
    name = f"{plan.name.partition(':')[0]}:{phase.handler}"
    return replace(plan, name=name, handler=phase.handler, steps=tuple(step for *_, step in ordered), present=present)


def _early(window: Window) -> int:
    """Just after the window's begin, at which the pass before it is made."""
    return window.begin + 1


def _falls_into(step: Step, window: Window) -> bool:
    """Whether a step belongs to the time before the pass, or to the pass itself."""
    return window.begin < step.at <= window.end if step.during else window.begin <= step.at < window.end


def _change(phases: list[_Phase], change: Change, copy: int, window: Window) -> bool:
    """Add the steps of a change; whether the extension is installed after it."""
    phase = phases[-1]
    during = change.when == "during"
    at = _early(window) if change.when == "early" else window.end - 1 if change.when == "late" else window.end
    home = handler_dir(phase.handler)
    make = [Step(at, "mkdir", path, mode=0o700, during=during) for path in (home, f"{home}/events")]
    if change.do == "install":
        phase.changes.extend(make)
    elif change.do == "remove":
        phase.changes.append(Step(at, "rmtree", home, during=during))
    elif change.do == "renew":
        phase.changes.extend((Step(at, "rmtree", f"{home}/events", during=during), make[1]))
    else:
        name = change.to if copy == 0 else f"{change.to}-{copy + 1}"
        phases.append(_Phase(name, [Step(at, "rename", home, to=handler_dir(name), during=during)], []))
    return change.do != "remove"


def _moved(step: Step, old: str, new: str) -> Step:
    """The step of an extension that has another name now: the same, in its new directory, of events
    that are named by it.
    """
    if old == new:
        return step
    before, after = f"{handler_dir(old)}/", f"{handler_dir(new)}/"
    path, to = (
        f"{after}{text.removeprefix(before)}" if text.startswith(before) else text for text in (step.path, step.to)
    )
    labels = step.labels if step.labels is None else tuple(renamed_event(label, old, new) for label in step.labels)
    return step._replace(path=path, to=to, labels=labels)
