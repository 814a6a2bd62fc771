"""The adapter to the production agent's collector: it runs as it is, and finds here what its agent
would give it.

Rules: no file and no function of the agent's is replaced. The adapter puts things where an agent
puts them. These are configuration (directories, period), common parameters, a sender, listeners to
log and reports, and the switch of the extension pipeline. Telemetry events of the agent's own come
to us as notices. In its events directory the next pass would take them for an extension's.

A collector of the agent's is one pass on request, or its own thread. Agents from 2.2.53 take a
sender (``_ProcessExtensionEvents``, ``_CollectAndEnqueueEvents``). Until 2.2.54 these names have
``PeriodicOperation`` at their end. Builds before 2.2.53 hand lists of events to a protocol
(``ExtensionTelemetryHandler``). Which of them is there decides, not the version.
"""

from __future__ import annotations

import datetime
import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

from ..base import BadInput
from .agent_code import AgentCode

#: What the agent's machine and goal state say, the same everywhere.
_FACTS: dict[str, str | int] = {
    "OSVersion": "Linux:debian-12-bookworm:6.1.0", "ExecutionMode": "IAAS", "RAM": 8_192, "Processors": 2, "TenantName": "tenant",
    "RoleName": "role", "RoleInstanceName": "instance", "Location": "westeurope", "SubscriptionId": "00000000-0000-0000-0000-000000000001",
    "ResourceGroupName": "group", "VMId": "00000000-0000-0000-0000-000000000002", "ImageOrigin": 1,
    "KeywordName": '{"CpuArchitecture": "x86_64"}',
}  # fmt: skip
#: Its process and thread.
_OWN = {"EventPid": 1_000, "EventTid": 1_001, "TaskName": "TelemetryEventsCollector"}

#: What the classes of its two passes are called, the newest name first.
_EXTENSION_PASS = ("_ProcessExtensionEvents", "_ProcessExtensionEventsPeriodicOperation")
_AGENT_PASS = ("_CollectAndEnqueueEvents", "_CollectAndEnqueueEventsPeriodicOperation")
_EARLY = ("ExtensionTelemetryHandler",)

_QUOTA = "MAX_NUMBER_OF_EVENTS_PER_EXTENSION"
_EVENTS = "events"
_LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)

_FULL = re.compile(r"Reached max count for the extension: (?P<extension>.*); Max Limit: \d+\. Skipping the rest\.", re.DOTALL)
_DROPPED = re.compile(r"Dropped events for Extension: (?P<extension>.*); Details:\n(?P<details>.*)", re.DOTALL)
_DROP = re.compile(r"Reason: (?:\[InvalidExtensionEventError\] )?(?P<reason>.*); Dropped Count: (?P<count>\d+)")
_SKIPPED = re.compile(r"Skipping file: (?P<path>.*) as its size is ", re.DOTALL)
_FAILED = re.compile(r"Failed to process event file ")
_AGENT_DROPS = re.compile(r"DroppedEventsCount: (?P<count>\d+)\n")
_LOG_LINE = re.compile(r"\S+Z [A-Z]+ \S+ (?P<text>.*)\n?", re.DOTALL)
_READING = re.compile(r"Processing event file: (?P<path>.*)", re.DOTALL)


@dataclass(frozen=True)
class Notice:
    """Something that a pass told its operators."""

    kind: str
    extension: str | None
    reason: str
    count: int
    text: str


@dataclass
class Report:
    """What one pass told."""

    notices: list[Notice] = field(default_factory=list)


class LinuxAgentFactory:
    """Builds collectors of one freshly loaded agent."""

    def __init__(self, code: AgentCode) -> None:
        self._modules = code.load()
        self._main: Any = self._modules["collector"]
        self._where = f"{code.directory} (version {code.version})"
        self._early = _class(self._main, _EXTENSION_PASS) is None
        holder = _class(self._main, _EARLY if self._early else _EXTENSION_PASS)
        limits = [value for name, value in vars(holder).items() if _QUOTA in name] if holder else []
        agent_events = hasattr(self._modules["event"], "collect_events") if self._early else _class(self._main, _AGENT_PASS) is not None
        if not limits:
            hint = "expected a class with a quota, as agents from 2.2.53 and builds before it have"
            raise BadInput("its collector is of no kind that is known here", where=self._where, hint=hint)
        # It makes no promises: whatever it can be asked for is judged, and a profile says what was
        # to be expected.
        self.capabilities: dict[str, Any] = {
            "protocol": 1, "settings": ["extension_events", "period"], "quota": int(limits[0]), "delivery": ["at-most-once"],
            "agent_events": agent_events, "redaction": True, "integer_pids": True, "service": not self._early, "notices": True, "ledger": False,
        }  # fmt: skip

    def __call__(self, log_dir: Any, agent_events_dir: Any, sender: Any, *, extension_events: bool = True, period: float | None = None) -> Any:
        lib_dir, last = os.path.split(os.fspath(agent_events_dir))
        if last != _EVENTS:
            raise BadInput(f"the agent events dir of a Linux agent is named {_EVENTS}, not {last!r}", where="linux-agent")
        self._modules["conf"].__conf__.values.update({"Extension.LogDir": os.fspath(log_dir), "Lib.Dir": lib_dir})
        told = _Told(os.fspath(log_dir))
        self._listen(told)
        if self._early:
            return _EarlyCollector(self._modules, sender, told)
        _switch(self._main, on=extension_events)
        if period is not None:
            _class(self._main, _EXTENSION_PASS)._EXTENSION_EVENT_COLLECTION_PERIOD = datetime.timedelta(seconds=period)
        return _Collector(self._main, sender, told)

    def _listen(self, told: _Told) -> None:
        self._modules["logger"].DEFAULT_LOGGER.appenders = [told]
        reporter = self._modules["event"].get_event_logger()
        reporter.event_dir = "nowhere: its reports are notices"
        for parameter in reporter._common_parameters:
            parameter.value = _FACTS.get(parameter.name, parameter.value)
        told.take_over(reporter)


def _class(module: Any, names: Sequence[str]) -> Any:
    """The class that the module has under one of these names, or None."""
    return next((getattr(module, name) for name in names if hasattr(module, name)), None)


def _switch(main: Any, *, on: bool) -> None:
    """Extension events on or off, as an agent knows it: the feature is supported or not.

    Until 2.2.53.1 a name of a module says so; 2.2.53 was released with it off.
    """
    asked = getattr(main, "is_extension_telemetry_pipeline_enabled", None)
    if asked is not None:
        asked.__globals__["_ENABLE_EXTENSION_TELEMETRY_PIPELINE"] = on
    elif not on:
        feature = main.get_supported_feature_by_name(main.SupportedFeatureNames.ExtensionTelemetryPipeline)
        feature._AgentSupportedFeature__supported = False


class _Told:
    """Hears what the agent logs, as one of its log appenders, and what it reports as telemetry
    events.
    """

    appender_lock = False
    level = 0

    def __init__(self, log_dir: str) -> None:
        self._log_dir = log_dir
        self._log = logging.getLogger("azurelinuxagent")
        self._reading = ""
        self._notices: list[Notice] = []

    def write(self, level: int, line: str) -> None:
        """A line of its log. VERBOSE is off in an agent; here it tells which file is being read."""
        found = _LOG_LINE.fullmatch(line)
        text = found["text"].removesuffix("\n") if found else line
        if level == 0:
            reading = _READING.fullmatch(text)
            self._reading = reading["path"] if reading else self._reading
        else:
            self._log.log(_LEVELS[min(level, 3)], "%s", text)

    def take_over(self, reporter: Any) -> None:
        """Stand where its reports leave it. What it makes of them before stays its own."""
        add_event, add_log_event, add_common = reporter.add_event, reporter.add_log_event, reporter.add_common_event_parameters

        def event(*args: Any, **named: Any) -> None:
            self._note(str(named.get("message", "")), succeeded=bool(named.get("is_success", True)))
            add_event(*args, **named)

        def log_event(level: Any, message: Any) -> None:
            self._note(str(message), succeeded=False)
            add_log_event(level, message)

        def common(to: Any, *args: Any) -> None:
            before = len(to.parameters)
            add_common(to, *args)
            for parameter in to.parameters[before:]:
                parameter.value = _OWN.get(parameter.name, parameter.value)

        reporter.add_event, reporter.add_log_event, reporter.add_common_event_parameters = event, log_event, common
        reporter.save_event = lambda data: None  # noqa: ARG005 - the name is the agent's

    def report(self) -> Report:
        """The notices since the last asking."""
        found, self._notices = self._notices, []
        return Report(found)

    def _note(self, text: str, *, succeeded: bool) -> None:
        if (full := _FULL.fullmatch(text)) is not None:
            self._notices.append(Notice("quota", full["extension"], "", 1, text))
        elif (dropped := _DROPPED.fullmatch(text)) is not None:
            for drop in _DROP.finditer(dropped["details"]):
                self._notices.append(Notice("drops", dropped["extension"], drop["reason"], int(drop["count"]), text))
        elif (skipped := _SKIPPED.match(text)) is not None:
            self._notices.append(Notice("size", self._extension(skipped["path"]), "", 1, text))
        elif _FAILED.match(text):
            self._notices.append(Notice("failed", self._extension(self._reading), "", 1, text))
        elif (drops := _AGENT_DROPS.match(text)) is not None:
            self._notices.append(Notice("agent-drops", None, "", int(drops["count"]), text))
        elif not succeeded:
            self._notices.append(Notice("error", None, "", 1, text))

    def _extension(self, path: str) -> str | None:
        inside = path.removeprefix(self._log_dir + "/")
        return inside.partition("/")[0] if inside != path else None


class _Sender:
    """The kit's sender as the agent knows one: a stop is an error of the agent's own class."""

    def __init__(self, sender: Any, stopped_error: type[Exception]) -> None:
        self._sender = sender
        self._stopped_error = stopped_error

    def enqueue_event(self, event: Any) -> None:
        try:
            self._sender.enqueue_event(event)
        except Exception as error:
            if type(error).__name__ == "ServiceStoppedError":
                raise self._stopped_error(str(error)) from error
            raise

    def stopped(self) -> bool:
        return bool(self._sender.stopped())

    def get_thread_name(self) -> str:
        return str(self._sender.get_thread_name())

    def report_event(self, events: Any, *_: Any) -> None:
        """The protocol's part, for agents that hand over lists."""
        for event in events.events:
            self.enqueue_event(event)


class _Collector:
    """Agents from 2.2.53."""

    def __init__(self, module: Any, sender: Any, told: _Told) -> None:
        self._module = module
        self._sender = _Sender(sender, module.ServiceStoppedError)
        self._told = told
        self._extension_pass = _class(module, _EXTENSION_PASS)(self._sender)
        agent_pass = _class(module, _AGENT_PASS)
        self._agent_pass = agent_pass and agent_pass(self._sender)

    def collect(self) -> Report:
        return self._report_of(self._extension_pass)

    def collect_agent_events(self) -> Report:
        return self._report_of(self._agent_pass)

    def service(self) -> Any:
        return self._module.get_collect_telemetry_events_handler(self._sender)

    def _report_of(self, operation: Any) -> Report:
        """One pass now, due or not, with the agent's own guard around it."""
        operation._next_run_time = datetime.datetime.min.replace(tzinfo=operation._next_run_time.tzinfo)
        operation.run()
        return self._told.report()


class _EarlyCollector:
    """Builds before 2.2.53: what it read is handed over as one list in the end, and agent events
    lie with the event logger.
    """

    def __init__(self, modules: Mapping[str, ModuleType], sender: Any, told: _Told) -> None:
        self._module: Any = modules["collector"]
        self._sender = _Sender(sender, RuntimeError)
        self._told = told
        self._collect_agent_events: Callable[[], Any] | None = getattr(modules["event"], "collect_events", None)
        self._handler = _keyed(self._module.ExtensionTelemetryHandler)(SimpleNamespace(get_protocol=lambda: self._sender))

    def collect(self) -> Report:
        self._module.PeriodicOperation("collect_and_send_events", self._handler.collect_and_send_events, 0).run()
        return self._told.report()

    def collect_agent_events(self) -> Report:
        if self._collect_agent_events is not None:
            self._sender.report_event(self._collect_agent_events())
        return self._told.report()


def _keyed(handler: Any) -> Any:
    """The same handler, whose events know where they were read: when they are handed over, all
    files have been.
    """

    class Keyed(handler):  # type: ignore[misc] # a class of the agent that is loaded
        def _parse_event_file_and_capture_events(self, handler_name: str, event_file_path: str, *more: Any) -> Any:
            events = super()._parse_event_file_and_capture_events(handler_name, event_file_path, *more)
            for index, event in enumerate(events):
                event.key = (handler_name, os.path.basename(event_file_path), index)
            return events

    return Keyed
