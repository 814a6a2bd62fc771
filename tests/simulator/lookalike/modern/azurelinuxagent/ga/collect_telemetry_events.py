import json
import os
import re
import threading
import time
import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from azurelinuxagent.common import conf, logger
from azurelinuxagent.common.event import Param, TelemetryEvent, get_event_logger
from azurelinuxagent.ga.periodic_operation import PeriodicOperation

_URL = re.compile(r"(https://\S*?\?)(?=(?i:sv|st|se|sr|sp|sip|spr|sig)=)\S*")
_TRIES, _DELAY = 3, 1


class ServiceStoppedError(Exception):
    pass


class InvalidExtensionEventError(Exception):
    def __str__(self):
        return f"[InvalidExtensionEventError] {super().__str__()}"


class SupportedFeatureNames:
    ExtensionTelemetryPipeline = "ExtensionTelemetryPipeline"


class AgentSupportedFeature:
    def __init__(self):
        self.__supported = True

    @property
    def is_supported(self):
        return self.__supported


_FEATURES = {SupportedFeatureNames.ExtensionTelemetryPipeline: AgentSupportedFeature()}


def get_supported_feature_by_name(name):
    return _FEATURES[name]


def get_collect_telemetry_events_handler(send_telemetry_events_handler):
    return CollectTelemetryEventsHandler(send_telemetry_events_handler)


def _redacted(text):
    return _URL.sub(r"\1<redacted>", text)


def _report(text):
    logger.warn(text)
    get_event_logger().add_log_event(logger.LogLevel.WARNING, text)


def _in_time(read):
    """What was read, at the third try at the latest: its writer may need a moment."""
    for _ in range(_TRIES - 1):
        try:
            return read()
        except (OSError, ValueError, RecursionError, ExpatError):
            time.sleep(_DELAY)
    return read()


def _text(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8")


class _ProcessExtensionEvents(PeriodicOperation):
    _EXTENSION_EVENT_COLLECTION_PERIOD = timedelta(minutes=5)
    _MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD = 360
    _MOST_BYTES, _MOST_MESSAGE, _MOST_EVENT = 4 * 1024 * 1024, 3 * 1024, 6 * 1024
    _FIELDS = ("eventlevel", "eventpid", "eventtid", "message", "operationid", "taskname", "timestamp", "version")

    def __init__(self, send_telemetry_events_handler):
        super().__init__(self._EXTENSION_EVENT_COLLECTION_PERIOD)
        self._sender = send_telemetry_events_handler

    def _operation(self):
        if self._sender.stopped():
            logger.warn(f"{self._sender.get_thread_name()} service is not running, skipping current iteration")
            return
        try:
            handlers = sorted(name for name in os.listdir(self._top()) if not name.startswith("-"))
        except OSError as error:
            _report(f"Unable to collect extension events: {error}")
            return
        found = {}
        for name in handlers:
            directory = os.path.join(self._top(), name, "events")
            if os.path.isdir(directory):
                found[name] = [(entry.name, entry.stat(follow_symlinks=False)) for entry in os.scandir(directory) if not entry.is_dir(follow_symlinks=False)]
        try:
            for name, entries in found.items():
                self._collect(name, [file for file, _ in entries])
        except ServiceStoppedError as stopped:
            logger.warn(f"{self._sender.get_thread_name()} service was stopped: {stopped}")
            return
        for name, entries in found.items():
            self._clear(name, entries)

    @staticmethod
    def _top():
        return conf.__conf__.values["Extension.LogDir"]

    def _collect(self, handler, names):
        directory = os.path.join(self._top(), handler, "events")
        files = sorted((name for name in names if re.fullmatch(r"[0-9]+\.json", name, re.IGNORECASE)), reverse=True)
        accepted, dropped = 0, Counter()
        try:
            for name in files:
                path = os.path.join(directory, name)
                if accepted < self._MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD:
                    try:
                        logger.verbose(f"Processing event file: {path}")
                        if self._is_small(path):
                            accepted = self._hand_over(handler, path, accepted, dropped)
                    except ServiceStoppedError:
                        os.remove(path)
                        raise
                    except Exception as error:
                        _report(f"Failed to process event file {name}:{error}\n{traceback.format_exc()}")
                    if accepted >= self._MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD:
                        _report(
                            f"Reached max count for the extension: {handler}; "
                            f"Max Limit: {self._MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD}. Skipping the rest."
                        )
                if os.path.lexists(path):
                    os.remove(path)
        finally:
            if dropped:
                details = "\n\t".join(f"Reason: {reason}; Dropped Count: {count}" for reason, count in dropped.items())
                _report(f"Dropped events for Extension: {handler}; Details:\n\t{details}")
            if accepted:
                logger.info(f"Collected {accepted} events for extension: {handler}")

    def _is_small(self, path):
        size = os.stat(path).st_size
        if size <= self._MOST_BYTES:
            return True
        _report(f"Skipping file: {path} as its size is {size / 10**6:.2f} Mb > Max size allowed {self._MOST_BYTES / 10**6:.1f} Mb")
        return False

    def _hand_over(self, handler, path, accepted, dropped):
        document = _in_time(lambda: json.loads(_text(path)))
        modified = os.stat(path).st_mtime
        for element in document if isinstance(document, list) else [document]:
            try:
                fields = self._judged(element)
            except InvalidExtensionEventError as error:
                dropped[str(error)] += 1
                continue
            self._sender.enqueue_event(self._event(handler, fields, modified))
            accepted += 1
            if accepted >= self._MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD:
                break
        return accepted

    def _judged(self, element):
        if not isinstance(element, dict):
            raise InvalidExtensionEventError("NotAnObjectError")
        fields = {}
        for key, value in element.items():
            name = key.lower()
            if name in self._FIELDS:
                if isinstance(value, int) and not isinstance(value, bool) and name in ("eventpid", "eventtid"):
                    value = str(value)
                if not isinstance(value, str):
                    raise InvalidExtensionEventError(f"WrongTypeError: {name}")
                fields[name] = _redacted(value.strip())
        if "message" not in fields:
            raise InvalidExtensionEventError("MissingKeyError: Message not found")
        fields["message"] = fields["message"][: self._MOST_MESSAGE]
        if not fields["message"]:
            raise InvalidExtensionEventError("EmptyMessageError: Message should not be empty")
        size = 0
        for name in self._FIELDS:
            if name not in fields:
                raise InvalidExtensionEventError(f"MissingKeyError: {name} not found")
            if size > self._MOST_EVENT:
                raise InvalidExtensionEventError(f"OversizeEventError: max event size allowed: {self._MOST_EVENT}")
            size += len(fields[name])
        return fields

    @staticmethod
    def _event(handler, fields, modified):
        event = TelemetryEvent(7, "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F")
        get_event_logger().add_common_event_parameters(event, modified)
        own = {"EventPid": fields["eventpid"], "EventTid": fields["eventtid"], "TaskName": fields["taskname"]}
        event.parameters = [Param(one.name, own.get(one.name, one.value)) for one in event.parameters]
        event.parameters += [
            Param("EventName", f"{handler}-{fields['version']}"), Param("CapabilityUsed", fields["eventlevel"]), Param("Context1", fields["message"]),
            Param("Context2", fields["timestamp"]), Param("Context3", fields["operationid"]),
        ]  # fmt: skip
        return event

    def _clear(self, handler, entries):
        """What was there when the pass began, and for longer than a period, goes."""
        directory = os.path.join(self._top(), handler, "events")
        old = time.time() - self._period.total_seconds()
        for name, status in entries:
            path = os.path.join(directory, name)
            try:
                if status.st_mtime < old and os.path.lexists(path):
                    os.remove(path)
            except OSError as error:
                _report(f"Failed to completely clear the {directory} directory. Exception: {error}")
                return


class _CollectAndEnqueueEvents(PeriodicOperation):
    _EVENT_COLLECTION_PERIOD = timedelta(minutes=1)
    _OF_EXTENSIONS = ("Name", "Version", "Operation", "OperationSuccess", "Message", "Duration")

    def __init__(self, send_telemetry_events_handler):
        super().__init__(self._EVENT_COLLECTION_PERIOD)
        self._sender = send_telemetry_events_handler

    def _operation(self):
        if self._sender.stopped():
            logger.warn(f"{self._sender.get_thread_name()} service is not running, skipping current iteration")
            return
        directory = os.path.join(conf.__conf__.values["Lib.Dir"], "events")
        try:
            names = [name for name in os.listdir(directory) if name.endswith(".tld")]
        except OSError as error:
            _report(f"Unable to collect agent events: {error}")
            return
        errors, unicode_errors = [], []
        for name in names:
            path = os.path.join(directory, name)
            try:
                self._sender.enqueue_event(self._read(path, name))
            except ServiceStoppedError:
                return
            except UnicodeError as error:
                unicode_errors.append(f"{name}: {error}")
            except Exception as error:
                errors.append(f"{name}: {error}")
            if os.path.lexists(path):
                os.remove(path)
        for found in (errors, unicode_errors):
            if found:
                text = f"DroppedEventsCount: {len(found)}\nReasons (first 5 errors): {', '.join(found[:5])}"
                logger.warn(text)
                get_event_logger().add_event("WALinuxAgent", op="CollectEventErrors", is_success=False, message=text)

    def _read(self, path, name):
        event = _in_time(lambda: self._parsed(_text(path)))
        modified = os.stat(path).st_mtime
        for one in event.parameters:
            if one.name == "Message" and isinstance(one.value, str):
                one.value = _redacted(one.value)
        if not name.endswith(".waagent.tld"):
            self._complete(event, modified)
        return event

    @staticmethod
    def _parsed(text):
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return _from_xml(text)
        try:
            event = TelemetryEvent(said["eventId"], said["providerId"])
            event.parameters = [Param(one["name"], one["value"]) for one in said["parameters"]]
        except (KeyError, TypeError) as error:
            raise InvalidExtensionEventError(f"of the wrong shape: {error!r}") from error  # no ValueError: trying again is no use
        return event

    def _complete(self, event, modified):
        name = next((one.value for one in event.parameters if one.name == "Name"), None)
        common = TelemetryEvent(0, "")
        get_event_logger().add_common_event_parameters(common, modified)
        if name is None or name == "WALinuxAgent":
            given = {one.name for one in event.parameters}
            event.parameters += [one for one in common.parameters if one.name not in given]
            return
        event.parameters = [one for one in event.parameters if one.name in self._OF_EXTENSIONS]
        for one in common.parameters:
            event.parameters.append(one)
            if one.name == "TaskName" and event.file_type == "json" and event.eventId == 1:
                event.parameters += [Param("ExtensionType", "json"), Param("IsInternal", False)]


def _from_xml(text):
    document = minidom.parseString(text.encode("utf-8"))
    try:
        ids = [document.getElementsByTagName(tag)[0].getAttribute("id") for tag in ("Event", "Provider")]
    except IndexError as error:
        raise InvalidExtensionEventError("of the wrong shape") from error
    event = TelemetryEvent(*ids, "xml")
    for node in document.getElementsByTagName("Param"):
        value, kind = node.getAttribute("Value"), node.getAttribute("T")
        made = {"mt:uint64": int, "mt:float64": float, "mt:bool": lambda said: said in ("True", "true", "1")}.get(kind, str)(value)
        event.parameters.append(Param(node.getAttribute("Name"), made))
    return event


class CollectTelemetryEventsHandler:
    _THREAD_NAME = "TelemetryEventsCollector"

    def __init__(self, send_telemetry_events_handler):
        self._sender = send_telemetry_events_handler
        self._stop = threading.Event()
        self.thread = None

    @staticmethod
    def get_thread_name():
        return CollectTelemetryEventsHandler._THREAD_NAME

    def run(self):
        self.start()

    def start(self):
        self.thread = threading.Thread(target=self.daemon, name=self.get_thread_name(), daemon=True)
        self.thread.start()

    def is_alive(self):
        return self.thread is not None and self.thread.is_alive()

    def stop(self):
        self._stop.set()
        if self.is_alive():
            self.thread.join()

    def stopped(self):
        return self._stop.is_set()

    def daemon(self):
        operations = [_CollectAndEnqueueEvents(self._sender)]
        if get_supported_feature_by_name(SupportedFeatureNames.ExtensionTelemetryPipeline).is_supported:
            operations.append(_ProcessExtensionEvents(self._sender))
        while not self.stopped():
            for operation in operations:
                operation.run()
            due = min(operation.next_run_time() for operation in operations)
            self._stop.wait(max(0.0, (due - datetime.now(UTC)).total_seconds()))
