"""The seeded choice of who goes next.

Writers are step machines: between two calls of the collector, none, one or several of the waiting
ones take a step. How eager they are is drawn anew for each pass, from "at every call" to "hardly
ever": uniform eagerness would leave most interleavings out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterable, Sequence

from ..base import Draw
from ..core import Step
from ..scenario import ActorPlan

_EAGERNESS = (1.0, 0.5, 0.25, 0.1, 0.03)

#: Chances that the writers get while the collector sleeps: a second is long for them.
_CHANCES_ASLEEP = 4

Perform = Callable[[str, Step], None]


class Schedule:
    """The steps that are still to come, and who takes the next one."""

    #: Whether a step may fall where a program pauses, which is before no call that it names.
    falls_into_pauses = True

    def __init__(self, actors: Iterable[ActorPlan], draw: Draw, perform: Perform) -> None:
        actors = tuple(actors)
        self._draw = draw
        self._perform = perform
        self._owners = {actor.name: owner_of(actor) for actor in actors}
        self._waiting = {actor.name: deque(actor.steps) for actor in actors}
        self._ready: list[str] = []
        self._eagerness = 1.0

    def before_pass(self, now: int) -> None:
        """Take every step due by ``now`` that does not want to fall into the pass, in order of
        time; ready the others.
        """
        while (name := self._earliest(now)) is not None:
            self._take(name)
        self._eagerness = self._draw.choice(_EAGERNESS)
        self._ready = [
            name for name, steps in self._waiting.items() if steps and steps[0].during and steps[0].at <= now
        ]

    def at_call(self, now: int, label: str = "", path: str = "") -> None:  # noqa: ARG002 - of others
        """A point of the collector's pass; ``label`` and ``path``: of the call to come."""
        while self._ready and self._draw.chance(self._eagerness):
            name = self._draw.choice(self._ready)
            self._perform(name, self._popped(name, now))

    def at_pause(self, now: int, owners: Container[str], *, asleep: bool) -> list[tuple[str, Step]]:
        """The steps that fall into a pause of the pass, by who takes them; the caller performs
        them. ``owners``: whose steps may fall there (``owner_of``). ``asleep``: it is a wait.
        """
        taken: list[tuple[str, Step]] = []
        if not self.falls_into_pauses:
            return taken
        for _ in range(_CHANCES_ASLEEP if asleep else 1):
            while (ready := [name for name in self._ready if self._owners[name] in owners]) and self._draw.chance(
                self._eagerness
            ):
                name = self._draw.choice(ready)
                taken.append((name, self._popped(name, now)))
        return taken

    def at_delivery(self, now: int, label: str = "") -> None:
        """The collector hands an event over: no call of the file system, and no chance for writers
        unless one is placed here.
        """

    def asleep(self, now: int) -> None:
        """The collector sleeps until ``now``."""
        for _ in range(_CHANCES_ASLEEP):
            self.at_call(now)

    def after_pass(self, now: int) -> None:
        """Steps meant for the pass that found no call to fall before."""
        for name in sorted(self._ready, key=list(self._waiting).index):
            steps = self._waiting[name]
            while steps and steps[0].during and steps[0].at <= now:
                self._take(name)
        self._ready = []

    def waiting(self) -> dict[str, list[Step]]:
        """The steps that were not taken, by actor."""
        return {name: list(steps) for name, steps in self._waiting.items()}

    def _earliest(self, now: int) -> str | None:
        due = [
            (steps[0].at, place, name)
            for place, (name, steps) in enumerate(self._waiting.items())
            if steps and steps[0].at <= now and not steps[0].during
        ]
        return min(due)[2] if due else None

    def _take(self, name: str) -> None:
        self._perform(name, self._waiting[name].popleft())

    def _popped(self, name: str, now: int) -> Step:
        """The next step of a writer that is ready."""
        steps = self._waiting[name]
        step = steps.popleft()
        if not steps or not steps[0].during or steps[0].at > now:
            self._ready.remove(name)
        return step


def owner_of(actor: ActorPlan) -> str:
    """In whose directory a writer works: a handler, or "" for that of the agent's events."""
    return "" if actor.agent_events else actor.handler


class OneStep(Schedule):
    """Every step falls between passes but one, which falls before the ``point``-th point of the
    pass after its window.

    A point is a call, a delivery, a flush or a sleep. What its writer does after it in that window
    waits for the end of the pass.
    """

    falls_into_pauses = False

    def __init__(
        self, actors: Sequence[ActorPlan], passes: Sequence[int], target: tuple[int, int], point: int, perform: Perform
    ) -> None:
        """``passes``: when each begins (ns); ``target``: the actor's place and the step's. Raises
        IndexError for none such.
        """
        actor, index = target
        self._actors = {plan.name: deque(plan.steps) for plan in actors}
        self._name = actors[actor].name
        self._placed = actors[actor].steps[index]
        self._before = index
        due = [number for number, begin in enumerate(passes) if begin >= self._placed.at]
        #: The pass (from 0) into which it falls; past the last where it is never due.
        self.falls_in = due[0] if due else len(passes)
        self._pass = -1
        self._left = point
        self._perform = perform
        #: Whether the step has been taken, and whether that was at its point.
        self._taken = False
        self.met = False

    def before_pass(self, now: int) -> None:
        self._pass += 1
        self._take_due(now, hold=self._pass == self.falls_in)

    def at_call(self, now: int, label: str = "", path: str = "") -> None:  # noqa: ARG002 - the form of every schedule
        if self._pass == self.falls_in and not self._taken:
            self._left -= 1
            if self._left == 0:
                self.met = True
                self._take_next(self._name)

    def at_delivery(self, now: int, label: str = "") -> None:  # noqa: ARG002 - the form of every schedule
        self.at_call(now)

    def asleep(self, now: int) -> None:
        self.at_call(now)

    def after_pass(self, now: int) -> None:
        self._take_due(now, hold=False)

    def _take_due(self, now: int, *, hold: bool) -> None:
        while True:
            due = [
                (steps[0].at, steps[0].during, place, name)
                for place, (name, steps) in enumerate(self._actors.items())
                if steps and steps[0].at <= now and not (hold and name == self._name and self._before == 0)
            ]
            if not due:
                return
            self._take_next(min(due)[3])

    def _take_next(self, name: str) -> None:
        if name == self._name:
            self._taken = self._taken or self._before == 0
            self._before -= 1
        self._perform(name, self._actors[name].popleft())
