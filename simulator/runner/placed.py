"""Steps that fall where a scenario's places say, and nowhere else within a pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..base import Draw
from ..scenario import ActorPlan, Place
from .schedule import Perform, Schedule


class Placed(Schedule):
    """Steps that no place names wait for the end of their pass. ``unmet``: places at which no
    step was taken so far.
    """

    falls_into_pauses = False

    def __init__(self, actors: Iterable[ActorPlan], places: Sequence[Place], perform: Perform) -> None:
        actors = tuple(actors)
        super().__init__(actors, Draw(0, "placed"), perform)
        self._handlers = {actor.name: actor.handler for actor in actors}
        self._places = tuple(places)
        self._left = [place.nth for place in places]
        self._met: set[int] = set()
        self._pass = -1

    @property
    def unmet(self) -> list[Place]:
        return [place for number, place in enumerate(self._places) if number not in self._met]

    def before_pass(self, now: int) -> None:
        super().before_pass(now)
        self._pass += 1

    def at_call(self, now: int, label: str = "", path: str = "") -> None:
        for number, place in enumerate(self._places):
            left = self._left[number]
            if left < 1 or place.in_pass != self._pass or not place.matches(label, path):
                continue
            self._left[number] = left - 1
            if left == 1 and self._take_from(place, now):
                self._met.add(number)

    def at_delivery(self, now: int, label: str = "") -> None:
        self.at_call(now, label)

    def asleep(self, now: int) -> None:
        """What falls into a sleep comes before the act that follows it."""

    def _take_from(self, place: Place, now: int) -> bool:
        """Whether a step was taken: by the first writer of that directory who has one ready."""
        taken = 0
        for name in self._ready:
            if self._handlers[name] != place.actor:
                continue
            steps = self._waiting[name]
            while taken < place.steps and steps and steps[0].during and steps[0].at <= now:
                self._take(name)
                taken += 1
            if taken:
                return True
        return False


def scheduled(actors: Iterable[ActorPlan], places: Sequence[Place], draw: Draw, perform: Perform) -> Schedule:
    """By the places where there are some, else by the seed."""
    return Placed(actors, places, perform) if places else Schedule(actors, draw, perform)
