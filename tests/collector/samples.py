"""Samples of the direct tests: what a publisher writes, and tables from data/."""

import json
import os

MIB = 1 << 20
QUOTA = 360
FIELDS = ("EventLevel", "EventPid", "EventTid", "Message", "OperationId", "TaskName", "Timestamp", "Version")
ABSENT = object()
SECRET = "see https://h/p?sv=1&sig=SECRET now"
COMMON = [
    ("GAVersion", "9.9.9.9"),
    ("ContainerId", "container"),
    ("OpcodeName", "common opcode"),
    ("EventTid", "common tid"),
    ("EventPid", "common pid"),
    ("TaskName", "common task"),
    ("OSVersion", "Linux:test"),
    ("ExecutionMode", "IAAS"),
    ("RAM", 4096),
    ("Processors", 2),
    ("KeywordName", ""),
    ("TenantName", "tenant"),
    ("RoleName", "role"),
    ("RoleInstanceName", "instance"),
    ("Location", "westeurope"),
    ("SubscriptionId", "subscription"),
    ("ResourceGroupName", "group"),
    ("VMId", "vm"),
    ("ImageOrigin", 1),
]


def event(**overrides):
    """A valid event as a publisher writes it; `ABSENT` leaves a field out."""
    fields = {
        "Version": "1.2.3.4",
        "Timestamp": "2026-01-01T00:00:00.000Z",
        "TaskName": "Enable",
        "EventLevel": "Informational",
        "Message": "a message",
        "EventPid": "123",
        "EventTid": "456",
        "OperationId": "an operation",
    }
    fields.update(overrides)
    return {key: value for key, value in fields.items() if value is not ABSENT}


def events(count, prefix="m"):
    return [event(Message=f"{prefix}{i}") for i in range(count)]


def data(name):
    """A table of samples from tests/collector/data/."""
    with open(os.path.join(os.path.dirname(__file__), "data", name), encoding="utf-8") as source:
        table = json.load(source)
    assert table, f"{name} holds no sample"
    return table


def param(subject, name):
    (value,) = [value for key, value in subject.parameters if key == name]
    return value


def encode(content):
    if isinstance(content, bytes):
        return content
    return json.dumps(content).encode("utf-8")
