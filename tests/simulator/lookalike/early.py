"""An agent of the early kind in miniature, as files of a package:
it shows the adapter the same doors, and says nothing of the real one's insides.
"""

FILES = {
    "__init__.py": "",
    "common/__init__.py": "",
    "ga/__init__.py": "",
    "common/version.py": 'AGENT_VERSION = "2.2.53"\n',
    "common/conf.py": """
class Provider:
    values = {}
__conf__ = Provider()
""",
    "common/logger.py": """
class Logger:
    appenders = []
    def warn(self, text):
        for appender in self.appenders:
            appender.write(2, "2026-01-05T00:00:00.000000Z WARNING MainThread " + text)
DEFAULT_LOGGER = Logger()
""",
    "common/event.py": """
class Reporter:
    _common_parameters = []
    def add_event(self, name, message="", is_success=True):
        pass
    def add_log_event(self, level, message):
        pass
    def add_common_event_parameters(self, event, time):
        pass
REPORTER = Reporter()
def get_event_logger():
    return REPORTER
""",
    "ga/periodic.py": """
class PeriodicOperation:
    def __init__(self, name, operation, period):
        self.operation = operation
    def run(self):
        try:
            self.operation()
        except Exception as error:
            from azurelinuxagent.common.logger import DEFAULT_LOGGER
            DEFAULT_LOGGER.warn("failed: " + str(error))
""",
    "ga/extension_telemetry.py": """
import json, os
from azurelinuxagent.common import conf, event as reports
from .periodic import PeriodicOperation
from etp_kit.simulator.core import EVENT_ID, PARAMETER_NAMES, PROVIDER_ID

class Event:
    eventId, providerId, file_type = EVENT_ID, PROVIDER_ID, "json"

class Events:
    def __init__(self):
        self.events = []

class ExtensionTelemetryHandler:
    MAX_NUMBER_OF_EVENTS_PER_EXTENSION_PER_PERIOD = 300

    def __init__(self, protocol_util):
        self.protocol = protocol_util.get_protocol()

    def collect_and_send_events(self):
        found, top = Events(), conf.__conf__.values["Extension.LogDir"]
        for name in os.listdir(top):
            events = os.path.join(top, name, "events")
            for file in sorted(os.listdir(events), reverse=True):
                found.events += self._parse_event_file_and_capture_events(name, os.path.join(events, file), 0, {})
                os.remove(os.path.join(events, file))
            reports.get_event_logger().add_log_event(2, "Dropped events for Extension: %s; Details:\\n\\tReason: odd; Dropped Count: 3" % name)
        self.protocol.report_event(found)

    def _parse_event_file_and_capture_events(self, handler_name, event_file_path, count, dropped):
        with open(event_file_path, "rb") as file:
            document = json.loads(file.read().decode("utf-8"))
        made = []
        for said in document if isinstance(document, list) else [document]:
            event = Event()
            event.parameters = [(name, said["Message"] if name == "Context1" else handler_name) for name in PARAMETER_NAMES]
            made.append(event)
        return made
""",
}
