"""A program seen from outside, where its calls are not heard.

Rules: nothing happens during a pass but what the program does; steps meant for it are taken after
it. Time passes by ageing what lies there. ``changes`` finds afterwards what a pass did to the
directories. A crash is SIGKILL of all that the program is, at a delivery or a flush.

A program that declares ``pause`` stands still after each event or file, and in place of each wait.
Writers take steps there whose directory it has begun: that of an event that it told, of any at a
wait. It has listed that one, so what was there before its pass is what it found.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Mapping
from typing import Any

from ..base import SECOND
from ..core import AGENT_EVENTS_DIR, COLLECTOR, KIT, LOG_DIR, PassKind, event_path, offers
from ..safe import safe
from ..subjects import Broken, Program, messages
from ..world import CLOCK, WorldSignal
from .ageing import Ageing, Seen
from .changes import Change, Homes, changes, tell
from .ends import end_by
from .program_pass import POINTS, ProgramPass, Take
from .schedule import owner_of
from .stage import Loaded, Stage

#: What judging can take and this outlook does not offer (keys of the contract's capabilities).
_LACKING = ("hooks", "process", "virtual_time")
#: Nor these, where the program's passes do not pause.
_LACKING_UNPAUSED = ("steps", "waits")
#: Virtual ns by which a pass may last longer than no time at all, for what is judged by age.
SLACK = 20 * SECOND


def lacking_outside(capabilities: Mapping[str, Any]) -> tuple[str, ...]:
    """What judging can take and a program that declares this does not have from outside."""
    return _LACKING if offers(capabilities, "pause") else (*_LACKING, *_LACKING_UNPAUSED)


def header_of(lacking: tuple[str, ...], why: str, capabilities: Mapping[str, Any]) -> dict[str, Any]:
    """What the first record tells of a program's run. ``why``: its calls are not heard."""
    return {
        "lacking": list(lacking),
        **({"unheard": why} if "hooks" in lacking else {}),
        "slack": SLACK if "virtual_time" in lacking else 0,
        **({} if offers(capabilities, "sender:flush") else {"confirmed_by": "line"}),
    }


class Outside:
    """The outlook of one run."""

    def __init__(self, stage: Stage, loaded: Loaded) -> None:
        self._stage = stage
        self._handlers = [handler for handler in loaded.handlers if not handler.startswith("-")]
        self._ageing = Ageing(stage.world.root)
        self.pauses = offers(loaded.declared.capabilities, "pause")
        self._everybody = {owner_of(actor) for actor in loaded.plan.actors}
        #: What lay there when the program was last let go on.
        self._since: dict[str, Seen] = {}
        self._homes = Homes()

    def prepared(self, program: Program, settings: Mapping[str, Any]) -> dict[str, Any]:
        wanted = dict(settings)
        if not self.pauses and "retry_delay" in (program.capabilities.get("settings") or ()):
            wanted.setdefault("retry_delay", 0)  # nobody completes a torn file meanwhile
        if self._stage.faults.kill:
            program.narrow()
        return wanted

    def offer(self, kind: PassKind) -> None:
        """Every directory that is one, now."""
        extensions = [f"{LOG_DIR}/{handler}/events" for handler in self._handlers]
        full = self._stage.world.full
        for path in [AGENT_EVENTS_DIR] if kind == "agent" else extensions:
            if all(_is_directory(full(part)) for part in (path.rpartition("/")[0], path)):
                self._stage.note(KIT, "offered", path, None)

    def begin(self) -> dict[str, Seen]:
        self._since = self._ageing.begin(CLOCK.now)
        self._homes = Homes()
        self._homes.note(self._since)
        return dict(self._since)

    def listen(self, program: Program, made: ProgramPass, take: Take) -> None:
        self._stage.listener.begin_pass()
        begun = _Begun()
        for answer in program.collect(made.kind, made.script):
            if isinstance(answer, messages.Pause):
                begun.pause()
                try:
                    self._stand_still(made, answer.seconds, begun.owners)
                except WorldSignal as signal:
                    made.end = end_by(type(signal))
                    program.kill()
                    return
                continue
            if self.pauses and isinstance(answer, messages.Event | messages.Refused) and begun.meet(answer.key):
                # It must have been opened: here, as nothing that it read waits at a pause.
                self._stage.note(COLLECTOR, "call", event_path(*answer.key[:2]), {"call": "open", "seen": True})
            take(answer)
            label = POINTS.get(answer.type)
            if label is not None and self._stage.faults.kills_at(label):
                program.kill()
                for late in program.rest():
                    take(late)
                self._stage.note(COLLECTOR, "crash", "", {"call": label, "when": "after"})
                made.end = "crash"
                return

    def end(self, made: ProgramPass) -> list[Change]:  # noqa: ARG002 - the form of every outlook
        return self._changed()

    def _changed(self) -> list[Change]:
        """What the program did since it was last let go on, by the paths of directories that it
        knows.
        """
        return self._homes.told(self._since, changes(self._since, self._ageing.end()))

    def _stand_still(self, made: ProgramPass, seconds: float, begun: Container[str]) -> None:
        """Writers take their steps. Raises TimeUp for a pass that waits for ever."""
        stage = self._stage
        if seconds:
            stage.listener.wait(round(seconds * SECOND))
        owners = self._everybody if seconds else begun
        steps = stage.listener.schedule.at_pause(CLOCK.now, owners, asleep=seconds > 0)
        if not steps:
            return
        tell(self._changed(), stage.note)
        for name, step in steps:
            stage.perform(name, step)
        self._since = self._ageing.again()
        self._homes.note(self._since)
        made.before.update(self._since)

    def shift_of(self, seen: Seen | None) -> int | None:
        return self._ageing.shift_of(seen)


class _Begun:
    """Which directories and files a pass has begun, as its events tell."""

    def __init__(self) -> None:
        #: Handlers, "" for the agent's own events.
        self.owners: set[str] = set()
        self._files: set[tuple[str, str]] = set()
        #: The file whose event was told since the last pause.
        self._unpaused: tuple[str, str] | None = None

    def pause(self) -> None:
        self._unpaused = None

    def meet(self, key: messages.Key) -> bool:
        """Whether it is the first event of its file. Raises Broken where a pause was due before."""
        handler, file, _ = key
        if self._unpaused not in {None, (handler, file)}:
            told = " and ".join(repr(safe("/".join(one), 80)) for one in (self._unpaused, (handler, file)) if one)
            raise Broken("protocol", f"it declares pause, and made none between {told}")
        self._unpaused = handler, file
        self.owners.add(handler)
        is_new = (handler, file) not in self._files
        self._files.add((handler, file))
        return is_new


def _is_directory(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False
