"""A careless collector, written for the tests of the exhaustive run: what one writes first.
Nobody told it what can happen.
"""

import json
import os
from datetime import UTC, datetime

capabilities = {"delivery": ["at-most-once", "at-least-once"]}

COMMON = (
    "GAVersion", "ContainerId", "OpcodeName", "EventTid", "EventPid", "TaskName", "OSVersion", "ExecutionMode", "RAM", "Processors",
    "KeywordName", "TenantName", "RoleName", "RoleInstanceName", "Location", "SubscriptionId", "ResourceGroupName", "VMId", "ImageOrigin",
)  # fmt: skip


class Event:
    eventId = 7  # noqa: N815 - the name on the wire
    providerId = "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F"  # noqa: N815 - the same
    file_type = "json"

    def __init__(self, key, parameters):
        self.key = key
        self.parameters = parameters


class Toy:
    def __init__(self, log_dir, sender):
        self.log_dir = log_dir
        self.sender = sender

    def collect(self):
        for handler in os.listdir(self.log_dir):
            directory = os.path.join(self.log_dir, handler, "events")
            for name in sorted(os.listdir(directory), reverse=True):
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as file:
                    found = json.load(file)
                written = os.stat(path).st_mtime
                os.remove(path)
                for index, fields in enumerate(found if isinstance(found, list) else [found]):
                    self.sender.enqueue_event(self.event((handler, name, index), fields, written))
        self.sender.flush()

    @staticmethod
    def event(key, fields, written):
        common = dict.fromkeys(COMMON, "")
        common.update(RAM=0, Processors=0, ImageOrigin=0)
        common["OpcodeName"] = datetime.fromtimestamp(written, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for name in ("EventTid", "EventPid", "TaskName"):
            common[name] = fields[name].strip()
        return Event(
            key,
            [
                *common.items(),
                ("EventName", f"{key[0]}-{fields['Version']}"),
                ("CapabilityUsed", fields["EventLevel"].strip()),
                ("Context1", fields["Message"].strip()),
                ("Context2", fields["Timestamp"].strip()),
                ("Context3", fields["OperationId"].strip()),
            ],
        )


def build(log_dir, agent_events_dir, sender, **settings):
    return Toy(log_dir, sender)


build.capabilities = capabilities
