"""`python -m etp_kit.collector --protocol`: the collector behind requests on stdin, for the conformance kit (docs/collectors.md).

One JSON object a line each way. The sender is a part of this program and does what each `collect`
request says. It stops, raises or fails to confirm at the n-th time in that pass. An event counts as
confirmed once its line is written, so a line goes to the kernel at once.
"""

import contextlib
import json
import os
import threading
import time

from ..collector import Collector, build
from .sender import Sender, ServiceStoppedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO, Callable, Dict, Optional

    from ..config import Config
    from ..service import Service
    from ..telemetry import TelemetryEvent

    Write = Callable[[Dict[str, Any]], None]

VERSION = 1
_IN_PROCESS = ("common_parameters", "emit", "logger")  # settings that no text can carry
_MOMENT = 0.001  # seconds
_SCRIPT = ["down", "stop", "mute", "raise", "flush"]


class ScriptedSender(Sender):
    """Writes each event as a line, but where the pass's script has it fail."""

    def __init__(self, write: "Write") -> None:
        super().__init__(threading.Event())
        self._write = write
        self.pause = bool  # type: Callable[[], object]  # after each event; bool() does nothing
        self.follow({})

    def follow(self, script: "Dict[str, Any]") -> None:
        """Serves a new pass by this script: down, stop_at, mute_at, raise_at, fail_flush_at; counted
        from 1 in each pass."""
        self._script = script
        self._mute = script.get("mute_at") == 0
        self._events = self._flushes = 0
        if script.get("down"):
            self.stop.set()
        else:
            self.stop.clear()

    def stopped(self) -> bool:
        if self._mute:
            raise RuntimeError("the sender cannot be asked, as its script says")
        return super().stopped()

    def enqueue_event(self, event: "TelemetryEvent") -> None:
        if self.stopped():
            raise ServiceStoppedError
        self._events += 1
        if self._events == self._script.get("mute_at"):
            self._mute = True
            self._write({"type": "refused", "why": "mute", "key": list(event.key)})
            raise RuntimeError("the sender failed, as its script says")
        if self._events == self._script.get("stop_at"):
            self.stop.set()
            self._write({"type": "refused", "why": "stop", "key": list(event.key)})
            raise ServiceStoppedError
        if self._events in self._script.get("raise_at", ()):
            self._write({"type": "refused", "why": "error", "key": list(event.key)})
            self.pause()
            raise RuntimeError("the sender failed, as its script says")
        self._write(serialize(event))
        self.pause()

    def flush(self) -> bool:
        self._flushes += 1
        confirmed = self._flushes not in self._script.get("fail_flush_at", ())
        self._write({"type": "flush", "confirmed": confirmed})
        return confirmed


def serialize(event: "TelemetryEvent") -> "Dict[str, Any]":
    return {
        "type": "event",
        "key": list(event.key),
        "eventId": event.eventId,
        "providerId": event.providerId,
        "file_type": event.file_type,
        "parameters": [{"name": param.name, "value": param.value} for param in event.parameters],
    }


def capabilities() -> "Dict[str, Any]":
    """What the kit can ask of the collector this way."""
    return dict(
        build.capabilities,
        pause=True,
        sender=_SCRIPT,
        settings=[name for name in build.capabilities["settings"] if name not in _IN_PROCESS],
    )


class PausingCollector(Collector):
    """Has the kit wait in its place: no second passes, and writers can act meanwhile."""

    def __init__(self, config: "Config", sender: ScriptedSender, pause: "Callable[[float], None]") -> None:
        super().__init__(config, sender)
        self._pause = pause

    def _wait(self, seconds: float) -> None:
        self._pause(seconds)


class Conversation:
    """The answers to one kit, which makes one pass after the other."""

    def __init__(self, write: "Write", readline: "Callable[[], bytes]") -> None:
        self._write = write
        self._readline = readline
        self._sender = ScriptedSender(write)
        self._collector = None  # type: Optional[Collector]

    def answer(self, request: "Dict[str, Any]") -> None:
        """Writes the answer to any request but `stop`. Raises ValueError or TypeError for one that makes no sense."""
        kind = request.get("type")
        if kind == "hello":
            self._write({"type": "hello", "protocol": VERSION, "capabilities": capabilities()})
        elif kind == "start":
            if request.get("protocol") != VERSION:
                raise ValueError(f"protocol {VERSION} is spoken here")
            settings = request.get("settings", {})
            self._collector = build(request.get("log_dir"), request.get("agent_events_dir"), self._sender, **settings)
            if request.get("pause"):
                self._collector = PausingCollector(self._collector.config, self._sender, self._stand_still)
                self._sender.pause = self._stand_still
            self._write({"type": "started"})
        elif kind == "collect" and self._collector is not None:
            self._sender.follow(request.get("sender", {}))
            self._pass(self._collector, request.get("kind"))
        elif kind == "serve" and self._collector is not None:
            self._sender.follow(request.get("sender", {}))
            self._serve(self._collector.service(), float(request.get("seconds", "")), float(request.get("again", "")))
        else:
            raise ValueError(f"unexpected request: {kind!r}")

    def _stand_still(self, seconds: float = 0.0) -> None:
        """Until the kit says that the pass goes on. Nothing that was read waits to be handed over:
        the sweep reads a file when its turn comes.
        """
        self._write({"type": "pause", "seconds": seconds})
        if json.loads(self._readline().decode("utf-8") or "{}").get("type") != "go":
            raise ServiceStoppedError  # nobody is there any more

    def _serve(self, service: "Service", seconds: float, again: float) -> None:
        """The life of the thread: it makes its passes while nobody here does anything.

        Its start is told once what it does at once is done. Two threads that both have something to
        say race for the interpreter, and no two runs would be told alike."""
        service.run()
        time.sleep(_MOMENT)
        self._tell("run", service)
        time.sleep(seconds)
        self._tell("before-stop", service)
        service.stop()
        self._tell("stop", service)
        service.start()
        self._tell("start-again", service)
        time.sleep(again)
        self._write({"type": "done"})

    def _tell(self, do: str, service: "Service") -> None:
        name = service.get_thread_name()
        named = [thread for thread in threading.enumerate() if thread.name == name]
        told = {"type": "service", "do": do, "alive": service.is_alive(), "stopped": service.stopped()}
        self._write(dict(told, name=name, daemon=bool(named) and all(thread.daemon for thread in named)))

    def _pass(self, collector: "Collector", kind: "Any") -> None:
        report = collector.collect_agent_events() if kind == "agent" else collector.collect()
        for notice in report.notices:
            self._write(dict(notice._asdict(), type="notice"))
        ledger = {name: entry._asdict() for name, entry in report.ledger.items()}
        self._write({"type": "done", "ledger": ledger})


def converse(stdin: "BinaryIO", descriptor: int) -> int:
    """Answers until `stop` or the end of stdin; the exit code: 0, or 1 after a request that makes no sense."""

    def write(message: "Dict[str, Any]") -> None:
        left = memoryview(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
        try:
            while left:
                left = left[os.write(descriptor, left) :]
        except OSError:
            raise ServiceStoppedError from None  # nobody reads any more

    conversation = Conversation(write, stdin.readline)
    for line in iter(stdin.readline, b""):
        try:
            request = json.loads(line.decode("utf-8"))
            if not isinstance(request, dict):
                raise ValueError("a request is a JSON object")
            if request.get("type") == "stop":
                return 0
            conversation.answer(request)
        except ServiceStoppedError:
            return 1
        except (ValueError, TypeError) as error:
            with contextlib.suppress(ServiceStoppedError):
                write({"type": "error", "text": str(error)})
            return 1
    return 0
