"""Steps that fall where a scenario's places say, and nowhere else within a pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..base import Draw
from ..scenario import ActorPlan, Place
from .schedule import Perform, Schedule


class Placed(Schedule):
    """Steps that no place names wait for the end of their pass. ``unmet``: places that nothing
    matched so far.
    """

    def __init__(self, actors: Iterable[ActorPlan], places: Sequence[Place], perform: Perform) -> None:
        actors = tuple(actors)
        super().__init__(actors, Draw(0, "placed"), perform)
        self._handlers = {actor.name: actor.handler for actor in actors}
        self._places = tuple(places)
        self._left = [place.nth for place in places]
        self._pass = -1

    @property
    def unmet(self) -> list[Place]:
        return [place for place, left in zip(self._places, self._left, strict=True) if left > 0]

    def before_pass(self, now: int) -> None:
        super().before_pass(now)
        self._pass += 1

    def at_call(self, now: int, label: str = "", path: str = "") -> None:
        for number, place in enumerate(self._places):
            left = self._left[number]
            if left < 1 or place.in_pass != self._pass or not place.matches(label, path):
                continue
            self._left[number] = left - 1
            if left == 1:
                self._take_from(place, now)

    def at_delivery(self, now: int, label: str = "") -> None:
        self.at_call(now, label)

    def asleep(self, now: int) -> None:
        """What falls into a sleep comes before the act that follows it."""

    def _take_from(self, place: Place, now: int) -> None:
        for name in self._ready:
            if self._handlers[name] != place.actor:
                continue
            steps = self._waiting[name]
            for _ in range(place.steps):
                if not steps or not steps[0].during or steps[0].at > now:
                    break
                self._take(name)
            return


def scheduled(actors: Iterable[ActorPlan], places: Sequence[Place], draw: Draw, perform: Perform) -> Schedule:
    """By the places where there are some, else by the seed."""
    return Placed(actors, places, perform) if places else Schedule(actors, draw, perform)
