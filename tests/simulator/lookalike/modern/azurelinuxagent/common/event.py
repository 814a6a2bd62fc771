from datetime import datetime


class Param:
    def __init__(self, name, value):
        self.name, self.value = name, value


class TelemetryEvent:
    def __init__(self, eventId, providerId, file_type="json"):  # noqa: N803 - as on the wire
        self.eventId, self.providerId, self.file_type = eventId, providerId, file_type
        self.parameters = []


class EventLogger:
    """Where the agent's own reports go: files for the next pass, in an agent."""

    def __init__(self):
        self.event_dir = None
        names = ("OSVersion", "ExecutionMode", "RAM", "Processors", "KeywordName", "TenantName", "RoleName", "RoleInstanceName", "Location",
                 "SubscriptionId", "ResourceGroupName", "VMId", "ImageOrigin")  # fmt: skip
        self._common_parameters = [Param(name, 0 if name in ("RAM", "Processors", "ImageOrigin") else "") for name in names]

    def add_event(self, name, op="", is_success=True, message=""):
        self.save_event(message)

    def add_log_event(self, level, message):
        self.save_event(message)

    def save_event(self, data):
        raise AssertionError("an agent would write a file")

    def add_common_event_parameters(self, event, event_timestamp):
        own = {"GAVersion": "WALinuxAgent-2.15.0.1", "ContainerId": "UNINITIALIZED", "OpcodeName": told(event_timestamp), "EventTid": 1, "EventPid": 1,
               "TaskName": ""}  # fmt: skip
        event.parameters += [Param(name, value) for name, value in own.items()]
        event.parameters += [Param(one.name, one.value) for one in self._common_parameters]


def told(timestamp):
    """As this generation tells a file's time: local time, and a Z."""
    return datetime.fromtimestamp(timestamp).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ006 - as it does


_EVENT_LOGGER = EventLogger()


def get_event_logger():
    return _EVENT_LOGGER
