"""A program's own thread, on the kit's clock: the service of a collector in any language.

Rules: as of an object's (``service_driver``): nobody asks for passes, and a record falls into the
pass whose time is nearest. The program's waits move the clock, and writers take their steps on the
way. It is started, stopped and started again by itself, as one request asks it to.
"""

from __future__ import annotations

from ..base import SECOND
from ..core import KIT, PassKind, ServiceResult
from ..subjects import Broken, Program, ProgramSubject, messages
from ..world import CLOCK, TimeUp, WorldSignal
from .ends import CRASHED, RETURNED, end_by
from .heard import Heard, lacking_here
from .listener import LONGEST_PASS
from .outside import header_of
from .program_pass import ProgramPass, Take
from .program_passes import ProgramPasses
from .service_driver import clock_steps, end_of, moments_of, nearest_pass
from .stage import Loaded, Stage

_LIFE = ["run", "before-stop", "stop", "start-again"]
#: ns that a second life has at least, which may begin when the first would have been stopped.
_LEAST = SECOND // 1_000


class ProgramServiceDriver:
    """The driver of runs of a program's service. It takes a program whose calls are heard."""

    def __init__(self, subject: ProgramSubject) -> None:
        self.header = header_of(lacking_here(), "", subject.capabilities)

    def drive(self, stage: Stage, loaded: Loaded) -> None:
        """Let the service live its life; where a planned crash ends its process, another begins.

        Raises Broken for a program that fails as a program.
        """
        life = Life(stage, loaded)
        passes = ProgramPasses(stage, loaded, life)
        passes.start(loaded.factory)
        while (end := passes.serve()) == CRASHED:
            stage.note(KIT, "restart", "", None)
            passes.start(stage.subject.load())
        if end == RETURNED:
            passes.stop()


class Life(Heard):
    """The outlook of a service's run."""

    def __init__(self, stage: Stage, loaded: Loaded) -> None:
        super().__init__(stage, loaded)
        self._plan = loaded.plan
        self._moments = moments_of(loaded.plan)
        self._steps = clock_steps(loaded.plan, stage.spec.scenario)
        self._end = end_of(loaded.plan, stage.spec.scenario)
        self._said: list[str] = []
        self._asked_to_stop = 0

    def offer(self, kind: PassKind) -> None:
        """Nobody asks for passes."""

    def listen(self, program: Program, made: ProgramPass, take: Take) -> None:
        """Have it live; each of its answers is taken."""
        self._is_building = False
        self._said.clear()
        self._listener.begin_pass()
        seconds = max(self._end - CLOCK.now, _LEAST) / SECOND
        try:
            for answer in program.serve(seconds, self._plan.period / SECOND, made.script):
                if isinstance(answer, messages.Service):
                    self._tell(answer)
                    continue
                self._stage.enter(nearest_pass(self._plan.period))
                self._take_at_its_point(answer, take)
            program.settle()
        except WorldSignal as signal:
            made.end = end_by(type(signal))
            program.kill()
            if made.end != CRASHED:
                self._stage.note(KIT, "service", "", {"do": "signal", "signal": type(signal).__name__})
            return
        if self._said != _LIFE:
            told = ", ".join(self._said) or "nothing"
            raise Broken("protocol", f"its service told {told}, {', '.join(_LIFE)} are due")

    def _tell(self, answer: messages.Service) -> None:
        self._said.append(answer.do)
        told: ServiceResult = {"do": answer.do, "alive": answer.alive, "stopped": answer.stopped}
        if answer.do == "run":
            told |= {"name": answer.name, "daemon": answer.daemon}
        elif answer.do == "before-stop":
            self._asked_to_stop = CLOCK.now
        elif answer.do == "stop":
            told["took"] = CLOCK.now - self._asked_to_stop
        self._stage.note(KIT, "service", "", told)

    def before(self, label: str, path: str) -> None:
        if not self._is_building:
            self._stage.enter(nearest_pass(self._plan.period))
        super().before(label, path)

    def asleep(self, nanoseconds: int) -> None:
        """Let time pass, with the writers' steps at their times and the clock's steps before their
        passes.
        """
        if self._is_building:
            super().asleep(nanoseconds)
            return
        end = CLOCK.now + nanoseconds
        while self._moments and self._moments[0] <= end:
            moment = self._moments.popleft()
            CLOCK.advance(max(0, moment - CLOCK.now))
            if moment in self._steps:
                self._stage.step_clock(self._steps[moment])
            self._listener.schedule.before_pass(moment)
        CLOCK.advance(end - CLOCK.now)
        if CLOCK.now > self._end + self._plan.period + LONGEST_PASS:
            raise TimeUp("more virtual time than the life of a service takes")
